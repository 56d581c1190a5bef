"""Correcting sentences beside the sound, and who changed what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from radio_archive.archive import Desk
from radio_archive.errors import BadInput, BadTime, Conflict, Forbidden, RadioArchiveError
from radio_archive.links import audio_url, seconds_text
from radio_archive.model import Broadcast, Excerpt, Milliseconds, Saved, Sentence, Wish, Worksheet
from radio_archive.web.errors import status_of, title_and_advice, wants_json
from radio_archive.web.forms import Form, back_to, page_with_form, require_ours
from radio_archive.web.media import sources_of
from radio_archive.web.parameters import SearchState, read_page, read_time
from radio_archive.web.sessions import require_editor
from radio_archive.web.site import get_site

PAGE_SIZE = 40
"""Sentences on a page of corrections, some five minutes of speech; changes on one of history."""

#: sound before and after a sentence: a word at its edge is heard whole
_ROOM_MS = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence of the page."""

    sentence: Sentence
    following: str = ""  #: version of the sentence after it; empty where it is the last
    sound_url: str  #: this sentence alone, for players without scripts; empty without sound
    history_url: str


def correct_url(broadcast_id: str, number: int) -> str:
    """The page on which a sentence is corrected, at that sentence."""
    page = number // PAGE_SIZE + 1
    return f"/broadcasts/{quote(broadcast_id, safe='')}/correct?page={page}#s{number}"


def correct(request: Request) -> Response:
    """``/broadcasts/{id}/correct?page=&t=``: every sentence with its sound and its text."""
    site = get_site(request)
    session = site.sessions.read(request)
    found = site.archive.get_broadcast(request.path_params["id"])
    if not session.editor:
        return back_to("/sign-in?" + urlencode({"next": _address(request)}))
    sheet = site.archive.desk.worksheet(found.id, session.editor)
    moment = read_time(request.query_params.get("t"))
    pages = max(1, -(-len(sheet.sentences) // PAGE_SIZE))
    page = min(read_page(request.query_params), pages)
    if moment is not None:
        begun = sum(each.segment.start_ms <= moment for each in sheet.sentences)
        page = max(0, begun - 1) // PAGE_SIZE + 1
    shown = sheet.sentences[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    context = {
        "state": SearchState(),
        "broadcast": found,
        "sheet": sheet,
        "lines": _lines(found, sheet, shown),
        "sources": sources_of(site.archive, found),
        "saved": request.query_params.get("saved", ""),
        "page_number": page,
        "pages": pages,
        "page_url": "?page={}".format,
    }
    return page_with_form(request, "correct.html", context, session=session)


def save(request: Request, form: Form) -> Response:
    """``POST /broadcasts/{id}/correct``: the sentence, and back to it.

    What cannot be saved is shown again with the reason: nobody's words are lost.
    """
    wish = read_wish(request.path_params["id"], form)
    site = get_site(request)
    try:
        editor = require_editor(form.session)
        require_ours(request, form)
        saved = _done(site.archive.desk, form, replace(wish, times=_read_times(form)), editor)
        if form.text("draft"):  # kept when this text met somebody else's
            site.archive.desk.drop_draft(wish.broadcast_id, form.text("draft"), editor)
    except (Conflict, Forbidden, BadInput) as error:
        if isinstance(error, Conflict):
            _keep(request, form, wish)
        if wants_json(request):
            raise
        return unsaved(request, form, wish, error)
    if wants_json(request):
        answer = _saved_answer(wish.broadcast_id, saved)
        return JSONResponse(answer, headers={"cache-control": "no-store"})
    return back_to(_saved_url(wish.broadcast_id, saved))


def _done(desk: Desk, form: Form, wish: Wish, editor: str) -> Saved:
    """Do what the pressed button says."""
    match form.text("action"):
        case "split":
            return desk.split(wish, editor)
        case "join":
            return desk.join(wish, form.text("following"), editor)
        case _:
            return desk.save(wish, editor)


def _read_times(form: Form) -> Excerpt | None:
    """When a sentence is said, where its editor wrote another time than the one they saw.

    Raises:
        BadTime: what they wrote is no time.
    """
    start, end = read_time(form.text("from").strip()), read_time(form.text("to").strip())
    if start is None or end is None:
        return None
    is_as_seen = (str(start), str(end)) == (form.text("start"), form.text("end"))
    return None if is_as_seen else Excerpt(start_ms=start, end_ms=end)


def keep_draft(request: Request, form: Form) -> Response:
    """``POST /broadcasts/{id}/correct/draft``: what is written and not saved yet."""
    editor = require_editor(form.session)
    require_ours(request, form)
    desk = get_site(request).archive.desk
    wish = read_wish(request.path_params["id"], form)
    if form.text("action") == "drop":
        desk.drop_draft(wish.broadcast_id, wish.version, editor)
        if not wants_json(request):
            return back_to(f"/broadcasts/{quote(wish.broadcast_id, safe='')}/correct")
    else:
        desk.keep_draft(wish, form.number("start"), editor)
    return Response(status_code=204, headers={"cache-control": "no-store"})


def unsaved(request: Request, form: Form, wish: Wish, error: RadioArchiveError) -> Response:
    """A sentence that was not saved: why, what its editor wrote, and what stands there now."""
    site = get_site(request)
    found = site.archive.get_broadcast(wish.broadcast_id)
    start = form.text("start")
    start_ms = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else None
    now = site.archive.desk.nearest(found.id, wish.number, start_ms)
    status = status_of(error)
    say = site.renderer.wording(request).catalogue.gettext
    title, advice = title_and_advice(error, status)
    context = {
        "state": SearchState(),
        "broadcast": found,
        "title": say(title),
        "advice": say(advice),
        "error": error,
        "is_conflict": isinstance(error, Conflict),
        "mine": wish.text,
        "typed": _typed_times(form),
        "action": "split" if form.text("action") == "split" else "",
        "version": wish.version,
        "now": now and line_of(found, now),
        "back": correct_url(found.id, now.number if now else 0),
        "sign_in": "/sign-in?" + urlencode({"next": correct_url(found.id, wish.number)}),
    }
    return page_with_form(request, "unsaved.html", context, session=form.session, status=status)


def history(request: Request) -> Response:
    """``/broadcasts/{id}/history?t=``: who changed what, and what editors may take back."""
    site = get_site(request)
    session = site.sessions.read(request)
    found = site.archive.get_broadcast(request.path_params["id"])
    moment = read_time(request.query_params.get("t"))
    edits = site.archive.desk.history(found.id, moment)
    current = site.archive.find_transcript(found.id)
    pages = max(1, -(-len(edits) // PAGE_SIZE))
    page = min(read_page(request.query_params), pages)
    at = "" if moment is None else f"&t={seconds_text(moment)}"
    context = {
        "state": SearchState(),
        "broadcast": found,
        "edits": edits[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        "page_number": page,
        "pages": pages,
        "page_url": lambda number: f"?page={number}{at}",
        "moment": moment,
        "current": current and current.id,
        "oldest": edits[-1].before_id if edits and moment is None else None,
    }
    return page_with_form(request, "history.html", context, session=session)


def take_back(request: Request, form: Form) -> Response:
    """``POST /broadcasts/{id}/history``: undo a change, or bring a version back whole."""
    editor = require_editor(form.session)
    require_ours(request, form)
    desk = get_site(request).archive.desk
    identity = request.path_params["id"]
    if form.text("edit"):
        desk.undo(identity, form.number("edit"), editor)
    else:
        desk.restore(identity, form.number("version"), editor)
    return back_to(f"/broadcasts/{quote(identity, safe='')}/history")


def read_wish(broadcast_id: str, form: Form) -> Wish:
    """What a form wants of a sentence: the same text says that it is right as it stands.

    Raises:
        BadInput: the form is none of ours.
    """
    return Wish(
        broadcast_id=broadcast_id,
        number=form.number("number"),
        version=form.text("version"),
        text=form.text("text"),
    )


def _typed_times(form: Form) -> tuple[str, str] | None:
    """The times as written, where anything else than what stood there was."""
    try:
        if _read_times(form) is None:
            return None
    except BadTime:
        pass
    return form.text("from"), form.text("to")


def _keep(request: Request, form: Form, wish: Wish) -> None:
    """Keep what somebody wrote over a sentence that is another one now."""
    start, desk = form.text("start"), get_site(request).archive.desk
    if wish.text and start.isdigit() and wish.version:
        now = desk.nearest(wish.broadcast_id, wish.number, int(start[:9]))
        if now is not None and now.segment.text == wish.text:
            return
        try:
            desk.keep_draft(wish, form.number("start"), form.session.editor)
        except BadInput:  # longer than any draft: the page shows it all the same
            return


def line_of(found: Broadcast, sentence: Sentence) -> Line:
    """A sentence with the addresses of its sound and its history."""
    segment = sentence.segment
    start = Milliseconds(max(0, segment.start_ms - _ROOM_MS))
    has_sound = found.recording is not None
    end = seconds_text(segment.end_ms + _ROOM_MS + 99)
    where = quote(found.id, safe="")
    return Line(
        sentence=sentence,
        sound_url=f"{audio_url(found.id, 'mp3', start)},{end}" if has_sound else "",
        history_url=f"/broadcasts/{where}/history?t={seconds_text(segment.start_ms)}",
    )


def _address(request: Request) -> str:
    asked = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + asked


def _lines(found: Broadcast, sheet: Worksheet, shown: Sequence[Sentence]) -> list[Line]:
    """The sentences of a page, each with which one comes after it, here or on the next."""
    versions = [each.version for each in sheet.sentences]
    return [
        replace(line_of(found, each), following="".join(versions[each.number + 1 :][:1]))
        for each in shown
    ]


def _saved_url(broadcast_id: str, saved: Saved) -> str:
    page, number = saved.sentence.number // PAGE_SIZE + 1, saved.sentence.number
    where = quote(broadcast_id, safe="")
    state = number if saved.is_searchable else f"{number}-later"
    return f"/broadcasts/{where}/correct?page={page}&saved={state}#s{number}"


def _saved_answer(broadcast_id: str, saved: Saved) -> dict[str, object]:
    segment = saved.sentence.segment
    return {
        "url": _saved_url(broadcast_id, saved),
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "number": saved.sentence.number,
        "version": saved.sentence.version,
        "text": segment.text,
        "state": segment.review.state.value if segment.review else "machine",
        "is_searchable": saved.is_searchable,
    }

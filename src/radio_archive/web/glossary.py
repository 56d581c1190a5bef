"""The glossary for editors: a name put right in many broadcasts, after a look at each place."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from radio_archive.errors import BadInput, NotFound, RadioArchiveError
from radio_archive.model import BroadcastId, Entry, EntryState, TranscriptId
from radio_archive.web.errors import explain, status_of
from radio_archive.web.forms import Form, back_to, page_with_form, require_ours
from radio_archive.web.parameters import SearchState
from radio_archive.web.sessions import Session, require_editor
from radio_archive.web.site import get_site

_STATES = {"accept": EntryState.ACCEPTED, "refuse": EntryState.REFUSED}


def show(request: Request) -> Response:
    """``/glossary?language=``: what corrections taught, and a form for what an editor knows."""
    session = get_site(request).sessions.read(request)
    language = request.query_params.get("language", "")
    if not session.editor:
        return back_to("/sign-in?" + urlencode({"next": "/glossary"}))
    return _list(request, session, language)


def change(request: Request, form: Form) -> Response:
    """``POST /glossary``: add an entry, accept or refuse one, or take an application back."""
    editor = require_editor(form.session)
    require_ours(request, form)
    archive = get_site(request).archive
    action, language = form.text("action"), form.text("language")
    if action == "add":
        try:
            entry = archive.add_entry(form.text("wrong"), form.text("right"), language)
        except BadInput as error:
            return _list(request, form.session, "", error=error, form=form)
        return back_to(f"/glossary/{entry.id}")
    if action == "undo":
        before = _version(request, form.text("broadcast"))
        undone = archive.undo_entry(form.text("broadcast"))
        archive.desk.note(undone.broadcast_id, editor, before)
        return back_to(f"/glossary/{form.number('entry')}?undone={undone.sentences}")
    if action not in _STATES:
        raise BadInput("The form says nothing to do.", hint="Send it from its own page.")
    archive.decide(form.number("entry"), _STATES[action])
    return back_to("/glossary?" + urlencode({"language": language}) if language else "/glossary")


def proposals(request: Request) -> Response:
    """``/glossary/{entry}``: every place of the wrong form, and what it would become."""
    site = get_site(request)
    session = site.sessions.read(request)
    entry = _entry(request)
    if not session.editor:
        return back_to("/sign-in?" + urlencode({"next": request.url.path}))
    context = {
        "state": SearchState(),
        "entry": entry,
        "proposals": site.archive.proposals(entry.id),
        "applied": request.query_params.get("applied", ""),
        "where": request.query_params.getlist("in")[:50],
        "undone": request.query_params.get("undone", ""),
    }
    return page_with_form(request, "proposals.html", context, session=session)


def apply(request: Request, form: Form) -> Response:
    """``POST /glossary/{entry}``: put the right form where it was ticked."""
    editor = require_editor(form.session)
    require_ours(request, form)
    archive = get_site(request).archive
    entry = _entry(request)
    chosen = [_place(text) for text in form.texts("place")]
    if not chosen:
        raise BadInput("No place was ticked.", hint="Go back and tick those to be put right.")
    done: Counter[BroadcastId] = Counter()
    for broadcast_id, at_ms in chosen:
        before = _version(request, broadcast_id)
        for result in archive.apply_entry(entry.id, [broadcast_id], at_ms):
            archive.desk.note(result.broadcast_id, editor, before)
            done[result.broadcast_id] += result.sentences
    told = [("applied", str(done.total())), *(("in", each) for each in done)]
    return back_to(f"/glossary/{entry.id}?{urlencode(told)}")


def _place(text: str) -> tuple[str, int]:
    broadcast_id, _, at_ms = text.partition(":")
    if not (at_ms.isascii() and at_ms.isdigit() and len(at_ms) < 12):
        raise BadInput("A place of the form is none.", hint="Send it from its own page.")
    return broadcast_id, int(at_ms)


def _version(request: Request, broadcast_id: str) -> TranscriptId | None:
    current = get_site(request).archive.find_transcript(broadcast_id)
    return None if current is None else current.id


def _entry(request: Request) -> Entry:
    number = request.path_params["entry"]
    for entry in get_site(request).archive.glossary():
        if entry.id == number:
            return entry
    raise NotFound(f"The glossary has no entry {number}.", hint="Start from /glossary.")


def _list(
    request: Request,
    session: Session,
    language: str,
    *,
    error: RadioArchiveError | None = None,
    form: Form | None = None,
) -> Response:
    site = get_site(request)
    problem, status = "", 200
    if error is not None:
        status = status_of(error)
        say = site.renderer.wording(request).catalogue.gettext
        problem = explain(error, status, say)
    context = {
        "state": SearchState(),
        "entries": site.archive.glossary(language or None),
        "languages": [row.language for row in site.archive.coverage()],
        "language": language,
        "problem": problem,
        "exact": error,
        "wrong": form.text("wrong")[:200] if form else "",
        "right": form.text("right")[:200] if form else "",
    }
    return page_with_form(request, "glossary.html", context, session=session, status=status)

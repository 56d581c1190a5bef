"""Ten-second tasks: listen, accept, fix, skip."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from radio_archive.archive import Archive
from radio_archive.errors import BadInput, Conflict
from radio_archive.model import Broadcast, Task, Wish
from radio_archive.web.desk import Line, line_of, read_wish
from radio_archive.web.errors import explain, status_of
from radio_archive.web.forms import Form, back_to, page_with_form, require_ours
from radio_archive.web.media import sources_of
from radio_archive.web.parameters import SearchState
from radio_archive.web.sessions import Session, require_editor
from radio_archive.web.site import get_site

#: what came of an answer, as the address of the next task says it
_THANKS, _CHECKED, _SKIPPED, _CHANGED = "thanks", "checked", "skipped", "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTask:
    """A task with its sound."""

    task: Task
    broadcast: Broadcast
    line: Line
    sources: list[tuple[str, str]]
    written: str  #: in the field: the sentence, or what was written and could not be taken


def show(request: Request) -> Response:
    """``/tasks?language=``: one sentence to listen to; for editors, those to decide as well."""
    session = get_site(request).sessions.read(request)
    language = request.query_params.get("language", "")
    if not _may(request, session):
        return back_to("/sign-in?" + urlencode({"next": _url(language)}))
    return _page(request, session, language)


def answer(request: Request, form: Form) -> Response:
    """``POST /tasks``: take an answer, and show the next sentence."""
    if not _may(request, form.session):
        require_editor(form.session)
    require_ours(request, form)
    wish = read_wish(form.text("broadcast"), form)
    language = form.text("language")
    try:
        done = _take(request, form, wish)
    except Conflict:
        done = _CHANGED
    except BadInput as error:
        return _page(request, form.session, language, refused=(error, wish))
    return back_to(_url(language, done))


def _take(request: Request, form: Form, wish: Wish) -> str:
    site = get_site(request)
    person = site.sessions.person(request, form.session)
    if form.text("action") == "skip":
        site.archive.tasks.skip(wish, person)
        return _SKIPPED
    if form.text("action") == "decide":
        site.archive.desk.save(wish, require_editor(form.session))
        return _CHECKED
    return _CHECKED if site.archive.tasks.answer(wish, person) else _THANKS


def _may(request: Request, session: Session) -> bool:
    return bool(session.editor) or get_site(request).archive.settings.open_tasks


def _url(language: str, done: str = "") -> str:
    told = {name: text for name, text in (("language", language), ("done", done)) if text}
    return f"/tasks?{urlencode(told)}" if told else "/tasks"


def _page(
    request: Request,
    session: Session,
    language: str,
    *,
    refused: tuple[BadInput, Wish] | None = None,
) -> Response:
    site = get_site(request)
    archive, status, problem = site.archive, 200, ""
    task = archive.tasks.next(site.sessions.person(request, session), language or None)
    disputed = archive.tasks.disputed() if session.editor else ()
    if refused is not None:
        status = status_of(refused[0])
        say = site.renderer.wording(request).catalogue.gettext
        problem = explain(refused[0], status, say)
    context = {
        "state": SearchState(),
        "shown": task and _shown(archive, task, refused),
        "disputed": [_shown(archive, each, None) for each in disputed],
        "languages": [row.language for row in archive.coverage()],
        "language": language,
        "done": request.query_params.get("done", ""),
        "problem": problem,
        "exact": refused and refused[0],
    }
    return page_with_form(request, "tasks.html", context, session=session, status=status)


def _shown(archive: Archive, task: Task, refused: tuple[BadInput, Wish] | None) -> ShownTask:
    broadcast = archive.get_broadcast(task.broadcast_id)
    is_same = refused is not None and refused[1].version == task.sentence.version
    written = refused[1].text if refused and is_same else task.sentence.segment.text
    return ShownTask(
        task=task,
        broadcast=broadcast,
        line=line_of(broadcast, task.sentence),
        sources=sources_of(archive, broadcast),
        written=written or "",
    )

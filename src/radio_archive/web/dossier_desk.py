"""What editors do with dossiers: begin, fill, order, annotate, publish, remove."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from radio_archive.archive import Archive, DocumentWish
from radio_archive.errors import BadInput, BadTime, Conflict, Forbidden, RadioArchiveError
from radio_archive.languages.registry import LANGUAGES
from radio_archive.links import dossier_url
from radio_archive.model import DocumentState
from radio_archive.web.dossier_words import DOCUMENT_STATES, KINDS
from radio_archive.web.dossiers import PAGE_SIZE, rows_of
from radio_archive.web.errors import explain, status_of, wants_json
from radio_archive.web.forms import Form, back_to, page_with_form, require_ours
from radio_archive.web.i18n import N_
from radio_archive.web.parameters import SearchState, read_page
from radio_archive.web.quotes import read_quote
from radio_archive.web.sessions import require_editor
from radio_archive.web.site import get_site
from radio_archive.web.trust_words import QUOTES
from radio_archive.web.uploads import Upload

_OTHER_NOTE = N_(
    "Quelqu'un a écrit une autre note entre-temps : rien n'a été écrasé. "
    "Réunissez les deux, puis enregistrez."
)

_NOTHING: Mapping[str, str] = {}


def make(request: Request, form: Form) -> Response:
    """``POST /dossiers``: begin a dossier, and go on to fill it."""
    editor = require_editor(form.session)
    require_ours(request, form)
    dossiers = get_site(request).archive.dossiers
    try:
        made = dossiers.make(form.text("title"), editor)
    except BadInput as error:
        title = form.text("title")
        context = {"dossiers": dossiers.all(is_editor=True), "typed": title[:1000]}
        return _refused(request, form, "dossiers.html", context, error)
    return back_to(f"{dossier_url(made.slug)}/edit")


def choose(request: Request) -> Response:
    """``/dossiers/add?broadcast=&start=&end=``: into which dossier a passage or broadcast goes."""
    site = get_site(request)
    session = site.sessions.read(request)
    if not session.editor:
        asked = f"?{request.url.query}" if request.url.query else ""
        return back_to("/sign-in?" + urlencode({"next": request.url.path + asked}))
    context = _choice(site.archive, request.query_params, _NOTHING)
    return page_with_form(request, "dossier_add.html", context, session=session)


def add(request: Request, form: Form) -> Response:
    """``POST /dossiers/add``: put a passage or a broadcast at the end of a dossier."""
    editor = require_editor(form.session)
    require_ours(request, form)
    archive = get_site(request).archive
    params = QueryParams(list(form.fields))
    try:
        slug = form.text("dossier")
        if not slug:
            slug = archive.dossiers.make(form.text("title"), editor).slug
        identity, note = form.text("broadcast"), form.text("note")
        if params.get("start"):
            asked = read_quote(params)
            made = archive.dossiers.add_passage(slug, identity, asked, note, editor)
        else:
            made = archive.dossiers.add_broadcast(slug, identity, note, editor)
    except BadInput as error:
        if isinstance(error, BadTime):
            raise
        context = _choice(archive, params, dict(form.fields))
        return _refused(request, form, "dossier_add.html", context, error)
    return back_to(_at(archive, slug, made))


def edit(request: Request) -> Response:
    """``/dossiers/{slug}/edit?page=``: everything that may be changed of a dossier."""
    site = get_site(request)
    session = site.sessions.read(request)
    slug = request.path_params["slug"]
    if not session.editor:
        site.archive.dossiers.get(slug, is_editor=False)
        return back_to("/sign-in?" + urlencode({"next": request.url.path}))
    context = _sheet(request, slug, _NOTHING)
    return page_with_form(request, "dossier_edit.html", context, session=session)


def change(request: Request, form: Form) -> Response:
    """``POST /dossiers/{slug}/edit``: one change; what cannot be kept is shown again."""
    slug = request.path_params["slug"]
    try:
        editor = require_editor(form.session)
        require_ours(request, form)
        return _change(request, form, slug, editor)
    except (BadInput, Conflict, Forbidden) as error:
        if wants_json(request):
            raise
        if isinstance(error, Forbidden):
            return _unsaved(request, form, error)
        context = _sheet(request, slug, dict(form.fields))
        return _refused(request, form, "dossier_edit.html", context, error)


def upload(request: Request, sent: Upload) -> Response:
    """``POST /dossiers/{slug}/documents``: a PDF or a link, put at the end."""
    form, slug = sent.form, request.path_params["slug"]
    editor = require_editor(form.session)
    require_ours(request, form)
    archive = get_site(request).archive
    try:
        state = archive.dossiers.add_document(slug, _wish(form, sent.content), editor)
    except BadInput as error:
        context = _sheet(request, slug, dict(form.fields))
        return _refused(request, form, "dossier_edit.html", context, error)
    page = -(-archive.dossiers.get(slug, is_editor=True).entries // PAGE_SIZE)
    return back_to(f"{dossier_url(slug)}/edit?page={page}&added={state}#added")


def _change(request: Request, form: Form, slug: str, editor: str) -> Response:
    """Do what the form says, and go back to where it stood."""
    dossiers = get_site(request).archive.dossiers
    action = form.text("action")
    page = read_page(request.query_params)
    edited = _edit_url(slug, page)
    if action == "delete":
        dossiers.delete(slug)
        return back_to("/dossiers")
    if action == "details":
        is_public = form.text("public") == "yes"
        dossiers.change(slug, form.text("title"), form.text("summary"), is_public, editor)
        return _done(request, f"{edited}#details")
    number = form.number("entry")
    if action == "remove":
        dossiers.remove(slug, number, editor)
        return _done(request, edited)
    if action == "note":
        dossiers.annotate(slug, number, form.text("note"), form.text("seen"), editor)
    elif action == "move":
        dossiers.move(slug, number, form.number("place"), editor)
        page = form.number("place") // PAGE_SIZE + 1
        edited = _edit_url(slug, page)
    elif action == "document":
        dossiers.change_document(slug, number, _wish(form, b""), editor)
    else:
        raise BadInput("The form says nothing to do.", hint="Send it from its own page.")
    return _done(request, f"{edited}#e{number}")


def _done(request: Request, url: str) -> Response:
    if wants_json(request):
        return JSONResponse({"done": True}, headers={"cache-control": "no-store"})
    return back_to(url)


def _wish(form: Form, content: bytes) -> DocumentWish:
    return DocumentWish(
        title=form.text("title"),
        language=form.text("language"),
        url=form.text("url"),
        content=content,
        original=form.number("original") if form.text("original") else None,
        note=form.text("note"),
    )


def _choice(archive: Archive, params: QueryParams, typed: Mapping[str, str]) -> dict[str, object]:
    """What stands on the page that chooses a dossier."""
    broadcast = archive.get_broadcast(params.get("broadcast", ""))
    quote = archive.quotes.get(broadcast.id, read_quote(params)) if params.get("start") else None
    return {
        "state": SearchState(),
        "broadcast": broadcast,
        "quote": quote,
        "asked": {
            name: params[name] for name in ("start", "end", "version", "text") if name in params
        },
        "dossiers": archive.dossiers.all(is_editor=True),
        "typed": typed,
        "problem": "",
        "exact": None,
    }


def _sheet(request: Request, slug: str, typed: Mapping[str, str]) -> dict[str, object]:
    """What stands on the page that changes a dossier.

    Args:
        request: names the page.
        slug: of the dossier.
        typed: the fields of a form that was refused, to be shown again.
    """
    dossiers = get_site(request).archive.dossiers
    number = read_page(request.query_params)
    part = slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE)
    page = dossiers.page(slug, is_editor=True, part=part, is_grouped=False)
    added = request.query_params.get("added", "")
    return {
        "state": SearchState(),
        "dossier": page.dossier,
        "here": _edit_url(slug, number),
        "rows": [row for group in rows_of(page, part.start) for row in group],
        "total": page.total,
        "originals": dossiers.documents(slug),
        "languages": list(LANGUAGES),
        "page_number": number,
        "pages": max(1, -(-page.total // PAGE_SIZE)),
        "page_url": "?page={}".format,
        "added": added if added in set(DocumentState) else "",
        "quotes": QUOTES,
        "kinds": KINDS,
        "document_states": DOCUMENT_STATES,
        "typed": typed,
        "problem": "",
        "exact": None,
    }


def _refused(
    request: Request,
    form: Form,
    template: str,
    context: Mapping[str, object],
    error: RadioArchiveError,
) -> Response:
    """The page of a form again, with what was typed and why it was not taken."""
    status = status_of(error)
    say = get_site(request).renderer.wording(request).catalogue.gettext
    problem = say(_OTHER_NOTE) if isinstance(error, Conflict) else explain(error, status, say)
    shown = {"state": SearchState(), **context, "problem": problem, "exact": error}
    return page_with_form(request, template, shown, session=form.session, status=status)


def _unsaved(request: Request, form: Form, error: RadioArchiveError) -> Response:
    """What somebody wrote whose session has ended: shown, so that nothing of it is lost."""
    slug = request.path_params["slug"]
    mine = form.text("note") or form.text("summary")
    again = "/sign-in?" + urlencode({"next": f"{dossier_url(slug)}/edit"})
    return _refused(request, form, "dossier_unsaved.html", {"mine": mine, "sign_in": again}, error)


def _at(archive: Archive, slug: str, number: int) -> str:
    """The page that changes a dossier, at an entry that was just put at the end."""
    count = archive.dossiers.get(slug, is_editor=True).entries
    return _edit_url(slug, -(-count // PAGE_SIZE)) + f"#e{number}"


def _edit_url(slug: str, page: int) -> str:
    return f"{dossier_url(slug)}/edit" + (f"?page={page}" if page > 1 else "")

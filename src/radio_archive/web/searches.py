"""Saved searches: evidence with a lasting address, and the place to follow them from.

Reading one needs no account, and neither does being told of what is new by mail. Saving is for
editors: it copies what was said into a page that stays, and a station answers for what it keeps.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from radio_archive.answers import saved_search_answer
from radio_archive.archive import is_withheld, wish
from radio_archive.errors import (
    BadInput,
    BadQuery,
    Forbidden,
    RadioArchiveError,
    RefusedAddress,
    SearchIndexError,
    TooManyAttempts,
)
from radio_archive.links import alert_url, saved_search_url
from radio_archive.model import AlertKind, Pace, SavedSearch, Since, Sort, read_added
from radio_archive.web.asking import PACES, asked_of, facts_of, state_of, title_of
from radio_archive.web.errors import explain, status_of
from radio_archive.web.forms import Form, back_to, page_with_form, require_ours
from radio_archive.web.i18n import N_
from radio_archive.web.parameters import SearchState, read_page
from radio_archive.web.sessions import Session, address_of, require_editor
from radio_archive.web.site import get_site
from radio_archive.web.subscriptions import whole, write_search_feed

PAGE_SIZE = 50
"""Saved hits on a page: some 15 kB."""
_MOST_COMPARED = 20
"""Hits that are new, gone or changed shown of each; the files have all."""

_MOST_FIELDS = 100
"""Parameters of a search that is saved."""

#: characters of an address: RFC 5321, 4.5.3.1.3, without the brackets
_LONGEST_ADDRESS = 254
_NO_ADDRESS = N_("Ce n'est pas une adresse où écrire.")

#: public text without cookies, as of the other answers of the API
_HEADERS = {"access-control-allow-origin": "*", "cache-control": "no-cache"}


def show_all(request: Request) -> Response:
    """``/searches``: those saved last, for editors; for others, what this is."""
    site = get_site(request)
    session = site.sessions.read(request)
    words = site.renderer.wording(request)
    saved = site.archive.searches.recent() if session.editor else ()
    rows = [(each, title_of(each.asked), facts_of(each.asked, words)) for each in saved]
    context = {"state": SearchState(), "rows": rows, "url_of": saved_search_url}
    return page_with_form(request, "searches.html", context, session=session)


def propose(request: Request) -> Response:
    """``/searches/new`` with the parameters of ``/search``: what may be done with a search.

    Raises:
        BadInput: it asks nothing, or cannot be understood.
    """
    site = get_site(request)
    session = site.sessions.read(request)
    state = _read_state(request.query_params)
    # a search that makes no sense is refused here, before anybody saves it
    page = site.archive.search(state.q, replace(state, page=1).options(1))
    asked = asked_of(state)
    address = state.url("/searches/new")
    context = {
        "state": state,
        "title": title_of(asked),
        "facts": facts_of(asked, site.renderer.wording(request)),
        "found": page,
        "asked": state.url("").lstrip("?"),
        "feed": replace(state, sort=Sort.RELEVANCE).url("/search.atom"),
        "sign_in": "/sign-in?" + urlencode({"next": address}),
    }
    return page_with_form(request, "search_save.html", context, session=session)


def save(request: Request, form: Form) -> Response:
    """``POST /searches``: keep what is found now, and on to its page."""
    editor = require_editor(form.session)
    require_ours(request, form)
    state = _read_state(_asked(form))
    saved = get_site(request).archive.searches.save(asked_of(state), editor)
    return back_to(saved_search_url(saved.id))


def _asked(form: Form) -> QueryParams:
    try:
        pairs = parse_qsl(form.text("asked"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise BadQuery(
            f"A search has {_MOST_FIELDS} parts at most.", hint="Search again, then save it."
        ) from error
    return QueryParams(pairs)


def show(request: Request) -> Response:
    """``/searches/{id}?page=``: what was found, when and by which index, and what became of it."""
    site = get_site(request)
    return _page(request, site.sessions.read(request), asked=request.query_params.get("asked", ""))


def follow(request: Request, form: Form) -> Response:
    """``POST /searches/{id}/alerts``: be told by mail, or tell a machine (editors)."""
    site = get_site(request)
    search = site.archive.searches.get(request.path_params["id"])
    is_webhook = form.text("kind") == AlertKind.WEBHOOK
    pace = form.text("pace")
    try:
        require_ours(request, form)
        wanted = wish(
            AlertKind.WEBHOOK if is_webhook else AlertKind.MAIL,
            form.text("address").strip(),
            Pace(pace) if pace in set(Pace) else Pace.DAILY,
            site.renderer.wording(request).tag,
        )
        if is_webhook:
            require_editor(form.session)
            return back_to(alert_url(site.archive.alerts.add_webhook(search, wanted)))
        site.archive.alerts.ask_by_mail(search, wanted, address_of(request))
    except (BadInput, RefusedAddress) as error:
        typed = form.text("address")[:_LONGEST_ADDRESS] if form.text("kind") == "mail" else ""
        return _page(request, form.session, error=error, address=typed)
    return back_to(f"{saved_search_url(search.id)}?asked=yes#follow")


def hits_table(request: Request) -> Response:
    """``/searches/{id}/hits.csv?when=now``: the hits as they were, or as they are now."""
    searches = get_site(request).archive.searches
    search = searches.get(request.path_params["id"])
    is_now = request.query_params.get("when") == "now"
    content = searches.table_now(search) if is_now else searches.table(search)
    name = f"search-{search.id}{'-now' if is_now else ''}.csv"
    headers = {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-cache",
    }
    return Response(content, headers=headers)


def feed(request: Request) -> Response:
    """``/searches/{id}/feed.atom``: what the saved search finds, the newest first."""
    search = get_site(request).archive.searches.get(request.path_params["id"])
    state = replace(state_of(search.asked), sort=Sort.NEWEST)
    return write_search_feed(request, state, whole(request, saved_search_url(search.id)))


def api(request: Request) -> Response:
    """``/api/v1/searches/{id}``: the same as its page, with every hit."""
    searches = get_site(request).archive.searches
    search = searches.get(request.path_params["id"])
    answer = saved_search_answer(search, searches.hits(search), searches.since(search))
    return JSONResponse(answer, headers=_HEADERS)


def _read_state(params: QueryParams) -> SearchState:
    state = SearchState.read(params)
    if state.is_empty:
        raise BadInput("There is nothing to search for.", hint="Search first: /search?q=…")
    return replace(state, page=1)


def _page(
    request: Request,
    session: Session,
    *,
    asked: str = "",
    error: RadioArchiveError | None = None,
    address: str = "",
) -> Response:
    site = get_site(request)
    searches = site.archive.searches
    search = searches.get(request.path_params["id"])
    hits = searches.hits(search)
    pages = max(1, -(-len(hits) // PAGE_SIZE))
    page = min(read_page(request.query_params), pages)
    words = site.renderer.wording(request)
    context = {
        "state": SearchState(),
        "search": search,
        "title": title_of(search.asked),
        "facts": facts_of(search.asked, words),
        "added": [read_added(line) or line for line in search.added],
        "again": state_of(search.asked).url(),
        "hits": hits[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        "is_withheld": any(map(is_withheld, hits)),
        "first": (page - 1) * PAGE_SIZE + 1,
        "page_number": page,
        "pages": pages,
        "page_url": "?page={}#hits".format,
        "since": _since(request, search),
        "most": _MOST_COMPARED,
        "paces": {pace: words.catalogue.gettext(label) for pace, label in PACES.items()},
        "kinds": site.archive.alerts.kinds,
        "is_asked": asked == "yes",
        "address": address,
        "problem": _told(request, error) if error is not None else "",
    }
    status = (
        200 if error is None else 400 if isinstance(error, RefusedAddress) else status_of(error)
    )
    return page_with_form(request, "saved_search.html", context, session=session, status=status)


def _since(request: Request, search: SavedSearch) -> Since | None:
    """What became of it; None where the same search cannot be asked now."""
    archive = get_site(request).archive
    try:
        return archive.searches.since(search)
    except SearchIndexError as error:
        archive.note(error)
    except BadInput:  # a name it wants is in no table any more
        pass
    return None


def _told(request: Request, error: RadioArchiveError) -> str:
    say = get_site(request).renderer.wording(request).catalogue.gettext
    if isinstance(error, Forbidden | TooManyAttempts):
        return explain(error, status_of(error), say)
    return say(_NO_ADDRESS)

"""Public dossiers as JSON: the list, and one with all that is in it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from radio_archive.answers import dossier_answer, dossiers_answer
from radio_archive.errors import NotFound
from radio_archive.web.dossiers import PAGE_SIZE
from radio_archive.web.parameters import read_page
from radio_archive.web.site import get_site

#: as for the other answers: public, without cookies. Private dossiers are no part of it
_HEADERS = {"access-control-allow-origin": "*", "cache-control": "no-cache"}


def show_all(request: Request) -> Response:
    """``/api/v1/dossiers``: every public dossier."""
    found = get_site(request).archive.dossiers.all(is_editor=False)
    return JSONResponse(dossiers_answer(found), headers=_HEADERS)


def show(request: Request) -> Response:
    """``/api/v1/dossiers/{slug}?page=``: what is gathered, in order."""
    number = read_page(request.query_params)
    found = get_site(request).archive.dossiers.page(
        request.path_params["slug"],
        is_editor=False,
        part=slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE),
        is_grouped=False,
    )
    pages = max(1, -(-found.total // PAGE_SIZE))
    if number > pages:
        raise NotFound(f"The dossier has {pages} pages, not {number}.", hint="Start from page 1.")
    return JSONResponse(dossier_answer(found, number, pages), headers=_HEADERS)

"""Where a text that a machine wrote again differs from the one that is shown."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from radio_archive.web.parameters import SearchState, read_page
from radio_archive.web.site import get_site

_PAGE_SIZE = 50


def show(request: Request) -> Response:
    """``/broadcasts/{id}/versions/{version}``: both texts, sentence by sentence, where they differ.

    Raises:
        NotFound: no machine wrote this version again.
    """
    site = get_site(request)
    found = site.archive.get_broadcast(request.path_params["id"])
    version, differences = site.archive.transcribing_again.compare(
        found.id, request.path_params["version"]
    )
    pages = max(1, -(-len(differences) // _PAGE_SIZE))
    page = min(read_page(request.query_params), pages)
    context = {
        "state": SearchState(),
        "broadcast": found,
        "version": version,
        "differences": differences[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE],
        "page_number": page,
        "pages": pages,
        "page_url": "?page={}".format,
    }
    return site.renderer.page(request, "compare.html", context)

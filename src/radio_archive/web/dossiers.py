"""Dossiers as readers get them: the list, one dossier, its documents, and files to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from radio_archive.archive import estimate_bytes
from radio_archive.errors import NotFound
from radio_archive.links import (
    PLAYED_FORMATS,
    broadcast_url,
    clip_url,
    document_url,
    pdf_url,
    quote_url,
)
from radio_archive.model import DossierItem, DossierPage
from radio_archive.web.dossier_words import DOCUMENT_STATES, KINDS
from radio_archive.web.forms import page_with_form
from radio_archive.web.parameters import SearchState, read_page
from radio_archive.web.sessions import Session
from radio_archive.web.site import get_site
from radio_archive.web.trust_words import QUOTES

PAGE_SIZE = 50
"""Entries on a page; a document with its translations counts once."""

EXPORTS = ("html", "docx", "csv", "m3u")
"""Formats offered under a dossier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry of the page, with its addresses; they are empty where nothing is to be opened."""

    item: DossierItem
    number: int  #: its place in the whole dossier, from 1
    opened_url: str = ""
    quote_url: str = ""
    clips: tuple[tuple[str, str], ...] = ()  #: address and type
    clip_bytes: int = 0  #: about, of the first clip
    text_url: str = ""  #: of a document
    pdf_url: str = ""


def show_all(request: Request) -> Response:
    """``/dossiers``: those somebody may see; editors begin others."""
    site = get_site(request)
    session = site.sessions.read(request)
    found = site.archive.dossiers.all(is_editor=bool(session.editor))
    context = {"state": SearchState(), "dossiers": found, "problem": "", "exact": None, "typed": ""}
    return draw(request, "dossiers.html", context, session)


def show(request: Request) -> Response:
    """``/dossiers/{slug}?page=``: what is gathered, in order, with its notes and its sound."""
    site = get_site(request)
    session = site.sessions.read(request)
    number = read_page(request.query_params)
    part = slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE)
    slug = request.path_params["slug"]
    page = site.archive.dossiers.page(slug, is_editor=bool(session.editor), part=part)
    pages = max(1, -(-page.total // PAGE_SIZE))
    if number > pages:
        raise NotFound(f"The dossier has {pages} pages, not {number}.", hint="Start from page 1.")
    context = {
        "state": SearchState(),
        "dossier": page.dossier,
        "groups": rows_of(page, part.start),
        "exports": {
            name.upper(): f"/dossiers/{page.dossier.slug}/dossier.{name}" for name in EXPORTS
        },
        "page_number": number,
        "pages": pages,
        "page_url": "?page={}".format,
        "quotes": QUOTES,
        "kinds": KINDS,
        "document_states": DOCUMENT_STATES,
    }
    return draw(request, "dossier.html", context, session)


def export(request: Request) -> Response:
    """``/dossiers/{slug}/dossier.{html,docx,csv,m3u}``: the whole dossier as a file."""
    site = get_site(request)
    session = site.sessions.read(request)
    found = site.archive.dossiers.export(
        request.path_params["slug"],
        request.path_params["extension"],
        str(request.base_url),
        is_editor=bool(session.editor),
    )
    # to be kept, never shown: as a page of this site it would act for whoever reads it
    return Response(
        found.content,
        headers={
            "content-type": found.media_type,
            "content-disposition": f'attachment; filename="{found.file_name}"',
            "cache-control": "private, no-store",
        },
    )


def document(request: Request) -> Response:
    """``/dossiers/{slug}/documents/{document}``: its text, and its translations beside it."""
    site = get_site(request)
    session = site.sessions.read(request)
    params = request.path_params
    view = site.archive.dossiers.document(
        params["slug"], params["document"], is_editor=bool(session.editor)
    )
    sides = ((view.document, view.pages), *view.beside)
    ordered = sorted(sides, key=lambda side: side[0].original_id is not None)
    context = {
        "state": SearchState(),
        "dossier": view.dossier,
        "document": view.document,
        "sides": ordered,
        "longest": max(len(pages) for _, pages in ordered),
        "document_states": DOCUMENT_STATES,
    }
    return draw(request, "document.html", context, session)


def pdf(request: Request) -> Response:
    """``/dossiers/{slug}/documents/{document}.pdf``: the file itself."""
    site = get_site(request)
    session = site.sessions.read(request)
    params = request.path_params
    content = site.archive.dossiers.content(
        params["slug"], params["document"], is_editor=bool(session.editor)
    )
    name = f"{params['slug']}-{params['document']}.pdf"
    headers = {
        "content-type": "application/pdf",
        "content-disposition": f'inline; filename="{name}"',
        "cache-control": "private, no-cache",
    }
    return Response(content, headers=headers)


def draw(
    request: Request, template: str, context: Mapping[str, object], session: Session
) -> Response:
    """A page with forms for an editor, and without any for others."""
    if session.editor:
        return page_with_form(request, template, context, session=session)
    shown = {**context, "editor": "", "token": ""}
    return get_site(request).renderer.page(request, template, shown)


def rows_of(page: DossierPage, first: int) -> list[list[Row]]:
    """The groups of a page with the addresses of all that is in them.

    Args:
        page: a part of a dossier.
        first: groups before it.
    """
    return [
        [_row(item, page, number) for item in group]
        for number, group in enumerate(page.groups, first + 1)
    ]


def _row(item: DossierItem, page: DossierPage, number: int) -> Row:
    held = item.entry.document
    if held is not None:
        slug = page.dossier.slug
        return Row(
            item=item,
            number=number,
            opened_url="" if held.is_kept else held.url,
            text_url=document_url(slug, held.id) if held.pages else "",
            pdf_url=pdf_url(slug, held.id) if held.is_kept else "",
        )
    if item.is_withdrawn or item.broadcast is None:
        return Row(item=item, number=number)
    identity, quote = item.broadcast.id, item.quote
    if quote is None:
        return Row(item=item, number=number, opened_url=broadcast_url(identity))
    excerpt = quote.excerpt
    return Row(
        item=item,
        number=number,
        opened_url=broadcast_url(identity, excerpt.start_ms),
        quote_url=quote_url(identity, excerpt, quote.version, quote.digest),
        clips=tuple(
            (clip_url(identity, excerpt, name), kind) for name, kind in PLAYED_FORMATS.items()
        ),
        clip_bytes=estimate_bytes(excerpt, next(iter(PLAYED_FORMATS))),
    )

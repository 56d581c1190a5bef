"""Answers about public dossiers."""

from __future__ import annotations

from collections.abc import Iterable

from radio_archive.answers.quotes import quote_answer
from radio_archive.answers.shared import Answer, broadcast_head, moment_text
from radio_archive.links import broadcast_url, document_url, dossier_url, pdf_url
from radio_archive.model import Document, Dossier, DossierItem, DossierPage


def dossiers_answer(dossiers: Iterable[Dossier]) -> Answer:
    """Answer of ``/api/v1/dossiers``, what changed last first."""
    return {"dossiers": [_head(each) for each in dossiers]}


def dossier_answer(found: DossierPage, page: int, pages: int) -> Answer:
    """Answer of ``/api/v1/dossiers/{slug}``: its entries in their order.

    Of what was withdrawn it says that, and nothing else.

    Args:
        found: a part of a dossier, every entry alone.
        page: which part, from 1.
        pages: how many there are.
    """
    return {
        **_head(found.dossier),
        "page": page,
        "pages": pages,
        "items": [_item(item, found.dossier) for item in found.items],
    }


def _head(dossier: Dossier) -> Answer:
    return {
        "slug": dossier.slug,
        "title": dossier.title,
        "summary": dossier.summary,
        "entries": dossier.entries,
        "changed_at": moment_text(dossier.changed_at),
        "url": dossier_url(dossier.slug),
    }


def _item(item: DossierItem, dossier: Dossier) -> Answer:
    entry, broadcast, quote = item.entry, item.broadcast, item.quote
    is_shown = not item.is_withdrawn
    is_whole = is_shown and broadcast is not None and quote is None
    return {
        "number": entry.number,
        "kind": entry.kind.value,
        "note": item.note,
        "is_withdrawn": item.is_withdrawn,
        "broadcast": {**broadcast_head(broadcast), "url": broadcast_url(broadcast.id)}
        if is_whole and broadcast is not None
        else None,
        "quote": quote_answer(quote) if is_shown and quote is not None else None,
        "document": None if entry.document is None else _document(entry.document, dossier),
    }


def _document(document: Document, dossier: Dossier) -> Answer:
    return {
        "id": document.id,
        "title": document.title,
        "language": document.language,
        "state": document.state.value,
        "translation_of": document.original_id,
        "pages": document.pages,
        "size_bytes": document.size_bytes,
        "source_url": document.url or None,
        "url": document_url(dossier.slug, document.id) if document.pages else None,
        "pdf_url": pdf_url(dossier.slug, document.id) if document.is_kept else None,
    }

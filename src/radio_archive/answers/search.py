"""The answer of a search."""

from __future__ import annotations

from radio_archive.answers.shared import (
    Answer,
    broadcast_head,
    coverage_row,
    note_of,
)
from radio_archive.links import audio_url, broadcast_url, document_url, dossier_url, pdf_url
from radio_archive.model import (
    Broadcast,
    BroadcastHits,
    DocumentHit,
    DocumentHits,
    Expansion,
    Hit,
    SearchPage,
)


def search_answer(page: SearchPage) -> Answer:
    """Answer of ``/api/v1/search`` and ``radio-archive search --json``.

    ``total`` counts hits; results are grouped by broadcast; times are milliseconds from the start
    of the recording; ``highlights`` are character spans in ``text``; scores only order one answer.
    """
    return {
        "query": page.query.text,
        "total": page.total,
        "page": page.query.page,
        "page_size": page.query.page_size,
        "took_ms": round(page.took_ms, 1),
        "facets": {
            name: [
                {"value": facet.value, "count": facet.count} for facet in page.facets.get(name, ())
            ]
            for name in ("language", "programme", "year", "name")
        },
        "coverage": [coverage_row(row) for row in page.coverage],
        "suggestions": list(page.suggestions),
        "expansions": [_expansion(expansion) for expansion in page.query.expansions],
        "is_close": page.is_close or page.query.is_close,
        "titles": [_title(broadcast) for broadcast in page.titles],
        "documents": [_document_hits(found) for found in page.documents],
        "broadcasts": [_broadcast_hits(group) for group in page.broadcasts],
    }


def _expansion(expansion: Expansion) -> Answer:
    return {
        "id": expansion.id,
        "typed": expansion.typed,
        "added": list(expansion.added),
        "origin": expansion.origin.value,
        "aired": None if expansion.aired is None else str(expansion.aired),
    }


def _title(broadcast: Broadcast) -> Answer:
    return {
        **broadcast_head(broadcast),
        "state": broadcast.state.value,
        "url": broadcast_url(broadcast.id),
    }


def _document_hits(found: DocumentHits) -> Answer:
    document = found.document
    return {
        "id": document.id,
        "title": document.title,
        "language": document.language,
        "url": document_url(found.slug, document.id),
        "dossier": {"title": found.dossier_title, "url": dossier_url(found.slug)},
        "hits": [_document_hit(found, hit) for hit in found.hits],
    }


def _document_hit(found: DocumentHits, hit: DocumentHit) -> Answer:
    """The page 0 is the title."""
    identity = found.document.id
    of_page = pdf_url(found.slug, identity, hit.page)
    return {
        "page": hit.page,
        "text": hit.text,
        "highlights": [[start, end] for start, end in hit.highlights],
        "match": hit.match.value,
        "url": of_page if hit.page else document_url(found.slug, identity),
    }


def _broadcast_hits(group: BroadcastHits) -> Answer:
    return {
        **broadcast_head(group.broadcast),
        "trust": group.trust.value,
        "url": broadcast_url(group.broadcast.id),
        "hits": [hit_answer(hit) for hit in group.hits],
    }


def hit_answer(hit: Hit) -> Answer:
    """One hit: the moment, the words around it, and how they answer."""
    return {
        "start_ms": hit.start_ms,
        "end_ms": hit.end_ms,
        "text": hit.text,
        "highlights": [[start, end] for start, end in hit.highlights],
        "match": hit.match.value,
        "score": hit.score,
        "trust": hit.trust.value,
        "band": hit.band and hit.band.value,
        "note": note_of(hit),
        "url": broadcast_url(hit.broadcast_id, hit.start_ms, choice=hit.choice),
        "audio_url": audio_url(hit.broadcast_id, start_ms=hit.start_ms),
    }

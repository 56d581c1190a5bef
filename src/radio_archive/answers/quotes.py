"""Answers about quotations."""

from __future__ import annotations

from radio_archive.answers.shared import Answer, broadcast_head, note_of
from radio_archive.links import CLIP_FORMATS, broadcast_url, clip_url, quote_url
from radio_archive.model import Quote


def quote_answer(quote: Quote) -> Answer:
    """Answer of ``/api/v1/quotes/{id}``: the words, and whether they still stand.

    ``text`` and what is said of it is null where it may not be shown or nobody wrote it down;
    ``url`` is lasting: asked later, it tells what became of the words.
    """
    broadcast, excerpt, source = quote.broadcast, quote.excerpt, quote.source
    return {
        "broadcast": {
            **broadcast_head(broadcast),
            "url": broadcast_url(broadcast.id, excerpt.start_ms),
        },
        "is_synthetic": broadcast.is_synthetic,
        "start_ms": excerpt.start_ms,
        "end_ms": excerpt.end_ms,
        "state": quote.state.value,
        "text": quote.text or None,
        "text_now": quote.text_now or None,
        "language": None if source is None else source.language,
        "kind": None if source is None else source.kind.value,
        "trust": None if source is None else source.trust.value,
        "note": None if source is None else note_of(source),
        "version": quote.version,
        "digest": quote.digest or None,
        "url": quote_url(broadcast.id, excerpt, quote.version, quote.digest),
        "clips": [
            {"name": name, "url": clip_url(broadcast.id, excerpt, name)} for name in CLIP_FORMATS
        ],
    }

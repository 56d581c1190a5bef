"""The whole index, built anew from the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from radio_archive.model import BroadcastId, Passage
from radio_archive.pipeline import Parts


def rebuild_index(parts: Parts, *, if_needed: bool = False) -> int | None:
    """Build the index from all that is current, swap it in, and remember what it holds.

    Returns:
        The passages indexed; None when it was asked ``if_needed`` and was not.
    """
    index = parts.index()
    if if_needed and not index.is_stale:
        if parts.meaning is not None:
            parts.meaning.catch_up()
        return None
    versions = parts.catalogue.transcripts.current_versions()
    count = index.rebuild(_known_passages(parts, versions))
    parts.catalogue.transcripts.set_indexed(versions, index.fingerprint)
    if parts.meaning is not None:
        parts.meaning.catch_up(afresh=not if_needed)
    return count


def _known_passages(parts: Parts, versions: Collection[BroadcastId]) -> Iterator[Passage]:
    """Those of the broadcasts that `rebuild_index` vouches for; later ones get their job."""
    return (
        passage
        for passage in parts.catalogue.transcripts.all_passages()
        if passage.broadcast_id in versions
    )

"""The whole index, built anew from the catalogue."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping

from radio_archive.errors import CatalogueUnavailable, SearchIndexError
from radio_archive.model import BroadcastId, Passage, TranscriptId
from radio_archive.pipeline import Parts, make_searchable

log = logging.getLogger(__name__)

Versions = Mapping[BroadcastId, tuple[TranscriptId, int]]


class _Stopped(Exception):
    """Whoever builds was asked to stop."""


def _never() -> bool:
    return False


def rebuild_index(
    parts: Parts,
    *,
    if_needed: bool = False,
    stop: Callable[[], bool] = _never,
    with_meaning: bool = True,
) -> int | None:
    """Build the index from all that is current, swap it in, and remember what it holds.

    What is stored meanwhile goes into the index in use, and then into the new one.

    Args:
        parts: the archive.
        if_needed: only when the index is missing, damaged or of another version.
        stop: asked between two passages; nothing is changed then.
        with_meaning: what texts mean is worked out anew as well, which takes much longer.

    Returns:
        The passages indexed; None when it was not needed, or stopped.

    Raises:
        IndexBusy: somebody else is building.
        CatalogueUnavailable: the catalogue was away meanwhile: its replica may lack what is newest.
    """
    index = parts.index()
    if if_needed and not index.is_stale:
        if parts.meaning is not None:
            parts.meaning.catch_up()
        return None
    led_away = parts.catalogue.reads_from_replica
    versions = parts.catalogue.transcripts.current_versions()
    try:
        count = index.rebuild(_known_passages(parts, versions, led_away, stop))
    except _Stopped:
        return None
    now = parts.catalogue.transcripts.current_versions()
    same = {key: version for key, version in versions.items() if now.get(key) == version}
    parts.catalogue.transcripts.set_indexed(same, index.fingerprint)
    _catch_up(parts, versions, now)
    if parts.meaning is not None:
        parts.meaning.catch_up(afresh=with_meaning and not if_needed)
    return count


def _catch_up(parts: Parts, versions: Versions, now: Versions) -> None:
    """Index at once what changed while the index was built; what fails gets its job."""
    try:
        for broadcast_id in [key for key, version in now.items() if versions.get(key) != version]:
            make_searchable(parts, broadcast_id)
        for broadcast_id in versions.keys() - now.keys():
            parts.index().remove(broadcast_id)
    except SearchIndexError as error:
        log.warning("not all that is new was indexed", extra={"error": str(error)})


def _known_passages(
    parts: Parts, versions: Versions, led_away: int, stop: Callable[[], bool]
) -> Iterator[Passage]:
    """Those of the broadcasts that `rebuild_index` vouches for, all from the catalogue itself."""
    for passage in parts.catalogue.transcripts.all_passages():
        if stop():
            raise _Stopped
        if passage.broadcast_id in versions:
            yield passage
    if parts.catalogue.reads_from_replica != led_away:
        raise CatalogueUnavailable(
            "The search index was not built: the catalogue was away meanwhile, and its replica may "
            "lack what is newest.",
            hint="It is tried again by itself, or run: radio-archive reindex",
        )

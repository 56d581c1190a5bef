"""The step that makes text searchable."""

from __future__ import annotations

from radio_archive.model import (
    BroadcastId,
    Job,
)
from radio_archive.pipeline.parts import OnProgress, Parts


def index(parts: Parts, job: Job, _on_progress: OnProgress) -> None:
    """Make the current transcript and its tracks searchable, unless a rebuild has done it."""
    transcripts = parts.catalogue.transcripts
    version = transcripts.version_of(job.broadcast_id)
    engine = parts.index()
    if version is None or not transcripts.is_indexed(job.broadcast_id, version, engine.fingerprint):
        make_searchable(parts, job.broadcast_id)


def make_searchable(parts: Parts, broadcast_id: BroadcastId) -> None:
    """Put all that is current of a broadcast into the index; nothing happens without text.

    Raises:
        IndexBusy: another process is writing the index.
        SearchIndexError: there is no index, or it is damaged or of another version.
    """
    # the version is read first: a transcript that comes in between is then indexed again
    version = parts.catalogue.transcripts.version_of(broadcast_id)
    if version is None:
        return
    engine = parts.index()
    engine.replace(broadcast_id, parts.catalogue.transcripts.passages_of(broadcast_id))
    parts.catalogue.transcripts.set_indexed({broadcast_id: version}, engine.fingerprint)
    if parts.meaning is not None:
        parts.meaning.update(broadcast_id)

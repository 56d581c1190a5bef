"""What happens to a broadcast, as a list on one screen.

Every step is idempotent: it reads what the catalogue holds, does its part, and records it. Killed
anywhere, it is simply done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from radio_archive.errors import (
    AudioError,
    LostLease,
    NoEngine,
    RadioArchiveError,
)
from radio_archive.model import (
    BroadcastState,
    Job,
    JobKind,
)
from radio_archive.pipeline.abilities import abilities_of
from radio_archive.pipeline.fingerprinting import fingerprint
from radio_archive.pipeline.mapping import map_recording
from radio_archive.pipeline.parts import Fetch, OnProgress, Parts
from radio_archive.pipeline.planning import plan, plan_after
from radio_archive.pipeline.probing import can_be_read, find_media_outage
from radio_archive.pipeline.recordings import download, make_renditions, prepare, take_recording
from radio_archive.pipeline.renewing import renew
from radio_archive.pipeline.searchable import index, make_searchable
from radio_archive.pipeline.transcripts import (
    require_engine,
    transcribe_broadcast,
    transcribe_file,
    translate_broadcast,
)

__all__ = [
    "STEPS",
    "Fetch",
    "OnProgress",
    "Parts",
    "abilities_of",
    "can_be_read",
    "find_media_outage",
    "give_up",
    "make_renditions",
    "make_searchable",
    "renew",
    "require_engine",
    "transcribe_file",
    "plan",
    "plan_after",
    "take_recording",
]

STEPS: Mapping[JobKind, Callable[[Parts, Job, OnProgress], None]] = {
    JobKind.DOWNLOAD: download,
    JobKind.PREPARE: prepare,
    JobKind.MAP: map_recording,
    JobKind.FINGERPRINT: fingerprint,
    JobKind.TRANSCRIBE: transcribe_broadcast,
    JobKind.INDEX: index,
    JobKind.TRANSLATE: translate_broadcast,
}
"""What happens to a broadcast, in order."""


SILENT = frozenset({JobKind.MAP, JobKind.FINGERPRINT, JobKind.INDEX, JobKind.TRANSLATE})
"""Steps whose failure leaves the broadcast what it is."""


def give_up(parts: Parts, job: Job, error: RadioArchiveError) -> None:
    """Say in the catalogue why a broadcast goes no further.

    A parked job of ``SILENT`` says nothing about the broadcast: the index can be rebuilt, what was
    said is there without its translation and can be heard without its map, and repeats are only not
    found.
    """
    if isinstance(error, LostLease) or job.kind in SILENT:
        return
    if isinstance(error, NoEngine):
        state = BroadcastState.NOT_TRANSCRIBED
    elif isinstance(error, AudioError):
        state = BroadcastState.BAD_RECORDING
    elif job.kind is JobKind.DOWNLOAD:
        state = BroadcastState.NO_RECORDING
    else:
        state = BroadcastState.FAILED
    parts.catalogue.broadcasts.set_problem(job.broadcast_id, state, str(error))

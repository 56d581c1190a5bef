"""What happens to a broadcast, as a list on one screen.

Every step is idempotent: it reads what the catalogue holds, does its part, and records it. Killed
anywhere, it is simply done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from radio_archive.audio import RENDITIONS
from radio_archive.errors import (
    AudioError,
    LostLease,
    NoEngine,
    RadioArchiveError,
)
from radio_archive.model import (
    BroadcastId,
    BroadcastState,
    Job,
    JobKind,
    LanguageTag,
)
from radio_archive.pipeline.fingerprinting import VERSION, can_fingerprint, fingerprint
from radio_archive.pipeline.mapping import map_recording
from radio_archive.pipeline.parts import Fetch, OnProgress, Parts
from radio_archive.pipeline.recordings import download, prepare, take_recording
from radio_archive.pipeline.renewing import renew
from radio_archive.pipeline.searchable import index, make_searchable
from radio_archive.pipeline.transcripts import (
    require_engine,
    transcribe_broadcast,
    transcribe_file,
    translate_broadcast,
)
from radio_archive.sound_map import VERSION as MAP_VERSION

__all__ = [
    "STEPS",
    "Fetch",
    "OnProgress",
    "Parts",
    "give_up",
    "make_searchable",
    "renew",
    "require_engine",
    "transcribe_file",
    "plan",
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


def plan(parts: Parts) -> int:
    """Ask for everything the catalogue lacks; returns how many jobs are new."""
    reports, jobs = parts.catalogue.reports, parts.jobs
    names = ",".join(spec.name for spec in RENDITIONS)
    wanted = [(JobKind.DOWNLOAD, ""), (JobKind.PREPARE, names)]
    wanted.append((JobKind.MAP, str(MAP_VERSION)))
    wanted.append((JobKind.INDEX, parts.index().fingerprint))
    if can_fingerprint(parts):
        wanted.append((JobKind.FINGERPRINT, VERSION))
    translated = sorted(filter(parts.translates, map(LanguageTag, parts.transcribed_languages)))
    if translated:
        wanted.append((JobKind.TRANSLATE, ",".join(translated)))
    new = 0
    for kind, expected in wanted:
        new += jobs.put(kind, [found for found, _ in reports.without(kind, expected=expected)])
    return new + jobs.put(JobKind.TRANSCRIBE, _transcribable(parts))


def _transcribable(parts: Parts) -> list[BroadcastId]:
    """Those an engine knows; the others are marked with the reason."""
    able, unable = [], {}
    for broadcast_id, language in parts.catalogue.reports.without(JobKind.TRANSCRIBE):
        try:
            require_engine(parts, language)
            able.append(broadcast_id)
        except NoEngine as error:
            unable[broadcast_id] = str(error)
    for broadcast_id, reason in unable.items():
        parts.catalogue.broadcasts.set_problem(broadcast_id, BroadcastState.NOT_TRANSCRIBED, reason)
    return able


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

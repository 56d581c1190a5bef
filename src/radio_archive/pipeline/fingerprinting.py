"""The step that finds where the same sound was aired before, and the jingles of a programme."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from radio_archive.errors import FfmpegMissing
from radio_archive.fingerprints import REPEAT, Lookup, SubFingerprints
from radio_archive.jingles import LEAST_BROADCASTS, find_jingles, shared_briefly
from radio_archive.media import Area
from radio_archive.model import Broadcast, Jingle, Job, Recording, RecordingKey, SameSound
from radio_archive.pipeline.parts import OnProgress, Parts
from radio_archive.pipeline.progress import Reading, Tell, looking, silent
from radio_archive.pipeline.recordings import recording_of

VERSION = "chromaprint-1"
"""Algorithm 1 of Chromaprint, its default: the same numbers from every ffmpeg that has it."""

REPEAT_DAYS = 30
"""A repeat is looked for this many days to both sides. Bulletins come again the same day, magazines
within weeks; an archive of 14,000 hours over twelve years holds 200 hours in such a span."""

COMPARED_BROADCASTS = 12
"""Of one programme, whose jingles are looked for: those aired closest."""


def can_fingerprint(parts: Parts) -> bool:
    """Whether this machine's ffmpeg has Chromaprint; ``doctor`` says what is missing."""
    try:
        return parts.audio().can_fingerprint
    except FfmpegMissing:
        return False


def fingerprint(parts: Parts, job: Job, on_progress: OnProgress) -> None:
    """Find what the broadcast's recording shares with others."""
    broadcast = parts.catalogue.broadcasts.get(job.broadcast_id)
    recording = recording_of(parts, job.broadcast_id)
    take_fingerprint(parts, broadcast, recording, partial(on_progress, job))


def take_fingerprint(
    parts: Parts, broadcast: Broadcast, recording: Recording, tell: Tell = silent
) -> None:
    """Make what is missing of a recording's fingerprint and its comparison; known, do nothing.

    It is kept before it is compared: of two recordings that come in at once, one sees the other.

    Raises:
        BadAudio: not sound, or damaged beyond use.
    """
    known = parts.catalogue.fingerprints
    if known.is_compared(recording.key, VERSION):
        return
    payload = known.find(recording.key, VERSION)
    if payload is None:
        audio = parts.audio().telling(Reading(tell, recording.duration_ms))
        with parts.media.local_path(Area.RECORDINGS, recording.key, recording.extension) as path:
            payload = audio.fingerprint(path).astype("<u4").tobytes()
        known.put(recording.key, VERSION, payload)
    lookup = Lookup(_numbers(payload))
    shared: dict[RecordingKey, tuple[SameSound, ...]] = {}
    for key, other in looking(known.near(broadcast, VERSION, REPEAT_DAYS), tell):
        if found := lookup.find_in(_numbers(other), REPEAT):
            shared[key] = found
    _mark_jingles(parts, broadcast, recording.key, lookup, tell)
    known.set_repeats(recording.key, shared)


def _mark_jingles(
    parts: Parts, broadcast: Broadcast, key: RecordingKey, lookup: Lookup, tell: Tell
) -> None:
    """Find the jingles of a recording, and in those it shares them with where none are known."""
    known = parts.catalogue.fingerprints
    others = known.of_programme(broadcast, VERSION, COMPARED_BROADCASTS)
    prints = {other: _numbers(payload) for other, payload in others}
    if len(prints) + 1 < LEAST_BROADCASTS:
        return
    shared = {other: shared_briefly(lookup, each) for other, each in looking(prints.items(), tell)}
    jingles = find_jingles(list(shared.values()))
    known.set_jingles(key, jingles)
    if not jingles:
        return
    prints[key] = lookup.fingerprint
    for other, found in shared.items():
        heard = [each.reversed for each in found if _is_among(jingles, each)]
        marked = known.jingles(other)
        if any(not _is_among(marked, each) for each in heard):
            again = Lookup(prints[other])
            others_of_it = looking(prints.items(), tell)
            rest = [shared_briefly(again, each) for one, each in others_of_it if one != other]
            known.set_jingles(other, find_jingles(rest))


def _is_among(jingles: Sequence[Jingle], shared: SameSound) -> bool:
    """Whether what is shared is one of the jingles."""
    end_ms = shared.start_ms + shared.length_ms
    return any(each.start_ms < end_ms and shared.start_ms < each.end_ms for each in jingles)


def _numbers(payload: bytes) -> SubFingerprints:
    return np.frombuffer(payload, dtype="<u4").astype(np.uint32)

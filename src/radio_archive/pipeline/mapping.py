"""The step that says what a recording sounds like."""

from __future__ import annotations

from functools import partial

from radio_archive.media import Area
from radio_archive.model import Job, RecordingKey, SpeechStretch
from radio_archive.pipeline.parts import OnProgress, Parts
from radio_archive.pipeline.progress import Reading
from radio_archive.pipeline.recordings import recording_of
from radio_archive.sound_map import VERSION, map_sound


def map_recording(parts: Parts, job: Job, on_progress: OnProgress) -> None:
    """Find speech, music, noise and silence in a recording.

    Nothing is done where another broadcast of the same recording had it mapped meanwhile.
    """
    recording = recording_of(parts, job.broadcast_id)
    known = parts.catalogue.sound_maps.find(recording.key)
    if known is not None and known.version == VERSION:
        return
    reading = Reading(partial(on_progress, job), recording.duration_ms)
    with parts.media.local_path(Area.RECORDINGS, recording.key, recording.extension) as path:
        found = map_sound(parts.audio().telling(reading).decode(path))
    parts.catalogue.sound_maps.put(recording.key, found, parts.jobs.guard(job))


def speech_in(parts: Parts, key: RecordingKey) -> tuple[SpeechStretch, ...] | None:
    """Where the detector heard speech in a recording; None while it has no map of today's kind."""
    known = parts.catalogue.sound_maps.find(key)
    return known.speech if known is not None and known.version == VERSION else None

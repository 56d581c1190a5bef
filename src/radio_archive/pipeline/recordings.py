"""The steps that get the sound and make what listeners hear."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from radio_archive.audio import RENDITIONS, RenditionSpec
from radio_archive.audio.process import FfmpegFailed
from radio_archive.errors import (
    AudioError,
    BadAudio,
    FfmpegMissing,
    NotFound,
    StorageError,
)
from radio_archive.media import BLOCK_BYTES, Area, StoredFile, media_type_of
from radio_archive.model import (
    BroadcastId,
    Excerpt,
    Job,
    Recording,
    Rendition,
)
from radio_archive.pipeline.parts import OnProgress, Parts
from radio_archive.pipeline.progress import Reading, Tell, looking, silent


def take_recording(
    parts: Parts, stored: StoredFile, original_name: str, tell: Tell = silent
) -> Recording:
    """Look into a stored file and say what it is.

    Args:
        parts: what the steps work with.
        stored: the file.
        original_name: what it was called where it came from.
        tell: asked whether to stop meanwhile; the bytes stay.

    Raises:
        BadAudio: it cannot be decoded. The stored bytes are removed again if it is they that are
            bad, and no broadcast has them.
        NoSound: it holds no sound; likewise.
        FfmpegMissing: nobody could look; the bytes stay.
        FfmpegFailed: it crashed or got stuck; the bytes stay.
    """
    with parts.media.local_path(stored.area, stored.key, stored.extension) as path:
        try:
            facts = parts.audio().telling(Reading(tell)).probe(path)
        except AudioError as error:
            # ffmpeg itself may be to blame, or the system that killed it
            if not isinstance(error, FfmpegMissing | FfmpegFailed):
                discard(parts, stored)
            message = error.message.replace(path.name, original_name or path.name)
            raise type(error)(message, hint=error.hint) from error
    return Recording(
        key=stored.key,
        extension=stored.extension,
        media_type=media_type_of(stored.extension),
        size_bytes=stored.size_bytes,
        duration_ms=facts.duration_ms,
        original_name=original_name,
    )


def discard(parts: Parts, stored: StoredFile) -> None:
    """Remove stored bytes, unless a broadcast has them; harmless among several who take them in."""
    find = parts.catalogue.recordings.find
    with (
        suppress(NotFound, FileNotFoundError),
        parts.media.local_path(stored.area, stored.key, stored.extension) as path,
        path.open("rb") as held,
    ):
        if find(stored.key) is not None:
            return
        parts.media.delete(stored.area, stored.key, stored.extension)
        # whoever attached them between the look and the deletion needs them
        if find(stored.key) is not None:
            blocks = iter(partial(held.read, BLOCK_BYTES), b"")
            parts.media.save(stored.area, blocks, stored.extension)


def is_held(parts: Parts, recording: Recording, *, is_thorough: bool) -> bool:
    """Whether the store has a recording, by its size.

    Args:
        parts: where to look.
        recording: as the catalogue has it.
        is_thorough: read and compare all of it as well.
    """
    place = (Area.RECORDINGS, recording.key, recording.extension)
    try:
        if parts.media.size(*place) != recording.size_bytes:
            return False
        return not is_thorough or parts.media.verify(*place)
    except NotFound:
        return False


def download(parts: Parts, job: Job, on_progress: OnProgress) -> None:
    """Fetch the sound a page or feed names."""
    url = parts.catalogue.broadcasts.audio_url(job.broadcast_id)
    if url is None:
        return
    name = url.split("?", 1)[0].rsplit("/", 1)[-1][:200]
    extension = parts.audio().extension_for(name)
    tell = partial(on_progress, job)
    with parts.fetch(url) as chunks:
        stored = parts.media.save(
            Area.RECORDINGS,
            looking(chunks, tell),
            extension,
            max_bytes=parts.max_recording_bytes,
        )
    recording = _known(parts, stored) or take_recording(parts, stored, name, tell)
    parts.catalogue.recordings.attach(job.broadcast_id, recording)
    if not parts.media.exists(Area.RECORDINGS, recording.key, recording.extension):
        raise StorageError(
            f"{name or url} was removed from the store while it was taken in.",
            hint="It is fetched again.",
        )


def _known(parts: Parts, stored: StoredFile) -> Recording | None:
    """The recording these bytes are already, held once and under one extension; None: new ones."""
    known = parts.catalogue.recordings.find(stored.key)
    if known is None or known.extension == stored.extension:
        return known
    if not is_held(parts, known, is_thorough=True):
        with parts.media.local_path(stored.area, stored.key, stored.extension) as path:
            parts.media.save_file(stored.area, path, known.extension)
    parts.media.delete(stored.area, stored.key, stored.extension)
    return known


def prepare(parts: Parts, job: Job, on_progress: OnProgress) -> None:
    """Make the renditions listeners get."""
    make_renditions(parts, job.broadcast_id, partial(on_progress, job))


def make_renditions(parts: Parts, broadcast_id: BroadcastId, tell: Tell = silent) -> None:
    """Make what listeners lack: the whole sound, and where stretches are hidden, it without them.

    What the catalogue knows and the store does not hold any more is made again.

    Args:
        parts: what the steps work with.
        broadcast_id: whose.
        tell: told how far it is.

    Raises:
        BadAudio: there is no recording, or it cannot be decoded.
        StorageError: it cannot be read, or what is made cannot be kept.
    """
    recording = recording_of(parts, broadcast_id)
    recordings, withdrawals = parts.catalogue.recordings, parts.catalogue.withdrawals
    kinds: list[tuple[Sequence[Excerpt], frozenset[str]]] = []  # what is silent, and what is there
    if hidden := withdrawals.hidden_in(broadcast_id):
        heard = withdrawals.renditions(broadcast_id, recording.key)
        kinds.append((hidden, _held(parts, heard)))
    kinds.append(((), _held(parts, recordings.renditions(recording.key))))
    lacking = [
        (spec, muted) for spec in RENDITIONS for muted, have in kinds if spec.name not in have
    ]
    reading = Reading(tell, recording.duration_ms, times=len(lacking))
    with parts.media.local_path(Area.RECORDINGS, recording.key, recording.extension) as source:
        for spec, muted in lacking:
            rendition = _render(parts, reading, source, spec, muted)
            if muted:
                withdrawals.add_muted(broadcast_id, recording, muted, rendition)
            else:
                recordings.add_rendition(recording.key, rendition)
            reading.again()


def _held(parts: Parts, made: Iterable[Rendition]) -> frozenset[str]:
    """Names of the renditions that the store gives."""
    exists = parts.media.exists
    return frozenset(
        each.name for each in made if exists(Area.RENDITIONS, each.key, each.extension)
    )


def _render(
    parts: Parts, reading: Reading, source: Path, spec: RenditionSpec, hidden: Sequence[Excerpt]
) -> Rendition:
    audio = parts.audio().telling(reading)
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        target = Path(folder) / f"rendition{spec.extension}"
        if hidden:
            muted = [(each.start_ms, each.end_ms) for each in hidden]
            audio.render_muted(source, target, spec, muted)
        else:
            audio.render(source, target, spec)
        stored = parts.media.save_file(Area.RENDITIONS, target, spec.extension)
    return Rendition(
        name=spec.name,
        key=stored.key,
        extension=spec.extension,
        media_type=spec.media_type,
        size_bytes=stored.size_bytes,
    )


def recording_of(parts: Parts, broadcast_id: BroadcastId) -> Recording:
    """The recording of a broadcast.

    Raises:
        BadAudio: it has none any more.
    """
    broadcast = parts.catalogue.broadcasts.get(broadcast_id)
    if broadcast.recording is None:
        raise BadAudio(
            f"Broadcast {broadcast_id} has no recording any more.", hint="Add its file again."
        )
    return broadcast.recording

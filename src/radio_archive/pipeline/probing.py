"""Whether the store of the recordings answers."""

from __future__ import annotations

from radio_archive.errors import NotFound, StorageError
from radio_archive.media import Area
from radio_archive.pipeline.parts import Parts

#: recordings looked for; where not one is there, it is the store that is away
SAMPLES = 3


def can_be_read(parts: Parts, broadcast_id: str) -> bool:
    """Whether the recording of a broadcast is in the media store now."""
    broadcast = parts.catalogue.broadcasts.find(broadcast_id)
    if broadcast is None or broadcast.recording is None:
        return False
    recording = broadcast.recording
    try:
        return parts.media.exists(Area.RECORDINGS, recording.key, recording.extension)
    except StorageError:
        return False


def find_media_outage(parts: Parts) -> StorageError | None:
    """Why no recording can be read at the moment; None when some can, or there are none."""
    samples = parts.catalogue.recordings.some(SAMPLES)
    for recording in samples:
        try:
            parts.media.size(Area.RECORDINGS, recording.key, recording.extension)
        except NotFound:
            continue
        except StorageError as error:
            return error
        return None
    if not samples:
        return None
    return StorageError(
        f"None of {len(samples)} recordings looked for is in the media store.",
        hint="Look whether its disk is mounted; radio-archive doctor lists what is missing.",
    )

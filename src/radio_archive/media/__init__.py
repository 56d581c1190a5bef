"""Where the bytes of recordings and renditions lie.

A file is named by the SHA-256 of its content, so the same sound is held once, a changed file is
found out, and nothing anybody typed ever becomes a path::

    media/recordings/ab/cd/abcd….mp3
    media/recordings/.incoming/        what is still being written
    media/renditions/…

A file appears under its name only when all of it is safely on the disk: written aside, flushed,
renamed, and the folder flushed as well (rename without flush may leave an empty file behind:
Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014).
"""

from __future__ import annotations

from radio_archive.media.files import (
    BLOCK_BYTES,
    EXTENSIONS,
    Area,
    StoredFile,
    media_type_of,
    require_name,
    require_range,
    require_size,
)
from radio_archive.media.local import LocalMediaStore
from radio_archive.media.store import MediaStore

__all__ = [
    "Area",
    "StoredFile",
    "MediaStore",
    "LocalMediaStore",
    "EXTENSIONS",
    "BLOCK_BYTES",
    "media_type_of",
    "require_name",
    "require_range",
    "require_size",
]

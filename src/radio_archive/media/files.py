"""What a stored file is called, what it may be, and what a store refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from radio_archive.errors import BadAudio, BadInput
from radio_archive.model import RecordingKey

BLOCK_BYTES = 64 * 1024
"""Size of the pieces in which files are read and written."""

EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {
        ".mp3": "audio/mpeg",
        ".mp2": "audio/mpeg",
        ".mpga": "audio/mpeg",
        ".m4a": "audio/mp4",
        ".m4b": "audio/mp4",
        ".mp4": "video/mp4",
        ".mov": "video/quicktime",
        ".3gp": "audio/3gpp",
        ".aac": "audio/aac",
        ".ogg": "audio/ogg",
        ".oga": "audio/ogg",
        ".opus": "audio/ogg; codecs=opus",
        ".spx": "audio/ogg",
        ".flac": "audio/flac",
        ".wav": "audio/wav",
        ".w64": "audio/x-w64",
        ".mka": "audio/x-matroska",
        ".mkv": "video/x-matroska",
        ".webm": "audio/webm",
        ".wma": "audio/x-ms-wma",
        ".asf": "video/x-ms-asf",
        ".aiff": "audio/aiff",
        ".aif": "audio/aiff",
        ".au": "audio/basic",
        ".caf": "audio/x-caf",
        ".ape": "audio/x-ape",
        ".wv": "audio/x-wavpack",
        ".mpc": "audio/x-musepack",
        ".dsf": "audio/x-dsf",
        ".amr": "audio/amr",
        ".gsm": "audio/x-gsm",
        ".bin": "application/octet-stream",
    }
)
"""The only extensions a stored file may have, with their media types."""

_KEY = re.compile(r"[0-9a-f]{64}")


class Area(StrEnum):
    """What a stored file is; each has its own folder."""

    RECORDINGS = "recordings"  #: as they came in: must never be lost
    RENDITIONS = "renditions"  #: made from recordings: can be made again


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file in the store."""

    area: Area
    key: RecordingKey  #: SHA-256 of its content
    extension: str  #: one of ``EXTENSIONS``
    size_bytes: int


def media_type_of(extension: str) -> str:
    """Give the media type of a stored file.

    Raises:
        BadInput: no stored file has this extension.
    """
    try:
        return EXTENSIONS[extension]
    except KeyError:
        raise BadInput(
            f"A file ending in {extension!r} is not kept.",
            hint=f"Known endings: {', '.join(EXTENSIONS)}.",
        ) from None


def is_key(text: str) -> bool:
    """Whether this is a SHA-256 as keys are written: 64 lower-case hexadecimal digits."""
    return _KEY.fullmatch(text) is not None


def require_name(key: str, extension: str) -> None:
    """Refuse what could be anything but the name of a stored file.

    Raises:
        BadInput: ``key`` is no SHA-256, or ``extension`` is not in ``EXTENSIONS``.
    """
    if not is_key(key):
        raise BadInput(f"{key!r} is not the SHA-256 of a stored file.", hint="Give 64 hex digits.")
    media_type_of(extension)


def require_range(start: int, end: int | None) -> None:
    """Refuse negative positions.

    Raises:
        BadInput: ``start`` or ``end`` is negative.
    """
    if start < 0 or (end is not None and end < 0):
        raise BadInput(f"Bytes {start} to {end} cannot be read.", hint="Positions begin at 0.")


def require_size(size: int, max_bytes: int | None) -> None:
    """Refuse what is too large.

    Raises:
        BadAudio: ``size`` is more than ``max_bytes``.
    """
    if max_bytes is not None and size > max_bytes:
        raise BadAudio(
            f"The recording is larger than the limit of {max_bytes:,} bytes.",
            hint="Cut it, or raise max_recording_bytes in radio-archive.toml.",
        )

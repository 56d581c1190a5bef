"""What sound may look like: containers we open, extensions we give, renditions we make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import MappingProxyType

from radio_archive.model import Milliseconds

#: Extension of sound whose name says nothing and whose content nobody has looked at yet.
BYTES_EXTENSION = ".bin"

CONTAINER_EXTENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mp3": (".mp3", ".mp2", ".mpga"),
        "mov": (".m4a", ".mp4", ".m4b", ".mov", ".3gp"),
        "ogg": (".ogg", ".oga", ".opus", ".spx"),
        "aac": (".aac",),
        "flac": (".flac",),
        "wav": (".wav",),
        "w64": (".w64",),
        "matroska": (".mka", ".mkv", ".webm"),
        "webm": (".webm",),
        "asf": (".wma", ".asf"),
        "aiff": (".aiff", ".aif"),
        "au": (".au",),
        "caf": (".caf",),
        "ape": (".ape",),
        "wv": (".wv",),
        "mpc": (".mpc",),
        "mpc8": (".mpc",),
        "dsf": (".dsf",),
        "amr": (".amr",),
        "gsm": (".gsm",),
    }
)
"""ffmpeg's name of each container it may open, with the extensions it goes by, usual one first.

Not here on purpose, because they name other files or addresses: ``hls``, ``concat``, ``dash``,
playlists, and ``avi`` (which was used to smuggle playlists in).
"""

_EXTENSIONS = frozenset(
    extension for extensions in CONTAINER_EXTENSIONS.values() for extension in extensions
)


def extension_for(name: str, container: str = "") -> str:
    """Choose the extension a stored file gets.

    Args:
        name: file name or last part of the address it came from; only its ending is looked at.
        container: what ffmpeg found inside (``AudioFacts.container``); wins over ``name`` when
            the two disagree. Empty when nobody has looked yet.

    Returns:
        lower case, with the dot; ``.bin`` when neither tells.
    """
    suffix = PurePath(name.lower()).suffix
    if container:
        usual = CONTAINER_EXTENSIONS.get(container, ())
        return suffix if suffix in usual else next(iter(usual), BYTES_EXTENSION)
    return suffix if suffix in _EXTENSIONS else BYTES_EXTENSION


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFacts:
    """What a recording is, found by decoding all of it."""

    duration_ms: Milliseconds  #: decoded, never the header's word
    container: str  #: ffmpeg's name: ``mp3``, ``mov``, ``ogg``
    codec: str  #: ffmpeg's name: ``mp3``, ``aac``, ``vorbis``
    sample_rate: int  #: of the source, in hertz
    channels: int  #: of the source
    header_duration_ms: Milliseconds | None  #: what the header claims; None if it claims nothing
    is_damaged: bool  #: some of it could not be decoded; the sound there is, is right

    @property
    def is_truncated(self) -> bool:
        """Whether more than 2 % (and 100 ms) of what the header claims is not there.

        Either the file was cut off, or its header lies, as headers of some stream recorders do:
        a reason to look again at where it came from, not to refuse it.
        """
        if self.header_duration_ms is None:
            return False
        missing = self.header_duration_ms - self.duration_ms
        return missing > max(100, self.header_duration_ms * 0.02)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenditionSpec:
    """How one seek-safe copy for listeners is written. Always mono."""

    name: str  #: ``mp3``, ``opus``, ``low``; for players ``webm``, ``webm-low``
    extension: str  #: with the dot
    media_type: str
    container: str  #: ffmpeg's name of the file format
    codec: str  #: ffmpeg's name of the encoder
    sample_rate: int  #: hertz
    bits_per_second: int
    options: tuple[tuple[str, str], ...] = ()  #: further options of the encoder


RENDITIONS: tuple[RenditionSpec, ...] = (
    # 24 kHz and 48 kbit/s: each frame is 144 bytes and 24 ms, without padding, so a place in time
    # is a place in the file; without the reservoir each frame can be decoded by itself.
    RenditionSpec(
        name="mp3",
        extension=".mp3",
        media_type="audio/mpeg",
        container="mp3",
        codec="libmp3lame",
        sample_rate=24_000,
        bits_per_second=48_000,
        options=(("reservoir", "0"), ("id3v2_version", "0")),
    ),
    RenditionSpec(
        name="opus",
        extension=".opus",
        media_type="audio/ogg; codecs=opus",
        container="ogg",
        codec="libopus",
        sample_rate=48_000,
        bits_per_second=24_000,
    ),
    RenditionSpec(
        name="low",
        extension=".opus",
        media_type="audio/ogg; codecs=opus",
        container="ogg",
        codec="libopus",
        sample_rate=48_000,
        bits_per_second=16_000,
        options=(("frame_duration", "60"),),
    ),
)
"""The copies listeners get: MP3 plays everywhere, Opus costs half, ``low`` a third."""

PLAYED: Mapping[str, RenditionSpec] = MappingProxyType(
    {
        spec.name: replace(
            spec,
            name=name,
            extension=".webm",
            media_type="audio/webm; codecs=opus",
            container="webm",
            options=(("frame_duration", "60"),),
        )
        for spec, name in zip(RENDITIONS[1:], ("webm", "webm-low"), strict=True)
    }
)
"""The same Opus in WebM, by the rendition that it is made from: for players.

How long an Ogg file is stands in its last page, so Chromium reads its last 64 kB, and shorter files
whole, before it plays: on a line of 50 kbit/s a clip of a minute was silent for 30 s. WebM says it
in front, and plays after the first 32 kB, the least Chromium reads of anything: 6 s
(``benchmarks/low_bandwidth.py``).
"""

PLAYED_FROM: Mapping[str, str] = MappingProxyType(
    {spec.name: source for source, spec in PLAYED.items()}
)
"""For each of ``PLAYED``, by its name, the rendition that it is made from."""

FINGERPRINT = RenditionSpec(
    name="fingerprint",
    extension="",
    media_type="application/octet-stream",
    container="chromaprint",
    codec="pcm_s16le",
    sample_rate=16_000,
    bits_per_second=256_000,
    # the algorithm is named because stored fingerprints are compared for years
    options=(("algorithm", "1"), ("fp_format", "raw")),
)
"""Not for listeners: what ffmpeg writes when it is asked for a fingerprint."""

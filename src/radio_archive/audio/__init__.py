"""Sound in and sound out: the only place that talks to ffmpeg.

ffmpeg gets files, never addresses, and opens nothing but plain sound formats: a playlist that calls
itself ``.mp3`` could otherwise pull another file of this machine into a public transcript.
"""

from __future__ import annotations

from radio_archive.audio.formats import (
    BYTES_EXTENSION,
    CONTAINER_EXTENSIONS,
    PLAYED,
    PLAYED_FROM,
    RENDITIONS,
    AudioFacts,
    RenditionSpec,
    extension_for,
)
from radio_archive.audio.sound import SPEECH_RATE, Audio

__all__ = [
    "Audio",
    "AudioFacts",
    "RenditionSpec",
    "RENDITIONS",
    "PLAYED",
    "PLAYED_FROM",
    "SPEECH_RATE",
    "CONTAINER_EXTENSIONS",
    "BYTES_EXTENSION",
    "extension_for",
]

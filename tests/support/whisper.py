"""Real speech and real weights for the tests of transcription."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from radio_archive.audio import Audio
from radio_archive.settings import Settings
from radio_archive.transcribers import SAMPLE_RATE, Samples
from radio_archive.weights import models_dir

SAMPLES = Path(__file__).resolve().parents[2] / "media" / "samples"
JOURNAL = SAMPLES / "2015-03-12-journal.mp3"

MODELS = models_dir(Settings())
"""Where the fixture ``whisper_base`` puts the weights."""


@cache
def sound_of(path: Path) -> Samples:
    """A whole file at 16 kHz."""
    return np.concatenate(list(Audio.find().decode(path)))


def journal(start_s: float, end_s: float) -> Samples:
    """A piece of the synthetic news bulletin."""
    piece: Samples = sound_of(JOURNAL)[int(start_s * SAMPLE_RATE) : int(end_s * SAMPLE_RATE)]
    return piece.copy()


def silence(seconds: float) -> Samples:
    """Digital silence."""
    return np.zeros(int(seconds * SAMPLE_RATE), np.float32)

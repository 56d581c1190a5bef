"""The voice encoder beside what Resemblyzer itself gives."""

from __future__ import annotations

import numpy as np
import pytest

from radio_archive.transcribers import SAMPLE_RATE, Samples
from radio_archive.voices import VoiceEncoder

#: the largest numbers of `hum`, from Resemblyzer 0.1.4 with librosa 0.11.0
OF_THE_HUM = {178: 0.2249, 48: 0.2106, 11: 0.2057, 89: 0.2030, 9: 0.1987, 164: 0.1918}


def hum() -> Samples:
    """A steady vowel-like sound of 1.6 s."""
    times = np.arange(25_600) / SAMPLE_RATE
    swell = 1 + 0.5 * np.sin(2 * np.pi * 3 * times)
    partials = [np.sin(2 * np.pi * hertz * times) / hertz for hertz in (140, 280, 420, 700)]
    partials += [np.sin(2 * np.pi * hertz * times) / hertz for hertz in (1_400, 2_800)]
    sound: Samples = (np.sum(partials, axis=0) * swell).astype(np.float32)
    return sound


def test_it_gives_the_numbers_of_resemblyzer(voice_encoder: VoiceEncoder) -> None:
    (numbers,) = voice_encoder.embed([hum()])
    assert {place: float(numbers[place]) for place in OF_THE_HUM} == pytest.approx(
        OF_THE_HUM, abs=2e-4
    )
    assert (numbers > 0).sum() == 100


def test_how_loud_somebody_speaks_does_not_matter(voice_encoder: VoiceEncoder) -> None:
    loud, quiet = voice_encoder.embed([hum(), 0.01 * hum()])
    assert float(loud @ quiet) == pytest.approx(1, abs=1e-4)


def test_rows_have_length_one_whatever_they_are_made_of(voice_encoder: VoiceEncoder) -> None:
    rows = voice_encoder.embed([hum()] * 65 + [hum()[:5_000]])
    assert rows.shape == (66, 256)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-4)
    assert np.isfinite(voice_encoder.embed([np.zeros(25_600, np.float32)])).all()
    assert voice_encoder.embed([]).shape == (0, 256)

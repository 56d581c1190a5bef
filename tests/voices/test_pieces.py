"""Cutting speech into pieces, and hearing a telephone."""

from __future__ import annotations

import numpy as np

from radio_archive.speech import SpeechGroup
from radio_archive.transcribers import SAMPLE_RATE, Samples
from radio_archive.voices.pieces import Piece, cut_pieces
from tests.support.making import ms


def noise(seconds: float, *, up_to_hz: float = 8_000) -> Samples:
    """Noise with nothing above a frequency."""
    sound = np.random.default_rng(1).normal(size=int(seconds * SAMPLE_RATE))
    spectrum = np.fft.rfft(sound)
    spectrum[np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE) > up_to_hz] = 0
    return (0.1 * np.fft.irfft(spectrum, len(sound))).astype(np.float32)


def cut(*stretches: tuple[int, int], up_to_hz: float = 8_000) -> list[tuple[Piece, Samples]]:
    group = SpeechGroup(
        start_ms=ms(60_000),
        samples=noise(20, up_to_hz=up_to_hz),
        stretches=tuple((ms(start), ms(end)) for start, end in stretches),
    )
    return list(cut_pieces(group, 7))


def test_a_stretch_becomes_pieces_that_reach_from_its_start_to_its_end() -> None:
    pieces = cut((1_000, 6_000))
    assert [piece.start_ms for piece, _ in pieces] == [
        61_000,
        61_680,
        62_360,
        63_040,
        63_720,
        64_400,
    ]
    assert pieces[-1][0].end_ms == 66_000
    assert {len(sound) for _, sound in pieces} == {25_600}


def test_a_short_stretch_is_one_piece_and_a_very_short_one_none() -> None:
    pieces = cut((0, 300), (1_000, 2_000), (3_000, 4_600))
    assert [(piece.stretch, piece.start_ms, piece.end_ms) for piece, _ in pieces] == [
        (8, 61_000, 62_000),
        (9, 63_000, 64_600),
    ]


def test_sound_with_nothing_above_a_telephones_band_is_known() -> None:
    assert all(piece.is_telephone for piece, _ in cut((0, 8_000), up_to_hz=3_600))
    assert not any(piece.is_telephone for piece, _ in cut((0, 8_000)))

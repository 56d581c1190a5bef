"""Speech cut into pieces of equal length, each heard for one voice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from radio_archive.model import Milliseconds
from radio_archive.speech import SpeechGroup
from radio_archive.transcribers import SAMPLE_RATE, Samples
from radio_archive.voices.encoder import WINDOW_MS

HOP_MS = 800
"""Pieces begin so far apart at most: each moment is heard twice."""

SHORTEST_MS = 400
"""Speech that is shorter tells nothing of a voice: chosen, the length of a short word."""

_VOICE_HZ = (300, 3400)
"""What a telephone lets through (ITU-T G.712)."""

_ABOVE_HZ = 4200
"""What it does not, with room for the slopes of filters."""

_TELEPHONE_DB = -40
"""Power above the telephone's band, beside that within, under which nothing is there.

Measured, the median of each recording: telephones -65 to -41, studios -36 to -21; sound of 1961
(-44) counts as a telephone.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Where a piece lies in the recording."""

    stretch: int  #: number of the stretch of speech it was cut from
    start_ms: Milliseconds
    end_ms: Milliseconds
    is_telephone: bool  #: nothing is heard above a telephone's band

    @property
    def middle_ms(self) -> int:
        """Halfway."""
        return (self.start_ms + self.end_ms) // 2


def cut_pieces(group: SpeechGroup, first_stretch: int) -> Iterator[tuple[Piece, Samples]]:
    """The pieces of a group of speech, evenly spread over each of its stretches.

    Args:
        group: some speech.
        first_stretch: the number of its first stretch in the recording.
    """
    for number, (begin, end) in enumerate(group.stretches, start=first_stretch):
        if end - begin < SHORTEST_MS:
            continue
        spare = max(0, end - begin - WINDOW_MS)
        for offset in np.linspace(0, spare, 1 - (-spare // HOP_MS)).astype(int):
            start = begin + int(offset)
            stop = min(start + WINDOW_MS, end)
            sound = group.samples[start * SAMPLE_RATE // 1000 : stop * SAMPLE_RATE // 1000]
            yield (
                Piece(
                    stretch=number,
                    start_ms=Milliseconds(group.start_ms + start),
                    end_ms=Milliseconds(group.start_ms + stop),
                    is_telephone=_is_telephone(sound),
                ),
                sound,
            )


def _is_telephone(sound: Samples) -> bool:
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    within = power[(hertz > _VOICE_HZ[0]) & (hertz < _VOICE_HZ[1])].sum()
    above = power[hertz > _ABOVE_HZ].sum()
    return bool(above < within * 10 ** (_TELEPHONE_DB / 10))

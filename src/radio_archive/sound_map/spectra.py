"""A stream of sound in numbers: a few for each half second, and nothing else is kept of it.

Music is told from noise by *continuous frequency activation* (K. Seyerlehner, T. Pohle, M. Schedl
and G. Widmer: Automatic music detection in television productions, DAFx 2007): a tone lights the
same frequency for a while, a horizontal bar in the spectrogram; noise and consonants light all of
them for a moment. The hum of a mains or an engine lights its frequencies for ever, so what counts
as well is how much of it a longer look at the same frequencies does not explain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from radio_archive.speech import WINDOW
from radio_archive.transcribers import SAMPLE_RATE, Samples

Numbers = NDArray[np.float32]
Places = NDArray[np.int_]

UNIT_WINDOWS = 16
"""Windows of the detector in a unit, which is what the map is made of: 512 ms."""

UNIT = UNIT_WINDOWS * WINDOW
"""Samples in a unit."""

_FRAME = 2 * WINDOW
"""Samples of a spectrum: each window with the one before, 64 ms."""

_EMPHASIS_BINS = 10
"""Frequencies on each side, 156 Hz, above whose mean a tone must stand."""

_EMPHASIS_DB = 3.0
"""How far: twice the power."""

_FAINTEST_DB = -90.0
"""What is softer lights nothing: one step of 16 bits, dither."""

_NEAR, _FAR = 2, 16
"""Units on each side that a bar must last over, 2.6 s after the paper; and those before or after,
8.7 s, that explain it as a hum."""

_FEWEST_NEAR, _FEWEST_FAR = 40, 136
"""Windows against which a bar is measured at least, half the time looked at: in less than that
noise makes bars as well, and the end of a piece of music would explain itself."""

_VOICELESS = 0.2
"""Probability of speech under which a window counts for the bars: voices hold their tone as well,
and a detector that is in doubt hears one more often than not."""

_LOCAL_BINS = 4
"""Frequencies on each side that a bar must stand out from."""

_LOWEST_BIN = 4
"""No bars are looked for below 62 Hz: rumble."""

_STRONGEST = 5
"""Bars that count, after the paper."""

_LOW_BAND = (300, 3_400)
"""Hertz that a telephone carries (ITU-T G.712)."""

_HIGH_BAND = (4_500, 7_500)
"""Hertz that it does not; away from 4 kHz, where a resampler lets a little through."""

_LOUDEST = 2
"""A band is as loud as its second loudest window in a unit: a consonant, but not one click."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """Every half second of a recording in numbers; all arrays have one length."""

    level_db: Numbers  #: root of the mean square, 0 is full scale
    peak_db: Numbers  #: largest sample, 0 is full scale
    low_db: Numbers  #: what a telephone carries
    high_db: Numbers  #: what it does not
    tonal: Numbers  #: share of the near time that the strongest bars last, 0-1
    changing: Numbers  #: share of that which the longer look does not explain, 0-1


class Spectra:
    """Takes sound block by block; the whole of a recording comes to 24 bytes for each unit."""

    def __init__(self) -> None:
        self._before = np.zeros(WINDOW, np.float32)
        self._bars = _Bars()
        self._plain: list[Numbers] = []
        self._tonal: list[Numbers] = []

    def add(self, block: Samples, voice: Numbers) -> None:
        """Look at the next sound.

        Args:
            block: whole units; only the last may end within one.
            voice: the detector's probability for each window of it.
        """
        windows = np.pad(block, (0, -len(block) % WINDOW))
        sound = np.concatenate([self._before, windows])
        self._before = windows[-WINDOW:]
        power = _power(sound)
        self._plain.append(_plain(block, power))
        level = _decibels(power)
        counts = (voice < _VOICELESS) & (level.max(axis=1) > _FAINTEST_DB)
        self._tonal.extend(self._bars.add(_lit(level), counts))

    def finish(self) -> Units:
        """All there was; nothing may be added afterwards."""
        self._tonal.extend(self._bars.finish())
        plain = np.concatenate([np.zeros((0, 4), np.float32), *self._plain])
        tonal = np.concatenate([np.zeros((0, 2), np.float32), *self._tonal])
        return Units(
            level_db=plain[:, 0],
            peak_db=plain[:, 1],
            low_db=plain[:, 2],
            high_db=plain[:, 3],
            tonal=tonal[:, 0],
            changing=tonal[:, 1],
        )


_HANN = np.hanning(_FRAME).astype(np.float32)
_POWER_SCALE = np.float32(1 / (_FRAME * (_HANN**2).sum()))


def _power(sound: Samples) -> Numbers:
    """Power in each frequency for each window."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, _FRAME)[::WINDOW]
    spectrum = np.fft.rfft(frames * _HANN, axis=1).astype(np.complex64)
    return (spectrum.real**2 + spectrum.imag**2) * _POWER_SCALE


def _decibels(power: Numbers) -> Numbers:
    return np.asarray(10 * np.log10(power + 1e-12), np.float32)


def _plain(block: Samples, power: Numbers) -> Numbers:
    """Level, peak and the two bands of each unit."""
    rows = []
    for start in range(0, len(block), UNIT):
        piece = block[start : start + UNIT]
        spectra = power[start // WINDOW : start // WINDOW + UNIT_WINDOWS]
        rows.append(
            (
                np.mean(piece.astype(np.float64) ** 2),
                np.abs(piece).max() ** 2,
                _loudness(spectra, _LOW_BAND),
                _loudness(spectra, _HIGH_BAND),
            )
        )
    return _decibels(np.array(rows, np.float32).reshape(-1, 4))


def _loudness(spectra: Numbers, band: tuple[int, int]) -> float:
    first, last = (hertz * _FRAME // SAMPLE_RATE for hertz in band)
    loudest = np.sort(spectra[:, first:last].sum(axis=1))[-_LOUDEST:]
    return float(loudest[0])


def _lit(level: Numbers) -> NDArray[np.bool_]:
    """Which frequencies stand out from those around them, window by window."""
    stands_out = level - _mean_around(level, _EMPHASIS_BINS) > _EMPHASIS_DB
    return np.asarray(stands_out & (level > _FAINTEST_DB), np.bool_)


def _mean_around(rows: Numbers, reach: int) -> Numbers:
    """The mean of each number and ``reach`` neighbours on each side, along a row."""
    width = 2 * reach + 1
    padded = np.pad(rows, ((0, 0), (reach + 1, reach)), mode="edge")
    sums = np.cumsum(padded, axis=1, dtype=np.float64)
    return np.asarray((sums[:, width:] - sums[:, :-width]) / width, np.float32)


class _Bars:
    """Finds what lasts in the lit frequencies, as soon as enough of what follows has come."""

    def __init__(self) -> None:
        self._lit: Numbers = np.zeros((0, _FRAME // 2 + 1), np.float32)  # per unit: windows lit
        self._heard: Numbers = np.zeros(0, np.float32)  # per unit: windows that count
        self._done = 0  # units of those above that were judged; the others wait

    def add(self, lit: NDArray[np.bool_], counts: NDArray[np.bool_]) -> Iterator[Numbers]:
        """What `_strongest` says of the units whose surroundings are complete."""
        starts = np.arange(0, len(lit), UNIT_WINDOWS)
        kept = (lit & counts[:, None]).astype(np.float32)
        self._lit = np.vstack([self._lit, np.add.reduceat(kept, starts, axis=0)])
        heard = np.add.reduceat(counts.astype(np.float32), starts)
        self._heard = np.concatenate([self._heard, heard])
        yield from self._judge(len(self._lit) - _FAR)

    def finish(self) -> Iterator[Numbers]:
        """The rest."""
        yield from self._judge(len(self._lit))

    def _judge(self, end: int) -> Iterator[Numbers]:
        if end <= self._done:
            return
        units = np.arange(self._done, end)
        near = self._share(units - _NEAR, units + _NEAR, _FEWEST_NEAR)
        before = self._share(units - _FAR, units, _FEWEST_FAR)
        after = self._share(units, units + _FAR, _FEWEST_FAR)
        yield _strongest(near, np.maximum(before, after))
        drop = max(0, end - _FAR)
        self._lit, self._heard = self._lit[drop:], self._heard[drop:]
        self._done = end - drop

    def _share(self, first: Places, last: Places, fewest: int) -> Numbers:
        """Share of the time from first to last unit that each frequency is lit."""
        start, end = np.maximum(0, first), np.minimum(len(self._lit), last + 1)
        lit = np.vstack([np.zeros_like(self._lit[:1]), self._lit.cumsum(axis=0)])
        heard = np.concatenate([[0], self._heard.cumsum()])
        time = np.maximum(fewest, heard[end] - heard[start])
        return np.asarray((lit[end] - lit[start]) / time[:, None], np.float32)


def _strongest(near: Numbers, far: Numbers) -> Numbers:
    """Height of the strongest bars of each unit, and what share of it is new."""
    around = _mean_around(near, _LOCAL_BINS)[:, _LOWEST_BIN:]
    bars = near[:, _LOWEST_BIN:] - around
    best = np.argpartition(bars, -_STRONGEST, axis=1)[:, -_STRONGEST:]
    height = np.take_along_axis(bars, best, axis=1)
    lasting = np.take_along_axis(far[:, _LOWEST_BIN:] - around, best, axis=1)
    new = 1 - np.clip(lasting / np.maximum(height, 1e-6), 0, 1)
    return np.stack([height.mean(axis=1), new.mean(axis=1)], axis=1)

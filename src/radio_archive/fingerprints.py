"""Where two recordings hold the same sound, told from their fingerprints.

A fingerprint (Chromaprint's, through ffmpeg: `Audio.fingerprint`) is a row of sub-fingerprints, one
number of 32 bits for each step of `STEP_MS`. The same sound gives numbers that differ in few bits,
whatever its bit rate and level; other sound differs in nearly half of them (Haitsma and Kalker, "A
Highly Robust Audio Fingerprinting System", 2002). Pairs of nearly equal numbers are looked up, the
offsets many of them agree on are compared number by number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from radio_archive.model import Milliseconds, SameSound

SubFingerprints = NDArray[np.uint32]
"""One number for each step of a recording."""

STEP_MS = 1365 / 11025 * 1000
"""From one sub-fingerprint to the next: Chromaprint's frames of 4096 samples at 11,025 Hz, of which
each begins a third of a frame after the one before."""

SPAN_MS = 19 * STEP_MS + 4096 / 11025 * 1000
"""Sound one sub-fingerprint is made of: 20 frames (a filter of 5 under classifiers of 16)."""

EDGE_MS = 1_250
"""At the edge of what two recordings share, sub-fingerprints are made of both; half of their span,
less what the smoothing adds, is where the edge was measured to be (``benchmarks/repeats.py``)."""

MAX_BIT_ERROR = 0.25
"""Share of differing bits under which a stretch is the same sound. Haitsma and Kalker allow 0.35 of
their bits; Chromaprint's agree more among strangers. Measured: re-encoded speech to 0.14 in any
30 s, other speech from 0.42 on (``docs/repeats.md``)."""

MAX_OCCURRENCES = 8
"""A number that comes more often in one recording is silence, a steady tone or a loop: it says
nothing of where it stands. In long recordings, where a jingle comes often: one of 4,000 (8 min)."""

MAX_DRIFT_MS = 300
"""Between neighbouring stretches offsets differ by a step or two where only the speed does, and by
more where something was cut or put in."""

_MOST_OFFSETS = 64  # compared in full, for one pair of recordings
_BITS = 32
_TABLE_BITS = 22
_GOLDEN = np.uint32(2654435769)  # 2^32 over the golden ratio: Knuth's multiplicative hashing
_NEAR = np.array([0, *(1 << bit for bit in range(_BITS))], dtype=np.uint32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What counts as the same sound."""

    least_ms: Milliseconds  #: shorter stretches are not told
    votes: int  #: nearly equal numbers that must agree on an offset
    window: int  #: sub-fingerprints over which bit errors are averaged


REPEAT = Wanted(least_ms=Milliseconds(30_000), votes=5, window=33)
"""What is aired again: 30 s and more, judged by 4 s."""

JINGLE = Wanted(least_ms=Milliseconds(3_500), votes=3, window=9)
"""What is short: about 4 s at least, since one sub-fingerprint takes 2.7 s of sound."""


class Lookup:
    """One recording's fingerprint, made ready to be found in others."""

    def __init__(self, fingerprint: SubFingerprints) -> None:
        self.fingerprint = fingerprint
        places = np.flatnonzero(_is_telling(fingerprint)).astype(np.int32)
        near = (fingerprint[places][None, :] ^ _NEAR[:, None]).ravel()
        order = np.argsort(near, kind="stable")
        self._numbers = near[order]
        self._places = np.tile(places, len(_NEAR))[order]
        self._is_held = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
        self._is_held[_hashed(self._numbers)] = True

    def find_in(self, other: SubFingerprints, wanted: Wanted) -> tuple[SameSound, ...]:
        """What this recording shares with another one, by its place in this one.

        No moment of this recording is told twice. Where one runs a little faster (0.2 % and less),
        it is told in stretches, each with its own offset.
        """
        found: list[_Run] = []
        taken = np.zeros(len(self.fingerprint), dtype=np.bool_)
        for offset in self._offsets(other, wanted.votes):
            for run in _runs(self.fingerprint, other, offset, wanted):
                free = np.flatnonzero(~taken[run.first : run.end]) + run.first
                if 2 * len(free) > run.end - run.first:
                    found.append(replace(run, first=int(free[0]), end=int(free[-1]) + 1))
                    taken[run.first : run.end] = True
        shared = [run.sound(len(self.fingerprint), len(other)) for run in found]
        shared.sort(key=lambda each: each.start_ms)
        return tuple(each for each in _joined(shared) if each.length_ms >= wanted.least_ms)

    def _offsets(self, other: SubFingerprints, votes: int) -> Iterator[int]:
        """Steps from this recording to the other one that many numbers agree on, best first."""
        places = np.flatnonzero(self._is_held[_hashed(other)])
        places = places[_is_telling(other)[places]]
        first = np.searchsorted(self._numbers, other[places], "left")
        count = np.searchsorted(self._numbers, other[places], "right") - first
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        mine = self._places[np.repeat(first, count) + within]
        offsets, agreed = np.unique(np.repeat(places, count) - mine, return_counts=True)
        # half a step off, the votes fall on two neighbours
        is_next = np.append(np.diff(offsets) == 1, False)
        together = agreed + np.where(is_next, np.append(agreed[1:], 0), 0)
        best = np.argsort(-together, kind="stable")[:_MOST_OFFSETS]
        return (int(offsets[each]) for each in best if together[each] >= votes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Consecutive sub-fingerprints that agree at one offset."""

    first: int
    end: int  #: the first that does not
    offset: int  #: whole steps from here to the other recording
    shift: float  #: what is to be added to it, in steps
    bit_error: float

    def sound(self, length: int, other_length: int) -> SameSound:
        """In milliseconds; where neither recording begins or ends, edges are estimated."""
        is_at_start = self.first <= max(0, -self.offset)
        is_at_end = self.end >= min(length, other_length - self.offset)
        start = self.first * STEP_MS + (0 if is_at_start else EDGE_MS)
        end = (self.end - 1) * STEP_MS + SPAN_MS - (0 if is_at_end else EDGE_MS)
        other_start = start + (self.offset + self.shift) * STEP_MS
        early = max(0.0, -other_start)
        return SameSound(
            start_ms=Milliseconds(round(start + early)),
            other_start_ms=Milliseconds(round(other_start + early)),
            length_ms=Milliseconds(max(0, round(end - start - early))),
            bit_error=round(self.bit_error, 4),
        )


def _joined(shared: Sequence[SameSound]) -> Iterator[SameSound]:
    """The same without the breaks that `EDGE_MS` makes where only the speed differs."""
    before: SameSound | None = None
    for each in shared:
        if before is not None and abs(each.offset_ms - before.offset_ms) <= MAX_DRIFT_MS:
            gap = each.start_ms - before.start_ms - before.length_ms
            if 0 < gap <= 2 * EDGE_MS:
                each = replace(
                    each,
                    start_ms=Milliseconds(each.start_ms - gap),
                    other_start_ms=Milliseconds(each.other_start_ms - gap),
                    length_ms=Milliseconds(each.length_ms + gap),
                )
        before = each
        yield each


def _runs(
    one: SubFingerprints, other: SubFingerprints, offset: int, wanted: Wanted
) -> Iterator[_Run]:
    """The stretches that agree at an offset, or at a neighbour of it that agrees better."""
    least = max(1, round((wanted.least_ms - SPAN_MS) / STEP_MS))
    start, stop = _together(one, other, offset)
    for first, end in _stretches(_errors(one, other, offset), wanted, least):
        span = (start + first, start + end)
        best = min((0, -1, 1), key=lambda step: _error_of(one, other, offset + step, span))
        before, here, after = (
            _error_of(one, other, offset + best + step, span) for step in (-1, 0, 1)
        )
        bounds = _together(one, other, offset + best)
        yield _Run(
            first=bounds[0] if span[0] == start else max(span[0], bounds[0]),
            end=bounds[1] if span[1] == stop else min(span[1], bounds[1]),
            offset=offset + best,
            shift=_shift(before, here, after),
            bit_error=here,
        )


def _stretches(
    errors: NDArray[np.float32], wanted: Wanted, least: int
) -> Iterator[tuple[int, int]]:
    """Where the averaged errors are low for long enough; short breaks are bridged."""
    if not len(errors):
        return
    kernel = np.ones(min(wanted.window, len(errors)), dtype=np.float32)
    weights = np.convolve(np.ones_like(errors), kernel, "same")
    is_low = np.convolve(errors, kernel, "same") / weights <= MAX_BIT_ERROR
    edges = np.flatnonzero(np.diff(np.concatenate(([0], is_low, [0]))))
    stretches = edges.reshape(-1, 2).tolist()
    joined: list[list[int]] = []
    for first, end in stretches:
        if joined and first - joined[-1][1] <= wanted.window:
            joined[-1][1] = end
        else:
            joined.append([first, end])
    yield from ((first, end) for first, end in joined if end - first >= least)


def _together(one: SubFingerprints, other: SubFingerprints, offset: int) -> tuple[int, int]:
    """The part of ``one`` that has partners at an offset."""
    start = max(0, -offset)
    return start, max(start, min(len(one), len(other) - offset))


def _errors(one: SubFingerprints, other: SubFingerprints, offset: int) -> NDArray[np.float32]:
    """Share of differing bits of each pair, from the first of ``one`` that has a partner."""
    start, stop = _together(one, other, offset)
    differing = one[start:stop] ^ other[start + offset : stop + offset]
    return np.asarray(np.bitwise_count(differing) / np.float32(_BITS), dtype=np.float32)


def _error_of(
    one: SubFingerprints, other: SubFingerprints, offset: int, span: tuple[int, int]
) -> float:
    """The same over a span of ``one``; 1 where nothing stands against it."""
    start, _ = _together(one, other, offset)
    errors = _errors(one, other, offset)[max(0, span[0] - start) : max(0, span[1] - start)]
    return float(errors.mean()) if len(errors) else 1.0


def _shift(before: float, here: float, after: float) -> float:
    """Where between two steps the errors are least, when they grow alike to both sides."""
    rise = max(before, after) - here
    return 0.0 if rise <= 0 else float(np.clip((before - after) / (2 * rise), -0.5, 0.5))


def _is_telling(fingerprint: SubFingerprints) -> NDArray[np.bool_]:
    """Which numbers say something of their place."""
    _, places, counts = np.unique(fingerprint, return_inverse=True, return_counts=True)
    return np.asarray(counts[places] <= max(MAX_OCCURRENCES, len(fingerprint) // 4_000))


def _hashed(numbers: SubFingerprints) -> NDArray[np.uint32]:
    return (numbers * _GOLDEN) >> np.uint32(32 - _TABLE_BITS)


def covered(shared: Sequence[SameSound]) -> tuple[tuple[int, int], ...]:
    """The stretches of a recording that others hold too, joined, in milliseconds."""
    joined: list[tuple[int, int]] = []
    for each in sorted(shared, key=lambda one: one.start_ms):
        start, end = each.start_ms, each.start_ms + each.length_ms
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)

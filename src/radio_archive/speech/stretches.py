"""From probabilities to stretches of speech, heard now or remembered from a sound map."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from radio_archive.model import SpeechStretch
from radio_archive.speech.detector import VoiceDetector
from radio_archive.speech.limits import (
    MAX_STRETCH,
    MIN_SILENCE,
    SILENCE_THRESHOLD,
    VOICE_THRESHOLD,
    WINDOW,
)
from radio_archive.transcribers import Samples

_CUT_SMOOTHING = 5
"""Windows averaged to find the best place for a cut: 160 ms, a short pause."""


class StretchFinder:
    """Turns probabilities into stretches of speech, cut where they grow too long."""

    def __init__(self) -> None:
        self._now = 0
        self._start: int | None = None
        self._silence: int | None = None  # where the open stretch may have ended
        self._is_cut = False  # the open stretch goes on from a cut
        self._seen: list[float] = []  # probabilities since ``_start``

    @property
    def earliest(self) -> int:
        """No stretch still to come starts before this window."""
        return self._now if self._start is None else self._start

    def add(self, probabilities: NDArray[np.float32]) -> Iterator[SpeechStretch]:
        """The stretches that end in the next windows, given their probabilities."""
        for probability in probabilities:
            stretch = self._step(float(probability))
            if stretch is not None:
                yield stretch

    def finish(self) -> Iterator[SpeechStretch]:
        """The stretch that is open when the sound ends."""
        if self._start is not None:
            end = self._now if self._silence is None else self._silence
            yield SpeechStretch(self._start, end, self._is_cut)

    def _step(self, probability: float) -> SpeechStretch | None:
        window, self._now = self._now, self._now + 1
        if self._start is None:
            if probability >= VOICE_THRESHOLD:
                self._start, self._seen, self._is_cut = window, [probability], False
            return None
        self._seen.append(probability)
        if probability >= VOICE_THRESHOLD:
            self._silence = None
        elif probability < SILENCE_THRESHOLD and self._silence is None:
            self._silence = window
        if self._silence is not None and self._now - self._silence >= MIN_SILENCE:
            stretch = SpeechStretch(self._start, self._silence, self._is_cut)
            self._start = self._silence = None
            return stretch
        return self._cut() if len(self._seen) >= MAX_STRETCH else None

    def _cut(self) -> SpeechStretch:
        """End an over-long stretch where speech is least likely, in its second half."""
        start = self.earliest
        half = len(self._seen) // 2
        smooth = np.convolve(self._seen[half:], np.ones(_CUT_SMOOTHING), mode="valid")
        length = half + int(smooth.argmin()) + _CUT_SMOOTHING // 2
        stretch = SpeechStretch(start, start + length, self._is_cut, is_cut_after=True)
        self._start, self._seen, self._is_cut = stretch.end, self._seen[length:], True
        if self._silence is not None:
            self._silence = max(self._silence, stretch.end)
        return stretch


class Ear:
    """Hears speech with the detector."""

    def __init__(self) -> None:
        self._detector, self._finder = VoiceDetector(), StretchFinder()

    @property
    def earliest(self) -> int:
        """No stretch still to come starts before this window."""
        return self._finder.earliest

    def hear(self, block: Samples) -> Iterator[SpeechStretch]:
        """The stretches that end in the next block."""
        return self._finder.add(self._detector.probabilities(block))

    def finish(self) -> Iterator[SpeechStretch]:
        """What is open when the sound ends."""
        return self._finder.finish()


class Memory:
    """Tells what was heard before, as the same sound streams by."""

    def __init__(self, known: Iterable[SpeechStretch]) -> None:
        self._coming = deque(known)
        self._now = 0

    @property
    def earliest(self) -> int:
        """As of `Ear`."""
        return min(self._now, self._coming[0].start) if self._coming else self._now

    def hear(self, block: Samples) -> Iterator[SpeechStretch]:
        """As of `Ear`, but sooner: no silence is awaited."""
        self._now += -(-len(block) // WINDOW)
        while self._coming and self._coming[0].end <= self._now:
            yield self._coming.popleft()

    def finish(self) -> Iterator[SpeechStretch]:
        """As of `Ear`."""
        yield from self._coming

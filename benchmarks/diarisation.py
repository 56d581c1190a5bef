"""Diarisation error rate: how much speech is missed, invented or given to another voice.

As NIST's ``md-eval`` counts it (Rich Transcription 2009 evaluation plan): in steps of 10 ms, with
a collar of 0.25 s around every change in the reference left out, speech of several voices at once
counted for each, and the one-to-one pairing of voices that is best for the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

STEP_MS = 10
COLLAR_MS = 250

Span = tuple[int, int, str]
"""Start and end in milliseconds, and who speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Shares of the speech in the reference."""

    missed: float
    invented: float
    confused: float  #: given to another voice

    @property
    def rate(self) -> float:
        """All three together."""
        return self.missed + self.invented + self.confused


def errors(reference: Sequence[Span], found: Sequence[Span]) -> Errors:
    """Compare what was found with who really spoke."""
    steps = max(end for _, end, _ in (*reference, *found)) // STEP_MS + 1
    is_scored = np.ones(steps, bool)
    for start, end, _ in reference:
        for change in (start, end):
            first = max(0, change - COLLAR_MS) // STEP_MS
            is_scored[first : (change + COLLAR_MS) // STEP_MS] = False
    true, said = _rows(reference, steps)[:, is_scored], _rows(found, steps)[:, is_scored]
    spoken, heard = true.sum(axis=0), said.sum(axis=0)
    total = max(1, int(spoken.sum()))
    both = np.minimum(spoken, heard).sum()
    return Errors(
        missed=float(np.maximum(0, spoken - heard).sum()) / total,
        invented=float(np.maximum(0, heard - spoken).sum()) / total,
        confused=float(both - _most_shared(true @ said.T)) / total,
    )


def _rows(spans: Sequence[Span], steps: int) -> NDArray[np.int64]:
    """One row per voice: 1 where it speaks."""
    voices = sorted({voice for _, _, voice in spans})
    rows = np.zeros((len(voices), steps), np.int64)
    for start, end, voice in spans:
        rows[voices.index(voice), start // STEP_MS : end // STEP_MS] = 1
    return rows


def _most_shared(shared: NDArray[np.int64]) -> int:
    """The most that a one-to-one pairing of rows and columns can share."""
    few, many = sorted((shared, shared.T), key=len)[:2]
    return max(
        (
            sum(int(few[row, column]) for row, column in enumerate(columns))
            for columns in permutations(range(len(many)), len(few))
        ),
        default=0,
    )

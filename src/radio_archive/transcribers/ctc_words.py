"""From the letters a CTC model marks to the words a reader sees.

CTC (connectionist temporal classification) gives every 20 ms of sound a letter or nothing. A letter
is a spike at one place, so a word begins at its first letter and ends a little after its last.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from radio_archive.model import Milliseconds, Word

FRAME_MS = 20
"""What one output of these models stands for: 320 samples (wav2vec 2.0, Baevski and others 2020,
whose encoder Omnilingual and MMS share)."""

LAST_LETTER_MS = 80
"""How long the last letter of a word is taken to sound: chosen, about 12 letters a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter, several of them, or a space, where the model marks it."""

    text: str  #: blank for the space between words
    start_ms: int  #: from the start of the group
    probability: float | None = None  #: 0-1; None where the engine does not say


def words_of_letters(letters: Iterable[Letter], length_ms: int) -> tuple[Word, ...]:
    """Join letters into words; punctuation that stands alone goes to the word before it.

    Args:
        letters: in the order they are said.
        length_ms: length of the group; no word ends later.
    """
    runs: list[list[Letter]] = []
    for run in _split(letters):
        if runs and not any(map(str.isalnum, _text(run))):
            runs[-1] += run
        else:
            runs.append(run)
    if not runs:
        return ()
    starts = [run[0].start_ms for run in runs[1:]] + [length_ms]
    return tuple(_word(run, next_ms, length_ms) for run, next_ms in zip(runs, starts, strict=True))


def _split(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    """The letters between two spaces; no run is empty."""
    run: list[Letter] = []
    for letter in letters:
        if letter.text.strip():
            run.append(letter)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _text(run: Sequence[Letter]) -> str:
    return unicodedata.normalize("NFC", "".join(letter.text for letter in run)).strip()


def _word(run: Sequence[Letter], next_ms: int, length_ms: int) -> Word:
    start = min(max(0, run[0].start_ms), length_ms)
    end = min(run[-1].start_ms + LAST_LETTER_MS, max(next_ms, run[-1].start_ms), length_ms)
    known = [letter.probability for letter in run if letter.probability is not None]
    return Word(
        start_ms=Milliseconds(start),
        end_ms=Milliseconds(max(start, end)),
        text=_text(run),
        probability=round(min(known), 3) if known else None,
    )

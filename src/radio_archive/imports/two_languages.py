"""Cues that hold two languages, one under the other, taken apart into two texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from radio_archive.imports.cues import Cue, counted

#: cues from which "every cue has two lines" means something
ENOUGH_CUES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """The same cues in two languages."""

    first: tuple[Cue, ...]
    second: tuple[Cue, ...]
    notes: tuple[str, ...]  #: one sentence each: cues that could not be halved


def looks_bilingual(cues: Sequence[Cue]) -> bool:
    """Whether every cue has exactly two lines, as in subtitles that carry a translation."""
    worded = [len(cue.lines) for cue in cues if cue.lines]
    return len(worded) >= ENOUGH_CUES and set(worded) == {2}


def take_apart(cues: Sequence[Cue]) -> Apart:
    """Give each language half of the lines of every cue, the upper half to the first.

    A single line is the first language's. Of an odd number of lines only the first is.
    """
    first, second = [], []
    single = odd = 0
    for cue in cues:
        count = len(cue.lines)
        upper = count // 2 if count and count % 2 == 0 else min(count, 1)
        single += count == 1
        odd += count > 1 and count % 2 == 1
        first.append(replace(cue, lines=cue.lines[:upper]))
        second.append(replace(cue, lines=cue.lines[upper:], words=()))
    notes = []
    if single:
        notes.append(f"{counted(single, 'cue', 'cues')} with one line taken as the first language.")
    if odd:
        said = counted(odd, "cue", "cues")
        notes.append(f"{said} with an odd number of lines: the first line is the first language.")
    return Apart(first=tuple(first), second=tuple(second), notes=tuple(notes))

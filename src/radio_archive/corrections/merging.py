"""A machine's new text beside what people wrote: theirs stays, the machine's fills the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from radio_archive.corrections.sentences import revised
from radio_archive.model import Milliseconds, Segment, Transcript, Trust, Word
from radio_archive.model.bands import band_of


def keep_reviewed(current: Transcript, machine: Transcript) -> Transcript | None:
    """The machine's text with people's sentences in their places.

    Words of the machine that are said while a person's sentence lasts are left out: there the
    person's stands.

    Args:
        current: with sentences that people wrote or checked, and the names of their voices.
        machine: what a machine wrote anew.

    Returns:
        None where the current one has no such sentence, or people wrote or checked all of it.
    """
    if current.trust not in (Trust.MACHINE, Trust.MACHINE_WEAK):
        return None
    # the machine letters its voices anew: a letter from before would be another's
    kept = [replace(segment, voice=None) for segment in current.segments if segment.review]
    if not kept:
        return None
    taken = [(segment.start_ms, segment.end_ms) for segment in kept]
    written = [part for each in machine.segments for part in _outside(each, taken, machine.engine)]
    segments = sorted((*kept, *written), key=lambda each: each.start_ms)
    gaps = tuple(gap for gap in machine.gaps if not _is_inside(gap.start_ms, gap.end_ms, taken))
    before = Trust.MACHINE if machine.trust is Trust.CHECKED else machine.trust
    plain = replace(machine, trust=before, kind=current.kind, gaps=gaps, made_from=None)
    return revised(plain, segments)


def _is_inside(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    middle = (start + end) / 2
    return any(first <= middle < last or start == first for first, last in taken)


def _outside(segment: Segment, taken: Sequence[tuple[int, int]], engine: str) -> Iterator[Segment]:
    """What is left of a sentence beside people's: whole, in parts, or nothing."""
    if not any(segment.start_ms < last and first < segment.end_ms for first, last in taken):
        if not _is_inside(segment.start_ms, segment.end_ms, taken):
            yield segment
        return
    if not segment.words:
        if not _is_inside(segment.start_ms, segment.end_ms, taken):
            yield segment
        return
    rows = groupby(segment.words, key=lambda word: _is_inside(word.start_ms, word.end_ms, taken))
    parts = [tuple(row) for is_taken, row in rows if not is_taken]
    if parts == [segment.words]:
        yield segment
        return
    yield from (_part(segment, words, engine) for words in parts if _says_something(words))


def _says_something(words: Sequence[Word]) -> bool:
    return any(word.text.strip() for word in words)


def _part(segment: Segment, words: tuple[Word, ...], engine: str) -> Segment:
    return replace(
        segment,
        start_ms=words[0].start_ms,
        end_ms=Milliseconds(max(word.end_ms for word in words)),
        text=" ".join(word.text.strip() for word in words if word.text.strip()),
        words=words,
        band=band_of(words, engine) if segment.band else None,
    )

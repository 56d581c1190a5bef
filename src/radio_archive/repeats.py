"""What was said in one airing, told for another: times moved to where the same sound is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from radio_archive.fingerprints import EDGE_MS, covered
from radio_archive.model import Gap, Milliseconds, SameSound, Segment, Transcript, Word
from radio_archive.transcribers import SAMPLE_RATE, Samples

LEAST_SHARE = 0.5
"""Of a recording must be known from another one; where it is less, all of it is written down."""

SEAM_MS = EDGE_MS // 4
"""Sound at the edge of what is known that is not listened to again: the edge is an estimate, and
half a word would be heard twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A word, or a sentence without words' times, where it is said here."""

    start_ms: int
    end_ms: int
    segment: int  #: place of its segment in the transcript it comes from
    word: Word | None


def share_of(shared: Sequence[SameSound], duration_ms: Milliseconds) -> float:
    """How much of a recording is known from another one, 0-1."""
    return sum(end - start for start, end in covered(shared)) / max(1, duration_ms)


def known_stretches(
    shared: Sequence[SameSound], duration_ms: Milliseconds
) -> tuple[tuple[int, int], ...]:
    """What need not be listened to again, in milliseconds; the shortest breaks included."""
    widened: list[tuple[int, int]] = []
    for start, end in covered(shared):
        first, last = max(0, start - SEAM_MS), min(duration_ms, end + SEAM_MS)
        if widened and first - widened[-1][1] <= SEAM_MS:
            widened[-1] = (widened[-1][0], last)
        else:
            widened.append((first, last))
    return tuple(widened)


def silenced(blocks: Iterable[Samples], stretches: Sequence[tuple[int, int]]) -> Iterator[Samples]:
    """The same sound with stretches (in milliseconds) made silent: nobody speaks there."""
    per_ms = SAMPLE_RATE // 1000
    begin = 0
    for block in blocks:
        quiet = block.copy()
        for start, end in stretches:
            quiet[max(0, start * per_ms - begin) : max(0, end * per_ms - begin)] = 0
        begin += len(block)
        yield quiet


def carry_segments(
    source: Transcript, shared: Sequence[SameSound], duration_ms: Milliseconds
) -> tuple[Segment, ...]:
    """The segments of another airing's transcript, where they are said here.

    Args:
        source: what was said in the other airing.
        shared: what both hold, looked at from here.
        duration_ms: how long the recording here is; no time lies beyond it.

    Returns:
        by time; words said outside of what is shared are left out.
    """
    said = [each for one in shared for each in _moved(source, one, duration_ms)]
    said.sort(key=lambda each: (each.start_ms, each.end_ms))
    groups = (list(each) for _, each in groupby(said, key=lambda one: one.segment))
    carried = (_segment(source.segments[group[0].segment], group) for group in groups)
    return tuple(sorted(carried, key=lambda segment: segment.start_ms))


def carry_gaps(source: Transcript, shared: Sequence[SameSound]) -> tuple[Gap, ...]:
    """The stretches without text of another airing that lie in what is shared."""
    moved = (
        replace(
            gap,
            start_ms=Milliseconds(gap.start_ms - one.offset_ms),
            end_ms=Milliseconds(gap.end_ms - one.offset_ms),
        )
        for one in shared
        for gap in source.gaps
        if _is_inside(gap.start_ms, gap.end_ms, one)
    )
    return tuple(sorted((gap for gap in moved if gap.start_ms >= 0), key=lambda gap: gap.start_ms))


def _moved(source: Transcript, shared: SameSound, duration_ms: Milliseconds) -> Iterator[_Said]:
    for number, segment in enumerate(source.segments):
        pieces: Iterable[Word | Segment] = segment.words or (segment,)
        for piece in pieces:
            if _is_inside(piece.start_ms, piece.end_ms, shared):
                yield _Said(
                    start_ms=min(max(0, piece.start_ms - shared.offset_ms), duration_ms),
                    end_ms=min(max(0, piece.end_ms - shared.offset_ms), duration_ms),
                    segment=number,
                    word=piece if isinstance(piece, Word) else None,
                )


def _is_inside(start_ms: int, end_ms: int, shared: SameSound) -> bool:
    """Whether the middle of something in the other recording is in what is shared."""
    middle = (start_ms + end_ms) / 2
    return shared.other_start_ms <= middle < shared.other_start_ms + shared.length_ms


def _segment(source: Segment, said: Sequence[_Said]) -> Segment:
    words = tuple(
        replace(each.word, start_ms=Milliseconds(each.start_ms), end_ms=Milliseconds(each.end_ms))
        for each in said
        if each.word is not None
    )
    return replace(
        source,
        start_ms=Milliseconds(said[0].start_ms),
        end_ms=Milliseconds(max(each.end_ms for each in said)),
        words=words,
        text=_text(source, words) if len(words) < len(source.words) else source.text,
    )


def _text(source: Segment, words: Sequence[Word]) -> str:
    """The part of a segment's text that holds these words."""
    first = source.text.find(words[0].text)
    end = source.text.rfind(words[-1].text) + len(words[-1].text)
    part = source.text[first:end].strip() if 0 <= first < end else ""
    return part or " ".join(word.text for word in words)

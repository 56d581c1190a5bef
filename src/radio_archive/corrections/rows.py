"""Neighbouring sentences taken for others: what a change replaced, and where that stands now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from radio_archive.corrections.sentences import version_of
from radio_archive.model import EditKind, Excerpt, Milliseconds, NewEdit, Segment, Transcript

Row = tuple[Segment, ...]
"""Neighbouring sentences."""


def replaced(transcript: Transcript, row: range, new: Row) -> Row:
    """All sentences of a transcript, others in the place of some, in the order of the sound."""
    segments = transcript.segments
    others = (*segments[: row.start], *new, *segments[row.stop :])
    return tuple(sorted(others, key=lambda each: each.start_ms))


def changed_rows(earlier: Transcript, later: Transcript) -> tuple[Row, Row]:
    """The sentences in which two versions differ: those of the earlier one, and of the later."""
    one, other = earlier.segments, later.segments
    begin = _same(one, other)
    end = _same(one[begin:][::-1], other[begin:][::-1])
    return one[begin : len(one) - end], other[begin : len(other) - end]


def find_row(transcript: Transcript, row: Row) -> range | None:
    """Where sentences stand together with whoever stands for them; None where one was changed."""
    wanted = [(version_of(each), each.review) for each in row]
    there = [(version_of(each), each.review) for each in transcript.segments]
    for first in range(len(there) - len(row) + 1):
        if there[first : first + len(row)] == wanted:
            return range(first, first + len(row))
    return None


def kind_of(segment: Segment, new: Segment) -> EditKind:
    """What a person did who made one sentence of another."""
    if new.text != segment.text:
        return EditKind.CORRECTED
    return EditKind.CHECKED if times_of(new) == times_of(segment) else EditKind.RETIMED


def times_of(segment: Segment) -> Excerpt:
    """When a sentence is said."""
    return Excerpt(start_ms=segment.start_ms, end_ms=segment.end_ms)


def told_of(edit: NewEdit, old: Row, new: Row) -> NewEdit:
    """What the history tells of a change: the words and the times, before and after."""
    start, end = _span(new)
    was_start, was_end = _span(old)
    is_moved = (was_start, was_end) != (start, end)
    return replace(
        edit,
        start_ms=start,
        end_ms=end,
        was_start_ms=was_start if is_moved else None,
        was_end_ms=was_end if is_moved else None,
        before="\n".join(each.text for each in old),
        after="\n".join(each.text for each in new),
    )


def _span(row: Row) -> tuple[Milliseconds, Milliseconds]:
    return row[0].start_ms, max(each.end_ms for each in row)


def _same(one: Sequence[Segment], other: Sequence[Segment]) -> int:
    """How many sentences two begin with together."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

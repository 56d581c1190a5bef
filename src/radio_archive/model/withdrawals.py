"""What was taken out of the archive's public face, and what is left of a text then.

Nothing is deleted: whoever reads gets what is shown, and what is hidden goes along unseen into
every later version, so that a withdrawal can be undone whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import NewType

from radio_archive.model.broadcasts import Repeat
from radio_archive.model.quotes import Excerpt
from radio_archive.model.transcripts import Gap, Mark, Passage, Segment, Transcript
from radio_archive.model.units import BroadcastId, GapReason, Milliseconds, require_aware

WithdrawalId = NewType("WithdrawalId", int)
"""Number of a withdrawal in the catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWithdrawal:
    """A broadcast, or a stretch of it, that is to be hidden everywhere."""

    excerpt: Excerpt | None  #: None: the whole broadcast
    reason: str  #: for the history; readers are not told
    by: str  #: who does it


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(NewWithdrawal):
    """What was hidden, when and why, and whether that was taken back."""

    id: WithdrawalId
    broadcast_id: BroadcastId
    at: datetime
    undone_at: datetime | None = None  #: None while it holds
    undone_by: str = ""
    undone_reason: str = ""

    def __post_init__(self) -> None:
        require_aware(self.at, "at")
        require_aware(self.undone_at, "undone_at")

    @property
    def holds(self) -> bool:
        """Whether it is hidden now."""
        return self.undone_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalResult:
    """What came of a withdrawal, or of undoing one."""

    withdrawal: Withdrawal
    repeats: tuple[Repeat, ...]  #: other broadcasts that hold some of the same sound
    is_searchable: bool  #: whether the index followed at once; a worker makes it follow otherwise


def shown(transcript: Transcript, hidden: Sequence[Excerpt]) -> Transcript:
    """A transcript as readers get it: without what is said in hidden stretches, a gap for each.

    A word that touches a stretch is hidden, and so is a whole sentence whose words have no times.
    """
    if not hidden:
        return transcript
    kept = [part for part, is_hidden in _parts(transcript, hidden) if not is_hidden]
    gaps = [
        Gap(start_ms=each.start_ms, end_ms=each.end_ms, reason=GapReason.WITHDRAWN)
        for each in merged(hidden)
    ]
    others = [gap for gap in transcript.gaps if not touches(gap.start_ms, gap.end_ms, hidden)]
    return replace(
        transcript,
        segments=_in_order(kept),
        gaps=tuple(sorted([*others, *gaps], key=lambda gap: gap.start_ms)),
    )


def with_hidden(
    transcript: Transcript, earlier: Transcript, hidden: Sequence[Excerpt]
) -> Transcript:
    """A wording made of what is shown, with what is hidden put back from the one before it."""
    is_whole = any(is_hidden for _, is_hidden in _parts(transcript, hidden))
    if not hidden or is_whole:
        return transcript
    unseen = [part for part, is_hidden in _parts(earlier, hidden) if is_hidden]
    return replace(transcript, segments=_in_order([*transcript.segments, *unseen]))


def without_tombstones(transcript: Transcript) -> Transcript:
    """A transcript as it is kept: which stretches are hidden now is no part of it."""
    gaps = tuple(gap for gap in transcript.gaps if gap.reason is not GapReason.WITHDRAWN)
    return replace(transcript, gaps=gaps) if len(gaps) < len(transcript.gaps) else transcript


def shown_passages(passages: Sequence[Passage], hidden: Sequence[Excerpt]) -> tuple[Passage, ...]:
    """Passages as they may be searched: without the words of hidden stretches."""
    return tuple(part for passage in passages for part in _shown_parts(passage, hidden))


def touches(start_ms: int, end_ms: int, hidden: Sequence[Excerpt]) -> bool:
    """Whether anything between two moments is hidden; a moment alone counts as one millisecond."""
    end_ms = max(end_ms, start_ms + 1)
    return any(start_ms < each.end_ms and end_ms > each.start_ms for each in hidden)


def merged(hidden: Sequence[Excerpt]) -> tuple[Excerpt, ...]:
    """The same stretches by time, those that touch joined."""
    joined: list[Excerpt] = []
    for each in sorted(hidden, key=lambda one: (one.start_ms, one.end_ms)):
        if joined and each.start_ms <= joined[-1].end_ms:
            end = Milliseconds(max(joined[-1].end_ms, each.end_ms))
            joined[-1] = Excerpt(start_ms=joined[-1].start_ms, end_ms=end)
        else:
            joined.append(each)
    return tuple(joined)


def _in_order(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    return tuple(sorted(segments, key=lambda each: each.start_ms))


def _parts(transcript: Transcript, hidden: Sequence[Excerpt]) -> Iterator[tuple[Segment, bool]]:
    """The sentences, cut where they enter or leave a hidden stretch, and which parts are hidden."""
    for segment in transcript.segments:
        if not touches(segment.start_ms, segment.end_ms, hidden):
            yield segment, False
            continue
        places = _places(segment)
        if places is None:
            yield segment, True
        else:
            yield from _cut(segment, places, hidden)


def _cut(
    segment: Segment, places: list[int], hidden: Sequence[Excerpt]
) -> Iterator[tuple[Segment, bool]]:
    flags = [touches(word.start_ms, word.end_ms, hidden) for word in segment.words]
    count = len(flags)
    for is_hidden, run in groupby(range(count), key=flags.__getitem__):
        numbers = list(run)
        first, last = numbers[0], numbers[-1]
        begin = places[first] if first else 0
        end = places[last + 1] if last + 1 < count else len(segment.text)
        words = segment.words[first : last + 1]
        start_ms = segment.start_ms if first == 0 and not is_hidden else words[0].start_ms
        end_ms = segment.end_ms if last + 1 == count and not is_hidden else words[-1].end_ms
        yield (
            replace(
                segment,
                start_ms=start_ms,
                end_ms=Milliseconds(max(start_ms, end_ms)),
                text=segment.text[begin:end].strip(),
                words=words,
            ),
            is_hidden,
        )


def _places(segment: Segment) -> list[int] | None:
    """Where each timed word begins in its sentence; None where that cannot be told."""
    places, now = [], 0
    for word in segment.words:
        found = segment.text.find(word.text, now)
        if found < 0 or not word.text.strip():
            return None
        places.append(found)
        now = found + len(word.text)
    return places or None


def _shown_parts(passage: Passage, hidden: Sequence[Excerpt]) -> Iterator[Passage]:
    if not touches(passage.start_ms, passage.end_ms, hidden):
        yield passage
        return
    marks = passage.marks
    flags = [touches(mark.start_ms, mark.end_ms, hidden) for mark in marks]
    for is_hidden, run in groupby(range(len(marks)), key=flags.__getitem__):
        numbers = list(run)
        first, last = numbers[0], numbers[-1]
        begin = marks[first].char_start
        end = marks[last + 1].char_start if last + 1 < len(marks) else len(passage.text)
        text = passage.text[begin:end].rstrip()
        if is_hidden or not text:
            continue
        yield replace(
            passage,
            start_ms=marks[first].start_ms,
            end_ms=Milliseconds(max(marks[last].end_ms, marks[first].start_ms)),
            text=text,
            marks=tuple(
                Mark(mark.char_start - begin, mark.start_ms, mark.end_ms)
                for mark in marks[first : last + 1]
            ),
        )

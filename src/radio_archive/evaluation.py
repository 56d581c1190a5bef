"""Word errors, timing and coverage of a transcript beside a reference.

Words are aligned with the fewest errors (Levenshtein distance, as in NIST's ``sclite``). A time is
compared for words that are right; a word between two others that is right by chance gives a time
that is far off, which medians and the 95 % bear.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from radio_archive.languages.comparison import ComparisonRules, compared_words
from radio_archive.model import (
    ErrorCounts,
    Evaluation,
    Milliseconds,
    Segment,
    SpeechCoverage,
    TimedBy,
    TimingError,
    Transcript,
)

BRIDGED_MS = 2_000
"""A pause no longer than this between two texts counts as text: shorter than any run of words that
an engine was seen to drop (``transcription/windows.py``), longer than a breath."""

EDGE_MS = 500
"""A word so near the reference's speech stands in it: people cut segments half a second wide."""

Span = tuple[int, int]
"""Start and end in milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """One compared word."""

    text: str
    word_ms: int | None = None  #: start of its word; None inside a word, or where words lack times
    opening_ms: int | None = None  #: start of its segment, at the first word only
    place_ms: int  #: middle of its word, or of its segment where words lack times

    @property
    def start_ms(self) -> int | None:
        """When it begins, where that is known."""
        return self.opening_ms if self.word_ms is None else self.word_ms


def evaluate(
    transcript: Transcript,
    reference: Sequence[Segment],
    rules: ComparisonRules,
    *,
    has_times: bool = True,
) -> Evaluation:
    """Compare a transcript with what people say was said.

    Args:
        transcript: the text to judge; its words may lack times.
        reference: what was said; empty where nobody speaks.
        rules: how both texts are made alike first.
        has_times: whether the reference's times mean anything.
    """
    said, heard = list(_tokens(reference, rules)), list(_tokens(transcript.segments, rules))
    said_words, heard_words = _texts(said), _texts(heard)
    return Evaluation(
        language=transcript.language,
        rules=rules.description,
        words=count_errors(said_words, heard_words),
        characters=count_errors(" ".join(said_words), " ".join(heard_words)),
        timing=_timing(said, heard) if has_times else None,
        coverage=_coverage(reference, transcript.segments, heard) if has_times else None,
        engine=transcript.engine,
    )


def count_errors(said: Sequence[str], heard: Sequence[str]) -> ErrorCounts:
    """The fewest changes that turn one sequence of words or characters into another."""
    tags = [each.tag for each in Levenshtein.editops(said, heard)]
    return ErrorCounts(
        substitutions=tags.count("replace"),
        insertions=tags.count("insert"),
        deletions=tags.count("delete"),
        reference=len(said),
    )


def _texts(tokens: Iterable[_Token]) -> list[str]:
    return [token.text for token in tokens]


def _tokens(segments: Iterable[Segment], rules: ComparisonRules) -> Iterator[_Token]:
    for segment in segments:
        middle = (segment.start_ms + segment.end_ms) // 2
        # of the whole text: numbers like "22 000" are one, in words they are two
        tokens = [
            _Token(text=text, place_ms=middle) for text in compared_words(segment.text, rules)
        ]
        timed = list(_timed_tokens(segment, rules))
        for first, second in _same(_texts(tokens), _texts(timed)):
            tokens[first] = timed[second]
        for number, token in enumerate(tokens):
            yield token if number else replace(token, opening_ms=int(segment.start_ms))


def _timed_tokens(segment: Segment, rules: ComparisonRules) -> Iterator[_Token]:
    for word in segment.words:
        middle = (word.start_ms + word.end_ms) // 2
        for number, text in enumerate(compared_words(word.text, rules)):
            yield _Token(text=text, word_ms=None if number else word.start_ms, place_ms=middle)


def _same(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of the words that stay, when one text is turned into the other."""
    for block in Levenshtein.editops(one, other).as_matching_blocks():
        yield from zip(
            range(block.a, block.a + block.size),
            range(block.b, block.b + block.size),
            strict=True,
        )


def _timing(said: Sequence[_Token], heard: Sequence[_Token]) -> TimingError | None:
    """Starts of right words, where both texts tell them."""
    right = [(said[first], heard[second]) for first, second in _same(_texts(said), _texts(heard))]
    errors = [
        mine.start_ms - theirs.start_ms
        for theirs, mine in right
        if theirs.start_ms is not None and mine.start_ms is not None
    ]
    if not errors:
        return None
    is_by_word = any(
        theirs.word_ms is not None and mine.word_ms is not None for theirs, mine in right
    )
    timed_by = TimedBy.WORDS if is_by_word else TimedBy.SEGMENTS
    return TimingError(timed_by=timed_by, errors_ms=tuple(errors))


def _coverage(
    reference: Iterable[Segment], segments: Iterable[Segment], heard: Sequence[_Token]
) -> SpeechCoverage:
    speech = _joined(_spans(reference, by_words=False))
    written = _joined(_spans(segments, by_words=True), BRIDGED_MS)
    near = _joined(((start - EDGE_MS, end + EDGE_MS) for start, end in speech))
    return SpeechCoverage(
        speech_ms=Milliseconds(sum(end - start for start, end in speech)),
        covered_ms=Milliseconds(_overlap(speech, written)),
        outside_words=sum(not _holds(near, token.place_ms) for token in heard),
    )


def _spans(segments: Iterable[Segment], *, by_words: bool) -> list[Span]:
    return [
        (int(part.start_ms), int(part.end_ms))
        for segment in segments
        for part in (segment.words if by_words and segment.words else (segment,))
    ]


def _joined(spans: Iterable[Span], bridged_ms: int = 0) -> list[Span]:
    """The same time as spans apart from each other, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + bridged_ms:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _overlap(ones: Sequence[Span], others: Sequence[Span]) -> int:
    """Milliseconds in both; the spans of each lie apart and in order."""
    total, place = 0, 0
    for start, end in ones:
        while place < len(others) and others[place][1] <= start:
            place += 1
        for other_start, other_end in others[place:]:
            if other_start >= end:
                break
            total += min(end, other_end) - max(start, other_start)
    return total


def _holds(spans: Sequence[Span], moment: int) -> bool:
    before = bisect_right(spans, (moment, sys.maxsize)) - 1
    return before >= 0 and moment <= spans[before][1]

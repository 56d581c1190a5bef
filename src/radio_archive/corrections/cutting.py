"""Sentences given other times, cut in two, and joined: the words keep what times they can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate, pairwise

from radio_archive.corrections.timing import retimed, shared_out
from radio_archive.errors import BadSentence
from radio_archive.model import Excerpt, Milliseconds, Review, ReviewState, Segment, Word


def moved(segment: Segment, times: Excerpt, by: str, at: datetime) -> Segment:
    """A sentence at other times, for which a person stands.

    Where it begins and ends later, or begins and ends earlier, it is moved as a whole, and its
    words with it. Else only an edge was wrong: words keep their times inside the new ones.

    Args:
        segment: as it stands.
        times: when it is said.
        by: the editor's name.
        at: when.

    Raises:
        BadSentence: it would end before it begins.
    """
    start, end = times.start_ms, times.end_ms
    if start >= end:
        raise BadSentence(
            "A sentence ends after it begins: nothing was changed.", hint="Look at both times."
        )
    length = segment.end_ms - segment.start_ms
    is_moved_whole = length > 0 and (start - segment.start_ms) * (end - segment.end_ms) > 0

    def at_new(moment: int) -> Milliseconds:
        if is_moved_whole:
            moment = start + (moment - segment.start_ms) * (end - start) // length
        return Milliseconds(min(max(moment, start), end))

    words = tuple(
        replace(word, start_ms=at_new(word.start_ms), end_ms=at_new(word.end_ms))
        for word in segment.words
    )
    return replace(segment, start_ms=start, end_ms=end, words=words, review=_written(by, at))


def split(segment: Segment, texts: Sequence[str], by: str, at: datetime) -> tuple[Segment, ...]:
    """A sentence cut into several, for which a person stands.

    A part begins with its first word and the one before it ends with its last. Without times of
    words the parts share the time by their letters.

    Args:
        segment: as it stands.
        texts: what is said in each part, fit to be kept.
        by: the editor's name.
        at: when.

    Raises:
        BadSentence: there is nothing to cut.
    """
    if len(texts) < 2:
        raise BadSentence(
            "The sentence was not cut: it is one line.",
            hint="Begin a new line where another sentence begins, then cut.",
        )
    words = retimed(segment, " ".join(texts))
    bounds = (0, *accumulate(len(text.split()) for text in texts))
    rows = [words[first:last] for first, last in pairwise(bounds)]
    spans = _spans(segment, rows) if words else list(_shares(segment, texts))
    return tuple(
        replace(
            segment,
            start_ms=start,
            end_ms=end,
            text=text,
            words=row,
            band=None,
            avg_logprob=None,
            no_speech_prob=None,
            review=_written(by, at),
        )
        for text, row, (start, end) in zip(texts, rows, spans, strict=True)
    )


def joined(first: Segment, second: Segment, by: str, at: datetime) -> Segment:
    """Two sentences as one, for which a person stands.

    Who speaks is said where both say the same. Where only one has times of its words, the other's
    share its time by their letters.

    Args:
        first: the one said first.
        second: the one after it.
        by: the editor's name.
        at: when.

    Raises:
        BadSentence: they are in two languages.
    """
    if first.language != second.language:
        raise BadSentence(
            "These two sentences are in two languages: they stay two.",
            hint="Each language is searched by its own rules.",
        )
    has_words = bool(first.words or second.words)
    words = [word for each in (first, second) for word in _timed(each)] if has_words else []
    return replace(
        first,
        end_ms=max(first.end_ms, second.end_ms),
        text=f"{first.text} {second.text}",
        words=tuple(_in_order(words)),
        speaker=first.speaker if first.speaker == second.speaker else None,
        voice=first.voice if first.voice == second.voice else None,
        band=None,
        avg_logprob=None,
        no_speech_prob=None,
        review=_written(by, at),
    )


def _written(by: str, at: datetime) -> Review:
    return Review(state=ReviewState.CORRECTED, by=by, at=at.replace(microsecond=0))


def _spans(
    segment: Segment, rows: Sequence[Sequence[Word]]
) -> list[tuple[Milliseconds, Milliseconds]]:
    """Start and end of each part: its words', and the sentence's at both ends."""
    starts = list(accumulate((segment.start_ms, *(row[0].start_ms for row in rows[1:])), max))
    ends = [*(max(word.end_ms for word in row) for row in rows[:-1]), segment.end_ms]
    return [(start, Milliseconds(max(start, end))) for start, end in zip(starts, ends, strict=True)]


def _shares(segment: Segment, texts: Sequence[str]) -> Iterator[tuple[Milliseconds, Milliseconds]]:
    for part in shared_out(texts, segment.start_ms, segment.end_ms):
        yield part.start_ms, part.end_ms


def _timed(segment: Segment) -> Sequence[Word]:
    return segment.words or tuple(
        shared_out(segment.text.split(), segment.start_ms, segment.end_ms)
    )


def _in_order(words: Sequence[Word]) -> Iterator[Word]:
    """The same words, none beginning before the one before it: people speak at the same time."""
    latest = 0
    for word in words:
        latest = max(latest, word.start_ms)
        yield replace(
            word, start_ms=Milliseconds(latest), end_ms=Milliseconds(max(latest, word.end_ms))
        )

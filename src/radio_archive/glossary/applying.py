"""Where the wrong form of an entry stands in a transcript, and the transcript without it.

Nothing is changed in place: what comes out is another version.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from radio_archive.glossary.words import SpokenWord, find_rows, words_in
from radio_archive.languages.repair import APOSTROPHES
from radio_archive.languages.tags import LanguageTag
from radio_archive.languages.wordings import key_of
from radio_archive.model import Entry, Milliseconds, Segment, Transcript, Word

_FRENCH = LanguageTag("fr")
#: French words that lose their vowel before another: written out where a name with a consonant
#: takes the place. Not "l'", for nobody knows whether it is "le" or "la"
_ELIDED = regex.compile(rf"\b(d|qu|n|s|j|m|t|c)[{APOSTROPHES}]$", regex.IGNORECASE)
_BEGINS_WITH_VOWEL = regex.compile(r"[aeiouyhàâäéèêëîïôöùûüœæ]", regex.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A sentence in which a wrong form stands."""

    segment: int  #: index in the transcript
    start_ms: Milliseconds  #: where the wrong form is said
    sentence: str
    becomes: str  #: with the right form
    times: int  #: how often it stands in the sentence


@dataclass(frozen=True, slots=True)
class _Change:
    """A stretch of a segment's text, and what takes its place."""

    char_start: int
    char_end: int
    text: str


def find_places(transcript: Transcript, entry: Entry) -> tuple[Place, ...]:
    """The sentences that hold an entry's wrong form, in the entry's language.

    Case and punctuation make no difference; accents do, for other accents are another word.
    """
    return tuple(
        Place(
            segment=number,
            start_ms=words[rows[0][0]].start_ms,
            sentence=segment.text,
            becomes=_changed(segment.text, _changes(segment.text, words, rows, entry)),
            times=len(rows),
        )
        for number, segment in enumerate(transcript.segments)
        if (segment.language or transcript.language) == entry.language
        for words, rows in _found(segment, entry)
    )


def apply_entry(transcript: Transcript, entry: Entry, segments: Collection[int]) -> Transcript:
    """The transcript with the right form in these segments; words keep their times.

    What is exchanged has no probability any more: no engine wrote it.
    """
    return replace(
        transcript,
        id=None,
        segments=tuple(
            _reworded(segment, entry) if number in segments else segment
            for number, segment in enumerate(transcript.segments)
        ),
    )


def _found(
    segment: Segment, entry: Entry
) -> Iterator[tuple[list[SpokenWord], list[tuple[int, int]]]]:
    words = words_in(segment, entry.language)
    rows = list(find_rows(words, key_of(entry.wrong).split()))
    if rows:
        yield words, rows


def _changes(
    text: str, words: Sequence[SpokenWord], rows: Sequence[tuple[int, int]], entry: Entry
) -> list[_Change]:
    changes = []
    for first, last in rows:
        start, right = words[first].char_start, entry.right
        elided = _ELIDED.search(text, 0, start) if entry.language == _FRENCH else None
        if elided and not _BEGINS_WITH_VOWEL.match(right):
            changes.append(_Change(elided.end() - 1, elided.end(), "e "))
        elif words[first].begins_sentence and words[first].text[:1].isupper():
            right = right[:1].upper() + right[1:]
        changes.append(_Change(start, words[last - 1].char_end, right))
    return changes


def _changed(text: str, changes: Sequence[_Change]) -> str:
    for change in reversed(changes):
        text = text[: change.char_start] + change.text + text[change.char_end :]
    return text


def _reworded(segment: Segment, entry: Entry) -> Segment:
    for words, rows in _found(segment, entry):
        changes = _changes(segment.text, words, rows, entry)
        return replace(
            segment,
            text=_changed(segment.text, changes),
            words=tuple(_reworded_words(segment, changes)),
        )
    return segment


def _reworded_words(segment: Segment, changes: Sequence[_Change]) -> Iterator[Word]:
    """The timed words of the changed text: those that a change touches share their time anew."""
    spans = _spans(segment)
    first = 0
    while first < len(spans):
        last, mine = first + 1, _touching(spans[first], changes)
        while last < len(spans) and set(mine) & set(_touching(spans[last], changes)):
            mine = list(dict.fromkeys((*mine, *_touching(spans[last], changes))))
            last += 1
        if mine:
            yield from _shared_out(segment, spans[first:last], first, mine)
        else:
            yield segment.words[first]
        first = last


def _spans(segment: Segment) -> list[tuple[int, int]]:
    """Where each timed word stands in the text; nowhere for one the text does not hold."""
    spans = []
    offset = 0
    for word in segment.words:
        text = word.text.strip()
        start = segment.text.find(text, offset) if text else -1
        offset = offset if start < 0 else start + len(text)
        spans.append((start, offset) if start >= 0 else (-1, -1))
    return spans


def _touching(span: tuple[int, int], changes: Sequence[_Change]) -> list[_Change]:
    return [each for each in changes if span[0] < each.char_end and each.char_start < span[1]]


def _shared_out(
    segment: Segment, spans: Sequence[tuple[int, int]], number: int, changes: Sequence[_Change]
) -> Iterator[Word]:
    """The words that take the place of some from a number on, in their time, by their length."""
    first, last = spans[0][0], spans[-1][1]
    moved = [
        _Change(max(0, each.char_start - first), each.char_end - first, each.text)
        for each in changes
    ]
    texts = _changed(segment.text[first:last], moved).split()
    start = segment.words[number].start_ms
    length = segment.words[number + len(spans) - 1].end_ms - start
    letters, done = sum(map(len, texts)), 0
    for text in texts:
        begin, done = done, done + len(text)
        yield Word(
            start_ms=Milliseconds(start + length * begin // letters),
            end_ms=Milliseconds(start + length * done // letters),
            text=text,
        )

"""The words of a transcript, each with its place and time, for comparing two versions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from radio_archive.languages.analysis import ANALYZERS, analyzer_name
from radio_archive.languages.tags import LanguageTag
from radio_archive.languages.wordings import find_words, key_of_word
from radio_archive.model import Milliseconds, Segment, Transcript

#: what stands before the first word of a sentence
_BEGINS_SENTENCE = regex.compile(r"(?:^|[.!?…:؟߹«»\"“”–—])\s*$")


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of a transcript where it stands."""

    segment: int  #: index of its segment
    char_start: int  #: offsets in the segment's text
    char_end: int
    text: str  #: as written
    key: str  #: the same in small letters, without its apostrophe
    folded: str  #: by the spelling rules of the language
    start_ms: Milliseconds
    begins_sentence: bool  #: so that its capital says nothing


def words_of(transcript: Transcript) -> list[SpokenWord]:
    """The words of all segments in the transcript's own language, in order."""
    return [
        word
        for number, segment in enumerate(transcript.segments)
        if segment.language in (None, transcript.language)
        for word in words_in(segment, transcript.language, number)
    ]


def words_in(segment: Segment, tag: LanguageTag, number: int = 0) -> list[SpokenWord]:
    """The words of one segment; where it has no word times, its time is shared out."""
    rules = ANALYZERS[analyzer_name(tag)]
    times = _Times(segment)
    words = []
    for start, end in find_words(segment.text):
        text = segment.text[start:end]
        key = key_of_word(text)
        words.append(
            SpokenWord(
                number,
                start,
                end,
                text,
                key,
                rules.fold(key) or key,
                times.at(start),
                bool(_BEGINS_SENTENCE.search(segment.text, max(0, start - 5), start)),
            )
        )
    return words


def find_rows(words: Sequence[SpokenWord], keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where words with these keys follow one another in one segment: first, and past the last."""
    first = 0
    while keys and first + len(keys) <= len(words):
        row = words[first : first + len(keys)]
        if [word.key for word in row] == list(keys) and row[0].segment == row[-1].segment:
            yield first, first + len(keys)
            first += len(keys)
        else:
            first += 1


class _Times:
    """When the characters of a segment are said."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._places: list[int] = []
        self._starts: list[Milliseconds] = []
        offset = 0
        for word in segment.words:
            text = word.text.strip()
            found = segment.text.find(text, offset) if text else -1
            if found >= 0:
                self._places.append(found)
                self._starts.append(word.start_ms)
                offset = found + len(text)

    def at(self, place: int) -> Milliseconds:
        earlier = bisect_right(self._places, place)
        if earlier:
            return self._starts[earlier - 1]
        start_ms, end_ms = self._segment.start_ms, self._segment.end_ms
        share = 0 if self._places else (end_ms - start_ms) * place // len(self._segment.text)
        return Milliseconds(start_ms + share)

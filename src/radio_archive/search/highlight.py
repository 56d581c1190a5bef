"""The words around a hit, as spoken, with what was found marked.

One highlighter for all engines: it analyses the stored text again and trusts no engine's offsets.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import regex

from radio_archive.model import LanguageTag, Match, Milliseconds, Passage, Query
from radio_archive.search.matching import (
    Answer,
    Occurrence,
    find_answers,
    find_mentions,
    find_occurrences,
    read_text,
)
from radio_archive.search.plan import Rank, plan_mention, plan_query

#: characters of a snippet: about three lines on a telephone
SNIPPET_CHARACTERS = 240
#: how far before the first found word a sentence may begin to be shown from there
LEAD_CHARACTERS = 110

#: where a sentence begins: after a full stop, of several scripts, and a space
SENTENCE_START = regex.compile(r"(?<=[.!?…؟߹]['\"»”]?\s)\S")
_SPACE = regex.compile(r"\s")
_LAST_SPACE = regex.compile(r"(?r)\s")
_MARKS = regex.compile(r"\p{M}+")

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """What a result shows of a passage."""

    text: str  #: as spoken, whole words
    highlights: Spans  #: character spans in ``text``, ascending, apart
    start_ms: Milliseconds  #: where the first marked word begins; the passage's start if none is
    match: Match  #: of the word searched that is met least well
    char_start: int  #: place of ``text`` in the passage's text
    char_end: int


@dataclass(frozen=True, slots=True)
class _Found:
    """An occurrence, and which clause of the query it answers."""

    clause: int
    occurrence: Occurrence
    is_best: bool  #: nothing answers the clause better

    @property
    def start(self) -> int:
        return self.occurrence.tokens[0].char_start

    @property
    def end(self) -> int:
        return self.occurrence.tokens[-1].char_end


def make_snippet(passage: Passage, query: Query) -> Snippet | None:
    """Choose what to show of a passage.

    Args:
        passage: as stored now.
        query: what was searched.

    Returns:
        About ``SNIPPET_CHARACTERS`` around the best cluster of found words; the beginning of the
        passage when no words were asked for, or a date answers in their place. None when the
        passage does not answer the query: then the index is older than the text.
    """
    named = find_mentions(passage, query)
    if named is None:
        return None
    if not query.has_terms:
        around = (named[0].tokens[0].char_start, named[0].tokens[-1].char_end) if named else (0, 0)
        return _cut(passage, named, around, Match.EXACT)
    answers = find_answers(passage, query)
    if not answers:
        return None
    sure = [answer for answer in answers[1:] if answer.rank is not Rank.CLOSE]
    shown = [each for answer in (answers[0], *sure) for clause in answer.found for each in clause]
    return _cut(passage, [*shown, *named], _around([answers[0], *sure]), answers[0].rank.match)


def find_spans(text: str, query: Query, language: LanguageTag) -> Spans:
    """All the words and names in a text that a query asks for, whether or not it answers the query.

    Returns:
        Character spans in ``text``, ascending, apart.
    """
    plan = plan_query(query, language, is_close=query.is_close)
    clauses = [clause for reading in plan.readings for clause in reading.clauses] if plan else []
    clauses += [plan_mention(terms, language) for terms in query.mentions]
    read = read_text(text, language)
    found = [each for clause in clauses for each in find_occurrences(clause, read)]
    return _spans(text, found, 0, len(text))


def _around(answers: Sequence[Answer]) -> tuple[int, int]:
    """From which character to which the best answer that has words has them."""
    found = next((found for answer in answers if (found := _found(answer))), None)
    if found is None:
        return 0, 0
    best = _best_cluster(found)
    return best[0].start, max(each.end for each in best)


def _found(answer: Answer) -> list[_Found]:
    found = [
        _Found(number, occurrence, occurrence.rank <= rank)
        for number, (rank, clause) in enumerate(zip(answer.ranks, answer.found, strict=True))
        for occurrence in clause
    ]
    return sorted(found, key=lambda each: (each.start, each.end))


def _best_cluster(found: Sequence[_Found]) -> list[_Found]:
    """The neighbours that answer most of the query, as well as can be; the first of equals."""
    starts = [each.start for each in found]
    clusters = []
    for number, first in enumerate(found):
        reach = first.start + SNIPPET_CHARACTERS * 3 // 4
        near = found[number + 1 : bisect_right(starts, reach)]
        clusters.append([first, *(each for each in near if each.end <= reach)])
    return max(
        clusters,
        key=lambda cluster: (
            len({each.clause for each in cluster}),
            len({each.clause for each in cluster if each.is_best}),
            len({each.start for each in cluster}),
        ),
    )


def _cut(
    passage: Passage, found: Sequence[Occurrence], around: tuple[int, int], match: Match
) -> Snippet:
    """Show the passage around some characters, the first and the one past the last given."""
    begin, end = _window(passage.text, *around)
    inside = _spans(passage.text, found, begin, end)
    start_ms = time_of(passage, inside[0][0]) if inside else passage.start_ms
    return Snippet(
        text=passage.text[begin:end],
        highlights=tuple((start - begin, stop - begin) for start, stop in inside),
        start_ms=start_ms,
        match=match,
        char_start=begin,
        char_end=end,
    )


def _window(text: str, first: int, last: int) -> tuple[int, int]:
    """Whole words, from the start of a sentence if one is near, around what was found."""
    if len(text) <= SNIPPET_CHARACTERS:
        return 0, len(text)
    spare = max(0, SNIPPET_CHARACTERS - (last - first))
    begin = _begin(text, first, min(LEAD_CHARACTERS, spare))
    limit = max(last, begin + SNIPPET_CHARACTERS)
    if limit >= len(text):
        # nothing follows: show more of what came before
        begin = _begin(text, first, max(0, SNIPPET_CHARACTERS - (len(text) - first)))
        return begin, len(text)
    # the last found word may be followed by punctuation that belongs to it
    end = _LAST_SPACE.search(text, last, limit + 1)
    if end:
        return begin, end.start()
    following = _SPACE.search(text, last)
    return begin, following.start() if following else len(text)


def _begin(text: str, first: int, lead: int) -> int:
    earliest = max(0, first - lead)
    if earliest == 0:
        return 0
    sentence = SENTENCE_START.search(text, earliest, first + 1)
    if sentence:
        return int(sentence.start())
    space = _SPACE.search(text, earliest, first)
    return int(space.end()) if space else _word_start(text, first)


def _word_start(text: str, place: int) -> int:
    while place > 0 and not text[place - 1].isspace():
        place -= 1
    return place


def _spans(text: str, found: Sequence[Occurrence], begin: int, end: int) -> Spans:
    """Where the found words stand between two characters; overlapping ones are joined.

    A mark that combines with a word's last letter belongs to it.
    """
    spans: list[tuple[int, int]] = []
    tokens = {token for occurrence in found for token in occurrence.tokens}
    for start, stop in sorted((token.char_start, token.char_end) for token in tokens):
        marks = _MARKS.match(text, stop)
        stop = marks.end() if marks else stop
        if start < begin or stop > end:
            continue
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], stop))
        else:
            spans.append((start, stop))
    return tuple(spans)


def time_of(passage: Passage, offset: int) -> Milliseconds:
    """When the word at, or before, a character of a passage's text is said."""
    place = bisect_right(passage.marks, offset, key=attrgetter("char_start")) - 1
    return passage.marks[place].start_ms if place >= 0 else passage.start_ms

"""Where a plan is met in a text, and how well: for the highlighter, and for engines that read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from radio_archive.languages.analysis import (
    AnalyzedToken,
    Word,
    analyzer_name,
    close_grams,
    words_of,
)
from radio_archive.model import LanguageTag, Passage, Query, Term, TranscriptKind, Trust
from radio_archive.model.bands import floor_of, floors_from
from radio_archive.search.plan import (
    Clause,
    Plan,
    QueryWord,
    Rank,
    Reading,
    Row,
    plan_mention,
    plan_query,
)

#: texts remembered, some 15 kB each: those of a few pages of results
_CACHED_TEXTS = 500
#: answers remembered, of words that many others answer: beginnings, and words spelt much alike
_CACHED_ANSWERS = 100_000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A row of words found in a text, in order."""

    tokens: tuple[AnalyzedToken, ...]
    rank: Rank  #: that of its worst word, and of where the row comes from


@dataclass(frozen=True, slots=True)
class Answer:
    """How a text answers one reading of a query."""

    rank: Rank  #: of the worst of its clauses, each by its best occurrence; a date has none
    ranks: tuple[Rank, ...]  #: the best rank of each clause
    found: tuple[tuple[Occurrence, ...], ...]  #: the occurrences of each clause, in reading order
    is_dated: bool  #: whether the date of the broadcast was asked for as well


class Text:
    """A text ready to be asked for words."""

    def __init__(self, text: str, language: LanguageTag) -> None:
        self._words = words_of(text, analyzer_name(language))
        self._forms = frozenset().union(*(word.forms for _, word in self._words))

    def places(self, word: QueryWord) -> Iterable[int]:
        """The positions, ascending, among which all that answer a word are."""
        forms = {word.exact, word.folded, word.stem}
        if word.is_prefix:
            return [place for place, (_, each) in enumerate(self._words) if _answers(word, each)]
        if word.close_in and word.folded:
            grams = close_grams(word.folded)
            return [
                place
                for place, (_, each) in enumerate(self._words)
                if not forms.isdisjoint(each.forms)
                or (not grams.isdisjoint(each.grams) and _answers(word, each))
            ]
        if self._forms.isdisjoint(forms):
            return ()
        return [
            place for place, (_, each) in enumerate(self._words) if not forms.isdisjoint(each.forms)
        ]

    def tokens(self, position: int) -> Iterator[AnalyzedToken]:
        """Those of the word at a position; none where no word is."""
        if position < len(self._words):
            offset, word = self._words[position]
            for exact, folded, stem, start, end in word.pieces:
                yield AnalyzedToken(exact, folded, stem, position, offset + start, offset + end)


@lru_cache(maxsize=_CACHED_ANSWERS)
def _answers(word: QueryWord, said: Word) -> bool:
    """Whether some token of a word of a text answers; asked again for each word of a page."""
    return any(word.rank(piece) is not None for piece in said.pieces)


@lru_cache(maxsize=_CACHED_TEXTS)
def read_text(text: str, language: LanguageTag) -> Text:
    """A text to be asked, remembered while it is likely to be asked again."""
    return Text(text, language)


def plan_for(query: Query, passage: Passage) -> Plan | None:
    """The plan that decides about one passage.

    Misspellings count in a text that an engine has likely misheard, and wherever the query says. A
    translation is not spelt as it was heard.
    """
    is_said = passage.kind is not TranscriptKind.TRANSLATION
    is_close = query.is_close or (is_said and passage.trust is Trust.MACHINE_WEAK)
    return plan_query(query, passage.language, is_close=is_close)


def find_answers(passage: Passage, query: Query) -> list[Answer]:
    """How a passage answers a query.

    Returns:
        One answer for each reading it meets, the best first, equals in the order of the plan;
        empty when it meets none, or holds what must not be there.
    """
    plan = plan_for(query, passage)
    if plan is None:
        return []
    text = read_text(passage.text, passage.language)
    if any(find_occurrences(clause, text) for clause in plan.excluded):
        return []
    floor = Rank.TRANSLATED if passage.kind is TranscriptKind.TRANSLATION else Rank.EXACT
    answers = (
        _answer(reading, text, floor)
        for reading in plan.readings
        if reading.aired is None or reading.aired.holds(passage.aired_at)
    )
    met = [answer for answer in answers if answer is not None]
    return sorted(met, key=lambda answer: answer.rank)


def find_mentions(passage: Passage, query: Query) -> list[Occurrence] | None:
    """Where a passage mentions the names a query filters by; None when one is missing."""
    if not query.mentions:
        return []
    text = read_text(passage.text, passage.language)
    each = [
        find_occurrences(plan_mention(terms, passage.language), text) for terms in query.mentions
    ]
    return [found for occurrences in each for found in occurrences] if all(each) else None


def mentions(passage: Passage, terms: tuple[Term, ...]) -> bool:
    """Whether a passage mentions a name."""
    return find_mentions(passage, Query(mentions=(terms,))) is not None


def passes(passage: Passage, query: Query) -> bool:
    """Whether the filters of a query let a passage through, whatever its words."""
    aired = passage.aired_at
    is_translation = passage.kind is TranscriptKind.TRANSLATION
    return (
        query.language in (None, passage.language)
        and query.programme_id in (None, passage.programme_id)
        and (query.aired_from is None or (aired is not None and aired >= query.aired_from))
        and (query.aired_before is None or (aired is not None and aired < query.aired_before))
        and (query.floor is None or floor_of(passage) in floors_from(query.floor))
        and not (query.is_said_only and is_translation)
        and all(mentions(passage, terms) for terms in query.mentions)
    )


def find_occurrences(clause: Clause, text: Text) -> list[Occurrence]:
    """Where a clause is met in a text, in reading order.

    Words that are merely spelt much alike are left out where the word itself is.
    """
    found = [occurrence for row in clause.rows for occurrence in _find_row(row, text)]
    if any(occurrence.rank < Rank.CLOSE for occurrence in found):
        found = [occurrence for occurrence in found if occurrence.rank is not Rank.CLOSE]
    return sorted(found, key=lambda occurrence: occurrence.tokens[0].char_start)


def _answer(reading: Reading, text: Text, floor: Rank) -> Answer | None:
    found = []
    for clause in reading.clauses:
        occurrences = find_occurrences(clause, text)
        if not occurrences:
            return None
        found.append(tuple(occurrences))
    best = max(floor, reading.best)
    ranks = tuple(max(best, min(each.rank for each in clause)) for clause in found)
    return Answer(max(ranks, default=best), ranks, tuple(found), reading.aired is not None)


def _find_row(row: Row, text: Text) -> Iterator[Occurrence]:
    first, *rest = row.words
    for begin in text.places(first):
        if not rest:
            for token in text.tokens(begin):
                rank = first.rank(token)
                if rank is not None:
                    yield Occurrence((token,), max(rank, row.best))
            continue
        occurrence = _match_row(row, text, begin)
        if occurrence is not None:
            yield occurrence


def _match_row(row: Row, text: Text, begin: int) -> Occurrence | None:
    tokens, worst = [], row.best
    for place, word in enumerate(row.words, begin):
        ranked = [
            (rank, token) for token in text.tokens(place) if (rank := word.rank(token)) is not None
        ]
        if not ranked:
            return None
        rank, token = min(ranked, key=lambda pair: pair[0])
        tokens.append(token)
        worst = max(worst, rank)
    return Occurrence(tuple(tokens), worst)

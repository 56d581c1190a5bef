"""Where a plan is met in a text, and how well: for the highlighter, and for engines that read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from radio_archive.languages.analysis import AnalyzedToken, analyze
from radio_archive.model import Passage, Query, Term, TranscriptKind, Trust
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
    """An analyzed text, ready to be asked for words."""

    def __init__(self, tokens: Sequence[AnalyzedToken]) -> None:
        self.tokens = tokens
        self._by_form: dict[str, list[AnalyzedToken]] = {}
        for token in tokens:
            for form in {token.exact, token.folded, token.stem}:
                self._by_form.setdefault(form, []).append(token)
        self._places: list[tuple[AnalyzedToken, ...]] = []

    @property
    def places(self) -> list[tuple[AnalyzedToken, ...]]:
        """The tokens of each word."""
        if not self._places:
            same = groupby(self.tokens, key=lambda token: token.position)
            self._places = [tuple(tokens) for _, tokens in same]
        return self._places

    def candidates(self, word: QueryWord) -> Iterable[AnalyzedToken]:
        """Tokens among which all that answer a word are."""
        if word.is_prefix or word.close_in:
            return self.tokens
        forms = {word.exact, word.folded, word.stem} - {None}
        found = [token for form in forms if form for token in self._by_form.get(form, ())]
        return found if len(forms) == 1 else dict.fromkeys(found)


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
    text = Text(analyze(passage.text, passage.language))
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
    text = Text(analyze(passage.text, passage.language))
    each = [
        find_occurrences(plan_mention(terms, passage.language), text) for terms in query.mentions
    ]
    return [found for occurrences in each for found in occurrences] if all(each) else None


def mentions(passage: Passage, terms: tuple[Term, ...]) -> bool:
    """Whether a passage mentions a name."""
    return find_mentions(passage, Query(mentions=(terms,))) is not None


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
    if not rest:
        for token in text.candidates(first):
            rank = first.rank(token)
            if rank is not None:
                yield Occurrence((token,), max(rank, row.best))
        return
    begins = sorted({token.position for token in text.candidates(first)})
    # the first word of a text may not be at position 0
    places = {place[0].position: place for place in text.places} if begins else {}
    for begin in begins:
        following = [places.get(begin + offset, ()) for offset in range(len(row.words))]
        occurrence = _match_row(row, following)
        if occurrence is not None:
            yield occurrence


def _match_row(row: Row, places: Sequence[tuple[AnalyzedToken, ...]]) -> Occurrence | None:
    tokens, worst = [], row.best
    for word, candidates in zip(row.words, places, strict=True):
        ranked = [(rank, token) for token in candidates if (rank := word.rank(token)) is not None]
        if not ranked:
            return None
        rank, token = min(ranked, key=lambda pair: pair[0])
        tokens.append(token)
        worst = max(worst, rank)
    return Occurrence(tuple(tokens), worst)

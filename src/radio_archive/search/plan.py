"""What a query means in words of one language: the same for every engine and for the highlighter.

A query has one or more readings, each of clauses that must all be met; a clause is met by any of
its rows, each of words that follow one another: one word, a phrase, the parts of a hyphenated word.
A reading may ask for the date of the broadcast as well, or for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import groupby, islice, product
from typing import NamedTuple

from radio_archive.languages.analysis import (
    ANALYZERS,
    AnalyzedToken,
    Piece,
    analyze_as,
    analyze_prefix,
    analyzer_name,
    is_stop_word,
)
from radio_archive.languages.closeness import has_misspellings
from radio_archive.model import AirDate, LanguageTag, Match, Origin, Query, Term, Variant

#: ways to read one phrase that are tried; a bound on cost
MAX_READINGS = 16
#: words that may have been written together as one
MAX_JOINED = 3

#: plans remembered: a page of results asks for the same one a hundred times
_CACHED_PLANS = 256
#: mentions remembered: some hundred names in each language
_CACHED_MENTIONS = 10_000


class Rank(IntEnum):
    """How near what was found is to what was asked, nearest first."""

    EXACT = 0
    FOLDED = 1
    INFLECTED = 2
    ALIAS = 3
    CLOSE = 4
    TRANSLATED = 5

    @property
    def match(self) -> Match:
        """What is said of it."""
        return _MATCHES[self]


_MATCHES = {
    Rank.EXACT: Match.EXACT,
    Rank.FOLDED: Match.FOLDED,
    Rank.INFLECTED: Match.FOLDED,
    Rank.ALIAS: Match.ALIAS,
    Rank.CLOSE: Match.CLOSE,
    Rank.TRANSLATED: Match.TRANSLATED,
}
#: what words that nobody typed are at best
_RANK_OF_ORIGIN = {
    Origin.TYPED: Rank.EXACT,
    Origin.ALIAS: Rank.ALIAS,
    Origin.TRANSLATION: Rank.TRANSLATED,
}


class QueryWord(NamedTuple):
    """One word to be found; what is None does not count.

    A tuple, like all that a plan is made of, not a dataclass: a search looks dozens of them up, and
    the hash of a tuple costs a tenth.
    """

    exact: str | None  #: the spelling that counts as exact
    folded: str | None  #: any spelling of the same form
    stem: str | None  #: any form of the same word
    is_prefix: bool = False  #: spellings are beginnings, and there is no stem
    close_in: str | None = None  #: analyzer whose misspellings of ``folded`` count too

    def rank(self, token: AnalyzedToken | Piece) -> Rank | None:
        """How a token of a text answers this word; None when it does not."""
        if self.is_prefix:
            return self._rank_of_beginning(token)
        if token.exact == self.exact:
            return Rank.EXACT
        if token.folded == self.folded:
            return Rank.FOLDED
        if token.stem == self.stem:
            return Rank.INFLECTED
        if self.close_in is None or self.folded is None:
            return None
        is_close = ANALYZERS[self.close_in].is_close(self.folded, token.folded)
        return Rank.CLOSE if is_close else None

    def _rank_of_beginning(self, token: AnalyzedToken | Piece) -> Rank | None:
        if self.exact is not None and token.exact.startswith(self.exact):
            return Rank.EXACT
        if self.folded is not None and token.folded.startswith(self.folded):
            return Rank.FOLDED
        return None


class Row(NamedTuple):
    """Words that follow one another."""

    words: tuple[QueryWord, ...]
    origin: Origin = Origin.TYPED

    @property
    def best(self) -> Rank:
        """The best that can be said of finding it."""
        return _RANK_OF_ORIGIN[self.origin]

    @property
    def has_close(self) -> bool:
        """Whether misspellings of its words count."""
        return any(word.close_in for word in self.words)


class Clause(NamedTuple):
    """Something that must, or must not, be there."""

    rows: tuple[Row, ...]  #: any of them will do; those typed come first


class Reading(NamedTuple):
    """One way to understand a query."""

    clauses: tuple[Clause, ...]  #: all must be met; empty only with a date
    origin: Origin = Origin.TYPED
    aired: AirDate | None = None  #: met only by what was aired then

    @property
    def best(self) -> Rank:
        """The best that can be said of finding it."""
        return _RANK_OF_ORIGIN[self.origin]


class Plan(NamedTuple):
    """A query by the rules of one language."""

    readings: tuple[Reading, ...]  #: any of them will do; the first is what was typed
    excluded: tuple[Clause, ...]
    has_close: bool  #: whether misspellings of some word count
    is_dated: bool  #: whether some reading asks for a date


@lru_cache(maxsize=_CACHED_PLANS)
def plan_query(query: Query, language: LanguageTag, *, is_close: bool = False) -> Plan | None:
    """Read a query by the rules of one language.

    The little words of the language are left out of a query that has others, so that "le crime
    organisé" does not demand a "le"; in phrases every word counts.

    Args:
        query: what is searched.
        language: of the text that may answer it.
        is_close: whether words spelt much alike count as well; never when only the exact spelling
            is asked for.

    Returns:
        None when nothing of the query is a word by these rules: then nothing can be found.
    """
    return _Planner(query, language, is_close=is_close).plan()


@lru_cache(maxsize=_CACHED_MENTIONS)
def plan_mention(terms: tuple[Term, ...], language: LanguageTag) -> Clause:
    """What a passage of one language holds when it mentions a name.

    Args:
        terms: all that says the name.
        language: of the passage.

    Returns:
        A clause without rows when nothing that says the name counts in this language.
    """
    return _Planner(Query(), language, is_close=False).mention(terms)


_RowsOf = Callable[[Term], Iterator[Row]]


class _Planner:
    """Reads one query for one language."""

    def __init__(self, query: Query, language: LanguageTag, *, is_close: bool) -> None:
        self._query = query
        self._language = language
        self._analyzer = analyzer_name(language)
        self._close_in = self._analyzer if is_close and not query.is_exact_only else None

    def plan(self) -> Plan | None:
        """See ``plan_query``."""
        groups = self._query.required
        typed = self._clauses(self._without_little(groups) or groups)
        if not typed:
            return None
        readings = [Reading(typed), *self._joined_readings(groups), *self._variants()]
        excluded = [self._clause((term,), self._sure_rows) for term in self._query.excluded]
        rows = (row for each in readings for clause in each.clauses for row in clause.rows)
        return Plan(
            readings=tuple(dict.fromkeys(readings)),
            excluded=tuple(clause for clause in excluded if clause.rows),
            has_close=self._close_in is not None and any(row.has_close for row in rows),
            is_dated=any(reading.aired for reading in readings),
        )

    def mention(self, terms: tuple[Term, ...]) -> Clause:
        """See ``plan_mention``."""
        return self._clause(terms, self._sure_rows)

    def _clauses(self, groups: Sequence[tuple[Term, ...]]) -> tuple[Clause, ...]:
        clauses = (self._clause(group, self._rows) for group in groups)
        return tuple(dict.fromkeys(clause for clause in clauses if clause.rows))

    def _clause(self, group: tuple[Term, ...], rows_of: _RowsOf) -> Clause:
        terms = [term for term in group if self._counts(term)]
        terms.sort(key=lambda term: _RANK_OF_ORIGIN[term.origin])
        return Clause(tuple(dict.fromkeys(row for term in terms for row in rows_of(term))))

    def _counts(self, term: Term) -> bool:
        if self._query.is_exact_only and term.origin is not Origin.TYPED:
            return False
        return term.language in (None, self._language)

    def _is_little(self, group: tuple[Term, ...]) -> bool:
        typed = [term for term in group if term.origin is Origin.TYPED]
        return all(
            len(term.words) == 1
            and not term.is_prefix
            and is_stop_word(term.words[0], self._analyzer)
            for term in typed or group
        )

    def _without_little(self, groups: Sequence[tuple[Term, ...]]) -> list[tuple[Term, ...]]:
        return [group for group in groups if not self._is_little(group)]

    def _variants(self) -> Iterator[Reading]:
        """Other full readings; one whose words are of another language says nothing here."""
        if self._query.is_exact_only:
            return
        for variant in self._query.variants:
            if variant.origin is Origin.TYPED:
                yield from self._as_typed(variant)
                continue
            groups = self._without_little(variant.required)
            clauses = [self._clause(group, self._sure_rows) for group in groups]
            if clauses and all(clause.rows for clause in clauses):
                yield Reading(tuple(dict.fromkeys(clauses)), variant.origin, variant.aired)

    def _as_typed(self, variant: Variant) -> Iterator[Reading]:
        """A date, and the words typed beside it, in all the ways they are read without it."""
        clauses = self._clauses(self._without_little(variant.required))
        for reading in (Reading(clauses), *self._joined_readings(variant.required)):
            if reading.clauses or variant.aired:
                yield reading._replace(aired=variant.aired)

    def _joined_readings(self, groups: Sequence[tuple[Term, ...]]) -> Iterator[Reading]:
        """Neighbours typed apart that a text may write as one word: ``a boori``, ``aboori``."""
        words = [None if self._query.is_exact_only else _plain_word(group) for group in groups]
        for count in range(2, MAX_JOINED + 1):
            for first in range(len(words) - count + 1):
                some = [word for word in words[first : first + count] if word is not None]
                row = self._joined_row(some) if len(some) == count else None
                if row is not None:
                    others = (*groups[:first], *groups[first + count :])
                    rest = [group for group in others if not self._is_little(group)]
                    yield Reading((Clause((row,)), *self._clauses(rest)))

    def _joined_row(self, words: Sequence[str]) -> Row | None:
        token = self._join(words)
        return Row((QueryWord(None, token.folded, token.stem),)) if token else None

    def _join(self, words: Sequence[str]) -> AnalyzedToken | None:
        """The one word that several would be; None when they cannot be one."""
        tokens = analyze_as("-".join(words), self._analyzer)
        is_one = len({token.position for token in tokens}) == 1 and len(tokens) > len(words)
        return tokens[0] if is_one else None

    def _rows(self, term: Term) -> Iterator[Row]:
        """The rows of a term, words spelt much alike included where they count."""
        close_in = self._close_in if term.origin is Origin.TYPED else None
        return self._make_rows(term, close_in)

    def _sure_rows(self, term: Term) -> Iterator[Row]:
        """The rows of a term that says what it means: nothing that is merely alike."""
        return self._make_rows(term, None)

    def _make_rows(self, term: Term, close_in: str | None) -> Iterator[Row]:
        is_exact_only = self._query.is_exact_only
        if term.is_prefix:
            exact, folded = analyze_prefix(term.words[0], self._analyzer)
            if folded:
                beginning = QueryWord(exact, None if is_exact_only else folded, None, True)
                yield Row((beginning,), term.origin)
            return
        places = [
            tuple(same)
            for word in term.words
            for _, same in groupby(
                analyze_as(word, self._analyzer), key=lambda token: token.position
            )
        ]
        if places and is_exact_only:
            words = tuple(QueryWord(whole.exact, None, None) for whole, *_ in places)
            yield Row(words, term.origin)
        elif places:
            for words in islice(self._readings(places, close_in), MAX_READINGS):
                yield Row(words, term.origin)

    def _readings(
        self, places: list[tuple[AnalyzedToken, ...]], close_in: str | None
    ) -> Iterator[tuple[QueryWord, ...]]:
        """The ways to read words that follow one another, as typed first."""
        options = [self._options(place, close_in) for place in places]
        if len(options) == 1:
            yield from options[0]
            return
        for choice in product(*options):
            yield tuple(word for words in choice for word in words)
        simple = [words[0] for words, *_ in options]
        for count in range(2, MAX_JOINED + 1):
            for first in range(len(places) - count + 1):
                parts = places[first : first + count]
                token = self._join([whole.exact for whole, *_ in parts])
                if token is not None:
                    joined = QueryWord(None, token.folded, token.stem)
                    yield (*simple[:first], joined, *simple[first + count :])

    def _options(
        self, place: tuple[AnalyzedToken, ...], close_in: str | None
    ) -> list[tuple[QueryWord, ...]]:
        """How one typed word may be written: whole, in its parts, as several words."""
        whole, *parts = place
        close_in = close_in if has_misspellings(whole.folded) else None
        itself = QueryWord(whole.exact, whole.folded, whole.stem, close_in=close_in)
        options: list[tuple[QueryWord, ...]] = [(itself,)]
        if parts:
            options.append(tuple(QueryWord(part.exact, part.folded, part.stem) for part in parts))
        rules = ANALYZERS[self._analyzer]
        options += [
            tuple(QueryWord(None, word, rules.stem(word) or word) for word in words)
            for words in rules.readings(whole.folded)
        ]
        return options


def _plain_word(group: tuple[Term, ...]) -> str | None:
    """The one word that was typed; None for choices, phrases and beginnings."""
    typed = [term for term in group if term.origin is Origin.TYPED]
    if len(typed) != 1 or len(typed[0].words) != 1 or typed[0].is_prefix:
        return None
    return typed[0].words[0]

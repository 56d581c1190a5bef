"""What a query means in words: the same for every engine and for the highlighter.

A query becomes clauses that must (or must not) be met. A clause is met by any of its alternatives,
each a row of words that follow one another: one word, a phrase, the parts of a hyphenated word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, product

from radio_archive.languages.analysis import (
    AnalyzedToken,
    analyze_as,
    analyze_prefix,
    is_stop_word,
)
from radio_archive.languages.repair import fold
from radio_archive.model import Match, Query, Term

#: readings of one phrase with hyphenated words that are tried; a bound on cost
MAX_READINGS = 16


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word to be found."""

    exact: str | None  #: the spelling that counts as exact; None: no spelling does
    folded: str  #: of a beginning: without accents, not stemmed
    is_prefix: bool = False

    def match(self, token: AnalyzedToken) -> Match | None:
        """How a token of a text answers this word; None when it does not."""
        if self.is_prefix:
            if not fold(token.exact).startswith(self.folded):
                return None
            is_exact = self.exact is not None and token.exact.startswith(self.exact)
            return Match.EXACT if is_exact else Match.FOLDED
        if token.exact == self.exact:
            return Match.EXACT
        return Match.FOLDED if token.folded == self.folded else None


Row = tuple[QueryWord, ...]
"""Words that follow one another."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Something that must, or must not, be there."""

    rows: tuple[Row, ...]  #: any of them will do


@dataclass(frozen=True, slots=True)
class Plan:
    """A query by the rules of one analyzer."""

    required: tuple[Clause, ...]  #: never empty
    excluded: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A row of words found in a text, in order."""

    tokens: tuple[AnalyzedToken, ...]
    match: Match  #: the worst of its words


def plan_query(query: Query, analyzer: str) -> Plan | None:
    """Read a query by the rules of one analyzer.

    The little words of the language are left out of a query that has others, so that "le crime
    organisé" does not demand a "le"; in phrases every word counts.

    Returns:
        None when nothing of the query is a word by these rules: then nothing can be found.
    """
    groups = [group for group in query.required if not _is_little(group, analyzer)]
    required = _clauses(groups or query.required, analyzer)
    if not required:
        return None
    return Plan(required, _clauses([(term,) for term in query.excluded], analyzer))


def find_occurrences(clause: Clause, tokens: Sequence[AnalyzedToken]) -> list[Occurrence]:
    """Where a clause is met in an analyzed text, in reading order."""
    found: list[Occurrence] = []
    places: list[tuple[AnalyzedToken, ...]] = []
    for row in clause.rows:
        if len(row) == 1:
            found += _match_word(row[0], tokens)
            continue
        places = places or _places(tokens)
        for first in range(len(places) - len(row) + 1):
            occurrence = _match_row(row, places[first : first + len(row)])
            if occurrence is not None:
                found.append(occurrence)
    return sorted(found, key=lambda occurrence: occurrence.tokens[0].char_start)


def _places(tokens: Sequence[AnalyzedToken]) -> list[tuple[AnalyzedToken, ...]]:
    return [tuple(same) for _, same in groupby(tokens, key=lambda token: token.position)]


def _match_word(word: QueryWord, tokens: Sequence[AnalyzedToken]) -> Iterator[Occurrence]:
    """Every token that answers one word; the loop runs over all words of all passages shown."""
    is_prefix, folded, exact = word.is_prefix, word.folded, word.exact
    for token in tokens:
        if is_prefix or token.folded == folded or token.exact == exact:
            match = word.match(token)
            if match is not None:
                yield Occurrence((token,), match)


def _match_row(row: Row, places: Sequence[tuple[AnalyzedToken, ...]]) -> Occurrence | None:
    tokens, is_exact = [], True
    for word, candidates in zip(row, places, strict=True):
        best = None
        for token in candidates:
            match = word.match(token)
            if match is Match.EXACT or (match is not None and best is None):
                best = (token, match)
            if match is Match.EXACT:
                break
        if best is None:
            return None
        tokens.append(best[0])
        is_exact = is_exact and best[1] is Match.EXACT
    return Occurrence(tuple(tokens), Match.EXACT if is_exact else Match.FOLDED)


def _is_little(group: tuple[Term, ...], analyzer: str) -> bool:
    return all(
        len(term.words) == 1 and not term.is_prefix and is_stop_word(term.words[0], analyzer)
        for term in group
    )


def _clauses(groups: Sequence[tuple[Term, ...]], analyzer: str) -> tuple[Clause, ...]:
    clauses = (
        Clause(tuple(dict.fromkeys(row for term in group for row in _rows(term, analyzer))))
        for group in groups
    )
    return tuple(dict.fromkeys(clause for clause in clauses if clause.rows))


def _rows(term: Term, analyzer: str) -> Iterator[Row]:
    if term.is_prefix:
        exact, plain = analyze_prefix(term.words[0], analyzer)
        if plain:
            yield (QueryWord(exact, plain, is_prefix=True),)
        return
    places = [
        tuple(same)
        for word in term.words
        for _, same in groupby(analyze_as(word, analyzer), key=lambda token: token.position)
    ]
    if places:
        yield from islice(_readings(places, analyzer), MAX_READINGS)


def _readings(places: list[tuple[AnalyzedToken, ...]], analyzer: str) -> Iterator[Row]:
    """A hyphenated word is read joined or in parts; two words are read joined as well."""
    options = []
    for whole, *parts in places:
        joined = (QueryWord(whole.exact, whole.folded),)
        apart = tuple(QueryWord(part.exact, part.folded) for part in parts)
        options.append((joined, apart) if apart else (joined,))
    for choice in product(*options):
        yield tuple(word for words in choice for word in words)
    simple = tuple(words[0] for words, *_ in options)
    for place in range(len(simple) - 1):
        pair = f"{places[place][0].exact}-{places[place + 1][0].exact}"
        joined_folded = analyze_as(pair, analyzer)[0].folded
        yield (*simple[:place], QueryWord(None, joined_folded), *simple[place + 2 :])

"""Queries of Tantivy made of others, and of rows of terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from tantivy import Occur, Query, Schema

from radio_archive.errors import BadQuery
from radio_archive.search.tantivy_schema import WORDS

#: what has a meaning in a regular expression of Tantivy
_SPECIAL = frozenset(r"\.+*?()|[]{}^$#&-~")
#: bytes of the terms in one regular expression: Tantivy refuses more than a thousand states, of
#: which there is about one a byte
_MOST_BYTES = 800

#: rows of such expressions in one query, chosen: sixteen of four places took 0.26 s over 2,000
#: passages, and nobody can stop Tantivy in between
_MOST_ROWS = 16

Places = Sequence[Sequence[str]]
"""The terms that may stand at each place of a row of words."""


def any_row(schema: Schema, places: Places) -> Query:
    """What finds any term of each place in a row; counts nothing.

    Raises:
        BadQuery: there are more terms than can be looked for in reasonable time.
    """
    patterns = [list(_patterns(terms)) for terms in places]
    if prod(map(len, patterns)) > _MOST_ROWS:
        raise BadQuery(
            f"The words of this phrase of {len(places)} have too many spellings.",
            hint="Use fewer words.",
        )
    return any_of(
        [Query.regex_phrase_query(schema, WORDS, list(each)) for each in product(*patterns)]
    )


def within_reach(places: Places) -> Places:
    """The first terms of each place, as many as `any_row` can look for."""
    parts = [list(_parts(terms)) for terms in places]
    if prod(map(len, parts)) <= _MOST_ROWS:
        return places
    return [part[0] if part else [] for part in parts]


def _patterns(terms: Sequence[str]) -> Iterator[str]:
    """Regular expressions that find all of the terms between them."""
    return map(_pattern, _parts(terms))


def _parts(terms: Sequence[str]) -> Iterator[list[str]]:
    """Terms in parts that one expression each can hold."""
    part: list[str] = []
    size = 0
    for term in terms:
        length = len(term.encode())
        if part and size + length > _MOST_BYTES:
            yield part
            part, size = [], 0
        part.append(term)
        size += length
    if part:
        yield part


def _pattern(terms: Sequence[str]) -> str:
    return "(" + "|".join(map(_escape, terms)) + ")"


def _escape(text: str) -> str:
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in text)


def best_of(queries: Sequence[Query]) -> Query:
    """What finds any of these and counts the best."""
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def any_of(queries: Sequence[Query]) -> Query:
    """What finds any of these."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def all_of(queries: Sequence[Query]) -> Query:
    """What finds what all of these find, and adds their scores up."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def boosted(query: Query, weight: float) -> Query:
    """The same query, counting so many times as much."""
    return query if weight == 1.0 else Query.boost_query(query, weight)


def unscored(query: Query) -> Query:
    """The same query, counting nothing: a filter."""
    return Query.const_score_query(query, 0.0)

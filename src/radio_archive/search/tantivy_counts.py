"""How many passages and broadcasts a Tantivy query finds, and what they are of.

Counted beside the finding, in another thread: Tantivy leaves the interpreter to others meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tantivy import FieldType, Occur, Query, Schema, Searcher

from radio_archive.model import FacetCount
from radio_archive.model import Query as Asked
from radio_archive.search.mentions import MOST_NAMES
from radio_archive.search.postings import Deadline
from radio_archive.search.tantivy_names import (
    FEW_NUMBERED,
    MOST_NUMBERED,
    Mentioned,
    broadcasts_of,
    idents_of,
    most_mentioned,
)
from radio_archive.search.tantivy_query import count
from radio_archive.search.tantivy_schema import KEY_BITS, TRANSLATED

#: different values that Tantivy counts at once, at most
_MOST_VALUES = 65_000
#: parts in which broadcasts are counted when they are more
_PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What holds for all pages and orders of a search."""

    broadcasts: int
    facets: Mapping[str, tuple[FacetCount, ...]]  #: see ``IndexPage``
    in_translations: int


class Counter:
    """Counts what one query finds; made for one search."""

    def __init__(self, searcher: Searcher, schema: Schema, deadline: Deadline) -> None:
        self._searcher = searcher
        self._schema = schema
        self._deadline = deadline

    def count(self, asked: Asked, query: Query, mentioned: Mentioned | None) -> Counts:
        """All counts of a search.

        Args:
            asked: the search.
            query: what finds all that answers it.
            mentioned: names to be counted; None: none are.

        Raises:
            BadQuery: it takes too long.
        """
        counts = buckets(self._searcher, query, ["language", "programme", "year", "traits"])
        self._deadline.check()
        facets = _facets(counts)
        total = sum(times for _, times in counts["language"])  # each passage is of one
        numbered = None
        if mentioned is not None and total <= (MOST_NUMBERED if asked.has_terms else FEW_NUMBERED):
            numbered = idents_of(self._searcher, query, total)
            facets["name"] = mentioned.count_in(numbered)
        elif mentioned is not None:
            facets["name"] = self._names(query, mentioned)
        return Counts(
            broadcasts=(
                self._count_broadcasts(query) if numbered is None else broadcasts_of(numbered)
            ),
            facets=MappingProxyType(facets),
            in_translations=dict(counts["traits"]).get(TRANSLATED, 0),
        )

    def _count_broadcasts(self, query: Query, first: int = 0, last: int = 1 << KEY_BITS) -> int:
        """The broadcasts of all that is found, of those whose key is not before ``last``."""
        inside = query
        if last - first < 1 << KEY_BITS:
            kind = FieldType.Unsigned
            keys = Query.range_query(self._schema, "key", kind, first, last, include_upper=False)
            inside = Query.boolean_query([(Occur.Must, query), (Occur.Must, keys)])
        counted = len(buckets(self._searcher, inside, ["key"])["key"])
        if counted < _MOST_VALUES:
            return counted
        self._deadline.check()
        borders = range(first, last, (last - first) // _PARTS)
        return sum(
            self._count_broadcasts(query, border, border + borders.step) for border in borders
        )

    def _names(self, query: Query, mentioned: Mentioned) -> tuple[FacetCount, ...]:
        """The names that most of what was found mentions, asked one by one."""
        found: list[FacetCount] = []
        least = 0  # what a name must reach to be among those shown
        for name, holders, most in mentioned.names:
            if most < least:
                break
            both = Query.boolean_query([(Occur.Must, query), (Occur.Must, holders)])
            times = count(self._searcher, both)
            if times:
                found.append(FacetCount(value=name, count=times))
                counts = sorted((each.count for each in found), reverse=True)
                least = counts[MOST_NAMES - 1] if len(counts) >= MOST_NAMES else 0
        return most_mentioned(found)


def buckets(
    searcher: Searcher, query: Query, fields: Sequence[str]
) -> dict[str, list[tuple[Any, int]]]:
    """How often each value of some columns occurs in what a query finds."""
    asked = {field: {"terms": {"field": field, "size": _MOST_VALUES}} for field in fields}
    answered = searcher.aggregate(query, asked)
    return {
        field: [(each["key"], each["doc_count"]) for each in answered[field]["buckets"]]
        for field in fields
    }


def _facets(counts: Mapping[str, Any]) -> dict[str, tuple[FacetCount, ...]]:
    years = [FacetCount(value=str(int(year)), count=n) for year, n in counts["year"]]
    return {
        "language": _by_count(counts["language"]),
        "programme": _by_count(counts["programme"]),
        "year": tuple(sorted(years, key=lambda facet: facet.value, reverse=True)),
    }


def _by_count(values: Sequence[tuple[str, int]]) -> tuple[FacetCount, ...]:
    facets = (FacetCount(value=value, count=count) for value, count in values)
    return tuple(sorted(facets, key=lambda facet: (-facet.count, facet.value)))

"""Which passages of a Tantivy index mention which names: what the facet of names counts.

Looked up once per commit and kept as numbers, so that one search counts all names at once: asking
Tantivy for each name reads the query again for each, a millisecond a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tantivy import Query, Searcher

from radio_archive.model import FacetCount
from radio_archive.search.mentions import MOST_NAMES
from radio_archive.search.tantivy_query import count, unscored
from radio_archive.search.vocabulary import Numbers

Ids = NDArray[np.uint64]
"""A number for each passage: of its broadcast and its place there, mixed."""

#: passages that are counted by their numbers at most; of more, each name is asked for: reading
#: numbers costs a microsecond a passage, and where much is found few names need to be asked for
MOST_NUMBERED = 150_000
#: the same for a search without words, which is quickly read
FEW_NUMBERED = 10_000
#: odd, so that neighbouring passages get numbers far apart: 2⁶⁴ over the golden ratio
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Mentioned:
    """The mentions in one state of an index: one entry for each passage and name."""

    names: tuple[tuple[str, Query, int], ...]  #: what finds each, and in how many; most first
    passages: Ids  #: ascending
    numbers: Numbers  #: place in ``names``, in step with ``passages``

    @classmethod
    def find(cls, searcher: Searcher, said: Iterable[tuple[str, Query]]) -> Mentioned:
        """Look all names up.

        Args:
            searcher: of the passages.
            said: names, each with what finds the passages that mention it.
        """
        counted = [(name, query, count(searcher, query)) for name, query in said]
        names = sorted((each for each in counted if each[2]), key=lambda each: (-each[2], each[0]))
        found = [ids_of(searcher, query, total) for _, query, total in names]
        passages = np.concatenate([np.empty(0, np.uint64), *found])
        numbers = np.repeat(np.arange(len(names)), [len(each) for each in found])
        order = np.argsort(passages, kind="stable")
        return cls(tuple(names), passages[order], numbers[order])

    def count_in(self, passages: Ids) -> tuple[FacetCount, ...]:
        """The names that most of some passages mention, most first, equals by name."""
        passages = np.sort(passages)
        first = np.searchsorted(self.passages, passages, "left")
        each = np.searchsorted(self.passages, passages, "right") - first
        # for each passage the entries from its first on, one after the other
        inside = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
        numbers = self.numbers[np.repeat(first, each) + inside]
        counts = np.bincount(numbers, minlength=len(self.names))
        facets = [
            FacetCount(value=self.names[number][0], count=int(counts[number]))
            for number in np.flatnonzero(counts).tolist()
        ]
        return most_mentioned(facets)


def ids_of(searcher: Searcher, query: Query, total: int) -> Ids:
    """The numbers of the passages that a query finds, which are so many."""
    if not total:
        return np.empty(0, np.uint64)
    hits = searcher.search(unscored(query), limit=total, count=False).hits
    places = [place for _, place in hits]
    keys, numbers = (
        np.array(searcher.fast_field_values(column, places), np.uint64)
        for column in ("key", "number")
    )
    mixed: Ids = (keys << np.uint64(12)) + numbers * _MIX
    return mixed


def most_mentioned(facets: Iterable[FacetCount]) -> tuple[FacetCount, ...]:
    """Those shown of one search."""
    return tuple(sorted(facets, key=lambda each: (-each.count, each.value))[:MOST_NAMES])

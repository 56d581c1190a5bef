"""From what a Tantivy query finds to a page of broadcasts, with totals and facets over it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from tantivy import FieldType, Occur, Order, Query, Schema, Searcher

from radio_archive.model import BroadcastId, FacetCount, IndexHit, IndexPage, Sort
from radio_archive.model import Query as Asked
from radio_archive.search.mentions import MOST_NAMES
from radio_archive.search.postings import TRANSLATED_WEIGHT, Deadline
from radio_archive.search.ranking import HITS_PER_BROADCAST, NO_DATE, SCORE_DIGITS
from radio_archive.search.tantivy_names import (
    FEW_NUMBERED,
    MOST_NUMBERED,
    Mentioned,
    ids_of,
    most_mentioned,
)
from radio_archive.search.tantivy_query import count, total_of
from radio_archive.search.tantivy_schema import KEY_BITS, TRANSLATED, aired_of, newness

#: hits fetched for each broadcast of a page at first; four times as many when that is too few
HITS_FETCHED = 8
_FETCHED_MORE = 4
#: hits of one page's broadcasts, of which the best are shown
_MOST_HITS = 20_000
#: different values that Tantivy counts at once, at most
_MOST_VALUES = 65_000
#: parts in which broadcasts are counted when they are more
_PARTS = 4


@dataclass(frozen=True, slots=True)
class _Found:
    """One passage."""

    place: Any  #: Tantivy's address
    key: int  #: of its broadcast
    newest: int
    score: float


class Finder:
    """Runs one query; made for one search."""

    def __init__(self, searcher: Searcher, schema: Schema, deadline: Deadline) -> None:
        self._searcher = searcher
        self._schema = schema
        self._deadline = deadline

    def page(
        self,
        asked: Asked,
        query: Query,
        mentioned: Mentioned | None,
        known: IndexPage | None = None,
    ) -> IndexPage:
        """One page of what a query finds, and the counts of all.

        Args:
            asked: the search.
            query: what finds all that answers it.
            mentioned: names to be counted; None: none are.
            known: another page of the same, whose counts are taken over.
        """
        self._deadline.check()
        first, last = (asked.page - 1) * asked.page_size, asked.page * asked.page_size
        found, total = self._first_broadcasts(asked, query, last)
        best = _best_of_each(found)
        if _column(asked) is None:
            best.sort(key=_order)
        hits = tuple(self._hits(asked, query, best[first:last]))
        if known is not None:
            return replace(known, hits=hits)
        counts = buckets(self._searcher, query, ["language", "programme", "year", "traits"])
        self._deadline.check()
        broadcasts = len(best) if len(found) == total else self._count_broadcasts(query)
        facets = _facets(counts)
        if mentioned is not None:
            facets["name"] = self._names(asked, query, total, mentioned)
        return IndexPage(
            hits=hits,
            total=total,
            total_broadcasts=broadcasts,
            facets=MappingProxyType(facets),
            in_translations=dict(counts["traits"]).get(TRANSLATED, 0),
        )

    def _first_broadcasts(
        self, asked: Asked, query: Query, wanted: int
    ) -> tuple[list[_Found], int]:
        """The first hits, of so many broadcasts where there are, and how many hits there are."""
        limit = wanted * HITS_FETCHED
        while True:
            found, total = self._fetch(query, limit, _column(asked))
            if len(found) == total or len({each.key for each in found}) > wanted:
                return found, total
            limit *= _FETCHED_MORE
            self._deadline.check()

    def _fetch(self, query: Query, limit: int, column: str | None) -> tuple[list[_Found], int]:
        """The first hits by a column, or by their score."""
        options: dict[str, Any] = {"weight_by_field": "weight"}
        if column is not None:
            options = {"order_by_field": column, "order": Order.Desc}
        result = self._searcher.search(query, limit=limit, count=True, **options)
        places = [place for _, place in result.hits]
        if not places:
            return [], total_of(result)
        keys, newest = (self._numbers(name, places) for name in ("key", "newest"))
        scores = [0.0 if column else score for score, _ in result.hits]
        found = [
            _Found(place, key, new, _plain(score, new))
            for place, key, new, score in zip(places, keys, newest, scores, strict=True)
        ]
        return found, total_of(result)

    def _numbers(self, column: str, places: Sequence[Any]) -> list[int]:
        values = self._searcher.fast_field_values(column, list(places))
        return [int(value or 0) for value in values]

    def _hits(self, asked: Asked, query: Query, chosen: Sequence[_Found]) -> list[IndexHit]:
        """The best passages of the broadcasts of a page."""
        if not chosen:
            return []
        names = {each.key: self._broadcast_of(each) for each in chosen}
        theirs = Query.term_set_query(self._schema, "broadcast", list(names.values()))
        inside = Query.boolean_query(
            [(Occur.Must, query), (Occur.Must, Query.const_score_query(theirs, 0.0))]
        )
        found, _ = self._fetch(inside, _MOST_HITS, None)
        numbers = self._numbers("number", [each.place for each in found])
        groups: dict[int, list[tuple[float, int]]] = {each.key: [] for each in chosen}
        for each, number in zip(found, numbers, strict=True):
            groups[each.key].append((-each.score, number))
        ordered = {key: sorted(group) for key, group in groups.items()}
        final = sorted(chosen, key=lambda each: _final(asked, each, ordered, names))
        return [
            IndexHit(broadcast_id=BroadcastId(names[each.key]), number=number, score=-score)
            for each in final
            for score, number in ordered[each.key][:HITS_PER_BROADCAST]
        ]

    def _broadcast_of(self, found: _Found) -> str:
        return str(self._searcher.doc(found.place)["broadcast"][0])

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

    def _names(
        self, asked: Asked, query: Query, total: int, mentioned: Mentioned
    ) -> tuple[FacetCount, ...]:
        """The names that most of what was found mentions."""
        if total <= (MOST_NUMBERED if asked.has_terms else FEW_NUMBERED):
            return mentioned.count_in(ids_of(self._searcher, query, total))
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


def _column(asked: Asked) -> str | None:
    """The column that orders broadcasts; None: the score does."""
    if asked.sort is Sort.OLDEST:
        return "oldest"
    return "newest" if asked.sort is Sort.NEWEST or not asked.has_terms else None


def _plain(score: float, newest: int) -> float:
    """A score without what Tantivy was given to put equals in order."""
    return score * TRANSLATED_WEIGHT / newness(aired_of(newest))


def _best_of_each(found: Sequence[_Found]) -> list[_Found]:
    """The first hit of each broadcast."""
    best: dict[int, _Found] = {}
    for each in found:
        best.setdefault(each.key, each)
    return list(best.values())


def _order(found: _Found) -> tuple[float, int]:
    """What sorts broadcasts by score; those that came by date are in order already."""
    return -_digits(found.score), -found.newest


def _final(
    asked: Asked,
    found: _Found,
    hits: Mapping[int, Sequence[tuple[float, int]]],
    names: Mapping[int, str],
) -> tuple[float | str, ...]:
    """What sorts the broadcasts of a page, as ``ranking`` does."""
    aired, best = aired_of(found.newest), -hits[found.key][0][0]
    name = names[found.key]
    if asked.sort is Sort.OLDEST:
        return (aired == NO_DATE, aired, name)
    if asked.sort is Sort.NEWEST:
        return (-aired, name)
    return (-_digits(best), -aired, name)


def _digits(score: float) -> float:
    return float(f"{score:.{SCORE_DIGITS}g}")

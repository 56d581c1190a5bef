"""From what a Tantivy query finds to the hits of a page of broadcasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tantivy import Occur, Order, Query, Schema, Searcher

from radio_archive.model import BroadcastId, IndexHit, Sort
from radio_archive.model import Query as Asked
from radio_archive.search.postings import TRANSLATED_WEIGHT, Deadline
from radio_archive.search.ranking import HITS_PER_BROADCAST, NO_DATE, SCORE_DIGITS
from radio_archive.search.tantivy_query import total_of
from radio_archive.search.tantivy_schema import aired_of, newness

#: hits fetched for each broadcast of a page at first; four times as many when that is too few
HITS_FETCHED = 8
_FETCHED_MORE = 4
#: hits of some broadcasts that are asked for at once
_MOST_HITS = 20_000
#: broadcasts whose hits are asked for at once, and how often before more is fetched by score: so
#: equals that are older than thousands of others are found sooner
_AT_ONCE, _TIMES = 100, 10
#: what equals are apart by at most: `newness`, and two roundings to four bytes
_SPREAD = 1 + 2e-6


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

    def hits(self, asked: Asked, query: Query) -> tuple[tuple[IndexHit, ...], int]:
        """The best passages of the broadcasts of one page, and how many passages there are in all.

        Args:
            asked: the search.
            query: what finds all that answers it.
        """
        self._deadline.check()
        first, last = (asked.page - 1) * asked.page_size, asked.page * asked.page_size
        found, total = self._first_broadcasts(asked, query, last)
        best = _best_of_each(found)
        if _column(asked) is None:
            best.sort(key=_order)
        chosen = best[first:last]
        if not chosen:
            return (), total
        if len(found) < total or _column(asked) is not None:
            found = self.best_of(query, chosen, HITS_PER_BROADCAST)
        return tuple(self._ranked(asked, chosen, found)), total

    def _first_broadcasts(
        self, asked: Asked, query: Query, wanted: int
    ) -> tuple[list[_Found], int]:
        """The first hits, of so many broadcasts where there are, and how many hits there are.

        Tantivy's scores tell no dates apart. Where a page ends among equals, more is fetched: by
        score, for they may be few, and from the newest on, for they may be nearly all.
        """
        limit, column = wanted * HITS_FETCHED, _column(asked)
        equals: _Equals | None = None
        while True:
            found, total = self._fetch(query, limit, column)
            best = _best_of_each(found)
            if len(found) == total or (column is not None and len(best) > wanted):
                return found, total
            if len(best) > wanted:
                best.sort(key=_order)
                level = _digits(best[wanted - 1].score)
                if _digits(found[-1].score * _SPREAD) < level:
                    return found, total
                above = [each for each in best if _digits(each.score) > level]
                if equals is None or equals.level != level:
                    equals = _Equals(self, query, level)
                if equals.reach(wanted - len(above), limit):
                    return [*above, *equals.broadcasts], total
            limit *= _FETCHED_MORE
            self._deadline.check()

    def fetch_by_date(self, query: Query, first: int, last: int) -> list[_Found]:
        """Hits from the newest on, without scores, from one place among all up to another."""
        return self._fetch(query, last - first, "newest", first)[0]

    def _fetch(
        self, query: Query, limit: int, column: str | None, offset: int = 0
    ) -> tuple[list[_Found], int]:
        """The first hits by a column, or by their score."""
        options: dict[str, Any] = {"weight_by_field": "weight"}
        if column is not None:
            options = {"order_by_field": column, "order": Order.Desc}
        result = self._searcher.search(query, limit=limit, count=True, offset=offset, **options)
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

    def best_of(self, query: Query, chosen: Sequence[_Found], least: int) -> list[_Found]:
        """The best that is found in some broadcasts, so many of each where there are, and more."""
        found: list[_Found] = []
        left = chosen
        while left:
            self._deadline.check()
            best = self._inside(query, left)
            if len(best) < _MOST_HITS:
                return found + best
            # those of others did not fit in
            counts = Counter(each.key for each in best)
            found += [each for each in best if counts[each.key] >= least]
            left = [each for each in left if counts[each.key] < least]
        return found

    def _inside(self, query: Query, chosen: Sequence[_Found]) -> list[_Found]:
        """What is found in some broadcasts, the best first."""
        theirs = Query.term_set_query(
            self._schema, "broadcast", [self._broadcast_of(each) for each in chosen]
        )
        inside = Query.boolean_query(
            [(Occur.Must, query), (Occur.Must, Query.const_score_query(theirs, 0.0))]
        )
        return self._fetch(inside, _MOST_HITS, None)[0]

    def _ranked(
        self, asked: Asked, chosen: Sequence[_Found], found: Sequence[_Found]
    ) -> list[IndexHit]:
        """The best passages of the broadcasts of a page."""
        names = {each.key: self._broadcast_of(each) for each in chosen}
        theirs = [each for each in found if each.key in names]
        numbers = self._numbers("number", [each.place for each in theirs])
        groups: dict[int, list[tuple[float, int]]] = {key: [] for key in names}
        for each, number in zip(theirs, numbers, strict=True):
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


class _Equals:
    """The newest of the broadcasts whose best score is one and the same; newest first."""

    def __init__(self, finder: Finder, query: Query, level: float) -> None:
        self.level = level  #: the digits of the score
        self.broadcasts: list[_Found] = []
        self._finder = finder
        self._query = query
        self._hits_seen = 0
        self._seen: set[int] = set()
        self._left: list[_Found] = []

    def reach(self, wanted: int, hits: int) -> bool:
        """Look among so many of the newest hits; whether so many broadcasts are known now."""
        if len(self._left) < _TIMES * _AT_ONCE:
            newest = self._finder.fetch_by_date(self._query, self._hits_seen, hits)
            self._hits_seen = hits
            new = [each for each in _best_of_each(newest) if each.key not in self._seen]
            self._seen.update(each.key for each in new)
            self._left += new
        for _ in range(_TIMES):
            if len(self.broadcasts) >= wanted or not self._left:
                break
            some, self._left = self._left[:_AT_ONCE], self._left[_AT_ONCE:]
            best = _best_of_each(self._finder.best_of(self._query, some, 1))
            equal = [each for each in best if _digits(each.score) == self.level]
            self.broadcasts += sorted(equal, key=_order)
        return len(self.broadcasts) >= wanted


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

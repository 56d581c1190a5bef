"""From matching passages to a page of broadcasts, with totals and facets over all matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from radio_archive.model import AirDate, BroadcastId, FacetCount, IndexHit, IndexPage, Query, Sort
from radio_archive.model.bands import floors_from
from radio_archive.search.mentions import Mentions
from radio_archive.search.postings import Matches
from radio_archive.search.vocabulary import Numbers

#: hits shown under one broadcast; ``total`` counts all
HITS_PER_BROADCAST = 5

#: digits of a score that decide the order: engines compute with four bytes, which hold seven
SCORE_DIGITS = 5
_LEAST_SCORE = 1e-12

#: seconds since 1970 standing for "nobody knows": before every date
NO_DATE = -(2**62)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What is known of every passage of an index, one entry per passage."""

    broadcasts: Numbers  #: index into ``broadcast_ids``
    broadcast_ids: tuple[str, ...]
    numbers: Numbers  #: the passage's number within its broadcast
    languages: Numbers  #: index into ``language_tags``
    language_tags: tuple[str, ...]
    programmes: Numbers  #: index into ``programme_ids``; the empty id means none
    programme_ids: tuple[str, ...]
    floors: Numbers  #: index into ``floor_names``: see `bands.floor_of`
    floor_names: tuple[str, ...]  #: the empty one means none
    aired: Numbers  #: seconds since 1970, ``NO_DATE`` when nobody knows
    length_factors: NDArray[np.float64]  #: see ``postings.length_factors``
    is_weak: NDArray[np.bool_]  #: likely misheard: words spelt much alike answer too
    is_translation: NDArray[np.bool_]  #: not said
    has_translations: bool
    weak_languages: frozenset[str]  #: tags of languages with passages likely misheard
    is_live: NDArray[np.bool_]  #: False for passages deleted but not yet merged away

    def __len__(self) -> int:
        return len(self.numbers)

    def find_broadcast(self, broadcast_id: str) -> list[int]:
        """The passages of one broadcast, those already deleted left out."""
        if broadcast_id not in self.broadcast_ids:
            return []
        is_its = self.broadcasts == self.broadcast_ids.index(broadcast_id)
        found: list[int] = np.flatnonzero(is_its & self.is_live).tolist()
        return found

    def aired_on(self, date: AirDate) -> NDArray[np.bool_]:
        """Which passages were aired on a date."""
        if date.span is not None:
            first, last = map(_seconds, date.span)
            is_inside: NDArray[np.bool_] = (self.aired >= first) & (self.aired < last)
            return is_inside
        days = self.aired.astype("datetime64[s]").astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        is_month = months.astype(np.int64) % 12 == date.month - 1
        day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
        is_day: NDArray[np.bool_] = is_month & (day == date.day) & (self.aired != NO_DATE)
        return is_day

    def filter(self, query: Query) -> NDArray[np.bool_]:
        """Which passages the query's filters let through."""
        keep = self.is_live.copy()
        if query.language is not None:
            keep &= self.languages == _index_of(self.language_tags, query.language)
        if query.programme_id is not None:
            keep &= self.programmes == _index_of(self.programme_ids, query.programme_id)
        if query.aired_from is not None:
            keep &= self.aired >= _seconds(query.aired_from)
        if query.aired_before is not None:
            keep &= (self.aired < _seconds(query.aired_before)) & (self.aired != NO_DATE)
        if query.floor is not None:
            wanted = [_index_of(self.floor_names, floor) for floor in floors_from(query.floor)]
            keep &= np.isin(self.floors, wanted)
        if query.is_said_only:
            keep &= ~self.is_translation
        return keep


def rank(
    table: Table, query: Query, matches: Matches, mentions: Mentions | None = None
) -> IndexPage:
    """Order the matches by broadcast and cut out one page.

    Broadcasts come by their best passage, or by date with those of no date last; equals by date,
    newest first, then by id. Within a broadcast passages come by score, equals in spoken order.
    """
    docs, scores = matches.docs, matches.scores
    groups = table.broadcasts[docs]
    present, inverse = np.unique(groups, return_inverse=True)
    best = np.full(len(present), -np.inf)
    np.maximum.at(best, inverse, scores)
    aired = np.full(len(present), NO_DATE)
    aired[inverse] = table.aired[docs]
    order = _order_broadcasts(query.sort, best, aired, [table.broadcast_ids[g] for g in present])
    first = (query.page - 1) * query.page_size
    hits: list[IndexHit] = []
    for place in order[first : first + query.page_size].tolist():
        inside = np.flatnonzero(inverse == place)
        inside = inside[np.lexsort((table.numbers[docs[inside]], -scores[inside]))]
        broadcast_id = BroadcastId(table.broadcast_ids[int(present[place])])
        hits += [
            IndexHit(
                broadcast_id=broadcast_id,
                number=int(table.numbers[docs[at]]),
                score=float(scores[at]),
            )
            for at in inside[:HITS_PER_BROADCAST]
        ]
    return IndexPage(
        hits=tuple(hits),
        total=len(docs),
        total_broadcasts=len(present),
        facets=_facets(table, docs, mentions),
        in_translations=int(table.is_translation[docs].sum()),
    )


def _order_broadcasts(
    sort: Sort, best: NDArray[np.float64], aired: Numbers, ids: list[str]
) -> Numbers:
    names = np.argsort(np.argsort(np.asarray(ids, dtype=np.str_), kind="stable"))
    is_undated = aired == NO_DATE
    # the last key counts most
    keys: dict[Sort, tuple[NDArray[np.generic], ...]] = {
        Sort.RELEVANCE: (names, -aired, -round_scores(best)),
        Sort.NEWEST: (names, -aired),
        Sort.OLDEST: (names, aired, is_undated),
    }
    return np.lexsort(keys[sort])


def round_scores(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores in the digits that count: what differs less is equal, and comes by date."""
    magnitudes = np.floor(np.log10(np.maximum(np.abs(scores), _LEAST_SCORE)))
    steps = 10.0 ** (SCORE_DIGITS - 1 - magnitudes)
    rounded: NDArray[np.float64] = np.round(scores * steps) / steps
    return rounded


def _facets(
    table: Table, docs: Numbers, mentions: Mentions | None
) -> Mapping[str, tuple[FacetCount, ...]]:
    aired = table.aired[docs]
    dated = aired[aired != NO_DATE].astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64)
    years, counts = np.unique(dated + 1970, return_counts=True)
    by_year = [
        FacetCount(value=str(year), count=count)
        for year, count in zip(years.tolist(), counts.tolist(), strict=True)
    ]
    facets = {
        "language": _count_values(table.languages[docs], table.language_tags),
        "programme": _count_values(table.programmes[docs], table.programme_ids),
        "year": tuple(reversed(by_year)),
    }
    if mentions is not None:
        is_found = np.zeros(len(table), np.bool_)
        is_found[docs] = True
        facets["name"] = mentions.count(is_found)
    return MappingProxyType(facets)


def _count_values(indexes: Numbers, values: tuple[str, ...]) -> tuple[FacetCount, ...]:
    counts = np.bincount(indexes, minlength=len(values)).tolist()
    found = [
        FacetCount(value=value, count=count)
        for value, count in zip(values, counts, strict=True)
        if count and value
    ]
    return tuple(sorted(found, key=lambda facet: (-facet.count, facet.value)))


def _index_of(values: tuple[str, ...], wanted: str) -> int:
    return values.index(wanted) if wanted in values else -1


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())

"""Which passages of a Tantivy index mention which names: what the facet of names counts.

Looked up once per commit and kept as numbers, so that one search counts all names at once: asking
Tantivy for each name reads the query again for each, a millisecond a name.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock, Thread

import numpy as np
from numpy.typing import NDArray
from tantivy import Query, Searcher

from radio_archive.model import FacetCount, SpokenName
from radio_archive.search.mentions import MOST_NAMES
from radio_archive.search.tantivy_parts import unscored
from radio_archive.search.tantivy_query import count
from radio_archive.search.tantivy_schema import PLACE_BITS
from radio_archive.search.vocabulary import Numbers

log = logging.getLogger(__name__)

Ids = NDArray[np.uint64]
"""A number for each passage: the key of its broadcast, and its place there."""

#: passages that are counted by their numbers at most, which costs half a microsecond a passage and
#: a hundred bytes for the moment; of more, each name is asked for: 0.2 to 1 s of processor time
#: whatever is found, of 1.7 million
MOST_NUMBERED = 500_000
#: the same for a search without words, which is quickly read
FEW_NUMBERED = 10_000
#: passages up to which all names are looked up at once after a change: a tenth of the 0.9 s of
#: processor time that 340,000 took
LOOKED_UP_AT_ONCE = 30_000
#: as many times as long as looking them up took they are not looked up again
LOOKING_SHARE = 19


@dataclass(frozen=True, slots=True)
class Mentioned:
    """The mentions in one state of an index: the passages, and for each the names it mentions."""

    names: tuple[tuple[str, Query, int], ...]  #: what finds each, and in how many; most first
    passages: Ids  #: that mention any, ascending
    starts: Numbers  #: where those of each begin in ``numbers``, and where the last one's end
    numbers: Numbers  #: places in ``names``, passage by passage

    @classmethod
    def find(cls, searcher: Searcher, said: Iterable[tuple[str, Query]]) -> Mentioned:
        """Look all names up.

        Args:
            searcher: of the passages.
            said: names, each with what finds the passages that mention it.
        """
        counted = [(name, query, count(searcher, query)) for name, query in said]
        names = sorted((each for each in counted if each[2]), key=lambda each: (-each[2], each[0]))
        found = [idents_of(searcher, query, total) for _, query, total in names]
        passages = np.concatenate([np.empty(0, np.uint64), *found])
        numbers = np.repeat(np.arange(len(names)), [len(each) for each in found])
        order = np.argsort(passages, kind="stable")
        each, starts = np.unique(passages[order], return_index=True)
        return cls(tuple(names), each, np.append(starts, len(order)), numbers[order])

    def count_in(self, passages: Ids) -> tuple[FacetCount, ...]:
        """The names that most of some passages mention, most first, equals by name.

        Args:
            passages: their numbers, ascending: looking them up is quicker so.
        """
        if not len(self.passages):
            return ()
        places = np.searchsorted(self.passages[:-1], passages)
        places = places[self.passages[places] == passages]
        first = self.starts[places]
        each = self.starts[places + 1] - first
        # for each passage the entries from its first on, one after the other
        inside = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
        numbers = self.numbers[np.repeat(first, each) + inside]
        counts = np.bincount(numbers, minlength=len(self.names))
        facets = [
            FacetCount(value=self.names[number][0], count=int(counts[number]))
            for number in np.flatnonzero(counts).tolist()
        ]
        return most_mentioned(facets)


class KeptMentions:
    """The mentions of names from one state of an index to the next. Safe between threads.

    Looking all names up takes seconds in a large index, and every broadcast that comes in changes
    it: searches then go on with what was known, which lacks the newest passages, and the names are
    looked up beside them. A passage's number is of what it is, not of where it lies, so that what
    was known holds in the next state too.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: tuple[tuple[SpokenName, ...], object, Mentioned] | None = None
        self._is_looking = False
        self._may_begin_at = -math.inf

    def get(
        self, names: tuple[SpokenName, ...], state: object, find: Callable[[], Mentioned], size: int
    ) -> Mentioned:
        """The mentions of names.

        Args:
            names: the same tuple again costs least.
            state: of the index.
            find: looks the names up in it.
            size: passages in it.
        """
        with self._lock:
            known = self._known
            if known is not None and known[0] is names:
                if known[1] is state:
                    return known[2]
                if size > LOOKED_UP_AT_ONCE:
                    self._begin(names, state, find)
                    return known[2]
            mentioned = find()
            self._known = (names, state, mentioned)
            return mentioned

    def _begin(
        self, names: tuple[SpokenName, ...], state: object, find: Callable[[], Mentioned]
    ) -> None:
        """Look names up beside the searches, unless that is done now or was a moment ago."""
        if self._is_looking or time.monotonic() < self._may_begin_at:
            return

        def look() -> None:
            started = time.monotonic()
            mentioned = None
            try:
                mentioned = find()
            except (
                OSError,
                ValueError,
            ) as error:  # the index was replaced: the next search looks again
                log.warning("names not looked up: %s", error)
            with self._lock:
                if mentioned is not None and self._known is not None and self._known[0] is names:
                    self._known = (names, state, mentioned)
                self._is_looking = False
                now = time.monotonic()
                self._may_begin_at = now + LOOKING_SHARE * (now - started)

        self._is_looking = True
        Thread(target=look, name="names", daemon=True).start()


def idents_of(searcher: Searcher, query: Query, total: int) -> Ids:
    """The numbers of the passages that a query finds, which are so many, ascending."""
    if not total:
        return np.empty(0, np.uint64)
    hits = searcher.search(unscored(query), limit=total, count=False).hits
    numbers = searcher.fast_field_values("ident", [place for _, place in hits])
    return np.sort(np.array(numbers, np.uint64))


def broadcasts_of(passages: Ids) -> int:
    """How many broadcasts passages are of, given by their numbers, ascending."""
    keys = passages >> np.uint64(PLACE_BITS)
    return int(np.count_nonzero(keys[1:] != keys[:-1])) + bool(len(keys))


def most_mentioned(facets: Iterable[FacetCount]) -> tuple[FacetCount, ...]:
    """Those shown of one search."""
    return tuple(sorted(facets, key=lambda each: (-each.count, each.value))[:MOST_NAMES])

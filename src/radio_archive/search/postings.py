"""Answering a plan over posting lists held as NumPy arrays: AND, OR, phrases, beginnings, scores.

An engine gives whole posting lists; everything else is array arithmetic, for filters, facets and
totals need every match anyway. Matching one posting at a time in Python is 5 to 40 times slower
(docs/search.md has the figures).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from radio_archive.errors import BadQuery
from radio_archive.model import AirDate, Origin
from radio_archive.search.lengths import K1
from radio_archive.search.plan import Clause, Plan, QueryWord, Reading, Row
from radio_archive.search.spellings import Spelt, close_words
from radio_archive.search.vocabulary import Numbers

Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: what a word of the same folded form adds to its stem, and the exact spelling to that: with them
#: a passage that has a word once as typed comes before one that has it often in other spellings,
#: and that before one that has only other forms of it
FOLDED_BONUS, EXACT_BONUS = 1.5, 3.5
#: what words nobody typed count, against the stem of one that was: each less than the one before
#: even when said often, for K1 bounds what repetition brings to 2.2 times
ALIAS_WEIGHT, CLOSE_WEIGHT, TRANSLATED_WEIGHT = 0.8, 0.2, 0.03
#: what the date of a broadcast counts: a word once as typed
AIRED_WEIGHT = 1 + FOLDED_BONUS + EXACT_BONUS
#: bits that hold a position beside a passage's number
POSITION_BITS = 16


class Deadline:
    """Raises once a search has taken too long; used by the thread that made it."""

    def __init__(self, limit_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to count.

        Args:
            limit_s: seconds the search may take.
            clock: what counts them. Engines inside the process give the thread's own time: a search
                that waits for the processor costs no more than one that does not.
        """
        self._clock = clock
        self._end = clock() + limit_s
        self._limit_s = limit_s

    def check(self) -> None:
        """Look at the clock.

        Raises:
            BadQuery: the time is over.
        """
        if self._clock() >= self._end:
            raise BadQuery(
                f"The search costs too much: it was stopped after {self._limit_s:g} s.",
                hint="Use fewer or longer words, or filter by language or date.",
            )

    @property
    def left_s(self) -> float:
        """Seconds that are left; none when it is over."""
        return max(0.0, self._end - self._clock())

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Do not count what goes on inside: it is done once, for all searches to come."""
        started = self._clock()
        try:
            yield
        finally:
            self._end += self._clock() - started


@dataclass(frozen=True, slots=True)
class Postings:
    """The passages that hold something, ascending, and how often."""

    docs: Numbers
    counts: Numbers


NO_POSTINGS = Postings(np.empty(0, np.int64), np.empty(0, np.int64))
_Levels = tuple[Postings, Postings, Postings]


class PostingSource(Spelt, Protocol):
    """What an engine knows of the words of one analyzer's languages."""

    @property
    def length_factors(self) -> Scores:
        """What ``length_factors`` gives for all passages."""
        ...

    def postings(self, term: str) -> Postings:
        """Passages with this index term; empty when there is none."""
        ...

    def places(self, term: str) -> Numbers:
        """Every place of this index term: passage shifted by ``POSITION_BITS``, plus position."""
        ...


@dataclass(frozen=True, slots=True)
class Matches:
    """Passages that answer something, ascending, and how well."""

    docs: Numbers
    scores: Scores


NOTHING = Matches(np.empty(0, np.int64), np.empty(0, np.float64))


class Evaluator:
    """Answers plans over one source; made for one search."""

    def __init__(
        self,
        source: PostingSource,
        deadline: Deadline,
        *,
        is_open: Mask | None = None,
        aired_on: Callable[[AirDate], Numbers] = lambda _date: NO_POSTINGS.docs,
    ) -> None:
        """Prepare to search.

        Args:
            source: the words.
            deadline: of the whole search.
            is_open: for each passage, whether words spelt much alike answer in it; None: in none.
            aired_on: gives the passages aired on a date, ascending, of whatever language.
        """
        self._source = source
        self._deadline = deadline
        self._is_open = is_open
        self._aired_on = aired_on
        self._known_places: dict[str, Numbers] = {}
        self._known_clauses: dict[Clause, Matches] = {}

    def find(self, plan: Plan) -> Matches:
        """The passages that answer any reading, by the best, and hold nothing excluded.

        Where a date stands alone they are of any language.
        """
        found = NOTHING
        for reading in plan.readings:
            found = _either(found, self._reading(reading))
        for clause in plan.excluded:
            keep = ~np.isin(found.docs, self._clause(clause).docs, assume_unique=True)
            found = Matches(found.docs[keep], found.scores[keep])
        return found

    def holders(self, clause: Clause) -> Numbers:
        """The passages that hold any row of a clause, ascending, whatever they count."""
        found = [self._holders(row) for row in clause.rows]
        return np.unique(np.concatenate(found)) if found else NO_POSTINGS.docs

    def _holders(self, row: Row) -> Numbers:
        every = [self._source.spellings(word).every for word in row.words]
        return (self._union(every[0]) if len(every) == 1 else self._chain(every)).docs

    def _reading(self, reading: Reading) -> Matches:
        found = None if reading.aired is None else self._aired(reading.aired)
        for clause in reading.clauses:
            matches = self._clause(clause)
            found = matches if found is None else _both(found, matches)
            if not len(found.docs):
                return NOTHING
        if found is None:
            return NOTHING
        return Matches(found.docs, found.scores * ORIGIN_WEIGHTS[reading.origin])

    def _aired(self, date: AirDate) -> Matches:
        """A date counts as one word as typed, said once: the rarer the better."""
        docs = self._aired_on(date)
        found = Postings(docs, np.ones(len(docs), np.int64))
        return Matches(docs, np.full(len(docs), AIRED_WEIGHT * self._rarity(found)))

    def _clause(self, clause: Clause) -> Matches:
        known = self._known_clauses.get(clause)
        if known is None:
            known = self._known_clauses[clause] = self._answer(clause)
        return known

    def _answer(self, clause: Clause) -> Matches:
        """The passages that hold any row of a clause, by the best.

        What stands for a word is never rarer than the word itself: it would outrank it.
        """
        found, ceiling = NOTHING, math.inf
        for row in clause.rows:
            self._deadline.check()
            levels = self._word(row.words[0]) if len(row.words) == 1 else self._row(row)
            is_typed = row.origin is Origin.TYPED
            if not len(levels[0].docs) and not (is_typed and self._is_elsewhere(levels[0])):
                continue
            if is_typed:
                rarity = self._rarity(levels[0])
                ceiling = min(ceiling, rarity)
                scores = rarity * self._score(levels, is_presence=row.words[0].is_prefix)
                found = _either(found, Matches(levels[0].docs, scores))
            else:
                found = _either(found, self._weigh(levels[0], ORIGIN_WEIGHTS[row.origin], ceiling))
        if self._is_open is None:
            return found
        for row in clause.rows:
            if row.has_close:
                self._deadline.check()
                with self._deadline.stopped():
                    self._source.prepare_close()
                near = self._close(row, self._is_open)
                rarity = CLOSE_WEIGHT * min(ceiling, self._rarity(near))
                found = _either(found, Matches(near.docs, np.full(len(near.docs), rarity)))
        return found

    def _word(self, word: QueryWord) -> _Levels:
        """Passages with any form of a word, with its folded form, with its exact spelling."""
        spellings = self._source.spellings(word)
        every = self._union(spellings.every)
        folded = every
        if len(spellings.folded) < len(spellings.every):
            folded = self._union(spellings.folded)
        exact = folded
        if len(spellings.exact) < len(spellings.folded):
            exact = self._union(spellings.exact)
        return every, folded, exact

    def _row(self, row: Row) -> _Levels:
        """Likewise for words that follow one another."""
        spellings = [self._source.spellings(word) for word in row.words]
        every = self._chain([each.every for each in spellings])
        if not len(every.docs):
            return every, every, every
        folded = self._chain([each.folded for each in spellings])
        return every, folded, self._chain([each.exact for each in spellings])

    def _close(self, row: Row, is_open: Mask) -> Postings:
        """Open passages that hold a row when words spelt much alike answer too."""
        words = close_words(self._source, row)
        if not words:
            return NO_POSTINGS
        found = self._union(words[0]) if len(words) == 1 else self._chain(words)
        keep = is_open[found.docs]
        return Postings(found.docs[keep], found.counts[keep])

    def _chain(self, words: Sequence[Sequence[str]]) -> Postings:
        """Passages where words follow one another, each in any of its spellings.

        From the rarest word outwards: where it begins is looked up in the others' places.
        """
        if not all(words):
            return NO_POSTINGS
        places = [[self._places(term) for term in terms] for terms in words]
        sizes = [sum(len(found) for found in spellings) for spellings in places]
        rarest = int(np.argmin(sizes))
        begins = np.unique(np.concatenate(places[rarest])) - rarest
        for offset, spellings in enumerate(places):
            if offset != rarest and len(begins):
                wanted = begins + offset
                is_there = np.zeros(len(wanted), np.bool_)
                for found in spellings:
                    is_there |= _contains(found, wanted)
                begins = begins[is_there]
        docs, counts = np.unique(begins >> POSITION_BITS, return_counts=True)
        return Postings(docs, counts)

    def _places(self, term: str) -> Numbers:
        self._deadline.check()
        if term not in self._known_places:
            self._known_places[term] = self._source.places(term)
        return self._known_places[term]

    def _union(self, terms: Sequence[str]) -> Postings:
        lists = []
        for term in terms:
            self._deadline.check()
            lists.append(self._source.postings(term))
        lists = [postings for postings in lists if len(postings.docs)]
        if len(lists) == 1:
            return lists[0]
        if not lists:
            return NO_POSTINGS
        size = len(self._source.length_factors)
        counts = np.zeros(size, np.int64)
        for postings in lists:
            counts[postings.docs] += postings.counts
        docs = np.flatnonzero(counts)
        return Postings(docs, counts[docs])

    def _rarity(self, every: Postings) -> float:
        return rarity(len(self._source.length_factors), len(every.docs))

    def _is_elsewhere(self, _every: Postings) -> bool:
        """Whether the index holds more of this than the source, which may know a part of it."""
        return False

    def _weigh(self, found: Postings, weight: float, ceiling: float) -> Matches:
        """The passages of words that nobody typed."""
        factor = self._source.length_factors[found.docs]
        rarity = min(ceiling, self._rarity(found))
        return Matches(found.docs, weight * rarity * _saturate(found.counts, factor))

    def _score(self, levels: _Levels, *, is_presence: bool) -> Scores:
        """What the levels count together.

        Args:
            levels: what ``_word`` or ``_row`` found.
            is_presence: whether each counts once, however often it is said: a beginning stands
                for many words.
        """
        every, *nearer = levels
        factor = self._source.length_factors[every.docs]
        said = np.ones(len(every.docs)) if is_presence else _saturate(every.counts, factor)
        scores = said.copy()
        for level, bonus in zip(nearer, (FOLDED_BONUS, EXACT_BONUS), strict=True):
            if level is every:
                scores += bonus * said
            elif len(level.docs):
                at = np.searchsorted(every.docs, level.docs)
                scores[at] += bonus * (1 if is_presence else _saturate(level.counts, factor[at]))
        return scores


ORIGIN_WEIGHTS = {
    Origin.TYPED: 1.0,
    Origin.ALIAS: ALIAS_WEIGHT,
    Origin.TRANSLATION: TRANSLATED_WEIGHT,
}


def rarity(size: int, holders: int) -> float:
    """What BM25 counts a word that so many passages of all hold."""
    return math.log(1 + (size - holders + 0.5) / (holders + 0.5))


def _saturate(counts: Numbers, factor: Scores) -> Scores:
    result: Scores = counts * (K1 + 1) / (counts + factor)
    return result


def _contains(ascending: Numbers, wanted: Numbers) -> NDArray[np.bool_]:
    if not len(ascending):
        return np.zeros(len(wanted), np.bool_)
    at = np.searchsorted(ascending, wanted)
    at[at == len(ascending)] = 0
    result: NDArray[np.bool_] = ascending[at] == wanted
    return result


def _both(one: Matches, other: Matches) -> Matches:
    few, many = (one, other) if len(one.docs) <= len(other.docs) else (other, one)
    if not len(few.docs):
        return NOTHING
    inside = _contains(many.docs, few.docs)
    docs = few.docs[inside]
    scores = few.scores[inside] + many.scores[np.searchsorted(many.docs, docs)]
    return Matches(docs, scores)


def _either(one: Matches, other: Matches) -> Matches:
    """Passages with any of two readings count once, by the better."""
    if not len(one.docs) or not len(other.docs):
        return one if len(one.docs) else other
    docs = np.union1d(one.docs, other.docs)
    scores = np.zeros(len(docs))
    for matches in (one, other):
        at = np.searchsorted(docs, matches.docs)
        scores[at] = np.maximum(scores[at], matches.scores)
    return Matches(docs, scores)

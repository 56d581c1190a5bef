"""Answering a plan over posting lists held as NumPy arrays: AND, OR, phrases, beginnings, scores.

An engine gives whole posting lists; everything else is array arithmetic, for filters, facets and
totals need every match anyway. Matching one posting at a time in Python is 5 to 40 times slower
(docs/search.md has the figures).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from radio_archive.errors import BadQuery
from radio_archive.search.matching import Clause, Plan, QueryWord, Row

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]

#: BM25 (Robertson and Zaragoza 2009): saturation as usual; length counts little, for passages
#: are cut to nearly one length
K1, B = 1.2, 0.3
#: what an exact spelling adds to the same word folded; with it a passage that has a word once as
#: typed comes before one that has it often in other spellings
EXACT_BONUS = 2.0
#: words that a ``word*`` may stand for
MAX_EXPANSIONS = 1_000
#: bits that hold a position beside a passage's number
POSITION_BITS = 16


class Deadline:
    """Raises once a search has taken too long."""

    def __init__(self, limit_s: float) -> None:
        self._end = time.monotonic() + limit_s
        self._limit_s = limit_s

    def check(self) -> None:
        """Look at the clock.

        Raises:
            BadQuery: the time is over.
        """
        if time.monotonic() >= self._end:
            raise BadQuery(
                f"The search costs too much: it was stopped after {self._limit_s:g} s.",
                hint="Use fewer or longer words, or filter by language or date.",
            )


@dataclass(frozen=True, slots=True)
class Postings:
    """The passages that hold something, ascending, and how often."""

    docs: Numbers
    counts: Numbers


class PostingSource(Protocol):
    """What an engine knows of the words of one analyzer's languages."""

    @property
    def lengths(self) -> Numbers:
        """Words of each passage, by its number."""
        ...

    def postings(self, term: str) -> Postings:
        """Passages with this index term; empty when there is none."""
        ...

    def places(self, term: str) -> Numbers:
        """Every place of this index term: passage shifted by ``POSITION_BITS``, plus position."""
        ...

    def terms_of_word(self, word: QueryWord) -> tuple[Sequence[str], Sequence[str]]:
        """Index terms of a word in any spelling, and of its exact spelling."""
        ...


@dataclass(frozen=True, slots=True)
class Matches:
    """Passages that answer something, ascending, and how well."""

    docs: Numbers
    scores: Scores


NOTHING = Matches(np.empty(0, np.int64), np.empty(0, np.float64))


class Evaluator:
    """Answers plans over one source; made for one search."""

    def __init__(self, source: PostingSource, deadline: Deadline) -> None:
        self._source = source
        self._deadline = deadline
        self._known_places: dict[str, Numbers] = {}
        lengths = source.lengths
        mean = float(lengths.mean()) if len(lengths) else 1.0
        relative: Scores = lengths.astype(np.float64) / max(mean, 1.0)
        self._length_factor = relative * (K1 * B) + K1 * (1 - B)

    def find(self, plan: Plan) -> Matches:
        """The passages that meet every required clause and no excluded one."""
        found: Matches | None = None
        for clause in plan.required:
            matches = self._clause(clause)
            found = matches if found is None else _both(found, matches)
            if not len(found.docs):
                return NOTHING
        if found is None:
            return NOTHING
        for clause in plan.excluded:
            keep = ~np.isin(found.docs, self._clause(clause).docs, assume_unique=True)
            found = Matches(found.docs[keep], found.scores[keep])
        return found

    def _clause(self, clause: Clause) -> Matches:
        found = NOTHING
        for row in clause.rows:
            self._deadline.check()
            matches = self._word(row[0]) if len(row) == 1 else self._row(row)
            found = matches if not len(found.docs) else _either(found, matches)
        return found

    def _word(self, word: QueryWord) -> Matches:
        folded, exact = self._source.terms_of_word(word)
        every = self._union(folded)
        return self._score(every, self._union(exact))

    def _row(self, row: Row) -> Matches:
        every = _chain([self._places(word, exact=False) for word in row])
        if not len(every):
            return NOTHING
        has_exact = all(word.exact is not None for word in row)
        exact = _chain([self._places(word, exact=True) for word in row]) if has_exact else every[:0]
        return self._score(_count(every), _count(exact))

    def _places(self, word: QueryWord, *, exact: bool) -> Numbers:
        folded_terms, exact_terms = self._source.terms_of_word(word)
        places = []
        for term in exact_terms if exact else folded_terms:
            self._deadline.check()
            if term not in self._known_places:
                self._known_places[term] = self._source.places(term)
            places.append(self._known_places[term])
        places = [found for found in places if len(found)]
        if len(places) == 1:
            return places[0]
        # the parts of a hyphenated word may have one term twice at one place
        return np.unique(np.concatenate(places)) if places else np.empty(0, np.int64)

    def _union(self, terms: Iterable[str]) -> Postings:
        lists = []
        for term in terms:
            self._deadline.check()
            lists.append(self._source.postings(term))
        lists = [postings for postings in lists if len(postings.docs)]
        if len(lists) == 1:
            return lists[0]
        if not lists:
            return Postings(np.empty(0, np.int64), np.empty(0, np.int64))
        size = len(self._source.lengths)
        counts = np.zeros(size, np.int64)
        for postings in lists:
            counts[postings.docs] += postings.counts
        docs = np.flatnonzero(counts)
        return Postings(docs, counts[docs])

    def _score(self, every: Postings, exact: Postings) -> Matches:
        size = len(self._source.lengths)
        rarity = math.log(1 + (size - len(every.docs) + 0.5) / (len(every.docs) + 0.5))
        factor = self._length_factor[every.docs]
        scores = _saturate(every.counts, factor)
        if len(exact.docs):
            at = np.searchsorted(every.docs, exact.docs)
            scores[at] += EXACT_BONUS * _saturate(exact.counts, factor[at])
        return Matches(every.docs, rarity * scores)


def _saturate(counts: Numbers, factor: Scores) -> Scores:
    result: Scores = counts * (K1 + 1) / (counts + factor)
    return result


def _chain(places: list[Numbers]) -> Numbers:
    """Where a row begins: places of the first word that all others follow in order."""
    shifted = sorted(
        (found - offset for offset, found in enumerate(places)), key=lambda found: len(found)
    )
    begins = shifted[0]
    for others in shifted[1:]:
        begins = begins[_contains(others, begins)]
    return begins


def _count(places: Numbers) -> Postings:
    docs, counts = np.unique(places >> POSITION_BITS, return_counts=True)
    return Postings(docs, counts)


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
    docs = np.union1d(one.docs, other.docs)
    scores = np.zeros(len(docs))
    for matches in (one, other):
        at = np.searchsorted(docs, matches.docs)
        scores[at] = np.maximum(scores[at], matches.scores)
    return Matches(docs, scores)

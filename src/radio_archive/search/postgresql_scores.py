"""Our own scores of the passages that PostgreSQL found, as if all passages were at hand.

What was found is a part of the index. How rare a word is, the whole index is asked: once for each
of its states.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from radio_archive.model import AirDate
from radio_archive.search.plan import Row
from radio_archive.search.postgresql_candidates import CandidateWords
from radio_archive.search.postgresql_database import Session
from radio_archive.search.postgresql_query import Places, aired_on, holds, row_query
from radio_archive.search.postgresql_snapshot import Snapshot
from radio_archive.search.postings import (
    AIRED_WEIGHT,
    NO_POSTINGS,
    Deadline,
    Evaluator,
    Mask,
    Matches,
    Postings,
    rarity,
)
from radio_archive.search.spellings import close_words
from radio_archive.search.vocabulary import Numbers


class Asker:
    """Asks how many passages of the whole index a condition lets through; made for one search."""

    def __init__(self, session: Session, snapshot: Snapshot, deadline: Deadline) -> None:
        self._session = session
        self._snapshot = snapshot
        #: of the search
        self.deadline = deadline

    @property
    def size(self) -> int:
        """All passages."""
        return self._snapshot.size

    def count(self, condition: str) -> int:
        """Those that a condition lets through."""
        return self._snapshot.frequency(condition, lambda: self._ask(condition))

    def _ask(self, condition: str) -> int:
        self._session.limit(self.deadline)
        table = self._snapshot.tables.passages
        return int(self._session.rows(f"select count(*) from {table} where {condition}")[0][0])


@dataclass(frozen=True, slots=True)
class _Part(Postings):
    """The candidates that hold something of which the index may hold more."""

    condition: str  #: finds them all


class CandidateEvaluator(Evaluator):
    """Scores candidates as all passages together would be scored."""

    def __init__(
        self,
        source: CandidateWords,
        asker: Asker,
        *,
        is_open: Mask | None,
        is_open_if: str,
        aired_on: Callable[[AirDate], Numbers],
    ) -> None:
        """See ``Evaluator``.

        Args:
            source: the candidates.
            asker: knows all passages, and when the search is to end.
            is_open: of the candidates.
            is_open_if: the condition that says so of all passages.
            aired_on: of the candidates.
        """
        super().__init__(source, asker.deadline, is_open=is_open, aired_on=aired_on)
        self._words = source.words
        self._asker = asker
        self._is_open_if = is_open_if

    def _union(self, terms: Sequence[str]) -> Postings:
        return self._part(super()._union(terms), [terms])

    def _chain(self, words: Places) -> Postings:
        return self._part(super()._chain(words), words)

    def _close(self, row: Row, is_open: Mask) -> Postings:
        found = super()._close(row, is_open)
        if not len(found.docs):
            return NO_POSTINGS
        condition = holds(row_query(self._words, close_words(self._words.speller, row)))
        return _Part(found.docs, found.counts, f"{condition} and {self._is_open_if}")

    def _part(self, found: Postings, words: Places) -> Postings:
        query = row_query(self._words, words)
        return _Part(found.docs, found.counts, holds(query)) if query else NO_POSTINGS

    def _aired(self, date: AirDate) -> Matches:
        docs = self._aired_on(date)
        rare = rarity(self._asker.size, self._asker.count(aired_on(date)))
        return Matches(docs, np.full(len(docs), AIRED_WEIGHT * rare))

    def _rarity(self, every: Postings) -> float:
        return rarity(self._asker.size, self._count_all(every))

    def _is_elsewhere(self, every: Postings) -> bool:
        return self._count_all(every) > 0

    def _count_all(self, every: Postings) -> int:
        return self._asker.count(every.condition) if isinstance(every, _Part) else len(every.docs)

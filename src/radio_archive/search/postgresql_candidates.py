"""The passages that PostgreSQL found for one search, read into arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from radio_archive.search.plan import QueryWord
from radio_archive.search.postgresql_database import Session
from radio_archive.search.postgresql_snapshot import Snapshot, Words
from radio_archive.search.postgresql_tables import (
    FACT,
    IS_TRANSLATION,
    IS_WEAK,
    TOKEN,
    Tables,
)
from radio_archive.search.postings import POSITION_BITS, Mask, Postings, Scores
from radio_archive.search.ranking import Table
from radio_archive.search.spellings import Spellings
from radio_archive.search.vocabulary import Numbers


class Candidates:
    """Passages by ascending id, with the places of the words that were asked for."""

    def __init__(self, facts: NDArray[np.void], tokens: NDArray[np.void], wanted: Numbers) -> None:
        """Take what was read.

        Args:
            facts: of the passages, in any order.
            tokens: of the same passages in the same order; empty when no word is asked for.
            wanted: numbers of the words asked for.
        """
        order = np.argsort(facts["id"], kind="stable")
        self.facts = facts[order]
        docs = np.empty(len(order), np.int64)
        docs[order] = np.arange(len(order))
        words = tokens["word"].astype(np.int64)
        keep = np.isin(words, wanted)
        of_passage = np.repeat(docs, facts["tokens"].astype(np.int64)) if len(tokens) else docs[:0]
        places = (of_passage[keep] << POSITION_BITS) + tokens["position"][keep]
        by_word = np.lexsort((places, words[keep]))
        self._words: Numbers = words[keep][by_word]
        self._places: Numbers = places[by_word]

    def __len__(self) -> int:
        return len(self.facts)

    @classmethod
    def read(
        cls, session: Session, tables: Tables, condition: str, wanted: Numbers | None
    ) -> Candidates:
        """The passages that a condition lets through.

        Args:
            session: a transaction.
            tables: where they lie.
            condition: on a passage.
            wanted: numbers of the words whose places count; None: of none.
        """
        facts = "string_agg(int8send(id) || facts, ''::bytea)"
        tokens = "''::bytea" if wanted is None else "string_agg(tokens, ''::bytea)"
        found = session.rows(
            f"select coalesce({facts}, ''), coalesce({tokens}, '')"
            f" from {tables.passages} where {condition}"
        )[0]
        return cls(
            np.frombuffer(found[0], FACT),
            np.frombuffer(found[1], TOKEN),
            np.empty(0, np.int64) if wanted is None else wanted,
        )

    def column(self, name: str) -> Numbers:
        """One fact of each passage."""
        return self.facts[name].astype(np.int64)

    def has_trait(self, trait: int) -> Mask:
        """Which passages are of a kind."""
        is_so: Mask = (self.facts["traits"] & trait) != 0
        return is_so

    def places(self, word: int) -> Numbers:
        """The places of a word, as ``PostingSource.places`` gives them."""
        first, last = np.searchsorted(self._words, [word, word + 1])
        return self._places[first:last]

    def table(self, snapshot: Snapshot) -> Table:
        """What ``ranking`` wants to know of them."""
        columns = {name: self.column(name) for name in ("number", "aired", "length")}
        is_translation = self.has_trait(IS_TRANSLATION)
        languages, language_tags = self._named("language", snapshot)
        programmes, programme_ids = self._named("programme", snapshot)
        floors, floor_names = self._named("floor", snapshot)
        return Table(
            broadcasts=self.column("broadcast"),
            broadcast_ids=snapshot.names,
            numbers=columns["number"],
            languages=languages,
            language_tags=language_tags,
            programmes=programmes,
            programme_ids=programme_ids,
            floors=floors,
            floor_names=floor_names,
            aired=columns["aired"],
            length_factors=snapshot.length_factors(columns["length"]),
            is_weak=self.has_trait(IS_WEAK),
            is_translation=is_translation,
            has_translations=bool(is_translation.any()),
            weak_languages=frozenset(snapshot.weak_languages),
            is_live=np.ones(len(self), np.bool_),
        )

    def _named(self, name: str, snapshot: Snapshot) -> tuple[Numbers, tuple[str, ...]]:
        """A column whose numbers stand for names, and these: only those that occur."""
        present, numbers = np.unique(self.column(name), return_inverse=True)
        return numbers, tuple(snapshot.names[number] for number in present.tolist())


class CandidateWords:
    """A ``PostingSource``: the words of one analyzer's languages in the passages found."""

    def __init__(self, candidates: Candidates, words: Words, length_factors: Scores) -> None:
        self.words = words
        self._candidates = candidates
        self._length_factors = length_factors

    @property
    def length_factors(self) -> Scores:
        """See ``PostingSource.length_factors``."""
        return self._length_factors

    def postings(self, term: str) -> Postings:
        """See ``PostingSource.postings``."""
        docs, counts = np.unique(self.places(term) >> POSITION_BITS, return_counts=True)
        return Postings(docs, counts)

    def places(self, term: str) -> Numbers:
        """See ``PostingSource.places``."""
        return self._candidates.places(self.words.numbers[term])

    def spellings(self, word: QueryWord) -> Spellings:
        """See ``Spelt.spellings``."""
        return self.words.speller.spellings(word)

    def prepare_close(self) -> None:
        """See ``Spelt.prepare_close``."""
        self.words.speller.prepare_close()

    def close_terms(self, word: QueryWord) -> Sequence[str]:
        """See ``Spelt.close_terms``."""
        return self.words.speller.close_terms(word)

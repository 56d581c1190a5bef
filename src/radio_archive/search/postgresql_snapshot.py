"""What a web machine knows of an index in PostgreSQL: words, names and counts, not passages.

A new state adds to the one before what was committed since; numbers only ever grow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from radio_archive.languages.analysis import analyzer_name
from radio_archive.model import LanguageTag, Query
from radio_archive.search.lengths import length_factors
from radio_archive.search.plan import Plan, plan_query
from radio_archive.search.postgresql_database import Session
from radio_archive.search.postgresql_tables import Tables
from radio_archive.search.postings import Scores
from radio_archive.search.spellings import Speller
from radio_archive.search.vocabulary import SEPARATOR, Numbers, Vocabulary

#: times that words are looked up until what was found is forgotten, and counts that are remembered
_REMEMBERED = 10_000

_NO_WORDS: Mapping[str, int] = MappingProxyType({})


class Stamp(NamedTuple):
    """Names one state of one index."""

    number: int
    commits: int
    build: str  #: of each index another, where numbers begin anew as well
    timeline: int  #: of the server: a replica that takes over may lack commits, and counts on

    @property
    def of_index(self) -> tuple[int, str, int]:
        """Names the index, whatever was committed to it."""
        return self.number, self.build, self.timeline


class Planned(NamedTuple):
    """How a query is read in some languages of one analyzer."""

    analyzer: str
    plan: Plan
    languages: tuple[LanguageTag, ...]


class Words:
    """The terms of one analyzer's languages and their numbers; never changes."""

    def __init__(
        self, vocabularies: Sequence[Vocabulary] = (), numbers: Mapping[str, int] = _NO_WORDS
    ) -> None:
        self.vocabularies = vocabularies
        self.numbers = numbers
        #: the greatest number
        self.last = max(numbers.values(), default=0)
        self._speller = Speller(lambda: self.vocabularies)
        self._uses = 0

    @property
    def speller(self) -> Speller:
        """Tells which terms answer a word; renewed now and then, for it forgets nothing."""
        self._uses += 1
        if self._uses > _REMEMBERED:
            self._speller, self._uses = Speller(lambda: self.vocabularies), 0
        return self._speller

    def add(self, new: Mapping[str, int]) -> Words:
        """These and others.

        A list is put together with one that is not much longer, so that there are few.
        """
        parts, terms = list(self.vocabularies), sorted(new)
        while parts and len(parts[-1].terms) <= 2 * len(terms):
            terms = sorted([*parts.pop().terms, *terms])
        vocabulary = Vocabulary(terms)
        for _ in vocabulary.of_beginning(SEPARATOR, SEPARATOR):  # sorts them by all their forms
            pass
        return Words([*parts, vocabulary], {**self.numbers, **new})


class Snapshot:
    """One state of an index."""

    def __init__(self, session: Session, stamp: Stamp, before: Snapshot | None) -> None:
        """Read what the state before lacks."""
        self.stamp = stamp
        self.tables = Tables(stamp.number)
        is_more = before is not None and before.stamp.of_index == stamp.of_index
        known = before if is_more else None
        self._words: Mapping[str, Words] = _read_words(
            session, self.tables, known._words if known else {}
        )
        #: names by their number; numbers begin with 1
        self.names: tuple[str, ...] = _read_names(
            session, self.tables, known.names if known else ()
        )
        names = self.names
        self._numbers = {name: number for number, name in enumerate(names) if number}
        counts = session.rows(
            "select language, is_weak, is_translation, length, passages"
            f" from {self.tables.counts} where passages > 0"
        )
        #: passages in all
        self.size: int = sum(row.passages for row in counts)
        self.languages = tuple(
            LanguageTag(names[number]) for number in sorted({row.language for row in counts})
        )
        self.weak_languages = {names[row.language] for row in counts if row.is_weak}
        self._factors = _factors(
            np.asarray([row.length for row in counts], np.int64),
            np.asarray([row.passages for row in counts], np.int64),
        )
        self._frequencies: dict[str, int] = {}

    def number_of(self, name: str) -> int:
        """The number of a name; one that no passage has when it is nowhere."""
        return self._numbers.get(name, 0)

    def words(self, analyzer: str) -> Words:
        """The words of one analyzer's languages."""
        return self._words.get(analyzer) or Words()

    def length_factors(self, lengths: Numbers) -> Scores:
        """See ``lengths.length_factors``; of passages that are in the index."""
        return self._factors[lengths]

    def frequency(self, condition: str, ask: Callable[[], int]) -> int:
        """How many passages a condition lets through; asked once."""
        known = self._frequencies.get(condition)
        if known is None:
            if len(self._frequencies) >= _REMEMBERED:
                self._frequencies = {}
            known = self._frequencies[condition] = ask()
        return known

    def searched(self, query: Query) -> list[LanguageTag]:
        """The languages whose passages may answer a query."""
        return [tag for tag in self.languages if query.language in (None, tag)]

    def plans(self, query: Query) -> list[Planned]:
        """How a query is read, by the rules of each language."""
        found: dict[tuple[str, Plan], list[LanguageTag]] = {}
        for language in self.searched(query):
            is_close = query.is_close or language in self.weak_languages
            plan = plan_query(query, language, is_close=is_close)
            if plan is not None:
                found.setdefault((analyzer_name(language), plan), []).append(language)
        return [
            Planned(analyzer, plan, tuple(languages))
            for (analyzer, plan), languages in found.items()
        ]


def _read_words(
    session: Session, tables: Tables, known: Mapping[str, Words]
) -> Mapping[str, Words]:
    last = max((words.last for words in known.values()), default=0)
    new: dict[str, dict[str, int]] = {}
    found = session.rows(f"select analyzer, term, number from {tables.words} where number > {last}")
    for analyzer, term, number in found:
        new.setdefault(analyzer, {})[term] = number
    return {**known, **{name: known.get(name, Words()).add(terms) for name, terms in new.items()}}


def _read_names(session: Session, tables: Tables, known: Sequence[str]) -> tuple[str, ...]:
    last = len(known) - 1
    names = [*known] or [""]
    found = session.rows(
        f"select number, name from {tables.names} where number > {max(last, 0)} order by number"
    )
    for number, name in found:
        names += [""] * (number - len(names)) + [name]
    return tuple(names)


def _factors(lengths: Numbers, passages: Numbers) -> Scores:
    """The factor of every length there is, as if all passages were at hand."""
    factors = np.zeros(int(lengths.max(initial=0)) + 1)
    every = np.repeat(lengths, passages)
    factors[every] = length_factors(every)
    return factors

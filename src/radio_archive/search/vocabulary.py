"""The words of one language's rules in a part of an index, looked up by any of their forms.

A word is known by its index term, which holds its stem, folded and exact forms: one posting list a
spelling, and all spellings of a word are neighbours.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from radio_archive.languages.analysis import AnalyzedToken, Piece, close_grams

#: between the forms in a term; sorts before every letter
SEPARATOR = "\t"
#: of a vocabulary's words at most so many are looked at closely for one misspelt word
MAX_CANDIDATES = 400
#: misspelt words whose neighbours are remembered, per vocabulary
_CACHED_NEIGHBOURS = 1_000

Numbers = NDArray[np.int64]

CloseAmong = Callable[[str, Sequence[str]], list[str]]
"""Tells which of some folded words are close to one: ``Analyzer.close_among``."""


def term_of(token: AnalyzedToken | Piece) -> str:
    """The index term of a token: stem, folded and exact form, each left out when it is the last."""
    folded = "" if token.folded == token.stem else token.folded
    exact = "" if token.exact == token.folded else token.exact
    return f"{token.stem}{SEPARATOR}{folded}{SEPARATOR}{exact}"


def forms_of(term: str) -> tuple[str, str, str]:
    """Stem, folded and exact form of a term."""
    stem, folded, exact = term.split(SEPARATOR)
    folded = folded or stem
    return stem, folded, exact or folded


def stem_of(term: str) -> str:
    """The stem of a term."""
    return term.partition(SEPARATOR)[0]


def folded_of(term: str) -> str:
    """The folded form of a term."""
    return forms_of(term)[1]


def exact_of(term: str) -> str:
    """The exact form of a term."""
    return forms_of(term)[2]


@dataclass(frozen=True, slots=True, order=True)
class Neighbour:
    """A folded word that is probably a misspelling of another, or the other way round."""

    distance: float  #: 0 when all their grams are the same, 1 when none is
    folded: str


class WordList(Protocol):
    """Terms that can be looked up; safe between threads."""

    def of_stem(self, stem: str) -> Iterable[str]:
        """Terms of this stem."""
        ...

    def of_folded(self, folded: str) -> Iterable[str]:
        """Terms of this folded form, whatever their stem."""
        ...

    def of_exact(self, exact: str) -> Iterable[str]:
        """Terms of this exact form; one at most, where the other forms follow from it."""
        ...

    def of_beginning(self, folded: str | None, exact: str | None) -> Iterable[str]:
        """Terms whose folded form begins with the one, or whose exact form with the other."""
        ...

    def prepare_close(self) -> None:
        """Make what neighbours are looked up in, once; it may take a second or two."""
        ...

    def neighbours(self, folded: str, close_among: CloseAmong) -> tuple[Neighbour, ...]:
        """Other folded words that ``close_among`` accepts, nearest first.

        Args:
            folded: a folded word, here or not.
            close_among: always the same function for one list.
        """
        ...

    def nearest(self, folded: str, count: int) -> list[Neighbour]:
        """The folded words with the most grams in common, nearest first, close or not."""
        ...


class Vocabulary:
    """A ``WordList`` in memory, of terms that never change: what is computed twice is the same."""

    def __init__(self, terms: Sequence[str]) -> None:
        #: ascending
        self.terms = terms
        self._neighbours: dict[str, tuple[Neighbour, ...]] = {}

    def of_stem(self, stem: str) -> Iterator[str]:
        """Terms of this stem."""
        beginning = stem + SEPARATOR
        place = bisect_left(self.terms, beginning)
        while place < len(self.terms) and self.terms[place].startswith(beginning):
            yield self.terms[place]
            place += 1

    def of_folded(self, folded: str) -> Iterator[str]:
        """Terms of this folded form, whatever their stem."""
        return self._by_folded.run(folded, is_whole=True)

    def of_exact(self, exact: str) -> Iterator[str]:
        """Terms of this exact form; one at most, where the other forms follow from it."""
        return self._by_exact.run(exact, is_whole=True)

    def of_beginning(self, folded: str | None, exact: str | None) -> set[str]:
        """Terms whose folded form begins with the one, or whose exact form with the other."""
        found: set[str] = set()
        if folded is not None:
            found |= set(self._by_folded.run(folded, is_whole=False))
        if exact is not None:
            found |= set(self._by_exact.run(exact, is_whole=False))
        return found

    def forms(self) -> frozenset[str]:
        """All stems and folded forms; made anew at each call."""
        return frozenset(form for term in self.terms for form in forms_of(term)[:2])

    def prepare_close(self) -> None:
        """Make what neighbours are looked up in, unless it is made."""
        _ = self._grams

    def neighbours(self, folded: str, close_among: CloseAmong) -> tuple[Neighbour, ...]:
        """Other folded words that ``close_among`` accepts, nearest first.

        Args:
            folded: a folded word, here or not.
            close_among: always the same function for one vocabulary.
        """
        known = self._neighbours.get(folded)
        if known is None:
            known = tuple(by_distance(folded, close_among(folded, self._candidates(folded))))
            if len(self._neighbours) >= _CACHED_NEIGHBOURS:
                self._neighbours = {}
            self._neighbours[folded] = known
        return known

    def nearest(self, folded: str, count: int) -> list[Neighbour]:
        """The folded words with the most grams in common, nearest first, close or not."""
        return by_distance(folded, self._candidates(folded))[:count]

    @cached_property
    def _by_folded(self) -> _Order:
        return _Order(self.terms, folded_of)

    @cached_property
    def _by_exact(self) -> _Order:
        return _Order(self.terms, exact_of)

    def _candidates(self, folded: str) -> list[str]:
        """The words that share most, rare grams counting more; of equals the first by spelling."""
        grams = self._grams
        size = len(grams.words)
        weight = np.zeros(size)
        for gram in sorted(close_grams(folded)):
            words = grams.words_with(gram)
            weight[words] += np.log1p(size / max(1, len(words)))
        found = _heaviest(weight, MAX_CANDIDATES)
        return [word for number in found.tolist() if (word := grams.words[number]) != folded]

    @cached_property
    def _grams(self) -> _Grams:
        return _Grams(list(dict.fromkeys(self._by_folded.forms)))


def _heaviest(weight: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Places of the greatest weights above nothing, so many at most; of equals the first."""
    found = np.flatnonzero(weight)
    if len(found) <= count:
        return found
    weighed = weight[found]
    least = np.partition(weighed, len(found) - count)[len(found) - count]
    above = found[weighed > least]
    return np.concatenate([above, found[weighed == least][: count - len(above)]])


def by_distance(folded: str, words: Iterable[str]) -> list[Neighbour]:
    """Words with how far they are from one, nearest first."""
    grams = close_grams(folded)
    return sorted(Neighbour(_distance(grams, close_grams(word)), word) for word in words)


def _distance(grams: frozenset[str], others: frozenset[str]) -> float:
    return round(1 - 2 * len(grams & others) / (len(grams) + len(others)), 6)


class _Order:
    """Terms by one of their forms."""

    def __init__(self, terms: Sequence[str], form_of: Callable[[str], str]) -> None:
        forms = [form_of(term) for term in terms]
        order = sorted(range(len(forms)), key=forms.__getitem__)
        self._terms = terms
        self._order = array("I", order)
        #: ascending, in step with the order
        self.forms = [forms[number] for number in order]

    def run(self, start: str, *, is_whole: bool) -> Iterator[str]:
        """Terms whose form begins with some letters, or is them and no more."""
        place = bisect_left(self.forms, start)
        while place < len(self.forms) and self.forms[place].startswith(start):
            if is_whole and self.forms[place] != start:
                return
            yield self._terms[self._order[place]]
            place += 1


class _Grams:
    """Which folded words hold which letters: two flat arrays, made once."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self._numbers: dict[str, int] = {}
        found, sizes = array("i"), array("i")
        for word in words:
            grams = close_grams(word)
            sizes.append(len(grams))
            found.extend(self._numbers.setdefault(gram, len(self._numbers)) for gram in grams)
        numbers = np.asarray(found, np.int32)
        order = np.argsort(numbers, kind="stable")
        self._holders = np.repeat(np.arange(len(words), dtype=np.int32), sizes)[order]
        counts = np.bincount(numbers, minlength=len(self._numbers))
        self._ends = np.cumsum(counts)

    def words_with(self, gram: str) -> NDArray[np.int32]:
        """Numbers of the words that hold a gram."""
        number = self._numbers.get(gram)
        if number is None:
            return self._holders[:0]
        return self._holders[self._ends[number - 1] if number else 0 : self._ends[number]]

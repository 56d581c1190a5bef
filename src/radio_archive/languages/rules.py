"""What the spelling rules of a language must answer, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import ClassVar, Protocol

import regex

from radio_archive.languages.closeness import close_grams, is_misspelling, places_in_reach
from radio_archive.languages.repair import Letters, fold
from radio_archive.languages.spelling import load_spelling, load_words

_PART = regex.compile("[^-]+")
#: words whose folded and short forms are remembered: a query asks for those of each several times
#: (what it means, whether it is a little word), and one search compares hundreds
_CACHED_WORDS = 100_000
_ELIDED_PART = regex.compile("[^-']+")


class Analyzer(Protocol):
    """The spelling rules of a language: pure, deterministic, safe to share between threads."""

    def split(self, word: Letters) -> tuple[Letters, ...]:
        """What of a word is compared: itself first, then its parts; empty when nothing is."""
        ...

    def fold(self, text: str) -> str:
        """The form in which all spellings of a repaired word meet; not stemmed."""
        ...

    def shorten(self, folded: str) -> str:
        """A folded word without what it may be written without, though words differ by it.

        Stems are made of it, names and translations filed under it, misspellings counted from it.
        """
        ...

    def stem(self, folded: str, exact: str = "") -> str:
        """The form in which the inflected forms of a folded word meet.

        Args:
            folded: what ``fold`` gave.
            exact: the word before it was folded, where it is known: some endings and first
                letters can only be told apart there.
        """
        ...

    def is_stop_word(self, text: str) -> bool:
        """Whether a query of several words can do without this one."""
        ...

    def is_close(self, one: str, other: str) -> bool:
        """Whether two folded words are probably misspellings of one another; symmetric."""
        ...

    def close_among(self, one: str, words: Sequence[str]) -> list[str]:
        """Those of some folded words that ``is_close`` accepts, in their order.

        Asked for hundreds of words at once it takes a fraction of the time.
        """
        ...

    def readings(self, folded: str) -> tuple[tuple[str, ...], ...]:
        """The rows of several folded words that may be written as this one; mostly none."""
        ...


class NeutralAnalyzer:
    """For languages without rules of their own: repair, case and accents only."""

    #: file in ``data/`` with the words a query can do without; none where no list exists
    stop_words: ClassVar[str | None] = None

    def split(self, word: Letters) -> tuple[Letters, ...]:
        """The word, and the parts between its hyphens."""
        return with_parts(word)

    def fold(self, text: str) -> str:
        """Letters without accents and hooks."""
        return fold(text)

    def shorten(self, folded: str) -> str:
        """Nothing is left out."""
        return folded

    def stem(self, folded: str, exact: str = "") -> str:  # noqa: ARG002 - part of the Protocol
        """Nothing is known of the endings of words."""
        return folded

    def is_stop_word(self, text: str) -> bool:
        """Whether it is one of the little words of the language."""
        return self.is_little(self.shorten(self.fold(text)))

    def is_little(self, short: str) -> bool:
        """The same for a folded word in its short form."""
        return self.stop_words is not None and short in _folded_stop_words(self)

    def is_close(self, one: str, other: str) -> bool:
        """Whether few edits lead from one to the other."""
        return is_misspelling(one, other)

    def close_among(self, one: str, words: Sequence[str]) -> list[str]:
        """Those that are close; only words that may be are looked at closely."""
        places = sorted(self.places_in_reach(one, words))
        return [words[place] for place in places if self.is_close(one, words[place])]

    def places_in_reach(self, one: str, words: Sequence[str]) -> set[int]:
        """The places of words that may be close; ``is_close`` accepts no other."""
        return places_in_reach(one, words)

    def readings(self, folded: str) -> tuple[tuple[str, ...], ...]:  # noqa: ARG002 - no such habit
        """Words are not written together."""
        return ()


class TableAnalyzer(NeutralAnalyzer):
    """A language whose spelling rules are a table in ``data/``."""

    #: tag in the name of the table
    table: ClassVar[str]
    #: whether an apostrophe inside a word stands for a vowel between two words (k'a, nd'a)
    has_elision: ClassVar[bool] = False

    def split(self, word: Letters) -> tuple[Letters, ...]:
        """The word with its letters put right, and its parts."""
        return with_parts(load_spelling(self.table).repair(word), has_elision=self.has_elision)

    def fold(self, text: str) -> str:
        """The form in which the spellings of the table meet."""
        return _folded(self.table, text)

    def shorten(self, folded: str) -> str:
        """The word without the length of its sounds, where the table has rules for it."""
        is_long = load_spelling(self.table).is_long(folded)
        return _shortened(self.table, folded) if is_long else folded

    def shorten_all(self, words: Sequence[str]) -> list[str]:
        """The same of many words: most are short already, which is told at once."""
        short = list(words)
        for place in load_spelling(self.table).long_among(words):
            short[place] = _shortened(self.table, words[place])
        return short

    def stem(self, folded: str, exact: str = "") -> str:  # noqa: ARG002 - part of the Protocol
        """The short form."""
        return self.shorten(folded)

    def is_close(self, one: str, other: str) -> bool:
        """Whether the short forms of two folded words are close."""
        if not self.is_close_short(self.shorten(one), self.shorten(other)):
            return False
        return not close_grams(one).isdisjoint(close_grams(other))

    def is_close_short(self, one: str, other: str) -> bool:
        """Whether few edits lead from one short form to the other."""
        return is_misspelling(one, other)

    def places_in_reach(self, one: str, words: Sequence[str]) -> set[int]:
        """The places of words whose short forms may be close."""
        return self.short_in_reach(self.shorten(one), self.shorten_all(words))

    def short_in_reach(self, one: str, words: Sequence[str]) -> set[int]:
        """The places of short forms that may be close; ``is_close_short`` accepts no other."""
        return places_in_reach(one, words)


def with_parts(word: Letters, *, has_elision: bool = False) -> tuple[Letters, ...]:
    """A word, followed by its parts when there are several.

    Args:
        word: a repaired word.
        has_elision: whether apostrophes part words as hyphens do.
    """
    if "-" not in word.text and not (has_elision and "'" in word.text):
        return (word,)
    pattern = _ELIDED_PART if has_elision else _PART
    parts = [word[part.start() : part.end()] for part in pattern.finditer(word.text)]
    return (word, *parts) if len(parts) > 1 else tuple(parts)


@cache
def _folded_stop_words(analyzer: NeutralAnalyzer) -> frozenset[str]:
    words = load_words(analyzer.stop_words) if analyzer.stop_words else ()
    return frozenset(analyzer.shorten(analyzer.fold(word)) for word in words)


@lru_cache(maxsize=_CACHED_WORDS)
def _folded(table: str, text: str) -> str:
    return load_spelling(table).fold(text)


@lru_cache(maxsize=_CACHED_WORDS)
def _shortened(table: str, folded: str) -> str:
    return load_spelling(table).shorten(folded)

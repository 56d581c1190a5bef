"""What the spelling rules of a language must answer, and what they have in common."""

from __future__ import annotations

from typing import Protocol

import regex

from radio_archive.languages.closeness import is_misspelling
from radio_archive.languages.repair import Letters, fold

_PART = regex.compile("[^-]+")


class Analyzer(Protocol):
    """The spelling rules of a language: pure, deterministic, safe to share between threads."""

    def split(self, word: Letters) -> tuple[Letters, ...]:
        """What of a word is compared: itself first, then its parts; empty when nothing is."""
        ...

    def fold(self, text: str) -> str:
        """The form in which all spellings of a repaired word meet; not stemmed."""
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

    def readings(self, folded: str) -> tuple[tuple[str, ...], ...]:
        """The rows of several folded words that may be written as this one; mostly none."""
        ...


class NeutralAnalyzer:
    """For languages without rules of their own: repair, case and accents only."""

    def split(self, word: Letters) -> tuple[Letters, ...]:
        """The word, and the parts between its hyphens."""
        return with_parts(word)

    def fold(self, text: str) -> str:
        """Letters without accents and hooks."""
        return fold(text)

    def stem(self, folded: str, exact: str = "") -> str:  # noqa: ARG002 - part of the Protocol
        """Nothing is known of the endings of words."""
        return folded

    def is_stop_word(self, text: str) -> bool:  # noqa: ARG002 - no list exists for them
        """Every word counts."""
        return False

    def is_close(self, one: str, other: str) -> bool:
        """Whether few edits lead from one to the other."""
        return is_misspelling(one, other)

    def readings(self, folded: str) -> tuple[tuple[str, ...], ...]:  # noqa: ARG002 - no such habit
        """Words are not written together."""
        return ()


def with_parts(word: Letters) -> tuple[Letters, ...]:
    """A word, followed by the parts between its hyphens when there are several."""
    if "-" not in word.text:
        return (word,)
    parts = [word[part.start() : part.end()] for part in _PART.finditer(word.text)]
    return (word, *parts) if len(parts) > 1 else tuple(parts)

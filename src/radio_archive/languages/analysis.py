"""Text into the words that search compares: the same for index, query, highlighter and engine.

Words are found in the original text, so offsets need no translation. Each word then becomes one or
more tokens at one position: its ``exact`` spelling (case aside) and its ``folded`` form by the
language's spelling rules. A hyphenated word is there joined and in parts, so ``plate-forme`` meets
``plateforme`` and ``forme``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, Protocol

import regex

from radio_archive.languages import french
from radio_archive.languages.registry import LANGUAGES
from radio_archive.languages.repair import APOSTROPHES, HYPHENS, IGNORED, Letters, compose, fold
from radio_archive.languages.repair import repair as repair_word
from radio_archive.languages.tags import UNDETERMINED, LanguageTag

#: changes whenever any analyzer gives other tokens for the same text: indexes are then rebuilt
VERSION = 1

#: distinct words whose tokens are remembered per analyzer; speech repeats itself
_CACHED_WORDS = 100_000

_INNER = rf"[\p{{L}}\p{{M}}\p{{N}}{IGNORED}]"
_WORD = regex.compile(
    rf"""
    # 10 000
    (?<![\p{{L}}\p{{N}}]) \d{{1,3}} (?:[\ .\u00a0\u202f]\d{{3}})+ (?![\p{{L}}\p{{N}}])
    # M.O.C.
    | (?<![\p{{L}}\p{{N}}]) (?:\p{{L}}\p{{M}}*\.){{2,}} (?:\p{{L}}\p{{M}}*+(?!{_INNER}))?
    # any other
    | [\p{{L}}\p{{N}}] {_INNER}* (?:[{HYPHENS}{APOSTROPHES}]{_INNER}+)* [{APOSTROPHES}]?
    """,
    regex.VERBOSE,
)
_SEPARATORS = str.maketrans("", "", " .\u00a0\u202f")


class AnalyzedToken(NamedTuple):
    """One way in which a word of the text can be met.

    A tuple, not a dataclass: a broadcast hour makes ten thousand of them, at a third of the cost.
    """

    exact: str  #: as written, lower case, composed, apostrophes and look-alikes mended
    folded: str  #: without accents, and stemmed where the language has a stemmer
    position: int  #: number of the word in the text; tokens of one word share it
    char_start: int  #: offsets in the original text
    char_end: int


class _Piece(NamedTuple):
    """A token before it knows where its word stands."""

    exact: str
    folded: str
    start: int
    end: int


class Analyzer(Protocol):
    """The spelling rules of a language."""

    def split(self, word: Letters) -> tuple[Letters, ...]:
        """What of a word is compared: itself first, then its parts; empty when nothing is."""
        ...

    def fold(self, text: str) -> str:
        """The folded form of a repaired word."""
        ...

    def is_stop_word(self, text: str) -> bool:
        """Whether a query of several words can do without this one."""
        ...


class NeutralAnalyzer:
    """For languages whose rules are not written yet: repair, case and accents only."""

    def split(self, word: Letters) -> tuple[Letters, ...]:
        """The word, and the parts between its hyphens."""
        return with_parts(word)

    def fold(self, text: str) -> str:
        """Letters without accents and hooks."""
        return fold(text)

    def is_stop_word(self, text: str) -> bool:  # noqa: ARG002 - no list exists for them
        """Every word counts."""
        return False


class FrenchAnalyzer:
    """French as spoken on Malian radio: elision, inversion, Snowball stems, names kept whole."""

    def split(self, word: Letters) -> tuple[Letters, ...]:
        """The word without elided articles and inverted pronouns, and its parts."""
        first, last = french.core(word.text)
        return with_parts(word[first:last]) if first < last else ()

    def fold(self, text: str) -> str:
        """The stem of the word without accents."""
        return french.stem(fold(text))

    def is_stop_word(self, text: str) -> bool:
        """Whether it is one of the little words of French."""
        return french.is_stop_word(fold(text))


ANALYZERS: Mapping[str, Analyzer] = MappingProxyType(
    {"neutral": NeutralAnalyzer(), "french": FrenchAnalyzer()}
)
"""Analyzers by the name the registry gives them."""


def analyzer_name(tag: LanguageTag) -> str:
    """Name of the analyzer of a language; languages nobody knows get the neutral one."""
    return LANGUAGES.get(tag, LANGUAGES[UNDETERMINED]).analyzer


def analyze(text: str, tag: LanguageTag) -> list[AnalyzedToken]:
    """The tokens of a text, by the rules of its language.

    Args:
        text: running text, exactly as stored.
        tag: its language.

    Returns:
        In reading order; a word's whole form before its parts.
    """
    return analyze_as(text, analyzer_name(tag))


def analyze_as(text: str, analyzer: str) -> list[AnalyzedToken]:
    """The tokens of a text by the named analyzer."""
    tokens = []
    position = 0
    for match in _WORD.finditer(text):
        pieces = _pieces(match[0], analyzer)
        if not pieces:
            continue
        offset = match.start()
        for exact, folded, start, end in pieces:
            tokens.append(AnalyzedToken(exact, folded, position, offset + start, offset + end))
        position += 1
    return tokens


def analyze_prefix(word: str, analyzer: str) -> tuple[str, str]:
    """What begins the words that ``word*`` means.

    Returns:
        The beginning of their exact spelling, and of their spelling without accents; not
        stemmed, for a stem may be shorter than what was typed. Empty when nothing is left.
    """
    parts = ANALYZERS[analyzer].split(repair_word(word))
    exact = compose(_without_apostrophes(parts[0]).text) if parts else ""
    return exact, fold(exact)


def is_stop_word(word: str, analyzer: str) -> bool:
    """Whether a query of several words can do without this one."""
    pieces = _pieces(word, analyzer)
    rules = ANALYZERS[analyzer]
    return len(pieces) == 1 and rules.is_stop_word(pieces[0].exact)


def with_parts(word: Letters) -> tuple[Letters, ...]:
    """A word, followed by the parts between its hyphens when there are several."""
    if "-" not in word.text:
        return (word,)
    parts = [word[part.start() : part.end()] for part in regex.finditer("[^-]+", word.text)]
    return (word, *parts) if len(parts) > 1 else tuple(parts)


@lru_cache(maxsize=_CACHED_WORDS)
def _pieces(word: str, analyzer: str) -> tuple[_Piece, ...]:
    rules = ANALYZERS[analyzer]
    closed_up = word.translate(_SEPARATORS)
    if closed_up != word:
        # the pattern takes separators in only between the groups of a number or an acronym
        exact = compose(repair_word(closed_up).text)
        return (_Piece(exact, rules.fold(exact), 0, len(word)),)
    pieces = []
    for letters in map(_without_apostrophes, rules.split(repair_word(word))):
        exact = compose(letters.text)
        folded = rules.fold(exact)
        if folded:
            pieces.append(_Piece(exact, folded, letters.start, letters.end))
    return tuple(pieces)


def _without_apostrophes(word: Letters) -> Letters:
    """Apostrophes around a word are quotation marks, or mark what was clipped off."""
    first = len(word.text) - len(word.text.lstrip("'"))
    return word[first : max(first, len(word.text.rstrip("'")))]

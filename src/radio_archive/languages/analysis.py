"""Text into the words that search compares: the same for index, query, highlighter and engine.

Words are found in the original text, so offsets need no translation. Each word then becomes one or
more tokens at one position: its ``exact`` spelling (case aside), its ``folded`` form by the
language's spelling rules, and its ``stem``. A hyphenated word is there joined and in parts, so
``plate-forme`` meets ``plateforme`` and ``forme``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType
from typing import NamedTuple

import regex

from radio_archive.languages.arabic import ArabicAnalyzer
from radio_archive.languages.bambara import BambaraAnalyzer
from radio_archive.languages.closeness import close_grams
from radio_archive.languages.english import EnglishAnalyzer
from radio_archive.languages.french import FrenchAnalyzer
from radio_archive.languages.fulfulde import FulfuldeAnalyzer
from radio_archive.languages.registry import LANGUAGES
from radio_archive.languages.repair import APOSTROPHES, HYPHENS, IGNORED, Letters, compose
from radio_archive.languages.repair import repair as repair_word
from radio_archive.languages.rules import Analyzer, NeutralAnalyzer
from radio_archive.languages.songhay import SonghayAnalyzer
from radio_archive.languages.tags import UNDETERMINED, LanguageTag
from radio_archive.languages.tamasheq import TamasheqAnalyzer

__all__ = [
    "ANALYZERS",
    "AnalyzedToken",
    "Analyzer",
    "Piece",
    "VERSION",
    "Word",
    "analyze",
    "analyze_as",
    "analyze_prefix",
    "analyzer_name",
    "close_grams",
    "is_stop_word",
    "words_of",
]

#: changes whenever any analyzer gives other tokens for the same text: indexes are then rebuilt
VERSION = 3

#: distinct words whose tokens are remembered, by each analyzer; speech repeats itself
CACHED_WORDS = 250_000

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
#: the only place where a word goes on after a blank: ``10 000``
_SPACED_DIGITS = re.compile(r"\d \d")


class AnalyzedToken(NamedTuple):
    """One way in which a word of the text can be met.

    A tuple, not a dataclass: a broadcast hour makes ten thousand of them, at a third of the cost.
    """

    exact: str  #: as written, lower case, composed, apostrophes and look-alikes mended
    folded: str  #: by the spelling rules of the language, so that all spellings of a form meet
    stem: str  #: where its inflected forms meet; ``folded`` where the language has no stemmer
    position: int  #: number of the word in the text; tokens of one word share it
    char_start: int  #: offsets in the original text
    char_end: int


class Piece(NamedTuple):
    """A token before it knows where its word stands."""

    exact: str
    folded: str
    stem: str
    start: int
    end: int


class Word:
    """A word of a text: the tokens at one position. Compared as the object it is."""

    __slots__ = ("_grams", "forms", "kept", "pieces")

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        #: its whole form before its parts
        self.pieces = pieces
        #: all that any of them can be met by
        self.forms = frozenset(form for each in pieces for form in each[:3])
        self._grams: frozenset[str] | None = None
        #: what an engine keeps of it, if one does: worked out once for each word remembered
        self.kept: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    @property
    def grams(self) -> frozenset[str]:
        """All that any of them can be met by as spelt much alike; see `close_grams`."""
        if self._grams is None:
            known = [close_grams(each.folded) for each in self.pieces]
            self._grams = known[0] if len(known) == 1 else frozenset().union(*known)
        return self._grams


ANALYZERS: Mapping[str, Analyzer] = MappingProxyType(
    {
        "neutral": NeutralAnalyzer(),
        "french": FrenchAnalyzer(),
        "bambara": BambaraAnalyzer(),
        "fulfulde": FulfuldeAnalyzer(),
        "tamasheq": TamasheqAnalyzer(),
        "songhay": SonghayAnalyzer(),
        "arabic": ArabicAnalyzer(),
        "english": EnglishAnalyzer(),
    }
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
    make = tuple.__new__  # half the cost of the constructor, and a text has hundreds
    return [
        make(
            AnalyzedToken,
            (exact, folded, stem, position, offset + start, offset + end),
        )
        for position, (offset, word) in enumerate(words_of(text, analyzer))
        for exact, folded, stem, start, end in word.pieces
    ]


def words_of(text: str, analyzer: str) -> list[tuple[int, Word]]:
    """The words of a text by the named analyzer, cheaper than its tokens.

    Returns:
        In reading order: from which character a word's offsets count, and the word.
    """
    if _SPACED_DIGITS.search(text):
        return [(0, word) for word in _cut(text, analyzer)]
    chunks, known = text.split(" "), _KNOWN[analyzer]
    offsets = accumulate((len(chunk) + 1 for chunk in chunks), initial=0)
    return [
        (offset, word)
        for offset, chunk in zip(offsets, chunks, strict=False)
        for word in known[chunk]
    ]


def bare_words_of(text: str, analyzer: str) -> list[Word]:
    """The words of a text by the named analyzer, for whom it is all one where they stand."""
    if _SPACED_DIGITS.search(text):
        return list(_cut(text, analyzer))
    known = _KNOWN[analyzer]
    return [word for chunk in text.split(" ") for word in known[chunk]]


def analyze_prefix(word: str, analyzer: str) -> tuple[str, str]:
    """What begins the words that ``word*`` means.

    Returns:
        The beginning of their exact spelling, and of their folded one; not stemmed, for a stem
        may be shorter than what was typed. Empty when nothing is left.
    """
    rules = ANALYZERS[analyzer]
    parts = rules.split(repair_word(word))
    exact = compose(_without_apostrophes(parts[0]).text) if parts else ""
    return exact, rules.fold(exact)


def is_stop_word(word: str, analyzer: str) -> bool:
    """Whether a query of several words can do without this one."""
    pieces = _pieces(word, analyzer)
    rules = ANALYZERS[analyzer]
    # k'a is as little as ka and a
    said = pieces[1:] or pieces
    return bool(said) and all(rules.is_stop_word(piece.exact) for piece in said)


class _Known(dict[str, tuple[Word, ...]]):
    """What stands between two blanks, mostly one word, by one analyzer; safe between threads.

    The same object for the same letters, while it is remembered: as long as it is among those last
    asked for. Half of the time of a cache that keeps them in order: an index of 1.7 million
    passages asks 120 million times.
    """

    def __init__(self, analyzer: str) -> None:
        self._analyzer = analyzer
        self._before: dict[str, tuple[Word, ...]] = {}

    def __missing__(self, chunk: str) -> tuple[Word, ...]:
        words = self._before.get(chunk)
        if words is None:
            words = tuple(_cut(chunk, self._analyzer))
        if len(self) >= CACHED_WORDS // 2:
            self._before = dict(self)
            self.clear()
        self[chunk] = words
        return words


_KNOWN = {name: _Known(name) for name in ANALYZERS}


def _cut(text: str, analyzer: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        pieces = _pieces(match[0], analyzer)
        if pieces:
            offset = match.start()
            yield Word(
                tuple(
                    each._replace(start=each.start + offset, end=each.end + offset)
                    for each in pieces
                )
                if offset
                else pieces
            )


@lru_cache(maxsize=CACHED_WORDS)
def _pieces(word: str, analyzer: str) -> tuple[Piece, ...]:
    rules = ANALYZERS[analyzer]
    closed_up = word.translate(_SEPARATORS)
    if closed_up != word:
        # the pattern takes separators in only between the groups of a number or an acronym
        exact = compose(repair_word(closed_up).text)
        return tuple(_piece(exact, rules, (0, len(word))))
    pieces = []
    for letters in map(_without_apostrophes, rules.split(repair_word(word))):
        pieces += _piece(compose(letters.text), rules, (letters.start, letters.end))
    return tuple(pieces)


def _piece(exact: str, rules: Analyzer, span: tuple[int, int]) -> list[Piece]:
    folded = rules.fold(exact)
    return [Piece(exact, folded, rules.stem(folded, exact) or folded, *span)] if folded else []


def _without_apostrophes(word: Letters) -> Letters:
    """Apostrophes around a word are quotation marks, or mark what was clipped off."""
    if "'" not in word.text:
        return word
    first = len(word.text) - len(word.text.lstrip("'"))
    return word[first : max(first, len(word.text.rstrip("'")))]

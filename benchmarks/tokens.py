"""The words of passages and of searches as bare engines get them: analysed once, by our rules.

A token is a letter for the analyzer and the word's stem, so that one plain field holds all
languages, and a word of a search has one token per analyzer, as in the archive's own engines.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from radio_archive.languages.analysis import ANALYZERS, analyze_as, analyze_prefix, analyzer_name
from radio_archive.model import LanguageTag

_LETTERS = dict(zip(ANALYZERS, "abcdefgh", strict=True))


def tokens_of(text: str, language: LanguageTag) -> list[str]:
    """The tokens of a passage, one per word, in order."""
    analyzer = analyzer_name(language)
    return [token for word in text.split(" ") for token in _tokens(word, analyzer)]


def tokens_for(term: str) -> list[list[str]]:
    """What a word or a row of words may be in the passages: one list for each way to read it."""
    ways = ([t for word in term.split(" ") for t in _tokens(word, name)] for name in ANALYZERS)
    return [way for way in ways if way]


def beginnings_for(prefix: str) -> list[str]:
    """What the tokens begin with that ``prefix*`` means."""
    folded = ((name, analyze_prefix(prefix, name)[1]) for name in ANALYZERS)
    return [f"{_LETTERS[name]}{start}" for name, start in folded if start]


@lru_cache(maxsize=500_000)
def _tokens(word: str, analyzer: str) -> tuple[str, ...]:
    letter, pieces = _LETTERS[analyzer], analyze_as(word, analyzer)
    words = (next(same) for _, same in groupby(pieces, key=lambda piece: piece.position))
    return tuple(f"{letter}{piece.stem}" for piece in words)

"""Finding what is filed under a spelling, by the spelling rules of each language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Generic, TypeVar

from radio_archive.languages.analysis import AnalyzedToken, analyze_as, analyzer_name
from radio_archive.languages.registry import LANGUAGES

Filed = TypeVar("Filed")


@cache
def analyzers() -> tuple[str, ...]:
    """Every analyzer some language of the registry uses."""
    return tuple(dict.fromkeys(analyzer_name(tag) for tag in LANGUAGES))


def folded_key(text: str, analyzer: str) -> str:
    """What all spellings of one form share, however its words are joined; empty for no word."""
    return "".join(token.folded for token in _whole(text, analyzer))


def stemmed_key(text: str, analyzer: str) -> str:
    """What all inflected forms share, in all their spellings."""
    return "".join(token.stem for token in _whole(text, analyzer))


class Lookup(Generic[Filed]):
    """Things filed under keys of several analyzers."""

    def __init__(self, filed: Iterable[tuple[str, str, Filed]]) -> None:
        """File things.

        Args:
            filed: analyzer, key, thing; an empty key is passed over.
        """
        self._filed: dict[tuple[str, str], list[Filed]] = {}
        for analyzer, key, thing in filed:
            things = self._filed.setdefault((analyzer, key), [])
            if key and thing not in things:
                things.append(thing)

    def find(self, analyzer: str, key: str) -> tuple[Filed, ...]:
        """What is filed under a key, in the order it was filed."""
        return tuple(self._filed.get((analyzer, key), ()))


def _whole(text: str, analyzer: str) -> list[AnalyzedToken]:
    """The first token of each word: the word itself, not the parts of a hyphenated one."""
    first: dict[int, AnalyzedToken] = {}
    for token in analyze_as(text, analyzer):
        first.setdefault(token.position, token)
    return list(first.values())

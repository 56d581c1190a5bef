"""Finding what is filed under a spelling, by the spelling rules of each language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Generic, TypeVar

from radio_archive.languages.analysis import ANALYZERS, AnalyzedToken, analyze_as, analyzer_name
from radio_archive.languages.tags import LanguageTag

Filed = TypeVar("Filed")

#: endings of regular plurals, and what stands there in the singular; other plurals are listed
_PLURALS: Mapping[LanguageTag, tuple[tuple[str, str], ...]] = {
    LanguageTag("fr"): (("s", ""), ("x", "")),
    LanguageTag("en"): (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("s", "")),
    LanguageTag("bm"): (("w", ""),),
}


#: languages whose spelling rules names are recognised by; the others have no rules beyond French
_WRITTEN = tuple(LanguageTag(tag) for tag in ("fr", "bm", "ffm", "taq", "ses"))


@cache
def analyzers() -> tuple[str, ...]:
    """The analyzers by which a word of unknown language is read; the French one comes first."""
    return tuple(dict.fromkeys(analyzer_name(tag) for tag in _WRITTEN))


def folded_key(text: str, analyzer: str) -> str:
    """What all spellings of one form share, however its words are joined; empty for no word."""
    return "".join(_shorts(text, analyzer))


def singular_key(text: str, tag: LanguageTag) -> str:
    """What a word or phrase and its plural share, in all their spellings.

    Not the stem, which takes a prisoner for a prison and, in Fulfulde, kings for countries.
    """
    endings = _PLURALS.get(tag, ())
    return "".join(_without(short, endings) for short in _shorts(text, analyzer_name(tag)))


@lru_cache(maxsize=20_000)
def stems(text: str, analyzer: str) -> tuple[str, ...]:
    """The stems of the words of a text, in order."""
    return tuple(token.stem for token in _whole(text, analyzer))


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


def _shorts(text: str, analyzer: str) -> Iterator[str]:
    rules = ANALYZERS[analyzer]
    return (rules.shorten(token.folded) for token in _whole(text, analyzer))


def _whole(text: str, analyzer: str) -> list[AnalyzedToken]:
    """The first token of each word: the word itself, not the parts of a hyphenated one."""
    first: dict[int, AnalyzedToken] = {}
    for token in analyze_as(text, analyzer):
        first.setdefault(token.position, token)
    return list(first.values())


def _without(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, singular in endings:
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return word.removesuffix(ending) + singular
    return word

"""Fulfulde: spelling by table, class endings, first consonants that change with the number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from radio_archive.languages.closeness import is_misspelling, places_in_reach
from radio_archive.languages.rules import TableAnalyzer

#: class endings in their short forms, longest first; of the list measured on Kallaama and the OLDI
#: seed, with the forms its classes take after other consonants (-du, -go, -gu, -ge)
_ENDINGS = (
    "obe", "abe", "ibe", "aji", "eji", "uji", "ngal", "ngol", "ngel", "nde", "ndi", "ndu", "ngo",
    "ngu", "nge", "gal", "gol", "gel", "dam", "kon", "be", "re", "ri", "ru", "al", "ol", "el",
    "de", "di", "do", "du", "jo", "ji", "je", "go", "gu", "ge", "ka", "ki", "ko", "o",
)  # fmt: skip
_ENDING = re.compile(rf"(?:{'|'.join(_ENDINGS)})$")
_FINAL_VOWEL = re.compile("[aeiou]$")
_MIN_STEM = 3

#: first consonants that stand for one another in singular and plural, and with the person;
#: longest first. Hooked letters never change.
_CHANGING = (
    ("mb", "w"), ("nd", "r"), ("nj", "y"), ("ng", "g"),
    ("b", "w"), ("d", "r"), ("j", "y"), ("p", "f"), ("c", "s"), ("k", "h"),
)  # fmt: skip
#: w and y may also be g (worɓe, gorko; yeeso, gese): too wide for a key, near enough for close
_G_SERIES = frozenset("wyg")
#: stems remembered: one search compares hundreds
_CACHED_WORDS = 100_000
_HOOKED = re.compile("^(?:[ɓɗƴ]|[bdy]['h])")


class FulfuldeAnalyzer(TableAnalyzer):
    """Fulfulde: all spellings of a word meet; singular and plural, person and person as well."""

    table = "ffm"
    stop_words = "stop_words_ffm.txt"

    def stem(self, folded: str, exact: str = "") -> str:
        """The word without its class ending, its first consonant made one of its series."""
        short = self.shorten(folded)
        if len(short) <= _MIN_STEM or _HOOKED.match(exact):
            return _without_ending(short)
        return _stem(short)

    def is_close_short(self, one: str, other: str) -> bool:
        """Whether few edits, or a first consonant that may change, lead from one to the other."""
        return is_misspelling(one, other) or _is_mutated(one, other)

    def short_in_reach(self, one: str, words: Sequence[str]) -> set[int]:
        """The places of misspellings, and of words that hold the stem but for its first letter."""
        rest = _stem(one)[1:]
        holders = {place for place, word in enumerate(words) if rest in word}
        return holders | places_in_reach(one, words)


@lru_cache(maxsize=_CACHED_WORDS)
def _stem(short: str) -> str:
    # the first consonant first: ndungu must not lose more behind than dungu for being longer
    return _without_ending(_with_base_consonant(short))


def _without_ending(short: str) -> str:
    for pattern in (_ENDING, _FINAL_VOWEL):
        stem = pattern.sub("", short)
        if _MIN_STEM <= len(stem) < len(short):
            return stem
    return short


def _with_base_consonant(word: str) -> str:
    for first, base in _CHANGING:
        if word.startswith(first):
            return base + word[len(first) :]
    return word


def _is_mutated(one: str, other: str) -> bool:
    if min(len(one), len(other)) <= _MIN_STEM:
        return False
    if _stem(one)[1:] not in other:
        return False  # most words: a stem but for its first letter is a part of the word
    stems = [_stem(one), _stem(other)]
    firsts = {stem[0] for stem in stems}
    return stems[0][1:] == stems[1][1:] and (len(firsts) == 1 or firsts <= _G_SERIES)

"""Tamasheq: spelling by table, vowels that nobody writes alike, light affixes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from radio_archive.languages.closeness import (
    MIN_LETTERS,
    VOWELS,
    has_misspellings,
    is_misspelling,
    places_in_reach,
    skeleton,
)
from radio_archive.languages.rules import TableAnalyzer

#: state vowels, the feminine t- or "of" before, plural -ăn -en and the feminine -t behind:
#: abăraḍ, ibăraḍăn; askiw, iskiwăn; "n akătab" is written nakătab
#: (of OLDI's words that differ so, no fewer are one word than of those that differ by t-)
_BEFORE = re.compile("^[tn]?[aeiou](?=.)")
_OF = "n"
_BEHIND = re.compile("(?:[ae]n|t)$")
#: what is left must have as many consonants, or it says too little
_MIN_CONSONANTS = 3
#: h between vowels is lost in some dialects: ăhalǝs, alǝs; tolăhăd, toled
_LOST_H = re.compile("[aeo]h(?=[aeo])")


class TamasheqAnalyzer(TableAnalyzer):
    """Tamasheq: all spellings of the consonants meet, full and short vowels as well."""

    table = "taq"
    stop_words = "stop_words_taq.txt"

    def stem(self, folded: str, exact: str = "") -> str:  # noqa: ARG002 - part of the Protocol
        """The word without state vowels, feminine and plural, when enough of it is left."""
        stem = self.shorten(folded)
        for affix in (_BEHIND, _BEFORE):
            shorter = affix.sub("", stem)
            if len(skeleton(shorter)) >= _MIN_CONSONANTS:
                stem = shorter
        return stem

    def is_close(self, one: str, other: str) -> bool:
        """Also when only the first vowel differs, or "of" is written with the word."""
        if super().is_close(one, other):
            return True
        if min(len(one), len(other)) < MIN_LETTERS:
            return False
        one, other = (self.shorten(_without_of(word)) for word in (one, other))
        return one[1:] == other[1:] and {one[0], other[0]} <= VOWELS

    def is_close_short(self, one: str, other: str) -> bool:
        """Whether the consonants are the same, or few edits lead from one to the other."""
        if is_misspelling(one, other):
            return True
        if not (has_misspellings(one) and has_misspellings(other)):
            return False
        consonants = skeleton(one)
        if len(consonants) >= _MIN_CONSONANTS and consonants == skeleton(other):
            return True
        if "h" not in one and "h" not in other:
            return False
        shorter = [_LOST_H.sub("", word) for word in (one, other)]
        return shorter != [one, other] and is_misspelling(*shorter)

    def places_in_reach(self, one: str, words: Sequence[str]) -> set[int]:
        """Also those of words that are the same but for the first vowel, or for "of"."""
        rest = self.shorten(_without_of(one))[1:]
        short = self.shorten_all(words)
        bare = (
            self.shorten(_without_of(word)) if word[:1] == _OF else shorter
            for word, shorter in zip(words, short, strict=True)
        )
        alike = {place for place, word in enumerate(bare) if word[1:] == rest}
        return alike | self.short_in_reach(self.shorten(one), short)

    def short_in_reach(self, one: str, words: Sequence[str]) -> set[int]:
        """The places of misspellings, with h and without, and of the same consonants."""
        consonants = skeleton(one)
        alike = {place for place, word in enumerate(words) if skeleton(word) == consonants}
        shorter = [_LOST_H.sub("", word) if "h" in word else word for word in words]
        near = places_in_reach(_LOST_H.sub("", one), shorter)
        return alike | near | places_in_reach(one, words)


def _without_of(word: str) -> str:
    """The word without the n- of "n aman", when it is written naman."""
    return word[1:] if word[:1] == _OF and word[1:2] in VOWELS else word

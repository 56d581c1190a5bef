"""French as spoken on Malian radio: what of a word is compared, its stem, its little words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

import regex

from radio_archive.languages.closeness import (
    MIN_LETTERS,
    close_grams,
    is_misspelling,
    places_in_reach,
)
from radio_archive.languages.repair import Letters, fold
from radio_archive.languages.rules import NeutralAnalyzer, with_parts
from radio_archive.languages.snowball import snowball_stem
from radio_archive.languages.spelling import load_spelling

#: French letters that Bambara writes otherwise: French spelling rules
_SOUNDS = (
    (regex.compile(r"^h"), ""),
    (regex.compile(r"c(?=[eiy])"), "s"),
    (regex.compile(r"ck|c(?!h)"), "k"),
    (regex.compile(r"(?<=[^aeiou])y$"), "i"),
)
#: all of ASCII but the letters that no rule for sounds, French or Bambara, takes, gives or moves,
#: and but what parts words from one another
_CHANGING = dict.fromkeys(code for code in range(128) if chr(code) not in "abelrvxz\n")
_RUN = re.compile(r"(.)\1+")
#: words whose Bambara spelling is remembered: one search compares hundreds
_CACHED_WORDS = 100_000

#: elided words before a vowel or h; before a consonant the letter belongs to a name (N'Daw)
ELISION = regex.compile(
    r"^(?:(?:jus|lors|puis|quoi)?qu|[ldjnscmt])'(?=[aeiouyh\p{N}]|[^\x00-\x7f])"
)
LONE_ELISION = regex.compile(r"^(?:(?:jus|lors|puis|quoi)?qu|[ldjnscmt])'$")
#: pronouns after the verb in questions: menace-t-il, dit-on, est-ce
INVERSION = regex.compile(r"-(?:t-)?(?:je|tu|ils?|elles?|on|nous|vous|ce)$")
NOT_INVERTED = frozenset({"rendez-vous"})


class FrenchAnalyzer(NeutralAnalyzer):
    """French: elision, inversion, accents, Snowball stems, names kept whole."""

    stop_words = "stop_words_fr.txt"

    def split(self, word: Letters) -> tuple[Letters, ...]:
        """The word without elided articles and inverted pronouns, and its parts."""
        first, last = core(word.text)
        return with_parts(word[first:last]) if first < last else ()

    def fold(self, text: str) -> str:
        """Letters without accents and hooks."""
        return fold(text)

    def stem(self, folded: str, exact: str = "") -> str:  # noqa: ARG002 - part of the Protocol
        """The Snowball stem; names and little words stay whole."""
        return folded if self.is_little(folded) else snowball_stem("french", folded)

    def is_close(self, one: str, other: str) -> bool:
        """Whether few edits lead from one to the other, or both are spellings of one Malian name.

        Names stand in French texts as Bambara writes them too (Wahiguya, Ouahigouya), further
        apart than misspellings of French words are.
        """
        return is_misspelling(one, other) or _sounds_alike(one, other)

    def places_in_reach(self, one: str, words: Sequence[str]) -> set[int]:
        """The places of misspellings, and of words of the same lasting letters."""
        if not (words and one.isascii()):
            return set(range(len(words)))
        kept = lasting(one)
        # all at once: a call for each word takes longer than what it does
        left = "\n".join(words).translate(_CHANGING).split("\n")
        alike = {
            place
            for place, (word, letters) in enumerate(zip(words, left, strict=True))
            if not word.isascii() or _is_run_of(letters, kept)
        }
        return alike | places_in_reach(one, words)


def _sounds_alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < MIN_LETTERS:
        return False
    if one.isascii() and other.isascii() and lasting(one) != lasting(other):
        return False  # most words, in a tenth of the time
    if _as_bambara(one) != _as_bambara(other):
        return False
    return not close_grams(one).isdisjoint(close_grams(other))


@lru_cache(maxsize=_CACHED_WORDS)
def lasting(folded: str) -> str:
    """The letters of a word of a to z that `_as_bambara` leaves as they are, runs as one."""
    return _RUN.sub(itemgetter(1), folded.translate(_CHANGING))


def _is_run_of(left: str, kept: str) -> bool:
    """Whether letters are those that last, or are once their runs are one; told mostly at once."""
    return left == kept or (len(left) > len(kept) and _RUN.sub(itemgetter(1), left) == kept)


@lru_cache(maxsize=_CACHED_WORDS)
def _as_bambara(folded: str) -> str:
    """How a name sounds: c as s or k, no h at the beginning, y at the end as i."""
    for sound, plain in _SOUNDS:
        folded = sound.sub(plain, folded)
    return load_spelling("bm").fold(folded)


def core(word: str) -> tuple[int, int]:
    """Which letters of a repaired word are compared: without elision before, pronoun behind.

    Returns:
        Start and end in ``word``; equal when nothing is left.
    """
    if LONE_ELISION.match(word):
        return 0, 0
    elided = ELISION.match(word)
    start = elided.end() if elided else 0
    if word[start:] in NOT_INVERTED:
        return start, len(word)
    inverted = INVERSION.search(word, start)
    end = inverted.start() if inverted and inverted.start() > start else len(word)
    return start, end

"""Whether two folded words are probably misspellings of one another.

For machine transcripts of low quality (the best open systems for Bambara miss every second word
but get 85 % of the letters) and for queries that find nothing else. Strict on purpose: a short
word has many neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter

from rapidfuzz import process
from rapidfuzz.distance import OSA

VOWELS = frozenset("aeiou")
_NO_VOWELS = dict.fromkeys(map(ord, VOWELS))
_RUN = re.compile(r"(.)\1+", re.DOTALL)

#: shortest word that has misspellings; below it every neighbour is another word
MIN_LETTERS = 4
#: from this length on a word may differ twice
LONG_LETTERS = 7
#: places in which a long word may differ: two of three must be vowels
_MOST_PLACES = 3

#: costs are halves of an edit, so that they stay whole numbers
_EDIT = 2
_VOWEL_EDIT = 1
#: writers and recognisers rarely miss the letter a word begins with
_FIRST_EDIT = 3

_EDGE = "\x02"


@lru_cache(maxsize=200_000)
def close_grams(folded: str) -> frozenset[str]:
    """What to look a word's possible misspellings up by in a vocabulary.

    Returns:
        Its pairs of neighbouring letters, both ends marked, and its consonants; whatever
        ``is_close`` accepts, for any language, shares at least one of them.
    """
    marked = f"{_EDGE}{folded}{_EDGE}"
    pairs = {marked[place : place + 2] for place in range(len(marked) - 1)}
    return frozenset(pairs | {f"{_EDGE}{skeleton(folded)}{_EDGE}"})


@lru_cache(maxsize=100_000)
def skeleton(folded: str) -> str:
    """A folded word without its vowels and with single consonants."""
    return _RUN.sub(itemgetter(1), folded.translate(_NO_VOWELS))


def has_misspellings(folded: str) -> bool:
    """Whether a folded word may have misspellings at all: not where it is short, or a number.

    What is close to a short word, a long vowel apart, has its stem, and is found without this.
    """
    return len(folded) >= MIN_LETTERS and not folded.isdecimal()


def is_misspelling(one: str, other: str) -> bool:
    """Whether few edits lead from one folded word to the other.

    One edit for 4 to 6 letters, two from 7 on; vowels count half, but a word of 4 or 5 letters
    is changed in one place only. Digits are never mistaken.
    """
    if one == other:
        return True
    length = min(len(one), len(other))
    if length < MIN_LETTERS or not (one.isalpha() and other.isalpha()):
        return False
    allowed = 2 * _EDIT if length >= LONG_LETTERS else _EDIT
    places = _places_allowed(length)
    if abs(len(one) - len(other)) > places:
        return False
    # most words differ in more places, which the library tells in a fraction of the time
    edits = OSA.distance(one, other, score_cutoff=places)
    if edits > places or (edits == _MOST_PLACES and _differ_in_consonants(one, other)):
        return False
    return _differs_by(one, other, allowed, places) and _share_grams(one, other)


def places_in_reach(one: str, words: Sequence[str]) -> set[int]:
    """Places, in a row of folded words, of those that may be misspellings of one; no other is.

    Hundreds of words are compared in the time in which `is_misspelling` tells of a few.
    """
    within = _places_allowed(len(one))
    near = process.extract(one, words, scorer=OSA.distance, score_cutoff=within, limit=len(words))
    return {place for word, edits, place in near if edits <= _places_allowed(len(word))}


def _places_allowed(length: int) -> int:
    """In how many places a word of so many letters may differ from a longer one."""
    if length >= LONG_LETTERS:
        return _MOST_PLACES
    return 1 if length < LONG_LETTERS - 1 else 2


def _differ_in_consonants(one: str, other: str) -> bool:
    """Whether they do in two places or more: two of three edits must be of vowels alone."""
    consonants = one.translate(_NO_VOWELS), other.translate(_NO_VOWELS)
    return OSA.distance(*consonants, score_cutoff=1) > 1


def _share_grams(one: str, other: str) -> bool:
    return not close_grams(one).isdisjoint(close_grams(other))


def _differs_by(one: str, other: str, allowed: int, places: int) -> bool:
    """Whether edits of at most ``allowed`` cost, in at most ``places`` places, lead across."""
    first = _common(one, other)
    last = _common(one[first:][::-1], other[first:][::-1])
    one, other = one[first : len(one) - last], other[first : len(other) - last]
    return _search(one, other, is_first=first == 0, budget=(allowed, places))


def _search(one: str, other: str, *, is_first: bool, budget: tuple[int, int]) -> bool:
    allowed, places = budget
    same = _common(one, other)
    if same:
        one, other, is_first = one[same:], other[same:], False
    if not one and not other:
        return True
    if places == 0 or allowed <= 0:
        return False
    for cost, rest_one, rest_other in _steps(one, other):
        price = max(cost, _FIRST_EDIT) if is_first else cost
        left = (allowed - price, places - 1)
        if price <= allowed and _search(rest_one, rest_other, is_first=False, budget=left):
            return True
    return False


def _steps(one: str, other: str) -> list[tuple[int, str, str]]:
    steps = []
    if one and other:
        both_vowels = one[0] in VOWELS and other[0] in VOWELS
        steps.append((_VOWEL_EDIT if both_vowels else _EDIT, one[1:], other[1:]))
    if one:
        steps.append((_VOWEL_EDIT if one[0] in VOWELS else _EDIT, one[1:], other))
    if other:
        steps.append((_VOWEL_EDIT if other[0] in VOWELS else _EDIT, one, other[1:]))
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        steps.append((_EDIT, one[2:], other[2:]))
    return steps


def _common(one: str, other: str) -> int:
    """How many letters both begin with."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))

"""How alike two wordings sound: what a recogniser writes of a name is spelt anyhow, heard rightly.

`closeness` judges misspellings, one word against one. Here whole wordings are compared, however
they are cut into words ("c'est goût" for Ségou), and the answer is a number.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from radio_archive.languages.analysis import ANALYZERS, analyzer_name
from radio_archive.languages.closeness import VOWELS
from radio_archive.languages.repair import compose, repair
from radio_archive.languages.tags import LanguageTag

#: wordings whose sound is remembered: one comparison of two transcripts asks for thousands
_CACHED_WORDS = 20_000

#: costs are halves: what is hardly heard, or heard as its neighbour, counts half
_WHOLE = 2
_HALF = 1
#: consonants that differ by the voice alone, or that telephones and weak ears confuse
_NEIGHBOURS = frozenset(
    frozenset(pair) for pair in ("sz", "bp", "dt", "gk", "vf", "jx", "sx", "zj", "mn", "lr", "wv")
)
_GLIDES = frozenset("wy")

#: French spelling to sound, word by word, top to bottom; x stands for the sound of "ch". Only
#: what tells names apart: nasal vowels stay vowel and n, u and ou are one
_FRENCH = tuple(
    (regex.compile(pattern), sound)
    for pattern, sound in (
        (r"^est$", "e"),
        (r"^c$", "s"),
        (r"(?<=..)(?:er|ez|ed|et|ée?s?|ais|ait|aient|ai)$", "é"),
        (r"(?<=...)e(?:s|nt)?$", ""),
        (r"(?<=[^s][aeiouyàâéèêëîïôùûnr])[stdxzp]+$", ""),
        (r"[éèêë]", "e"),
        (r"[àâ]", "a"),
        (r"[îï]", "i"),
        (r"ô", "o"),
        (r"[ùûü]", "u"),
        (r"eau|au", "o"),
        (r"oo|ou|w(?=[aeio])", "u"),
        (r"o[iy](?![aeiou])", "ua"),
        (r"(?:a|e)[iy](?![aeiou])|œu?|eu", "e"),
        (r"ph", "f"),
        (r"gn", "ny"),
        (r"t?ch|sh|sch", "x"),
        (r"d?j|g(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"qu|q|ck|c(?![eiy])", "k"),
        (r"ç|c", "s"),
        (r"h", ""),
        (r"y(?![aeiou])|(?<=[^aeiou])y", "i"),
        (r"[ae]m(?=[bp])|en(?![aeiou])", "an"),
        (r"om(?=[bp])", "on"),
        (r"(.)\1+", r"\1"),
    )
)


def likeness(one: str, other: str, tag: LanguageTag) -> float:
    """How alike two wordings sound in a language: 1 the same, 0 nothing in common.

    Vowels, and consonants that differ by the voice alone, weigh half.

    Args:
        one: words as written.
        other: likewise.
        tag: the language both are written in.
    """
    sound, heard = sound_of(one, tag), sound_of(other, tag)
    longest = max(_weight(sound), _weight(heard))
    return max(0.0, 1 - _distance(sound, heard) / longest) if longest else 0.0


@lru_cache(maxsize=_CACHED_WORDS)
def sound_of(wording: str, tag: LanguageTag) -> str:
    """The letters by which a wording is compared, all its words in one; empty for no word."""
    words = (compose(repair(word).text) for word in regex.split(r"[\s'’\-]+", wording) if word)
    name = analyzer_name(tag)
    if name == "french":
        return regex.sub(r"(.)\1+", r"\1", "".join(map(_french_sound, words)))
    rules = ANALYZERS[name]
    return "".join(rules.shorten(rules.fold(word)) for word in words)


def _french_sound(word: str) -> str:
    word = "".join(letter for letter in word if letter.isalnum())
    for pattern, sound in _FRENCH:
        word = pattern.sub(sound, word)
    return word


def _weight(sound: str) -> int:
    return sum(map(_alone, sound))


def _alone(letter: str) -> int:
    """What a letter costs that has no counterpart."""
    return _HALF if letter in VOWELS or letter in _GLIDES else _WHOLE


def _change(one: str, other: str) -> int:
    if one == other:
        return 0
    are_vowels = one in VOWELS and other in VOWELS
    if are_vowels or frozenset((one, other)) in _NEIGHBOURS:
        return _HALF
    return max(_alone(one), _alone(other))


def _distance(one: str, other: str) -> int:
    """The least cost of changing one row of letters into the other."""
    above = [0]
    for letter in other:
        above.append(above[-1] + _alone(letter))
    for letter in one:
        row = [above[0] + _alone(letter)]
        for place, opposite in enumerate(other):
            row.append(
                min(
                    above[place] + _change(letter, opposite),
                    above[place + 1] + _alone(letter),
                    row[place] + _alone(opposite),
                )
            )
        above = row
    return above[-1]

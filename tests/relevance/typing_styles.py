"""How people type the national languages on the keyboards they have.

Each style maps official letters to what is typed; sources: research on real mixed spellings (OLDI
seed, Kallaama, jeli-asr) and the French spelling of Malian names. A table is applied in one pass,
longest entries first, so that no rule eats what another wrote.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from zlib import crc32

import regex

Style = Callable[[str], str]

_MARKS = regex.compile(r"\p{Mn}")
_DOUBLED = regex.compile(r"(\p{L})\1")


def official(text: str) -> str:
    """As it stands in the text."""
    return text


def _either(one: Style, other: Style) -> Style:
    """Half of the texts in one style, half in the other, always the same halves."""
    return lambda text: (one if crc32(text.encode()) % 2 else other)(text)


def _style(table: Mapping[str, str], *, is_single: bool = False, keeps: str = "") -> Style:
    """Make a style: doubled letters single, then the table, then marks off but for ``keeps``."""
    longest_first = sorted(table, key=len, reverse=True)
    letters = regex.compile("|".join(map(regex.escape, longest_first)))

    def typed(text: str) -> str:
        plain = unicodedata.normalize("NFC", text.lower())
        if is_single:
            plain = _DOUBLED.sub(r"\1", plain)
        plain = letters.sub(lambda found: table[found[0]], plain)
        parts = (
            letter if letter in keeps else unicodedata.normalize("NFD", letter) for letter in plain
        )
        return _MARKS.sub("", "".join(parts))

    return typed


_BAMBARA_PLAIN = {"ɛ": "e", "ɔ": "o", "ɲ": "ny", "ŋ": "ng"}
#: clusters of French spelling that a text already has: nobody writes them twice over
_ALREADY = {each: each for each in ("tch", "dj", "gn", "ou", "ch")}
_HARD_G = _ALREADY | {"ge": "gue", "gi": "gui", "gɛ": "guè", "u": "ou"}
_BAMBARA_FRENCH = {"ɛ": "è", "ɔ": "ô", "ɲ": "gn", "ŋ": "ng", "j": "dj", "c": "tch", **_HARD_G}
#: c before a vowel, as others write it
_BAMBARA_TI = {"ca": "tia", "cɛ": "tiè", "co": "tio", "cɔ": "tiô"}
_FULFULDE_PLAIN = {"ɓ": "b", "ɗ": "d", "ƴ": "y", "ŋ": "ng", "ñ": "ny", "ɲ": "ny", "’": "", "'": ""}
_FULFULDE_FRENCH = _FULFULDE_PLAIN | {"ñ": "gn", "ɲ": "gn", "c": "tch", "j": "dj"} | _HARD_G
_TAMASHEQ_PLAIN = {"š": "sh", "ɣ": "gh", "ə": "e", "ǝ": "e", "ɗ": "d", "ƭ": "t", "ᾰ": "a"}
_SONGHAY_PLAIN = {"š": "sh", "ž": "j", "ŋ": "n", "ɲ": "ny"} | {
    nasal: f"{plain}n" for nasal, plain in zip("ãẽĩõũ", "aeiou", strict=True)
}

STYLES: Mapping[str, Mapping[str, Style]] = {
    "bm": {
        "official letters": official,
        "no special letters": _style(_BAMBARA_PLAIN),
        "French-style": _either(
            _style(_BAMBARA_FRENCH, keeps="èô"),
            _style(_BAMBARA_FRENCH | _BAMBARA_TI, keeps="èô"),
        ),
    },
    "ffm": {
        "official letters": official,
        "no special letters": _style(_FULFULDE_PLAIN),
        "bh dh yh": _style({**_FULFULDE_PLAIN, "ɓ": "bh", "ɗ": "dh", "ƴ": "yh"}),
        "French-style": _style(_FULFULDE_FRENCH, is_single=True),
    },
    "taq": {
        "official letters": official,
        "no special letters": _style(_TAMASHEQ_PLAIN),
        "French-style": _style(_TAMASHEQ_PLAIN | {"š": "ch", "ž": "j"} | _HARD_G, is_single=True),
    },
    "ses": {
        "official letters": official,
        "no special letters": _style(_SONGHAY_PLAIN),
        "French-style": _style(
            _SONGHAY_PLAIN | {"š": "ch", "ŋ": "ng", "ɲ": "gn", "c": "tch", "ž": "dj"} | _HARD_G,
            is_single=True,
        ),
    },
    "fr": {
        "official letters": official,
        "no special letters": _style({"œ": "oe", "æ": "ae"}),
    },
}
"""Typing styles of each language, by name."""

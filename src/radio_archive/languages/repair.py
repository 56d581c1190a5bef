"""Repair of single words: what keyboards, fonts and file formats did to the letters.

Every rule was seen in real text in the languages of the archive (Bambara, Fulfulde and Tamasheq
sentences of the OLDI seed corpus, Pulaar radio transcripts). Offsets are kept, so that a repaired
letter still knows which letters of the original it stands for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import regex

APOSTROPHES = "'’‘ʼꞌʻ`´′＇"
HYPHENS = "-‐‑"
#: soft hyphen, zero-width characters, direction marks, Arabic lengthening: seen, never meant
IGNORED = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u0640"

_MARKS: Mapping[str, str] = {
    **dict.fromkeys(APOSTROPHES, "'"),
    **dict.fromkeys(HYPHENS, "-"),
}

#: letters of other alphabets or fonts standing in for Malian ones, in words that hold Latin letters
LOOK_ALIKES: Mapping[str, str] = {
    **dict.fromkeys("εєэԑ", "ɛ"),
    "ɳ": "ɲ",
    **dict.fromkeys("ηň", "ŋ"),
    **dict.fromkeys("ƃбђ", "ɓ"),
    **dict.fromkeys("ʣď", "ɗ"),
    "ǝ": "ə",
    **dict.fromkeys("ǎᾰ", "ă"),
}

#: letters that no decomposition turns into plain ones
PLAIN_LETTERS: Mapping[str, str] = {
    "œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ł": "l",
    "ɛ": "e", "ɔ": "o", "ə": "e", "ŋ": "ng", "ɲ": "ny", "ɣ": "gh",
    "ɓ": "b", "ɗ": "d", "ƴ": "y", "ƙ": "k", "ƭ": "t",
}  # fmt: skip

_LATIN = regex.compile(r"\p{Script=Latin}")
#: a word of nothing but these has no marks, is composed and holds no look-alike: most words
_SOUND = re.compile("[A-Za-zÀ-ÖØ-Þà-öø-ÿŠšŽžƐɛƆɔŊŋƝɲƁɓƊɗƳƴƏəƔɣ]+")
_HIDDEN = str.maketrans("", "", IGNORED)
#: a letter with its marks, and what is invisible among them
_CLUSTER = regex.compile(rf"[^\p{{M}}{IGNORED}][\p{{M}}{IGNORED}]*|[\p{{M}}{IGNORED}]+")


@dataclass(frozen=True, slots=True)
class Letters:
    """Part of a word: its repaired letters, each with its place in the original word."""

    text: str
    places: tuple[int, ...]  #: same length as ``text``; never decreasing
    end: int  #: offset in the original word just past the last letter

    def __getitem__(self, span: slice) -> Letters:
        first, last, _ = span.indices(len(self.text))
        end = self.places[last] if last < len(self.text) else self.end
        return Letters(self.text[first:last], self.places[first:last], end)

    @property
    def start(self) -> int:
        """Offset in the original word of the first letter."""
        return self.places[0] if self.places else self.end


def repair(word: str) -> Letters:
    """Lower-case a word and mend its apostrophes, hyphens, invisible letters and look-alikes."""
    if _SOUND.fullmatch(word):
        return Letters(word.casefold(), tuple(range(len(word))), len(word))
    has_latin = _LATIN.search(word) is not None
    text: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(word):
        original = unicodedata.normalize("NFC", cluster[0].translate(_HIDDEN))
        for letter in _MARKS.get(original, original.casefold()):
            text.append(LOOK_ALIKES.get(letter, letter) if has_latin else letter)
            places.append(cluster.start())
    return Letters("".join(text), tuple(places), len(word))


def compose(text: str) -> str:
    """One code point per letter where there is one (Unicode NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Letters without accents, tone marks and vowel signs; hooked letters made plain.

    Apostrophes and hyphens go too, so ``N'Daw`` and ``Ndaw`` are one.
    """
    plain = text.replace("'", "").replace("-", "")
    if plain.isascii():
        return plain
    return drop_marks(plain).translate(_PLAIN)


def drop_marks(text: str) -> str:
    """Letters as they are without accents, tone marks and vowel signs."""
    return text.translate(_BARE)


class _Bare(dict[int, str]):
    """What is left of a code point without its marks, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFD", chr(code))
        bare = "".join(each for each in decomposed if unicodedata.category(each)[0] != "M")
        self[code] = bare
        return bare


_BARE = _Bare()
_PLAIN = str.maketrans(dict(PLAIN_LETTERS))

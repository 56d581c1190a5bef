"""Arabic script, for Arabic and Hassaniya: letters that writers mix, the article."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import regex

from radio_archive.languages.repair import fold
from radio_archive.languages.rules import NeutralAnalyzer

#: vowel signs go with all other marks, which takes hamza and madda off their letters as well;
#: letter by letter as Lucene's ArabicNormalizer documents it, and the Persian forms of k, y and h
LETTERS: Mapping[int, str | None] = {
    ord("ٱ"): "ا",
    ord("ى"): "ي",
    ord("ی"): "ي",
    ord("ئ"): "ي",
    ord("ؤ"): "و",
    ord("ة"): "ه",
    ord("ہ"): "ه",
    ord("ک"): "ك",
    ord("ء"): None,
}
#: ال and the one-letter words written before it
ARTICLE = regex.compile("^[وفبك]?ال(?=..)|^لل(?=..)")


class ArabicAnalyzer(NeutralAnalyzer):
    """Arabic script: alef, hamza, ta marbuta and vowel signs folded; stems without the article."""

    def fold(self, text: str) -> str:
        """Letters as the least careful writer writes them; Western digits."""
        bare = fold(text).translate(LETTERS)
        # a word of nothing but hamza stays what it is
        return _western_digits(bare or text)

    def stem(self, folded: str, exact: str = "") -> str:  # noqa: ARG002 - part of the Protocol
        """The word without ال and the one-letter words written before it."""
        return ARTICLE.sub("", folded)


def _western_digits(text: str) -> str:
    if text.isascii() or text.isalpha():
        return text
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text
    )

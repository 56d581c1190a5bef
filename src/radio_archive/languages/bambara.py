"""Bambara: spelling by table, words elided before a vowel, plural and verb endings."""

from __future__ import annotations

import regex

from radio_archive.languages.rules import TableAnalyzer

#: the plural follows a vowel or n
_PLURAL = regex.compile(r"(?<=[aeioun])w$")
#: endings of verbs and of what is made of them, on words of four letters or more without them:
#: -len -nen, -li -ni, -ra -la -na; the forms with n follow a nasal vowel (Bamadaba,
#: bamana.gram.txt). -ba, -nin and -ya change the meaning and stay.
_ENDING = regex.compile(
    r"(?<=^.*[aeiou].*[aeiou]n?.*)(?:(?<=n)n(?:en|i|a)|(?<=[aeiou])(?:len|li|ra|la))$"
)
_MIN_STEM = 4


class BambaraAnalyzer(TableAnalyzer):
    """Bambara: all spellings of a word meet; k'a is also k' and a; plurals meet singulars."""

    table = "bm"
    stop_words = "stop_words_bm.txt"
    has_elision = True

    def stem(self, folded: str, exact: str = "") -> str:  # noqa: ARG002 - part of the Protocol
        """The word without plural -w and, when long, without verb endings."""
        singular = _PLURAL.sub("", folded)
        if len(singular) < 2:
            return folded
        stem = _ENDING.sub("", singular)
        return stem if len(stem) >= _MIN_STEM else singular

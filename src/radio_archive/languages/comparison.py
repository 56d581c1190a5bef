"""Words as two texts of the same speech are compared: what is heard counts, not how it is written.

Of every language: lower case; look-alike letters and apostrophes repaired; punctuation is left out
and separates, apostrophes and hyphens included (``aujourd'hui`` is two words in both texts). Of
French also: numbers are spelled out, for engines write ``2014`` where people write *deux mille
quatorze*, and hesitations are left out, for engines leave them out. Ordinals, clock times like
``14h30``, units and the numbers of other languages stay as they are written.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

from radio_archive.languages.french_numbers import LARGEST, spell_number
from radio_archive.languages.repair import repair

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_CHUNK = regex.compile(r"\S+")
#: ``22 000``, with any space or dot that separates thousands
_THOUSANDS = regex.compile(r"(?<=\b\d{1,3})[ .\u00a0\u2009\u202f](?=\d{3}\b)")
_DECIMAL = regex.compile(r"(?<=\d),(?=\d)")
_NUMBER = regex.compile(r"(?<!\w)\d{1,12}(?!\w)")
_HESITATIONS = {"fr": frozenset({"euh", "heu", "hum", "hm", "mh", "mmh"})}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRules:
    """How texts are made alike before they are compared."""

    language: str  #: tag of the texts
    spells_numbers: bool = True  #: digits as words, where we know how
    drops_hesitations: bool = True  #: *euh*, where we know them

    @property
    def description(self) -> str:
        """The rules in one line, for reports."""
        parts = ["lower case, no punctuation, apostrophes and hyphens separate words"]
        spells = self.spells_numbers and self._primary == "fr"
        parts.append("numbers spelled out" if spells else "numbers as written")
        if self._primary in _HESITATIONS:
            parts.append(
                "hesitations left out" if self.drops_hesitations else "hesitations counted"
            )
        return "; ".join(parts)

    @property
    def _primary(self) -> str:
        return self.language.split("-")[0]


def compared_words(text: str, rules: ComparisonRules) -> list[str]:
    """The words of a text that are compared, each as it is compared."""
    primary = rules.language.split("-")[0]
    plain = unicodedata.normalize("NFKC", _CHUNK.sub(lambda chunk: repair(chunk[0]).text, text))
    plain = plain.lower().replace("_", " ")  # no letter, though regular expressions take it for one
    if rules.spells_numbers and primary == "fr":
        plain = _spelled(plain)
    words: list[str] = _WORD.findall(plain)
    if rules.drops_hesitations:
        hesitations = _HESITATIONS.get(primary, frozenset())
        words = [word for word in words if word not in hesitations]
    return words


def _spelled(text: str) -> str:
    """French text with its numbers in words."""
    joined = _THOUSANDS.sub("", text)
    joined = _DECIMAL.sub(" virgule ", joined).replace("%", " pour cent ")
    return _NUMBER.sub(lambda number: spell_number(min(int(number[0]), LARGEST)), joined)

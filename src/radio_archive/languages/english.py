"""English, for imported recordings: apostrophes, Snowball stems, little words."""

from __future__ import annotations

from radio_archive.languages.repair import Letters
from radio_archive.languages.rules import NeutralAnalyzer, with_parts
from radio_archive.languages.snowball import snowball_stem


class EnglishAnalyzer(NeutralAnalyzer):
    """English: the possessive left off, Snowball stems, names kept whole."""

    stop_words = "stop_words_en.txt"

    def split(self, word: Letters) -> tuple[Letters, ...]:
        """The word without the possessive ``'s``, and the parts between its hyphens."""
        return with_parts(word[: len(word.text) - 2] if word.text[1:].endswith("'s") else word)

    def stem(self, folded: str, exact: str = "") -> str:  # noqa: ARG002 - part of the Protocol
        """The Snowball stem; names and little words stay whole."""
        return folded if self.is_little(folded) else snowball_stem("english", folded)

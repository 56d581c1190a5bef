"""Songhay: spelling by table, definite and plural endings, little words written together."""

from __future__ import annotations

import re

from radio_archive.languages.rules import TableAnalyzer

#: plural and definite endings as they are folded: -yaŋ, -wey, -ey; then the last vowel, which
#: the definite -oo and -aa replaces (boro, borey; hugu, hugoo; fondo, fondawey). -ay is part of
#: the word. From "Écrire le songhay" (Wikiversité) and Mozilla's pages.
_ENDING = re.compile("(?:yan|wey|ey)$")
_FINAL_VOWEL = re.compile("[aeiou]$")
_MIN_STEM = 3

#: subjects that writers not schooled in Songhay join to what follows: A boori, A goo nda
_SUBJECTS = ("ay", "ni", "a", "ir", "war", "i", "nga", "ngi")
#: what stands between a subject, or a noun, and the next word
_LINKS = ("nda", "go", "ga", "na", "si", "ma")
#: what follows a noun; kul, "every", is joined to it five times in Mozilla's pages (zaarikul)
_POSTPOSITIONS = ("ra", "se", "ga", "kul")
_MIN_WORD = 3
_MIN_NOUN = 2


class SonghayAnalyzer(TableAnalyzer):
    """Songhay: all spellings of a word meet, with and without its definite and plural endings."""

    table = "ses"
    stop_words = "stop_words_ses.txt"
    has_elision = True

    def stem(self, folded: str, exact: str = "") -> str:  # noqa: ARG002 - part of the Protocol
        """The word without plural, definite and last vowel."""
        stem = folded
        for ending in (_ENDING, _FINAL_VOWEL):
            shorter = ending.sub("", stem)
            if len(shorter) >= _MIN_STEM:
                stem = shorter
        return stem

    def readings(self, folded: str) -> tuple[tuple[str, ...], ...]:
        """Subject and word, noun and postposition, two words around nda: joined in writing."""
        found = [*_after_subject(folded), *_before_postposition(folded), *_around_nda(folded)]
        return tuple(dict.fromkeys(found))


def _after_subject(folded: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for subject in _SUBJECTS:
        rest = folded.removeprefix(subject)
        if rest == folded:
            continue
        if len(rest) >= _MIN_WORD:
            found.append((subject, rest))
        for link in _LINKS:
            after = rest.removeprefix(link)
            if after != rest and (not after or len(after) >= _MIN_WORD):
                found.append((subject, link, after) if after else (subject, link))
        if rest == "gonda":
            found.append((subject, "go", "nda"))
    return found


def _before_postposition(folded: str) -> list[tuple[str, ...]]:
    return [
        (noun, word)
        for word in _POSTPOSITIONS
        if (noun := folded.removesuffix(word)) != folded and len(noun) > _MIN_WORD
    ]


def _around_nda(folded: str) -> list[tuple[str, ...]]:
    before, link, after = folded.partition("nda")
    if link and len(before) >= _MIN_NOUN and len(after) >= _MIN_WORD:
        return [(before, link, after)]
    return []

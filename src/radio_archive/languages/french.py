"""French as spoken on Malian radio: what of a word is compared, its stem, its little words."""

from __future__ import annotations

import regex

from radio_archive.languages.repair import Letters, fold
from radio_archive.languages.rules import NeutralAnalyzer, with_parts
from radio_archive.languages.snowball import snowball_stem

#: elided words before a vowel or h; before a consonant the letter belongs to a name (N'Daw)
_ELISION = regex.compile(
    r"^(?:(?:jus|lors|puis|quoi)?qu|[ldjnscmt])'(?=[aeiouyh\p{N}]|[^\x00-\x7f])"
)
_LONE_ELISION = regex.compile(r"^(?:(?:jus|lors|puis|quoi)?qu|[ldjnscmt])'$")
#: pronouns after the verb in questions: menace-t-il, dit-on, est-ce
_INVERSION = regex.compile(r"-(?:t-)?(?:je|tu|ils?|elles?|on|nous|vous|ce)$")
_NOT_INVERTED = frozenset({"rendez-vous"})


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
        """The Snowball stem; names stay whole."""
        return snowball_stem("french", folded)


def core(word: str) -> tuple[int, int]:
    """Which letters of a repaired word are compared: without elision before, pronoun behind.

    Returns:
        Start and end in ``word``; equal when nothing is left.
    """
    if _LONE_ELISION.match(word):
        return 0, 0
    elided = _ELISION.match(word)
    start = elided.end() if elided else 0
    if word[start:] in _NOT_INVERTED:
        return start, len(word)
    inverted = _INVERSION.search(word, start)
    end = inverted.start() if inverted and inverted.start() > start else len(word)
    return start, end

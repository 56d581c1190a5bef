"""Words as they are said one after another, for comparing what two people wrote of one sound.

Cut finer than for search: an elided word stands alone, for what a machine wrote as "c'est goût"
may be one name, and in "d'Imazan" the d' is none of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from radio_archive.languages.analysis import analyzer_name, is_stop_word
from radio_archive.languages.repair import APOSTROPHES, IGNORED, compose, repair
from radio_archive.languages.tags import LanguageTag

_WORD = regex.compile(
    rf"(?:\p{{L}}|(?:jus|lors|puis|quoi)?qu)[{APOSTROPHES}](?=\p{{L}})"
    rf"|[\p{{L}}\p{{N}}][\p{{L}}\p{{M}}\p{{N}}{IGNORED}]*",
    regex.IGNORECASE,
)


def find_words(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text begin and end."""
    return (found.span() for found in _WORD.finditer(text))


def key_of_word(word: str) -> str:
    """A word in small letters, composed, without its apostrophe."""
    return compose(repair(word).text).strip("'")


def key_of(wording: str) -> str:
    """What all ways to write a wording share that differ in case, spaces and punctuation only."""
    return " ".join(key_of_word(wording[start:end]) for start, end in find_words(wording))


def is_little(word: str, tag: LanguageTag) -> bool:
    """Whether a word is one of the little words of a language, or a single letter."""
    return len(key_of_word(word)) == 1 or is_stop_word(word, analyzer_name(tag))


def without_little_words(wording: str, tag: LanguageTag) -> str:
    """A wording without the little words it begins with: "Mopti" of "à Mopti".

    As it is when nothing else is in it.
    """
    for start, end in find_words(wording):
        if not is_little(wording[start:end], tag):
            return wording[start:]
    return wording

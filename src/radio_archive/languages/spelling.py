"""Spelling rules kept as tables: ``data/spelling_<tag>.tsv``, one rule a row, with its source.

A table has up to four steps. ``repair`` mends single letters before anything is compared (the
mended letter is the exact one). ``letters`` says what single letters become before marks are
dropped; ``sounds`` are regular expressions, applied top to bottom: digraphs come before the letters
they are made of. The order was measured: with ŋ made ng too early, baŋŋe becomes "bangnge", and
the rule for gn eats it. ``length`` are regular expressions for what many writers leave out though
it makes words differ: they are no part of the folded form, only of what stems are made from.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from operator import itemgetter

import regex

from radio_archive.languages.repair import PLAIN_LETTERS, Letters, drop_marks
from radio_archive.languages.repair import fold as fold_marks

Replacement = str | Callable[[re.Match[str]], str]

_LATIN = regex.compile(r"\p{Script=Latin}")
#: one application nearly always does; a rule may make work for one above it
_MAX_PASSES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of a spelling table."""

    step: str  #: ``repair``, ``letters``, ``sounds`` or ``length``
    pattern: str  #: letters, any of them; of ``sounds`` and ``length``, a regular expression
    replacement: str
    example: str  #: spellings that meet by it; may be empty
    source: str  #: where the spelling was seen or is prescribed


class Spelling:
    """The spelling rules of one language, ready to use."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._repair = _letter_map(rules, "repair")
        self._letters = _letter_map(rules, "letters")
        self._sounds = _expressions(rules, "sounds")
        self._length = _expressions(rules, "length")
        self._any_sound = _any_of(self._sounds)
        self._any_length = _any_of(self._length)
        self._plain = str.maketrans(plain_letters(rules))

    def repair(self, word: Letters) -> Letters:
        """A word with the letters that stand in for others put right."""
        if word.text.isascii() or not self._repair:
            return word
        # one letter for one, so that the places still hold
        return Letters(word.text.translate(self._repair), word.places, word.end)

    def fold(self, text: str) -> str:
        """The form in which all spellings of a word meet; words of other scripts lose marks."""
        if not _LATIN.search(text):
            return fold_marks(text)
        folded = text.replace("'", "").replace("-", "")
        if not folded.isascii():
            folded = unicodedata.normalize("NFC", folded).translate(self._letters)
            folded = drop_marks(folded).translate(self._plain)
        for _ in range(_MAX_PASSES):
            before = folded
            if not self._any_sound.search(folded):
                break  # found out in a fraction of the time that asking every rule takes
            for pattern, replacement in self._sounds:
                folded = pattern.sub(replacement, folded)
            if folded == before:
                break
        return folded

    def is_long(self, folded: str) -> bool:
        """Whether ``shorten`` may change a folded word, which takes longer than to tell."""
        return self._any_length.search(folded) is not None

    def long_among(self, words: Sequence[str]) -> list[int]:
        """The places of those that ``shorten`` may change."""
        if not self._length:
            return []
        is_long = self._any_length.search
        return [place for place, word in enumerate(words) if is_long(word)]

    def shorten(self, folded: str) -> str:
        """A folded word without the length of its sounds; as it is where no rule speaks of it."""
        for _ in range(_MAX_PASSES):
            before = folded
            for pattern, replacement in self._length:
                folded = pattern.sub(replacement, folded)
            if folded == before:
                break
            # moyyi is moyi now, which is folded moy
            folded = self.fold(folded)
        return folded


@cache
def load_spelling(tag: str) -> Spelling:
    """The rules of the language whose table bears this tag."""
    return Spelling(load_rules(tag))


def load_rules(tag: str) -> tuple[Rule, ...]:
    """The rows of a language's table, in their order."""
    text = _data(f"spelling_{tag}.tsv")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        Rule(
            step=row["step"],
            pattern=row["from"],
            replacement=row["to"],
            example=row["example"],
            source=row["source"],
        )
        for row in rows
    )


def plain_letters(rules: Iterable[Rule]) -> dict[str, str]:
    """``PLAIN_LETTERS`` without those that the rules name: they are theirs to change."""
    named = "".join(rule.pattern for rule in rules if rule.step == "sounds")
    return {letter: plain for letter, plain in PLAIN_LETTERS.items() if letter not in named}


@cache
def load_words(file_name: str) -> frozenset[str]:
    """The words of a list in ``data/``; what follows a ``#`` is a remark."""
    lines = (line.partition("#")[0] for line in _data(file_name).splitlines())
    return frozenset(word.casefold() for line in lines for word in line.split())


def _data(file_name: str) -> str:
    return resources.files(__package__).joinpath("data", file_name).read_text("utf-8")


def _letter_map(rules: tuple[Rule, ...], step: str) -> dict[int, str]:
    return {
        ord(letter): rule.replacement
        for rule in rules
        if rule.step == step
        for letter in rule.pattern
    }


def _expressions(rules: tuple[Rule, ...], step: str) -> list[tuple[re.Pattern[str], Replacement]]:
    return [
        (re.compile(rule.pattern), _replacement(rule.replacement))
        for rule in rules
        if rule.step == step
    ]


def _any_of(expressions: Sequence[tuple[re.Pattern[str], Replacement]]) -> re.Pattern[str]:
    """What matches where any of the expressions does; each holds one group at most."""
    whole, groups = [], 0
    for pattern, _ in expressions:
        whole.append(f"(?:{pattern.pattern})".replace(r"\1", rf"\{groups + 1}"))
        groups += pattern.groups
    return re.compile("|".join(whole) or "(?!)")


def _replacement(template: str) -> Replacement:
    """What ``re`` takes: it would read a template with a group anew at each call.

    Raises:
        ValueError: the template holds another group than the first, or more than a group.
    """
    if template == r"\1":
        return itemgetter(1)
    if "\\" in template:
        raise ValueError(f"{template!r} is no replacement of a spelling table: letters or \\1.")
    return template

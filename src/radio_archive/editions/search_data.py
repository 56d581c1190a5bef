"""The search data of an edition: words analysed beforehand, in small script files.

A browser loads the few files whose words begin like those typed, finds passages that hold all of
them, and then the texts of the passages it shows. A phone never holds more than that.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from radio_archive.languages.analysis import ANALYZERS, analyze_as, analyzer_name, is_stop_word
from radio_archive.languages.arabic import ARTICLE, LETTERS, ArabicAnalyzer
from radio_archive.languages.english import EnglishAnalyzer
from radio_archive.languages.french import (
    ELISION,
    INVERSION,
    LONE_ELISION,
    NOT_INVERTED,
    FrenchAnalyzer,
)
from radio_archive.languages.repair import (
    APOSTROPHES,
    HYPHENS,
    IGNORED,
    LOOK_ALIKES,
    PLAIN_LETTERS,
)
from radio_archive.languages.rules import TableAnalyzer
from radio_archive.languages.spelling import load_rules, plain_letters
from radio_archive.model import Passage

TEXTS_IN_A_FILE = 100
"""Passages in one file of texts: some 45 kB, loaded only for what is shown."""

KEY_LETTERS = 2
"""Letters by which words are put into files: 139,000 words of Bambara and English (fifteen hours of
speech) made 880, nine in ten of them under 6 kB, the largest 31 kB."""

#: letters that are one unit of a script's text; those beyond have no case that matters here
_ONE_UNIT = 0x10000


class SearchData:
    """Takes the passages of an edition, the newest broadcast first, and writes its search data."""

    def __init__(self) -> None:
        self._passages: list[tuple[int, str]] = []
        #: analyzer -> folded form -> stems
        self._words: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        #: analyzer -> stem -> passage and tenth of a second, in turn
        self._places: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._languages: dict[str, str] = {}

    def add(self, number: int, passages: Sequence[Passage]) -> None:
        """Take the passages of one broadcast.

        Args:
            number: of the broadcast in the edition's list.
            passages: what is searched of it.
        """
        for passage in passages:
            analyzer = analyzer_name(passage.language)
            self._languages[passage.language] = analyzer
            place = len(self._passages)
            self._passages.append((number, passage.text))
            seen: set[str] = set()
            for token in analyze_as(passage.text, analyzer):
                self._words[analyzer][token.folded].add(token.stem)
                if token.stem not in seen and not is_stop_word(token.exact, analyzer):
                    seen.add(token.stem)
                    moment = _moment(passage, token.char_start)
                    self._places[analyzer][token.stem] += [place, moment // 100]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each file."""
        shards: dict[str, list[str]] = {}
        for analyzer in sorted(self._words):
            cut = self._shards(analyzer)
            shards[analyzer] = sorted(cut)
            for key in sorted(cut):
                call = _call("word", analyzer, key, cut[key])
                yield f"search/{analyzer}-{name_of(key)}.js", call
        for first in range(0, len(self._passages), TEXTS_IN_A_FILE):
            block = self._passages[first : first + TEXTS_IN_A_FILE]
            number = first // TEXTS_IN_A_FILE
            yield f"search/text-{number}.js", _call("text", number, block)
        rules = {analyzer: fold_rules(analyzer) for analyzer in sorted(self._words)}
        settings = {"languages": self._languages, "shards": shards, "rules": rules}
        settings |= {"textsInAFile": TEXTS_IN_A_FILE, "keyLetters": KEY_LETTERS}
        settings |= shared_rules()
        yield "search/rules.js", _call("rules", settings)

    def _shards(self, analyzer: str) -> Mapping[str, list[dict[str, Any]]]:
        """By the letters they begin with: stems of each word, and places of each stem."""
        cut: dict[str, list[dict[str, Any]]] = defaultdict(lambda: [{}, {}])
        for folded, stems in sorted(self._words[analyzer].items()):
            cut[folded[:KEY_LETTERS]][0][folded] = sorted(stems)
        for stem, places in sorted(self._places[analyzer].items()):
            cut[stem[:KEY_LETTERS]][1][stem] = places
        return cut


def shared_rules() -> Mapping[str, Any]:
    """What holds for the words of every language: letters mended, ignored and made plain."""
    return {
        "plain": dict(PLAIN_LETTERS),
        "alike": dict(LOOK_ALIKES),
        "cases": _cases(),
        "apostrophes": APOSTROPHES,
        "hyphens": HYPHENS,
        "ignored": IGNORED,
    }


def fold_rules(analyzer: str) -> Mapping[str, Any]:
    """The spelling rules of a language as the script of an edition applies them.

    They are the archive's own rows and expressions. The script knows no stemmer but the Arabic
    article: the stems of all words said are in the data, and other forms find them by their first
    letters.
    """
    rules = ANALYZERS[analyzer]
    if isinstance(rules, TableAnalyzer):
        return _table_rules(rules)
    if isinstance(rules, FrenchAnalyzer):
        return {
            "alone": LONE_ELISION.pattern,
            "before": ELISION.pattern,
            "behind": INVERSION.pattern,
            "kept": sorted(NOT_INVERTED),
        }
    if isinstance(rules, EnglishAnalyzer):
        return {"behind": "'s$"}
    if isinstance(rules, ArabicAnalyzer):
        bare: Mapping[str, str] = {chr(code): letter or "" for code, letter in LETTERS.items()}
        return {"bare": {**bare, **_digits()}, "article": ARTICLE.pattern}
    return {}


def _table_rules(analyzer: TableAnalyzer) -> Mapping[str, Any]:
    rules = load_rules(analyzer.table)
    return {
        "elided": analyzer.has_elision,
        "repair": _letters(rules, "repair"),
        "letters": _letters(rules, "letters"),
        "plain": plain_letters(rules),
        "sounds": [
            [rule.pattern, rule.replacement.replace("\\", "$")]
            for rule in rules
            if rule.step == "sounds"
        ],
    }


def _cases() -> Mapping[str, str]:
    """Letters whose case is folded otherwise than by making them small: ß, ſ, ς.

    Not those of Cherokee, which fold to capitals.
    """
    letters = map(chr, range(_ONE_UNIT))
    folded = {each: each.casefold() for each in letters if each.casefold() != each.lower()}
    return {each: small for each, small in folded.items() if small == small.lower()}


def _digits() -> Mapping[str, str]:
    """Digits of all scripts, as Western ones."""
    letters = map(chr, range(0x80, _ONE_UNIT))
    return {each: str(unicodedata.decimal(each)) for each in letters if each.isdecimal()}


def name_of(key: str) -> str:
    """Letters as part of a file's name that every disk can hold."""
    return "-".join(f"{ord(letter):x}" for letter in key)


def _letters(rules: Sequence[Any], step: str) -> dict[str, str]:
    return {
        letter: rule.replacement for rule in rules if rule.step == step for letter in rule.pattern
    }


def _moment(passage: Passage, char: int) -> int:
    """When the word at a character is said, in milliseconds."""
    said = [mark.start_ms for mark in passage.marks if mark.char_start <= char]
    return said[-1] if said else passage.start_ms


def _call(name: str, *arguments: object) -> bytes:
    """A script that hands data over; ``</`` cannot end it and U+2028 cannot break it."""
    told = ",".join(
        json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in arguments
    )
    told = told.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"Edition.{name}({told});\n".encode()

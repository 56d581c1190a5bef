"""The queries of the test set, grouped by language and by what a search must do to answer them.

Sampled queries are judged by the text itself: right is what holds the words meant. Names are
judged by the other spellings a table of names gives, searches across languages by translations
that lie beside the text, and those on the sample broadcasts by hand.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import regex

from radio_archive.archive import SearchOptions
from radio_archive.model import Passage
from tests.relevance import texts
from tests.relevance.sampling import Judge, KnownItem, sample, slips, words_of
from tests.relevance.station import PassageKey, Station, key_of
from tests.relevance.texts import LANGUAGE_DATA, Cue
from tests.relevance.typing_styles import STYLES, Style

DATA = Path(__file__).resolve().parent / "data"
#: letters of a name, at least: `San` and `Bla` are words in too many languages
NAME_LETTERS = 4

_WORD = regex.compile(r"[\p{L}\p{M}]+")


class Mode(StrEnum):
    """What it takes to find the words."""

    EXACT = "exact"
    FOLDED = "folded"
    CLOSE = "close"
    ALIAS = "alias"
    CROSS = "cross-language"
    MEANING = "meaning"  #: other words for the same thing: no table brings these together


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One query with what answers it."""

    text: str
    judged: frozenset[PassageKey]
    is_false: Callable[[PassageKey], bool]  #: whether a passage holds nothing that was meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Queries asked in one way of the passages of one language."""

    language: str
    mode: Mode
    typed: str  #: how the queries are written
    questions: tuple[Question, ...]
    options: SearchOptions


def sampled(station: Station, language: str, cues: Sequence[Cue], count: int) -> Iterator[Trial]:
    """Queries drawn from the text, typed in every style of the language, and with a slip."""
    judge = Judge(station.in_language(language))
    items = sample(cues, judge, count)
    here = SearchOptions(language=language)
    exact = SearchOptions(language=language, is_exact_only=True)

    def trial(mode: Mode, typed: str, style: Style, options: SearchOptions) -> Trial:
        asked = tuple(known(item, style(item.text), judge) for item in items)
        return Trial(language=language, mode=mode, typed=typed, questions=asked, options=options)

    yield trial(Mode.EXACT, "as written, exact only", str, exact)
    for name, style in STYLES[language].items():
        yield trial(Mode.FOLDED, name, style, here)
    long = [item for item in items if max(map(len, item.words)) > 5]
    yield Trial(
        language=language,
        mode=Mode.CLOSE,
        typed="one slip",
        questions=tuple(known(item, slips(item), judge) for item in long),
        options=here,
    )


def known(item: KnownItem, text: str, judge: Judge) -> Question:
    """A sampled query as somebody types it."""
    return Question(
        text=text, judged=item.judged, is_false=lambda key: judge.is_false(key, item.words)
    )


def names(station: Station, language: str) -> Trial:
    """Names of the gazetteer, searched in a spelling that the passages meant do not hold."""
    passages = station.in_language(language)
    ordinary = {
        word for passage in passages for word in _WORD.findall(passage.text) if word == word.lower()
    }
    questions = []
    for spellings in _gazetteer():
        holding = {each: _holding(passages, each, ordinary) for each in spellings}
        everywhere = frozenset[PassageKey]().union(*holding.values())
        for spelling in spellings:
            judged = everywhere - holding[spelling]
            if judged:
                questions.append(_only(spelling, judged, also=everywhere))
    return Trial(
        language=language,
        mode=Mode.ALIAS,
        typed="another spelling",
        questions=tuple(questions),
        options=SearchOptions(language=language),
    )


def _gazetteer() -> Iterator[tuple[str, ...]]:
    with (LANGUAGE_DATA / "gazetteer.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield tuple(dict.fromkeys([row["name"], *row["variants"].split("|")]))


def _holding(passages: Iterable[Passage], name: str, ordinary: Set[str]) -> frozenset[PassageKey]:
    """Passages with this name, in capitals as it stands; none for what is a common word too."""
    words = _WORD.findall(name)
    if all(word.lower() in ordinary or len(word) < NAME_LETTERS for word in words):
        return frozenset()
    wanted = f" {' '.join(words)} "
    return frozenset(
        key_of(passage)
        for passage in passages
        if name.split()[0] in passage.text
        and wanted in f" {' '.join(_WORD.findall(passage.text))} "
    )


def translated(
    station: Station, language: str, asked: str, sides: Iterable[tuple[str, Iterable[Cue]]]
) -> Trial:
    """Words of another language, judged by the translation that lies beside the text.

    A passage that holds the word itself, in a title or a citation, is not counted: it is found
    without knowing any language. Translations are free, so a passage may be right though its
    translation lacks the word: what is counted as false is an upper bound.

    Args:
        station: the archive.
        language: of what is said.
        asked: the language of the words, as ``data/asked.tsv`` names it.
        sides: programme names with their translation, in the times of what is said.
    """
    spans = _Spans(station)
    held = {key_of(each): set(words_of(each.text)) for each in station.in_language(language)}
    answers: dict[str, set[PassageKey]] = {word: set() for word in _asked(asked)}
    for name, translation in sides:
        for cue in translation:
            said = set(words_of(cue.text))
            for word, keys in answers.items():
                if {word, f"{word}s", f"{word}x"} & said:
                    at = spans.at(name, language, cue.start_ms)
                    keys.update(key for key in at if word not in held[key])
    return Trial(
        language=language,
        mode=Mode.CROSS,
        typed=f"in {asked}",
        questions=tuple(_only(word, frozenset(keys)) for word, keys in answers.items() if keys),
        options=SearchOptions(language=language),
    )


def _asked(language: str) -> list[str]:
    """What listeners may ask: plain words of news and daily life."""
    with (DATA / "asked.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [row["word"] for row in rows if row["language"] == language]


def aligned(text: str, language: str) -> Iterator[tuple[str, tuple[Cue, ...]]]:
    """Programmes of an OLDI file beside their English lines, with the times of the former."""
    folder = LANGUAGE_DATA / "oldi_seed"
    own = (folder / text).read_text(encoding="utf-8").splitlines()
    lines = (folder / "eng_Latn").read_text(encoding="utf-8").splitlines()
    told = iter([line for line, said in zip(lines, own, strict=True) if said.strip()])
    for programme in texts.oldi(text, language):
        yield programme.name, tuple(replace(cue, text=next(told)) for cue in programme.cues)


def griots_in_french() -> Iterator[tuple[str, tuple[Cue, ...]]]:
    """The griots' programmes with the French line of every cue."""
    for programme in texts.jeli():
        yield programme.name, programme.french


def judged_by_hand(station: Station) -> Iterator[Trial]:
    """Queries on the sample broadcasts with the moments that answer them."""
    spans = _Spans(station)
    grouped: dict[str, list[Question]] = defaultdict(list)
    with (DATA / "judged_fr.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            keys: set[PassageKey] = set()
            for moment in row["moments"].split():
                name, second = moment.split("@")
                keys.update(spans.at(name, "fr", int(second) * 1000 + 999))
            grouped[row["mode"]].append(_only(row["query"], frozenset(keys)))
    for described, questions in grouped.items():
        name, _, typed = described.partition(": ")
        mode = Mode(name)
        yield Trial(
            language="fr",
            mode=mode,
            typed=typed or "by hand",
            questions=tuple(questions),
            options=SearchOptions(language="fr", is_exact_only=mode is Mode.EXACT),
        )


def paraphrases(station: Station) -> Iterator[Trial]:
    """Questions in other words than those said, in French and in English, judged by hand."""
    spans = _Spans(station)
    grouped: dict[str, list[Question]] = defaultdict(list)
    with (DATA / "paraphrases.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            keys: set[PassageKey] = set()
            for moment in row["moments"].split():
                name, second = moment.split("@")
                keys.update(spans.at(name, "fr", int(second) * 1000 + 999))
            grouped[row["language"]].append(_only(row["query"], frozenset(keys)))
    for language, questions in grouped.items():
        yield Trial(
            language=language,
            mode=Mode.MEANING,
            typed="in other words",
            questions=tuple(questions),
            options=SearchOptions(),
        )


def _only(
    text: str, judged: frozenset[PassageKey], *, also: frozenset[PassageKey] = frozenset()
) -> Question:
    right = judged | also
    return Question(text=text, judged=judged, is_false=lambda key: key not in right)


class _Spans:
    """Finds the passage of a moment."""

    def __init__(self, station: Station) -> None:
        self._passages: dict[tuple[str, str], list[Passage]] = defaultdict(list)
        for passage in station.passages:
            name = station.names[passage.broadcast_id]
            self._passages[name, passage.language].append(passage)

    def at(self, name: str, language: str, moment_ms: int) -> tuple[PassageKey, ...]:
        """The passage of a broadcast that is on air at a moment; none before the first."""
        passages = self._passages[name, language]
        place = bisect_right([passage.start_ms for passage in passages], moment_ms)
        return () if place == 0 else (key_of(passages[place - 1]),)

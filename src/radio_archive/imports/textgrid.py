"""Praat TextGrids (``.TextGrid``), as phoneticians mark up speech.

Read as Praat reads them: only free-standing numbers, text in double quotes and flags in angle
brackets count, so the long and the short form are one (Praat manual, *TextGrid file formats*). A
tier of single words gives the times of words, the first tier of longer text the lines; tiers of
sounds and syllables, and points, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from radio_archive.errors import BadImport
from radio_archive.imports.cues import (
    Cue,
    CueFile,
    clean_lines,
    counted,
    to_ms,
    wrong_format,
)
from radio_archive.model import Milliseconds, Word

_NUMBER = r"(?<!\S)(\d{1,15}(?:\.\d+)?(?:[eE][-+]?\d{1,2})?)(?!\S)"
_TOKEN = re.compile(rf'"((?:[^"]|"")*)"|{_NUMBER}|<(\w+)>|!.*')
_SOUNDS = re.compile(r"phon|syll|\bMAU\b|\bKAN\b|\bTRN\b|\btones?\b", re.IGNORECASE)
"""Tiers that hold sounds, syllables or codes, as SPPAS, MAUS and the Montreal aligner name them."""

_SILENCE = {"#", "##", "_", "sil", "sp", "spn", "<p:>", "<sil>", "<usb>", "pause"}
"""What aligners write where nobody speaks."""

WORDS_SHARE = 0.9
"""In a tier of words so many of the intervals hold a single one; the rest are names and dates."""

LONGEST_PAUSE_MS = 300
"""Words so near each other go on one line, where there is no tier of lines."""

_START = ("ooTextFile", "TextGrid")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Interval:
    number: int  #: within its tier, from 1
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tier:
    name: str
    intervals: tuple[_Interval, ...]  #: those with text

    @property
    def holds_words(self) -> bool:
        single = sum(len(" ".join(each.lines).split()) == 1 for each in self.intervals)
        return len(self.intervals) > 1 and single >= WORDS_SHARE * len(self.intervals)


class _Tokens:
    """What counts in the file, one after the other."""

    def __init__(self, text: str, name: str) -> None:
        self._found = (
            match
            for match in _TOKEN.finditer(text)
            if any(group is not None for group in match.groups())
        )
        self._name = name

    def text(self) -> str:
        return self._next(1).replace('""', '"')

    def number(self) -> float:
        return float(self._next(2))

    def flag(self) -> str:
        return self._next(3)

    def _next(self, group: int) -> str:
        match = next(self._found, None)
        found = None if match is None else match[group]
        if found is None:
            expected = {1: "text in quotes", 2: "a number", 3: "a flag"}[group]
            there = "ends" if match is None else f"has {match[0][:40]!r}"
            raise BadImport(
                f"{self._name} {there} where a TextGrid has {expected}.",
                hint="Open it with Praat and save it again as a text file.",
            )
        return found


def read(text: str, name: str) -> CueFile:
    """Read a TextGrid.

    Raises:
        BadImport: it is none, it breaks off, or no tier holds text.
    """
    tokens = _Tokens(text, name)
    if not text.lstrip().startswith(("File type", '"ooTextFile')) or (
        (tokens.text(), tokens.text()) != _START
    ):
        raise wrong_format(name, "no Praat TextGrid written as text")
    tiers = list(_tiers(tokens))
    spoken = [tier for tier in tiers if tier.intervals and not _SOUNDS.search(tier.name)]
    if not spoken:
        raise wrong_format(name, "no tier with text")
    words = next((tier for tier in spoken if tier.holds_words), None)
    lines = next((tier for tier in spoken if not tier.holds_words), None)
    used = [tier for tier in (lines, words) if tier is not None]
    left = len(tiers) - len(used)
    notes = (
        [f"Tier {used[0].name!r} read."]
        if len(used) == 1
        else [f"Tiers {used[0].name!r} and {used[1].name!r} read."]
    )
    if left:
        notes.append(f"{counted(left, 'tier', 'tiers')} left out.")
    return CueFile(cues=tuple(_cues(lines, words)), notes=tuple(notes))


def _tiers(tokens: _Tokens) -> Iterator[_Tier]:
    tokens.number(), tokens.number()
    if tokens.flag() != "exists":
        return
    for _ in range(int(tokens.number())):
        kind, name = tokens.text(), tokens.text()
        tokens.number(), tokens.number()
        is_interval = kind == "IntervalTier"
        intervals: list[_Interval] = []
        for number in range(1, int(tokens.number()) + 1):
            start = tokens.number()
            end = tokens.number() if is_interval else start
            lines = clean_lines(tokens.text().splitlines())
            if is_interval and lines and " ".join(lines).lower() not in _SILENCE:
                intervals.append(
                    _Interval(number=number, start_ms=to_ms(start), end_ms=to_ms(end), lines=lines)
                )
        yield _Tier(name=name, intervals=tuple(intervals))


def _cues(lines: _Tier | None, words: _Tier | None) -> Iterator[Cue]:
    """Lines with the words inside them; without a tier of lines, words up to a pause."""
    timed = () if words is None else words.intervals
    if lines is None:
        for run in _runs(timed):
            yield _cue(run[0], run[-1].end_ms, (" ".join(_text(each) for each in run),), run)
        return
    for line in lines.intervals:
        inside = [
            each
            for each in timed
            if line.start_ms <= (each.start_ms + each.end_ms) // 2 < line.end_ms
        ]
        yield _cue(line, line.end_ms, line.lines, inside)


def _cue(first: _Interval, end_ms: int, lines: tuple[str, ...], words: Sequence[_Interval]) -> Cue:
    return Cue(
        place=f"interval {first.number}",
        start_ms=first.start_ms,
        end_ms=end_ms,
        lines=lines,
        words=tuple(
            Word(
                start_ms=Milliseconds(each.start_ms),
                end_ms=Milliseconds(each.end_ms),
                text=_text(each),
            )
            for each in words
        ),
    )


def _runs(words: Sequence[_Interval]) -> Iterator[list[_Interval]]:
    run: list[_Interval] = []
    for word in words:
        if run and word.start_ms - run[-1].end_ms > LONGEST_PAUSE_MS:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _text(interval: _Interval) -> str:
    return " ".join(interval.lines)

"""A transcript as the page shows it: sentence by sentence, gaps included, words findable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from radio_archive.links import seconds_text
from radio_archive.model import Band, Gap, LanguageTag, Milliseconds, Segment, Transcript
from radio_archive.web.marking import marked

#: addresses carry tenths of a second, rounded down: a moment that close before a sentence is its
#: beginning
_TENTH_MS = 100

Spans = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence."""

    start_ms: Milliseconds
    seconds: str  #: its start as addresses write it; its anchor is ``t=`` and this
    has_anchor: bool  #: False when an earlier line starts within the same tenth of a second
    text: Markup  #: escaped, query words in ``<mark>``
    word_times: str  #: for each run of non-space characters, its start after the line's, in
    #: hundredths of a second, separated by spaces; empty when words have no times
    speaker: str  #: empty when unknown or unchanged
    voice: str  #: letter of a voice nobody named; empty when unknown or unchanged
    is_voice_unsure: bool  #: from here a machine cannot say whose voice it is
    language: LanguageTag | None  #: where it is not the transcript's
    turns_to: LanguageTag | None  #: its language, when the line before is in another one
    is_reviewed: bool  #: a person here stands for it
    is_unsure: bool  #: to be listened to before it is believed
    is_current: bool  #: the moment the address asks for lies in it
    anchor_here: str  #: anchor of the moment asked for when it lies inside the line; else empty


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """A stretch without text."""

    gap: Gap
    seconds: str


def transcript_lines(
    transcript: Transcript,
    moment: Milliseconds | None,
    find_spans: Callable[[str, LanguageTag], Spans],
) -> tuple[Line | GapLine, ...]:
    """Lay a transcript out.

    Args:
        transcript: what was said.
        moment: what the address asks for; None when it asks for nothing.
        find_spans: character spans of the words to mark in one sentence of a language.
    """
    current = _current(transcript, moment)
    lines: list[tuple[Milliseconds, Line | GapLine]] = [
        (gap.start_ms, GapLine(gap=gap, seconds=seconds_text(gap.start_ms)))
        for gap in transcript.gaps
    ]
    seen: set[str] = set()
    who, spoken = _Who(), transcript.language
    has_voices = any(segment.voice for segment in transcript.segments)
    for segment in transcript.segments:
        seconds = seconds_text(segment.start_ms)
        is_current = segment is current
        language = segment.language or transcript.language
        before, who = who, _who(segment, has_voices=has_voices)
        told = who if who != before else _Who()
        line = Line(
            start_ms=segment.start_ms,
            seconds=seconds,
            has_anchor=seconds not in seen,
            text=marked(segment.text, find_spans(segment.text, language)),
            word_times=" ".join(str(time) for time in _word_times(segment)),
            speaker=told.speaker,
            voice=told.voice,
            is_voice_unsure=told.is_unsure,
            language=segment.language,
            turns_to=language if language != spoken else None,
            is_reviewed=segment.review is not None,
            is_unsure=segment.band is Band.UNSURE and segment.review is None,
            is_current=is_current,
            anchor_here=_anchor_here(moment, seconds) if is_current else "",
        )
        seen.add(seconds)
        spoken = language
        lines.append((segment.start_ms, line))
    return tuple(line for _, line in sorted(lines, key=lambda pair: pair[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Who:
    """Who speaks, as far as is known."""

    speaker: str = ""
    voice: str = ""
    is_unsure: bool = False


def _who(segment: Segment, *, has_voices: bool) -> _Who:
    if segment.speaker:
        return _Who(speaker=segment.speaker)
    if segment.voice:
        return _Who(voice=segment.voice)
    return _Who(is_unsure=has_voices)


def _current(transcript: Transcript, moment: Milliseconds | None) -> Segment | None:
    """The last sentence begun at the moment; None before the first, or without a moment."""
    if moment is None:
        return None
    begun = (s for s in reversed(transcript.segments) if s.start_ms < moment + _TENTH_MS)
    return next(begun, None)


def _anchor_here(moment: Milliseconds | None, line_seconds: str) -> str:
    if moment is None or seconds_text(moment) == line_seconds:
        return ""
    return f"t={seconds_text(moment)}"


def _word_times(segment: Segment) -> Iterator[int]:
    """Start of each run of non-space characters, in hundredths of a second after the segment's."""
    marks = list(_word_places(segment))
    if not marks:
        return
    position = 0
    for run in re.finditer(r"\S+", segment.text):
        while position + 1 < len(marks) and marks[position][0] < run.start():
            if marks[position + 1][0] >= run.end():
                break
            position += 1
        yield max(0, marks[position][1] - segment.start_ms) // 10


def _word_places(segment: Segment) -> Iterator[tuple[int, int]]:
    """Character offset and start of each word that stands in the text as the engine gave it."""
    cursor = 0
    for word in segment.words:
        place = segment.text.find(word.text, cursor)
        if place >= 0:
            yield place, word.start_ms
            cursor = place + len(word.text)

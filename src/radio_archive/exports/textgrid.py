"""Praat TextGrid, long form (Praat manual, *TextGrid file formats*), for phoneticians."""

from __future__ import annotations

from collections.abc import Iterable

from radio_archive.exports.context import ExportContext
from radio_archive.exports.lines import one_line
from radio_archive.model import Transcript

Interval = tuple[int, int, str]
"""Start and end in milliseconds, and text; empty where nothing is written."""


def write(transcript: Transcript, context: ExportContext) -> str:
    """Write a transcript as intervals: a tier of sentences, and one of words where they have times.

    Intervals of a tier may neither overlap nor leave a hole, and none is empty of time: what begins
    before the one before it has ended begins there, and what then has no time left is not written.
    """
    recording = context.broadcast.recording
    ends = [int(segment.end_ms) for segment in transcript.segments]
    end_ms = max([1, *ends, 0 if recording is None else int(recording.duration_ms)])
    said = [(int(each.start_ms), int(each.end_ms), each.text) for each in transcript.segments]
    words = [
        (int(word.start_ms), int(word.end_ms), word.text)
        for segment in transcript.segments
        for word in segment.words
    ]
    tiers = [("sentences", said), *([("words", words)] if words else [])]
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        "xmin = 0",
        f"xmax = {_seconds(end_ms)}",
        "tiers? <exists>",
        f"size = {len(tiers)}",
        "item []:",
    ]
    for number, (name, intervals) in enumerate(tiers, start=1):
        lines += _tier(number, name, fill(intervals, end_ms), end_ms)
    return "\n".join(lines) + "\n"


def fill(intervals: Iterable[Interval], end_ms: int) -> list[Interval]:
    """The same intervals without overlap, and empty ones between them up to the end."""
    filled: list[Interval] = []
    now = 0
    for start, end, text in sorted(intervals, key=lambda each: each[:2]):
        begin = max(start, now)
        if end <= begin:
            continue
        if begin > now:
            filled.append((now, begin, ""))
        filled.append((begin, end, text))
        now = end
    if now < end_ms:
        filled.append((now, end_ms, ""))
    return filled


def _tier(number: int, name: str, intervals: list[Interval], end_ms: int) -> list[str]:
    lines = [
        f"    item [{number}]:",
        '        class = "IntervalTier"',
        f'        name = "{name}"',
        "        xmin = 0",
        f"        xmax = {_seconds(end_ms)}",
        f"        intervals: size = {len(intervals)}",
    ]
    for place, (start, end, text) in enumerate(intervals, start=1):
        quoted = one_line(text).replace('"', '""')
        lines += [
            f"        intervals [{place}]:",
            f"            xmin = {_seconds(start)}",
            f"            xmax = {_seconds(end)}",
            f'            text = "{quoted}"',
        ]
    return lines


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}"

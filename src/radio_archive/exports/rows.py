"""A transcript as a table: one row per sentence or gap, each with where it is from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from radio_archive.exports.context import UNSURE_SENTENCE, ExportContext, is_unsure, warnings
from radio_archive.exports.lines import clock, one_line
from radio_archive.exports.txt import GAP_SENTENCES
from radio_archive.model import Transcript

COLUMNS = (
    "Émission",
    "Titre",
    "Diffusion (UTC)",
    "Début",
    "Fin",
    "Début (ms)",
    "Fin (ms)",
    "Locuteur",
    "Texte",
    "Langue",
    "Remarque",
    "Fiabilité",
)
"""Headings, in French as all that exports say beside the words."""

Row = tuple[str | int, ...]
"""A cell for each of ``COLUMNS``; whole numbers are milliseconds."""


def rows_of(transcript: Transcript, context: ExportContext) -> Iterator[Row]:
    """The rows, in order of time; rows of several broadcasts may be put under each other."""
    broadcast = context.broadcast
    aired = broadcast.aired_at
    day = aired.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if aired else ""
    source = (str(broadcast.id), one_line(broadcast.title), day)
    trust = " ".join(warnings(transcript, context))
    lines: list[tuple[int, int, str, str, str, str]] = [
        (
            segment.start_ms,
            segment.end_ms,
            one_line(segment.speaker or ""),
            one_line(segment.text),
            str(segment.language or transcript.language),
            UNSURE_SENTENCE if is_unsure(segment) else "",
        )
        for segment in transcript.segments
    ]
    lines += [
        (gap.start_ms, gap.end_ms, "", "", str(gap.language or ""), GAP_SENTENCES[gap.reason])
        for gap in transcript.gaps
    ]
    for start, end, speaker, text, language, note in sorted(lines, key=lambda line: line[:2]):
        times = (clock(start, "."), clock(end, "."), start, end)
        yield (*source, *times, speaker, text, language, note, trust)

"""Office Open XML document (ECMA-376), to print, to mark up and to quote from."""

from __future__ import annotations

import io

from docx import Document
from docx.shared import Pt, RGBColor

from radio_archive.exports.context import (
    UNSURE_MARK,
    ExportContext,
    explain_mark,
    is_unsure,
    warnings,
)
from radio_archive.exports.lines import one_line, short_clock
from radio_archive.exports.txt import GAP_SENTENCES, facts_of
from radio_archive.model import Transcript
from radio_archive.model.text import printable

_GREY = RGBColor(0x59, 0x59, 0x59)
"""Seven times as dark as white paper: WCAG 2.2, contrast of small text."""


def write(transcript: Transcript, context: ExportContext) -> bytes:
    """Write a transcript as a document: what it is, how far to believe it, then the words.

    Every sentence is a paragraph that begins with its time; doubtful ones bear a mark, and what is
    not written stands in italics.
    """
    document = Document()
    properties = document.core_properties
    properties.title = printable(context.broadcast.title)
    properties.author = printable(context.station)
    properties.language = str(transcript.language)
    properties.created = properties.modified = transcript.created_at.replace(tzinfo=None)
    document.styles["Normal"].font.size = Pt(11)
    document.add_heading(printable(one_line(context.broadcast.title)), level=1)
    table = document.add_table(rows=0, cols=2)
    for label, value in facts_of(transcript, context):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, printable(one_line(value))
    document.add_paragraph()
    for sentence in (*warnings(transcript, context), *explain_mark(transcript, UNSURE_MARK)):
        document.add_paragraph().add_run(printable(sentence)).bold = True
    for start_ms, speaker, text, is_said in _lines(transcript):
        paragraph = document.add_paragraph()
        time = paragraph.add_run(f"[{short_clock(start_ms)}] ")
        time.font.color.rgb = _GREY
        if speaker:
            paragraph.add_run(f"{speaker} : ").bold = True
        paragraph.add_run(text).italic = not is_said
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _lines(transcript: Transcript) -> list[tuple[int, str, str, bool]]:
    """Start, speaker, words, and whether they were said, in order of time."""
    lines = [
        (
            int(segment.start_ms),
            printable(one_line(segment.speaker or "")),
            (f"{UNSURE_MARK} " if is_unsure(segment) else "") + printable(one_line(segment.text)),
            True,
        )
        for segment in transcript.segments
    ]
    lines += [
        (
            int(gap.start_ms),
            "",
            f"{GAP_SENTENCES[gap.reason]} jusqu'à {short_clock(gap.end_ms)}",
            False,
        )
        for gap in transcript.gaps
    ]
    return sorted(lines, key=lambda line: line[0])

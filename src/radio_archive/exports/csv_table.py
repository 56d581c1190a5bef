"""Comma-separated values (RFC 4180), for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io

from radio_archive.exports.context import ExportContext
from radio_archive.exports.rows import COLUMNS, rows_of
from radio_archive.model import Transcript

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, *CSV Injection*)."""


def write(transcript: Transcript, context: ExportContext) -> str:
    """Write a transcript as a table: a heading, then a row per sentence or gap.

    A byte order mark tells spreadsheets that it is UTF-8; text that they would take for a formula
    begins with an apostrophe.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows_of(transcript, context):
        writer.writerow([cell if isinstance(cell, int) else harmless(cell) for cell in row])
    return "\ufeff" + stream.getvalue()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before it where needed."""
    return f"'{text}" if text.startswith(_FORMULA) else text

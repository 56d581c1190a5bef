"""Office Open XML workbook (ECMA-376), for spreadsheets."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from radio_archive.exports.context import ExportContext
from radio_archive.exports.rows import COLUMNS, Row, rows_of
from radio_archive.model import Transcript
from radio_archive.model.text import printable

LONGEST_CELL = 32_767
"""Characters in a cell, by Excel's limits; longer text ends in an ellipsis."""

_WIDTHS = {"Titre": 32, "Texte": 90, "Remarque": 32, "Fiabilité": 32}
_ROW_WIDTH = 16


def write(transcript: Transcript, context: ExportContext) -> bytes:
    """Write a transcript as a workbook of one sheet: a heading that stays, a row per sentence."""
    book = Workbook(write_only=True)
    book.properties.title = printable(context.broadcast.title)
    book.properties.creator = printable(context.station)
    book.properties.created = book.properties.modified = transcript.created_at.replace(tzinfo=None)
    sheet = book.create_sheet("Transcription")
    sheet.freeze_panes = "A2"
    for number, name in enumerate(COLUMNS):
        sheet.column_dimensions[chr(ord("A") + number)].width = _WIDTHS.get(name, _ROW_WIDTH)
    sheet.append([_cell(sheet, name, is_bold=True) for name in COLUMNS])
    for row in rows_of(transcript, context):
        sheet.append(_cells(sheet, row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cells(sheet: WriteOnlyWorksheet, row: Row) -> list[int | Cell]:
    return [cell if isinstance(cell, int) else _cell(sheet, cell) for cell in row]


def _cell(sheet: WriteOnlyWorksheet, text: str, *, is_bold: bool = False) -> Cell:
    """A cell of text, whatever it begins with: never a formula."""
    clean = printable(text)
    cell = WriteOnlyCell(
        sheet, clean if len(clean) <= LONGEST_CELL else clean[: LONGEST_CELL - 1] + "…"
    )
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if is_bold:
        cell.font = Font(bold=True)
    return cell

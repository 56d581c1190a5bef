"""Transcripts in the formats other programs read: one pure function per format.

A new format is one module with a ``write`` function and one row in ``EXPORTS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from radio_archive.errors import UnknownFormat
from radio_archive.exports import csv_table, docx, eaf, srt, textgrid, txt, vtt, whisper_json, xlsx
from radio_archive.exports.context import ExportContext
from radio_archive.model import Transcript

__all__ = ["EXPORTS", "ExportContext", "ExportFormat", "get_format"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """One way to write a transcript down."""

    name: str  #: what the user asks for: ``vtt``
    extension: str  #: of the file name, without the dot
    media_type: str  #: with charset, for the Content-Type header
    write: Callable[[Transcript, ExportContext], str | bytes]  #: pure; text is kept as UTF-8

    def encode(self, transcript: Transcript, context: ExportContext) -> bytes:
        """The whole file."""
        written = self.write(transcript, context)
        return written.encode() if isinstance(written, str) else written


_OPEN_XML = "application/vnd.openxmlformats-officedocument."

_FORMATS = (
    ExportFormat(
        name="vtt", extension="vtt", media_type="text/vtt; charset=utf-8", write=vtt.write
    ),
    ExportFormat(
        name="srt",
        extension="srt",
        media_type="application/x-subrip; charset=utf-8",
        write=srt.write,
    ),
    ExportFormat(
        name="txt", extension="txt", media_type="text/plain; charset=utf-8", write=txt.write
    ),
    ExportFormat(
        name="json", extension="json", media_type="application/json", write=whisper_json.write
    ),
    ExportFormat(
        name="docx",
        extension="docx",
        media_type=f"{_OPEN_XML}wordprocessingml.document",
        write=docx.write,
    ),
    ExportFormat(
        name="csv", extension="csv", media_type="text/csv; charset=utf-8", write=csv_table.write
    ),
    ExportFormat(
        name="xlsx",
        extension="xlsx",
        media_type=f"{_OPEN_XML}spreadsheetml.sheet",
        write=xlsx.write,
    ),
    ExportFormat(
        name="eaf", extension="eaf", media_type="text/x-eaf+xml; charset=utf-8", write=eaf.write
    ),
    ExportFormat(
        name="textgrid",
        extension="TextGrid",
        media_type="text/praat-textgrid; charset=utf-8",
        write=textgrid.write,
    ),
)

EXPORTS: Mapping[str, ExportFormat] = MappingProxyType({row.name: row for row in _FORMATS})
"""Every export format by its name, in the order offered to people."""


def get_format(name: str) -> ExportFormat:
    """Find an export format by its name, in capitals or not.

    Raises:
        UnknownFormat: we do not write it; the hint lists those we do.
    """
    try:
        return EXPORTS[name.lower()]
    except KeyError:
        raise UnknownFormat(
            f"There is no export format {name!r}.", hint=f"Choose one of {', '.join(EXPORTS)}."
        ) from None

"""Dossiers in the formats other programs read: one pure function per format.

Passages lead to the sound by addresses of the station's site; nothing of it is copied. What was
withdrawn is named as withdrawn, or left out where a format only plays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from radio_archive.dossier_exports import csv_table, docx, html, m3u
from radio_archive.dossier_exports.lines import DossierContext
from radio_archive.errors import UnknownFormat
from radio_archive.model import DossierPage

__all__ = ["DOSSIER_EXPORTS", "DossierContext", "DossierFormat", "get_dossier_format"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFormat:
    """One way to write a dossier down."""

    extension: str  #: of the file, and what the user asks for
    media_type: str
    write: Callable[[DossierPage, DossierContext], str | bytes]  #: pure; text is kept as UTF-8

    def encode(self, page: DossierPage, context: DossierContext) -> bytes:
        """The whole file."""
        written = self.write(page, context)
        return written.encode() if isinstance(written, str) else written


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_FORMATS = (
    DossierFormat(extension="html", media_type="text/html; charset=utf-8", write=html.write),
    DossierFormat(extension="docx", media_type=_WORD, write=docx.write),
    DossierFormat(extension="csv", media_type="text/csv; charset=utf-8", write=csv_table.write),
    DossierFormat(extension="m3u", media_type="audio/x-mpegurl; charset=utf-8", write=m3u.write),
)

DOSSIER_EXPORTS: Mapping[str, DossierFormat] = MappingProxyType(
    {row.extension: row for row in _FORMATS}
)
"""Every format by its name, in the order offered to people."""


def get_dossier_format(name: str) -> DossierFormat:
    """Find a format by its name, in capitals or not.

    Raises:
        UnknownFormat: we do not write it; the hint lists those we do.
    """
    try:
        return DOSSIER_EXPORTS[name.lower()]
    except KeyError:
        raise UnknownFormat(
            f"There is no dossier in the format {name[:16]!r}.",
            hint=f"Choose one of {', '.join(DOSSIER_EXPORTS)}.",
        ) from None

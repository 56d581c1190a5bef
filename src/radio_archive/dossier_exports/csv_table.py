"""Comma-separated values (RFC 4180): a row per entry, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io

from radio_archive.dossier_exports.lines import DossierContext, entry_of
from radio_archive.exports.csv_table import harmless
from radio_archive.model import DossierPage

COLUMNS = (
    "Rang",
    "Sorte",
    "Titre",
    "Source",
    "Texte",
    "Langue",
    "Remarque",
    "Note",
    "Adresse",
    "Son",
    "Durée (ms)",
)
"""Headings, in French."""


def write(page: DossierPage, context: DossierContext) -> str:
    """Write a dossier as a table; what a spreadsheet would take for a formula is made harmless."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, item in enumerate(page.items, 1):
        entry = entry_of(item, page.dossier, context)
        told = (entry.kind, entry.title, entry.source, entry.text, entry.language)
        beside = (" ".join(entry.remarks), entry.note, entry.url, entry.sound_url)
        writer.writerow([number, *map(harmless, told + beside), entry.length_ms or ""])
    return "\ufeff" + stream.getvalue()

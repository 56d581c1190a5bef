"""The hits of a saved search as a table (RFC 4180): what is handed on as evidence.

The digest of a saved search is the SHA-256 of these very bytes, so that anybody who was given the
file can tell that it is the one. Hence this format never changes: a test holds a digest.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from radio_archive.exports.csv_table import harmless
from radio_archive.model import SavedHit

COLUMNS = (
    "broadcast_id",
    "title",
    "aired_at",
    "language",
    "start_ms",
    "end_ms",
    "transcript_id",
    "trust",
    "match",
    "text",
)


def write(hits: Iterable[SavedHit]) -> bytes:
    """Write hits in their order, UTF-8 with a byte order mark; moments are in UTC.

    Text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for hit in hits:
        aired = "" if hit.aired_at is None else f"{hit.aired_at:%Y-%m-%dT%H:%M:%SZ}"
        row = (
            *(hit.broadcast_id, hit.title, aired, hit.language, hit.start_ms, hit.end_ms),
            *(hit.transcript_id, hit.trust.value, hit.match.value, hit.text),
        )
        writer.writerow([cell if isinstance(cell, int) else harmless(cell) for cell in row])
    return ("\ufeff" + stream.getvalue()).encode("utf-8", "replace")

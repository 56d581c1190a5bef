"""What becomes of a transcript when a person corrects a sentence of it: pure functions.

Nothing is changed in place: what comes out is another version.
"""

from __future__ import annotations

from radio_archive.corrections.cutting import joined, moved, split
from radio_archive.corrections.merging import keep_reviewed
from radio_archive.corrections.places import require_place, require_shown
from radio_archive.corrections.rows import (
    Row,
    changed_rows,
    find_row,
    kind_of,
    replaced,
    times_of,
    told_of,
)
from radio_archive.corrections.sentences import (
    find_nearest,
    find_sentence,
    reviewed,
    revised,
    sentences_of,
    text_of,
    version_of,
)
from radio_archive.corrections.texts import clean_lines, clean_text
from radio_archive.corrections.timing import retimed

__all__ = [
    "Row",
    "changed_rows",
    "clean_lines",
    "clean_text",
    "find_nearest",
    "find_row",
    "find_sentence",
    "joined",
    "keep_reviewed",
    "kind_of",
    "moved",
    "replaced",
    "require_place",
    "require_shown",
    "retimed",
    "reviewed",
    "revised",
    "sentences_of",
    "split",
    "text_of",
    "times_of",
    "told_of",
    "version_of",
]

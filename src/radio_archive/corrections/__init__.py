"""What becomes of a transcript when a person corrects a sentence of it: pure functions.

Nothing is changed in place: what comes out is another version.
"""

from __future__ import annotations

from radio_archive.corrections.merging import keep_reviewed
from radio_archive.corrections.sentences import (
    find_nearest,
    find_sentence,
    reviewed,
    revised,
    sentences_of,
    version_of,
)
from radio_archive.corrections.texts import clean_text
from radio_archive.corrections.timing import retimed

__all__ = [
    "clean_text",
    "find_nearest",
    "find_sentence",
    "keep_reviewed",
    "retimed",
    "reviewed",
    "revised",
    "sentences_of",
    "version_of",
]

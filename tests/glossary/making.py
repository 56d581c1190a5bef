"""Transcripts and entries with defaults."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.support.making import make_transcript

from radio_archive.model import (
    Entry,
    EntryId,
    EntryState,
    LanguageTag,
    Transcript,
    TranscriptKind,
    Trust,
)

SEEN = datetime(2026, 1, 2, tzinfo=UTC)


def written(*texts: str) -> Transcript:
    """What people wrote, at the times of `make_transcript`."""
    return make_transcript(*texts, kind=TranscriptKind.CORRECTED, trust=Trust.CHECKED)


def make_entry(wrong: str, right: str, language: str = "fr") -> Entry:
    """An accepted entry."""
    return Entry(
        id=EntryId(1),
        language=LanguageTag(language),
        wrong=wrong,
        right=right,
        state=EntryState.ACCEPTED,
        is_decided=True,
        times=1,
        broadcasts=(),
        first_seen=SEEN,
        last_seen=SEEN,
    )

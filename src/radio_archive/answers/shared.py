"""What several answers have in common."""

from __future__ import annotations

from datetime import UTC, datetime

from radio_archive.errors import RadioArchiveError
from radio_archive.model import (
    Broadcast,
    Coverage,
    Hit,
    Programme,
    Transcript,
)

Answer = dict[str, object]
"""A JSON object: text keys, values ``json.dumps`` takes."""

#: stands beside every text that a machine translated
ROUGH_TRANSLATION = "Rough machine translation, do not quote."


def error_answer(error: RadioArchiveError) -> Answer:
    """The one form every error has, on every address and in every ``--json``."""
    return {"error": {"code": error.code, "message": error.message, "hint": error.hint}}


def moment_text(moment: datetime | None) -> str | None:
    """An aware datetime as ISO 8601 in UTC, whole seconds: ``2014-10-16T17:00:00Z``."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def programme_answer(programme: Programme | None) -> Answer | None:
    """A programme; null for none."""
    return None if programme is None else {"id": programme.id, "title": programme.title}


def broadcast_head(broadcast: Broadcast) -> Answer:
    """What every answer says of a broadcast."""
    return {
        "id": broadcast.id,
        "title": broadcast.title,
        "programme": programme_answer(broadcast.programme),
        "language": broadcast.language,
        "aired_at": moment_text(broadcast.aired_at),
    }


def note_of(text: Hit | Transcript) -> str | None:
    """What must be known before quoting a text; null where its trust says it all."""
    return ROUGH_TRANSLATION if text.is_rough_translation else None


def coverage_row(row: Coverage) -> Answer:
    """One language of the coverage."""
    return {
        "language": row.language,
        "broadcasts": row.broadcasts,
        "hours": round(row.hours, 2),
        "transcribed_hours": round(row.transcribed_hours, 2),
        "checked_hours": round(row.checked_hours, 2),
    }

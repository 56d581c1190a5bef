"""Answers of the history of corrections."""

from __future__ import annotations

from collections.abc import Iterable

from radio_archive.answers.shared import Answer, moment_text
from radio_archive.links import broadcast_url
from radio_archive.model import Edit


def correction_answer(edit: Edit) -> Answer:
    """One change: times and texts are null where the whole text changed."""
    is_whole = edit.start_ms is None
    return {
        "id": edit.id,
        "kind": edit.kind.value,
        "by": edit.by,
        "at": moment_text(edit.at),
        "start_ms": edit.start_ms,
        "end_ms": edit.end_ms,
        "was_start_ms": edit.was_start_ms,
        "was_end_ms": edit.was_end_ms,
        "before": None if is_whole else edit.before,
        "after": None if is_whole else edit.after,
        "version": edit.transcript_id,
        "version_before": edit.before_id,
        "undoes": edit.undoes,
        "is_undone": edit.is_undone,
        "url": broadcast_url(edit.broadcast_id, edit.start_ms),
    }


def corrections_answer(edits: Iterable[Edit]) -> Answer:
    """Answer of ``/api/v1/broadcasts/{id}/corrections``, the last change first."""
    return {"corrections": [correction_answer(edit) for edit in edits]}

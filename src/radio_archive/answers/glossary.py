"""Answers of the glossary."""

from __future__ import annotations

from collections.abc import Iterable

from radio_archive.answers.shared import Answer, moment_text
from radio_archive.links import broadcast_url
from radio_archive.model import Entry, Proposal, Reworded


def entry_answer(entry: Entry) -> Answer:
    """One entry of ``glossary list --json`` and ``/api/v1/glossary``.

    ``is_decided`` is true where a person accepted or refused it.
    """
    return {
        "id": entry.id,
        "language": entry.language,
        "wrong": entry.wrong,
        "right": entry.right,
        "state": entry.state.value,
        "is_decided": entry.is_decided,
        "times": entry.times,
        "broadcasts": list(entry.broadcasts),
        "first_seen": moment_text(entry.first_seen),
        "last_seen": moment_text(entry.last_seen),
    }


def glossary_answer(entries: Iterable[Entry]) -> Answer:
    """Answer of ``/api/v1/glossary``."""
    return {"glossary": [entry_answer(entry) for entry in entries]}


def proposal_answer(proposal: Proposal) -> Answer:
    """One sentence of ``glossary proposals --json``: as it stands, and what it would become."""
    return {
        "broadcast_id": proposal.broadcast_id,
        "title": proposal.title,
        "aired_at": moment_text(proposal.aired_at),
        "start_ms": proposal.start_ms,
        "sentence": proposal.sentence,
        "becomes": proposal.becomes,
        "url": broadcast_url(proposal.broadcast_id, proposal.start_ms),
    }


def reworded_answer(result: Reworded) -> Answer:
    """One line of ``glossary apply --json`` and ``glossary undo --json``."""
    return {
        "broadcast_id": result.broadcast_id,
        "title": result.title,
        "sentences": result.sentences,
        "is_searchable": result.is_searchable,
        "url": broadcast_url(result.broadcast_id),
    }

"""Withdrawals as JSON."""

from __future__ import annotations

from radio_archive.answers.shared import Answer
from radio_archive.model.withdrawals import Withdrawal, WithdrawalResult


def withdrawal_answer(withdrawal: Withdrawal) -> Answer:
    """What was hidden, by whom, when and why, and whether that was undone."""
    excerpt, undone = withdrawal.excerpt, withdrawal.undone_at
    return {
        "id": withdrawal.id,
        "broadcast": withdrawal.broadcast_id,
        "start_ms": None if excerpt is None else excerpt.start_ms,
        "end_ms": None if excerpt is None else excerpt.end_ms,
        "reason": withdrawal.reason,
        "by": withdrawal.by,
        "at": withdrawal.at.isoformat(),
        "undone_at": None if undone is None else undone.isoformat(),
        "undone_by": withdrawal.undone_by,
        "undone_reason": withdrawal.undone_reason,
    }


def withdrawal_result_answer(result: WithdrawalResult) -> Answer:
    """What came of it, with the other broadcasts that hold some of the same sound."""
    return {
        **withdrawal_answer(result.withdrawal),
        "is_searchable": result.is_searchable,
        "repeats": [
            {
                "id": each.broadcast.id,
                "title": each.broadcast.title,
                "shared_ms": each.length_ms,
            }
            for each in result.repeats
        ],
    }

"""The answer of ``evaluate``."""

from __future__ import annotations

import math

from radio_archive.answers.shared import Answer
from radio_archive.model import ErrorCounts, Evaluation, SpeechCoverage, TimingError


def evaluation_answer(evaluation: Evaluation) -> Answer:
    """Answer of ``evaluate --json``; what the reference cannot tell is null."""
    return {
        "language": evaluation.language,
        "engine": evaluation.engine or None,
        "normalisation": evaluation.rules,
        "words": _errors(evaluation.words),
        "characters": _errors(evaluation.characters),
        "timing": None if evaluation.timing is None else _timing(evaluation.timing),
        "coverage": None if evaluation.coverage is None else _coverage(evaluation.coverage),
        "notes": list(evaluation.notes),
    }


def _errors(counts: ErrorCounts) -> Answer:
    return {
        "error_rate": None if math.isinf(counts.rate) else round(counts.rate, 4),
        "substitutions": counts.substitutions,
        "insertions": counts.insertions,
        "deletions": counts.deletions,
        "reference": counts.reference,
    }


def _timing(timing: TimingError) -> Answer:
    return {
        "timed_by": timing.timed_by.value,
        "count": len(timing.errors_ms),
        "median_ms": timing.median_ms,
        "p95_ms": timing.p95_ms,
        "shift_ms": timing.shift_ms,
    }


def _coverage(coverage: SpeechCoverage) -> Answer:
    return {
        "speech_ms": coverage.speech_ms,
        "covered_ms": coverage.covered_ms,
        "share": round(coverage.share, 4),
        "outside_words": coverage.outside_words,
    }

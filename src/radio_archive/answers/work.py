"""Answers of the commands that take in, work and report."""

from __future__ import annotations

from collections.abc import Iterable

from radio_archive.answers.glossary import entry_answer
from radio_archive.answers.shared import (
    Answer,
    coverage_row,
    moment_text,
)
from radio_archive.languages.names import Name
from radio_archive.links import broadcast_url
from radio_archive.model import (
    AlertReport,
    CatalogueMove,
    Check,
    Coverage,
    Feed,
    IngestResult,
    ModelStatus,
    MonthCoverage,
    Status,
    TranscriptImport,
    Worker,
    WorkResult,
)


def ingest_answer(result: IngestResult) -> Answer:
    """One line of ``add --json`` and ``sync --json``; ``error`` is null when all went well."""
    identity = result.broadcast_id
    return {
        "id": identity,
        "outcome": result.outcome.value,
        "item": result.item,
        "title": result.title,
        "url": None if identity is None else broadcast_url(identity),
        "error": result.error or None,
    }


def import_answer(result: TranscriptImport) -> Answer:
    """Answer of ``import-transcript --json``; ``is_current`` is false for what stands beside."""
    return {
        "id": result.broadcast_id,
        "outcome": result.outcome.value,
        "title": result.title,
        "url": broadcast_url(result.broadcast_id),
        "format": result.format_name,
        "encoding": result.encoding,
        "tracks": [
            {
                "language": track.language,
                "kind": track.kind.value,
                "trust": track.trust.value,
                "is_current": track.is_current,
                "segments": track.segments,
                "end_ms": track.end_ms,
            }
            for track in result.tracks
        ],
        "is_searchable": result.is_searchable,
        "notes": list(result.notes),
        "learnt": [entry_answer(entry) for entry in result.learnt],
    }


def work_answer(result: WorkResult) -> Answer:
    """One line of ``work --json``; ``error`` is null when the step was done."""
    return {
        "broadcast_id": result.broadcast_id,
        "kind": result.kind.value,
        "title": result.title,
        "is_done": result.is_done,
        "error": result.error or None,
        "will_retry": result.will_retry,
    }


def feed_answer(feed: Feed) -> Answer:
    """One feed of ``feeds list --json``; ``last_error`` is null when the last reading went well."""
    return {
        "url": feed.url,
        "programme": feed.programme,
        "language": feed.language,
        "last_synced_at": moment_text(feed.last_synced_at),
        "last_error": feed.last_error or None,
    }


def status_answer(status: Status) -> Answer:
    """Answer of ``status --json``: what the archive holds and what is still to be done."""
    return {
        "broadcasts": status.broadcasts,
        "programmes": status.programmes,
        "hours": round(status.hours, 2),
        "transcribed_hours": round(status.transcribed_hours, 2),
        "states": dict(status.states),
        "jobs_waiting": dict(status.jobs_waiting),
        "jobs_failed": status.jobs_failed,
        "passages": status.passages,
        "index_is_stale": status.index_is_stale,
        "index_engine": status.index_engine or None,
        "index_moves_to": status.index_moves_to or None,
        "index_builds": status.index_builds or None,
        "coverage": [coverage_row(row) for row in status.coverage],
        "workers": [_worker(worker) for worker in status.workers],
        "unserved": [
            {"needs": each.need, "jobs": each.jobs, "reason": each.reason}
            for each in status.unserved
        ],
        "parked": [
            {
                "kind": job.kind.value,
                "broadcast_id": job.broadcast_id,
                "title": job.title,
                "attempts": job.attempts,
                "reason": job.reason,
            }
            for job in status.parked
        ],
        "troubles": [
            {
                "part": trouble.ground.value,
                "is_down": trouble.is_down,
                "code": trouble.error.code,
                "message": trouble.error.message,
                "hint": trouble.error.hint,
            }
            for trouble in status.troubles
        ],
        "alerts": _alerts(status.alerts),
    }


def _alerts(report: AlertReport) -> Answer:
    """How the alerts are; ``waiting`` counts passages found and not told of yet."""
    return {
        "states": {state.value: count for state, count in report.states.items()},
        "waiting": report.waiting,
        "problem": report.problem or None,
        "parked": [
            {
                "id": each.id,
                "kind": each.kind.value,
                "attempts": each.attempts,
                "reason": each.problem,
            }
            for each in report.parked
        ],
    }


def _worker(worker: Worker) -> Answer:
    """One worker; ``job`` is null while it waits, ``lacks`` says why it cannot write a language."""
    job, abilities = worker.job, worker.abilities
    return {
        "name": worker.name,
        "host": worker.host,
        "needs": sorted(abilities.needs),
        "engines": list(abilities.engines),
        "has_gpu": abilities.has_gpu,
        "lacks": dict(abilities.lacks),
        "started_at": moment_text(worker.started_at),
        "seen_at": moment_text(worker.seen_at),
        "job": None
        if job is None
        else {
            "kind": job.kind.value,
            "broadcast_id": job.broadcast_id,
            "title": job.title,
            "since": moment_text(job.since),
        },
    }


def coverage_answer(coverage: Iterable[Coverage], months: Iterable[MonthCoverage]) -> Answer:
    """Answer of ``/api/v1/coverage``: hours held, transcribed and checked, in all and by month.

    ``aired_hours`` is null where the station has not said what went on air; ``month`` is null for
    broadcasts without a date.
    """
    return {
        "coverage": [coverage_row(row) for row in coverage],
        "months": [_month(row) for row in months],
    }


def doctor_answer(checks: Iterable[Check]) -> Answer:
    """Answer of ``doctor --json`` and ``models verify --json``; ``is_ok`` is true when all are."""
    rows = tuple(checks)
    return {
        "is_ok": all(check.is_ok for check in rows),
        "checks": [
            {
                "name": check.name,
                "is_ok": check.is_ok,
                "finding": check.finding,
                "remedy": check.remedy or None,
            }
            for check in rows
        ],
    }


def name_answer(name: Name) -> Answer:
    """One name of ``names --json``: its forms, the first as the station's pages write it."""
    return {
        "kind": name.kind.value,
        "name": name.name,
        "forms": [{"text": form.text, "language": form.language} for form in name.forms],
        "source": name.source or None,
    }


def move_answer(done: CatalogueMove) -> Answer:
    """Answer of ``migrate --json``: both catalogues, table by table."""
    return {
        "is_same": not done.differences,
        "differences": list(done.differences),
        "replaced": done.replaced,
        "tables": [
            {
                "name": ours.name,
                "rows": ours.rows,
                "digest": ours.digest,
                "other_rows": other.rows,
                "other_digest": other.digest,
            }
            for ours, other in zip(done.here, done.there, strict=True)
        ],
    }


def model_answer(model: ModelStatus) -> Answer:
    """One model of ``models list --json``."""
    return {
        "name": model.name,
        "size_bytes": model.size_bytes,
        "is_here": model.is_here,
        "licence": model.licence or None,
        "is_non_commercial": model.is_non_commercial,
        "source": model.source,
        "languages": model.languages,
    }


def _month(row: MonthCoverage) -> Answer:
    return {
        "language": row.language,
        "month": row.month,
        "broadcasts": row.broadcasts,
        "aired_hours": row.aired_hours,
        "hours": round(row.hours, 2),
        "transcribed_hours": round(row.transcribed_hours, 2),
        "checked_hours": round(row.checked_hours, 2),
    }

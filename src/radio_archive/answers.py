"""What the archive says in JSON: the same words on the web and on the command line.

Every function turns records into plain dicts, lists, text and numbers that ``json.dumps`` takes as
they are. The keys are a contract with other people's scripts: add some, never rename or remove one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from radio_archive.errors import RadioArchiveError
from radio_archive.languages.names import Name
from radio_archive.links import audio_url, broadcast_url, transcript_url
from radio_archive.model import (
    UNSURE,
    Broadcast,
    BroadcastHits,
    Check,
    Coverage,
    Expansion,
    Feed,
    Gap,
    Hit,
    IngestResult,
    ModelStatus,
    MonthCoverage,
    Programme,
    Rendition,
    SearchPage,
    Segment,
    Status,
    Transcript,
    TranscriptImport,
    WorkResult,
)

Answer = dict[str, object]
"""A JSON object: text keys, values ``json.dumps`` takes."""

#: stands beside every text that a machine translated
ROUGH_TRANSLATION = "Rough machine translation, do not quote."

#: formats a transcript is offered in, the one players like best first
_EXPORT_FORMATS = ("vtt", "srt", "txt", "json")


def search_answer(page: SearchPage) -> Answer:
    """Answer of ``/api/v1/search`` and ``radio-archive search --json``.

    ``total`` counts hits; results are grouped by broadcast; times are milliseconds from the start
    of the recording; ``highlights`` are character spans in ``text``; scores only order one answer.
    """
    return {
        "query": page.query.text,
        "total": page.total,
        "page": page.query.page,
        "page_size": page.query.page_size,
        "took_ms": round(page.took_ms, 1),
        "facets": {
            name: [
                {"value": facet.value, "count": facet.count} for facet in page.facets.get(name, ())
            ]
            for name in ("language", "programme", "year", "name")
        },
        "coverage": [_coverage(row) for row in page.coverage],
        "suggestions": list(page.suggestions),
        "expansions": [_expansion(expansion) for expansion in page.query.expansions],
        "is_close": page.is_close or page.query.is_close,
        "titles": [_title(broadcast) for broadcast in page.titles],
        "broadcasts": [_broadcast_hits(group) for group in page.broadcasts],
    }


def broadcast_answer(
    broadcast: Broadcast,
    *,
    transcript: Transcript | None = None,
    renditions: Iterable[Rendition] = (),
) -> Answer:
    """Answer of ``/api/v1/broadcasts/{id}``: what the archive knows of one broadcast.

    Args:
        broadcast: which one.
        transcript: its current transcript; None when it has none.
        renditions: the forms its sound can be played in.
    """
    recording = broadcast.recording
    return {
        **_broadcast_head(broadcast),
        "trust": None if transcript is None else transcript.trust.value,
        "url": broadcast_url(broadcast.id),
        "guests": list(broadcast.guests),
        "summary": broadcast.summary,
        "source_url": broadcast.source_url,
        "state": broadcast.state.value,
        "state_reason": broadcast.state_reason,
        "is_synthetic": broadcast.is_synthetic,
        "duration_ms": None if recording is None else recording.duration_ms,
        "audio": [_rendition(broadcast, rendition) for rendition in renditions],
        "transcript": None if transcript is None else _transcript_head(transcript),
        "exports": {}
        if transcript is None
        else {name: transcript_url(broadcast.id, name) for name in _EXPORT_FORMATS},
    }


def transcript_answer(broadcast: Broadcast, transcript: Transcript) -> Answer:
    """Answer of ``/api/v1/broadcasts/{id}/transcript``: every segment and word with its times."""
    return {
        "broadcast": {**_broadcast_head(broadcast), "url": broadcast_url(broadcast.id)},
        "is_synthetic": broadcast.is_synthetic,
        **_transcript_head(transcript),
        "segments": [_segment(broadcast, transcript, each) for each in transcript.segments],
        "gaps": [gap_answer(gap) for gap in transcript.gaps],
    }


def gap_answer(gap: Gap) -> Answer:
    """A stretch where somebody seems to speak and nothing is written.

    ``language`` is a tag, or ``unsure``.
    """
    return {
        "start_ms": gap.start_ms,
        "end_ms": gap.end_ms,
        "reason": gap.reason.value,
        "language": gap.language or UNSURE,
    }


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
        "coverage": [_coverage(row) for row in status.coverage],
    }


def coverage_answer(coverage: Iterable[Coverage], months: Iterable[MonthCoverage]) -> Answer:
    """Answer of ``/api/v1/coverage``: hours held, transcribed and checked, in all and by month.

    ``aired_hours`` is null where the station has not said what went on air; ``month`` is null for
    broadcasts without a date.
    """
    return {
        "coverage": [_coverage(row) for row in coverage],
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


def error_answer(error: RadioArchiveError) -> Answer:
    """The one form every error has, on every address and in every ``--json``."""
    return {"error": {"code": error.code, "message": error.message, "hint": error.hint}}


def moment_text(moment: datetime | None) -> str | None:
    """An aware datetime as ISO 8601 in UTC, whole seconds: ``2014-10-16T17:00:00Z``."""
    if moment is None:
        return None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _expansion(expansion: Expansion) -> Answer:
    return {
        "id": expansion.id,
        "typed": expansion.typed,
        "added": list(expansion.added),
        "origin": expansion.origin.value,
        "aired": None if expansion.aired is None else str(expansion.aired),
    }


def _coverage(row: Coverage) -> Answer:
    return {
        "language": row.language,
        "broadcasts": row.broadcasts,
        "hours": round(row.hours, 2),
        "transcribed_hours": round(row.transcribed_hours, 2),
        "checked_hours": round(row.checked_hours, 2),
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


def _programme(programme: Programme | None) -> Answer | None:
    return None if programme is None else {"id": programme.id, "title": programme.title}


def _broadcast_head(broadcast: Broadcast) -> Answer:
    return {
        "id": broadcast.id,
        "title": broadcast.title,
        "programme": _programme(broadcast.programme),
        "language": broadcast.language,
        "aired_at": moment_text(broadcast.aired_at),
    }


def _title(broadcast: Broadcast) -> Answer:
    return {
        **_broadcast_head(broadcast),
        "state": broadcast.state.value,
        "url": broadcast_url(broadcast.id),
    }


def _broadcast_hits(group: BroadcastHits) -> Answer:
    return {
        **_broadcast_head(group.broadcast),
        "trust": group.trust.value,
        "url": broadcast_url(group.broadcast.id),
        "hits": [_hit(hit) for hit in group.hits],
    }


def _hit(hit: Hit) -> Answer:
    return {
        "start_ms": hit.start_ms,
        "end_ms": hit.end_ms,
        "text": hit.text,
        "highlights": [[start, end] for start, end in hit.highlights],
        "match": hit.match.value,
        "score": hit.score,
        "trust": hit.trust.value,
        "note": _note(hit),
        "url": broadcast_url(hit.broadcast_id, hit.start_ms, choice=hit.choice),
        "audio_url": audio_url(hit.broadcast_id, start_ms=hit.start_ms),
    }


def _note(text: Hit | Transcript) -> str | None:
    """What must be known before quoting a text; null where its trust says it all."""
    return ROUGH_TRANSLATION if text.is_rough_translation else None


def _rendition(broadcast: Broadcast, rendition: Rendition) -> Answer:
    return {
        "name": rendition.name,
        "url": audio_url(broadcast.id, rendition.name),
        "media_type": rendition.media_type,
        "size_bytes": rendition.size_bytes,
    }


def _transcript_head(transcript: Transcript) -> Answer:
    return {
        "kind": transcript.kind.value,
        "trust": transcript.trust.value,
        "engine": transcript.engine or None,
        "language": transcript.language,
        "created_at": moment_text(transcript.created_at),
        "note": _note(transcript),
    }


def _segment(broadcast: Broadcast, transcript: Transcript, segment: Segment) -> Answer:
    return {
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "text": segment.text,
        "language": segment.language or transcript.language,
        "speaker": segment.speaker,
        "url": broadcast_url(broadcast.id, segment.start_ms),
        "words": [
            {
                "start_ms": word.start_ms,
                "end_ms": word.end_ms,
                "text": word.text,
                "probability": word.probability,
            }
            for word in segment.words
        ],
    }

"""JSON answers: their keys are a contract."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from radio_archive import answers
from radio_archive.errors import BadQuery
from radio_archive.exports import EXPORTS
from radio_archive.model import (
    Abilities,
    Broadcast,
    BroadcastHits,
    BroadcastId,
    BroadcastState,
    Check,
    Coverage,
    FacetCount,
    Feed,
    Gap,
    GapReason,
    HeldJob,
    Hit,
    IngestResult,
    JobKind,
    LanguageTag,
    Match,
    Milliseconds,
    Need,
    Outcome,
    ParkedJob,
    Programme,
    ProgrammeId,
    Query,
    Recording,
    RecordingKey,
    Rendition,
    SearchPage,
    Segment,
    Status,
    Transcript,
    Trust,
    Unserved,
    Word,
    Worker,
    WorkResult,
)

FRENCH = LanguageTag("fr")
BROADCAST = Broadcast(
    id=BroadcastId("0f3a9c1d2b4e5f60"),
    title="Le Grand Dialogue",
    programme=Programme(id=ProgrammeId("grand-dialogue"), title="Le Grand Dialogue"),
    language=FRENCH,
    aired_at=datetime(2014, 10, 16, 17, 0, tzinfo=UTC),
    guests=("Awa Traoré",),
    state=BroadcastState.TRANSCRIBED,
    recording=Recording(
        key=RecordingKey("a" * 64),
        extension=".mp3",
        media_type="audio/mpeg",
        size_bytes=1234,
        duration_ms=Milliseconds(900_000),
    ),
)
TRANSCRIPT = Transcript(
    language=FRENCH,
    engine="faster-whisper/base",
    created_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    segments=(
        Segment(
            start_ms=Milliseconds(754_200),
            end_ms=Milliseconds(761_900),
            text="Le crime organisé.",
            words=(
                Word(
                    start_ms=Milliseconds(754_200),
                    end_ms=Milliseconds(754_500),
                    text="Le",
                    probability=0.9,
                ),
            ),
        ),
    ),
    gaps=(
        Gap(
            start_ms=Milliseconds(0),
            end_ms=Milliseconds(5000),
            reason=GapReason.OTHER_LANGUAGE,
        ),
    ),
)
COVERAGE = Coverage(
    language=LanguageTag("bm"),
    broadcasts=40,
    hours=8.0,
    transcribed_hours=2.0,
    checked_hours=0.4,
)


def a_page(*groups: BroadcastHits) -> SearchPage:
    return SearchPage(
        query=Query(text="crime organisé"),
        total=12,
        total_broadcasts=1,
        took_ms=8.123,
        facets={"language": (FacetCount(value="fr", count=9),)},
        coverage=(COVERAGE,),
        broadcasts=groups,
    )


def a_hit() -> Hit:
    return Hit(
        broadcast_id=BROADCAST.id,
        language=FRENCH,
        start_ms=Milliseconds(754_200),
        end_ms=Milliseconds(761_900),
        text="Le crime organisé.",
        highlights=((3, 8), (9, 17)),
        match=Match.EXACT,
        score=7.3,
    )


def test_a_search_answer_has_the_promised_shape_to_the_letter() -> None:
    group = BroadcastHits(broadcast=BROADCAST, trust=Trust.MACHINE_WEAK, hits=(a_hit(),))
    assert json.loads(json.dumps(answers.search_answer(a_page(group)))) == {
        "query": "crime organisé",
        "total": 12,
        "page": 1,
        "page_size": 20,
        "took_ms": 8.1,
        "facets": {
            "language": [{"value": "fr", "count": 9}],
            "programme": [],
            "year": [],
            "name": [],
        },
        "coverage": [
            {
                "language": "bm",
                "broadcasts": 40,
                "hours": 8.0,
                "transcribed_hours": 2.0,
                "checked_hours": 0.4,
            }
        ],
        "suggestions": [],
        "expansions": [],
        "is_close": False,
        "titles": [],
        "documents": [],
        "broadcasts": [
            {
                "id": "0f3a9c1d2b4e5f60",
                "title": "Le Grand Dialogue",
                "programme": {"id": "grand-dialogue", "title": "Le Grand Dialogue"},
                "language": "fr",
                "aired_at": "2014-10-16T17:00:00Z",
                "trust": "machine-weak",
                "url": "/broadcasts/0f3a9c1d2b4e5f60",
                "hits": [
                    {
                        "start_ms": 754200,
                        "end_ms": 761900,
                        "text": "Le crime organisé.",
                        "highlights": [[3, 8], [9, 17]],
                        "match": "exact",
                        "score": 7.3,
                        "trust": "machine",
                        "band": None,
                        "note": None,
                        "url": "/broadcasts/0f3a9c1d2b4e5f60?t=754.2#t=754.2",
                        "audio_url": "/media/0f3a9c1d2b4e5f60.mp3#t=754.2",
                    }
                ],
            }
        ],
    }


def test_a_broadcast_without_programme_or_date_answers_null_for_both() -> None:
    bare = Broadcast(id=BroadcastId("1" * 16), title="Sans date")
    answer = answers.broadcast_answer(bare)
    assert answer["programme"] is None
    assert answer["aired_at"] is None
    assert answer["trust"] is None
    assert answer["transcript"] is None
    assert answer["exports"] == {}
    assert answer["language"] == "und"
    json.dumps(answer)


def test_a_broadcast_answer_tells_where_to_play_and_to_read_it() -> None:
    rendition = Rendition(
        name="low",
        key=RecordingKey("b" * 64),
        extension=".opus",
        media_type="audio/ogg",
        size_bytes=99,
    )
    answer = answers.broadcast_answer(
        BROADCAST, transcript=TRANSCRIPT, sound=answers.SoundFacts(renditions=(rendition,))
    )
    assert answer["audio"] == [
        {
            "name": "low",
            "url": "/media/0f3a9c1d2b4e5f60.opus?q=low",
            "media_type": "audio/ogg",
            "size_bytes": 99,
        }
    ]
    assert answer["exports"] == {
        name: f"/broadcasts/0f3a9c1d2b4e5f60/transcript.{name}" for name in EXPORTS
    }
    assert answer["duration_ms"] == 900_000
    assert answer["trust"] == "machine"


def test_a_transcript_answer_has_every_word_and_gap_with_its_times() -> None:
    answer = json.loads(json.dumps(answers.transcript_answer(BROADCAST, TRANSCRIPT)))
    assert answer["engine"] == "faster-whisper/base"
    assert answer["created_at"] == "2026-11-23T09:30:00Z"
    assert answer["gaps"] == [
        {"start_ms": 0, "end_ms": 5000, "reason": "other_language", "language": "unsure"}
    ]
    assert answer["segments"] == [
        {
            "start_ms": 754200,
            "end_ms": 761900,
            "text": "Le crime organisé.",
            "language": "fr",
            "speaker": None,
            "band": None,
            "voice": None,
            "url": "/broadcasts/0f3a9c1d2b4e5f60?t=754.2#t=754.2",
            "words": [{"start_ms": 754200, "end_ms": 754500, "text": "Le", "probability": 0.9}],
        }
    ]


def test_a_failed_ingest_names_the_item_and_the_error_and_has_no_address() -> None:
    answer = answers.ingest_answer(
        IngestResult(outcome=Outcome.FAILED, item="notes.pdf", error="Not sound.")
    )
    assert answer == {
        "id": None,
        "outcome": "failed",
        "item": "notes.pdf",
        "title": "",
        "url": None,
        "error": "Not sound.",
    }


def test_an_added_broadcast_has_its_address_and_no_error() -> None:
    answer = answers.ingest_answer(
        IngestResult(outcome=Outcome.ADDED, item="a.mp3", broadcast_id=BROADCAST.id, title="A")
    )
    assert answer["id"] == "0f3a9c1d2b4e5f60"
    assert answer["url"] == "/broadcasts/0f3a9c1d2b4e5f60"
    assert answer["error"] is None


WORKER = Worker(
    name="studio-1:4242",
    host="studio-1",
    abilities=Abilities(
        needs=frozenset({Need("transcribe fr"), Need("prepare")}),
        engines=("faster-whisper/base",),
        lacks={LanguageTag("bm"): "No weights."},
    ),
    started_at=datetime(2026, 11, 1, 11, tzinfo=UTC),
    seen_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
    job=HeldJob(
        kind=JobKind.TRANSCRIBE,
        broadcast_id=BROADCAST.id,
        title="A",
        since=datetime(2026, 11, 1, 12, tzinfo=UTC),
    ),
)


def test_work_feed_and_status_answers_are_plain_json() -> None:
    work = answers.work_answer(
        WorkResult(kind=JobKind.INDEX, broadcast_id=BROADCAST.id, title="A", is_done=True)
    )
    assert work["kind"] == "index"
    assert work["error"] is None
    feed = answers.feed_answer(Feed(url="https://example.org/feed", language=FRENCH))
    assert feed["last_synced_at"] is None
    status = answers.status_answer(
        Status(
            broadcasts=1,
            programmes=1,
            hours=1.23456,
            transcribed_hours=0.0,
            states={BroadcastState.WAITING: 1},
            jobs_waiting={JobKind.TRANSCRIBE: 1},
            jobs_failed=0,
            passages=0,
            index_is_stale=False,
            index_engine="whoosh",
            index_moves_to="",
            index_builds="",
            coverage=(COVERAGE,),
            workers=(WORKER, replace(WORKER, job=None)),
            unserved=(Unserved(need=Need("map"), jobs=3, reason="No worker does this."),),
            parked=(
                ParkedJob(
                    kind=JobKind.MAP,
                    broadcast_id=BROADCAST.id,
                    title="A",
                    attempts=4,
                    reason="The worker died 3 times.",
                ),
            ),
        )
    )
    decoded = json.loads(json.dumps([work, feed, status]))
    assert decoded[2]["states"] == {"waiting": 1}
    assert decoded[2]["hours"] == 1.23
    busy, idle = decoded[2]["workers"]
    assert busy["needs"] == ["prepare", "transcribe fr"]
    assert busy["lacks"] == {"bm": "No weights."}
    assert busy["job"]["kind"] == "transcribe"
    assert busy["job"]["since"] == "2026-11-01T12:00:00Z"
    assert idle["job"] is None
    assert decoded[2]["unserved"] == [{"needs": "map", "jobs": 3, "reason": "No worker does this."}]
    assert decoded[2]["parked"][0]["reason"] == "The worker died 3 times."


def test_one_failed_check_makes_the_whole_answer_not_ok() -> None:
    good = Check(name="ffmpeg", is_ok=True, finding="ffmpeg 7.1.")
    bad = Check(name="weights", is_ok=False, finding="No weights.", remedy="Fetch them.")
    assert answers.doctor_answer((good,))["is_ok"] is True
    assert answers.doctor_answer((good, bad))["is_ok"] is False


def test_every_error_has_the_same_three_fields() -> None:
    assert answers.error_answer(BadQuery("Too short.", hint="Type more.")) == {
        "error": {"code": "bad_query", "message": "Too short.", "hint": "Type more."}
    }

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import pytest
from sqlalchemy import Connection, update
from tests.support.making import (
    make_new_broadcast,
    make_passage,
    make_recording,
    make_transcript,
    ms,
)

from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.db.schema import transcripts
from radio_archive.errors import LostLease
from radio_archive.model import (
    Band,
    BroadcastId,
    Gap,
    GapReason,
    JobKind,
    LanguageTag,
    Transcript,
    TranscriptKind,
    Trust,
)

BANDS = list(enumerate((*Band, None)))


@pytest.fixture
def broadcast_id(catalogue: Catalogue) -> BroadcastId:
    broadcast_id, _ = catalogue.broadcasts.put(make_new_broadcast())
    catalogue.recordings.attach(broadcast_id, make_recording())
    return broadcast_id


def test_a_transcript_comes_back_word_for_word(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    spoken = make_transcript("Bonjour à tous.", "I ni sɔgɔma, ߒߞߏ !")
    bonjour, other = spoken.segments
    transcript = Transcript(
        language=LanguageTag("fr"),
        segments=(
            replace(bonjour, band=Band.GOOD),
            replace(other, language=LanguageTag("bm"), band=Band.UNSURE),
        ),
        gaps=(
            Gap(start_ms=ms(9_000), end_ms=ms(12_000), reason=GapReason.NO_WORDS),
            Gap(
                start_ms=ms(12_000),
                end_ms=ms(15_000),
                reason=GapReason.OTHER_LANGUAGE,
                language=LanguageTag("ha"),
            ),
        ),
        engine="faster-whisper/base",
        parameters={"beam": "5"},
    )
    catalogue.transcripts.add(broadcast_id, transcript, [])
    found = catalogue.transcripts.find(broadcast_id)
    assert found is not None
    assert found.segments == transcript.segments
    assert found.gaps == transcript.gaps
    assert dict(found.parameters) == {"beam": "5"}


def test_a_transcript_stored_before_sentences_had_languages_is_read(
    catalogue: Catalogue, broadcast_id: BroadcastId, database: Database
) -> None:
    catalogue.transcripts.add(broadcast_id, make_transcript("Bonjour."), [])
    document = {
        "segments": [[0, 900, "Bonjour.", [], None, -0.2, 0.1]],
        "gaps": [[1_000, 2_000, "no_words"]],
    }
    payload = zlib.compress(json.dumps(document).encode())
    with database.write() as connection:
        connection.execute(update(transcripts).values(payload=payload))
    found = catalogue.transcripts.find(broadcast_id)
    assert found is not None
    assert [(each.text, each.language) for each in found.segments] == [("Bonjour.", None)]
    assert [(gap.reason, gap.language) for gap in found.gaps] == [(GapReason.NO_WORDS, None)]


@pytest.mark.parametrize(
    ("engine", "kind", "band"),
    [
        ("faster-whisper/base", TranscriptKind.MACHINE, Band.UNSURE),
        ("omnilingual-ctc/300m-int8", TranscriptKind.MACHINE, None),
        ("faster-whisper/base", TranscriptKind.IMPORTED, None),
    ],
)
def test_what_was_stored_before_there_were_bands_gets_one_where_it_can(
    catalogue: Catalogue,
    database: Database,
    broadcast_id: BroadcastId,
    engine: str,
    kind: TranscriptKind,
    band: Band | None,
) -> None:
    catalogue.transcripts.add(broadcast_id, replace(make_transcript(kind=kind), engine=engine), [])
    word = [0, 900, "Bonjour.", 0.3]
    document = {"segments": [[0, 900, "Bonjour.", [word], None, -0.2, 0.1, None]], "gaps": []}
    payload = zlib.compress(json.dumps(document).encode())
    with database.write() as connection:
        connection.execute(update(transcripts).values(payload=payload))
    found = catalogue.transcripts.find(broadcast_id)
    assert found is not None
    assert [segment.band for segment in found.segments] == [band]


def test_a_passage_keeps_its_band(catalogue: Catalogue, broadcast_id: BroadcastId) -> None:
    cut = [replace(make_passage(broadcast_id, number), band=band) for number, band in BANDS]
    catalogue.transcripts.add(broadcast_id, make_transcript(), cut)
    kept = catalogue.transcripts.passages_of(broadcast_id)
    assert [(passage.number, passage.band) for passage in kept] == BANDS


def test_a_new_version_becomes_current_and_the_old_one_is_kept(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    catalogue.transcripts.add(broadcast_id, make_transcript("machine"), [])
    catalogue.transcripts.add(
        broadcast_id,
        make_transcript("relu", kind=TranscriptKind.CORRECTED, trust=Trust.CHECKED),
        [],
    )
    current = catalogue.transcripts.find(broadcast_id)
    machine = catalogue.transcripts.find(broadcast_id, kind=TranscriptKind.MACHINE)
    assert current is not None
    assert machine is not None
    assert (current.text, machine.text) == ("relu", "machine")


def test_passages_follow_the_current_transcript(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    first = [make_passage(broadcast_id, number, f"un {number}") for number in range(3)]
    catalogue.transcripts.add(broadcast_id, make_transcript(), first)
    catalogue.transcripts.add(
        broadcast_id, make_transcript(), [make_passage(broadcast_id, 0, "deux")]
    )
    assert [passage.text for passage in catalogue.transcripts.passages_of(broadcast_id)] == ["deux"]
    found = catalogue.transcripts.get_passages([(broadcast_id, 0), (broadcast_id, 2)])
    assert {number for _, number in found} == {0}
    assert found[broadcast_id, 0] == make_passage(broadcast_id, 0, "deux")


def test_all_passages_are_walked_in_blocks_without_loss(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radio_archive.catalogue.transcripts.BLOCK", 4)
    expected = 0
    for guid in ("one", "two", "three"):
        broadcast_id, _ = catalogue.broadcasts.put(make_new_broadcast(guid))
        cut = [make_passage(broadcast_id, number) for number in range(7)]
        catalogue.transcripts.add(broadcast_id, make_transcript(), cut)
        expected += len(cut)
    walked = list(catalogue.transcripts.all_passages())
    assert len({(passage.broadcast_id, passage.number) for passage in walked}) == expected
    assert len(walked) == expected


def test_a_writer_who_lost_its_lease_writes_nothing(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    def lost(_connection: Connection) -> None:
        raise LostLease("Somebody else holds the job.")

    with pytest.raises(LostLease):
        catalogue.transcripts.add(broadcast_id, make_transcript(), [], lost)
    assert catalogue.transcripts.find(broadcast_id) is None


def test_what_is_indexed_is_missing_again_when_anything_changes(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    catalogue.transcripts.add(broadcast_id, make_transcript(), [])
    missing = catalogue.reports.without
    assert missing(JobKind.INDEX, expected="v1") == [(broadcast_id, "fr")]
    version = catalogue.transcripts.version_of(broadcast_id)
    assert version is not None
    catalogue.transcripts.set_indexed({broadcast_id: version}, "v1")
    assert missing(JobKind.INDEX, expected="v1") == []
    assert missing(JobKind.INDEX, expected="v2") == [(broadcast_id, "fr")]
    catalogue.broadcasts.put(make_new_broadcast(title="Un autre titre"))
    assert missing(JobKind.INDEX, expected="v1") == [(broadcast_id, "fr")]


def test_work_is_derived_from_what_is_missing(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    missing = catalogue.reports.without
    assert missing(JobKind.TRANSCRIBE) == [(broadcast_id, "fr")]
    assert missing(JobKind.PREPARE, expected="mp3,opus,low") == [(broadcast_id, "fr")]
    assert missing(JobKind.DOWNLOAD) == []
    catalogue.transcripts.add(broadcast_id, make_transcript(), [])
    assert missing(JobKind.TRANSCRIBE) == []


def test_a_machine_transcript_in_a_language_since_corrected_is_made_again(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    catalogue.transcripts.add(broadcast_id, make_transcript(), [])
    catalogue.broadcasts.put(make_new_broadcast(language=LanguageTag("en")))
    assert catalogue.reports.without(JobKind.TRANSCRIBE) == [(broadcast_id, "en")]


def test_a_transcript_by_people_is_never_made_again_by_a_machine(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    catalogue.transcripts.add(broadcast_id, make_transcript(kind=TranscriptKind.IMPORTED), [])
    catalogue.broadcasts.put(make_new_broadcast(language=LanguageTag("en")))
    assert catalogue.reports.without(JobKind.TRANSCRIBE) == []


def test_coverage_counts_hours_held_and_transcribed(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    bambara, _ = catalogue.broadcasts.put(make_new_broadcast("bm", language=LanguageTag("bm")))
    catalogue.recordings.attach(bambara, make_recording(2, duration_ms=7_200_000))
    catalogue.transcripts.add(broadcast_id, make_transcript(), [])
    covered = {row.language: row for row in catalogue.reports.coverage()}
    assert (covered[LanguageTag("bm")].hours, covered[LanguageTag("bm")].transcribed_hours) == (
        2,
        0,
    )
    assert covered[LanguageTag("fr")].transcribed_hours == pytest.approx(1 / 60, abs=0.001)
    totals = catalogue.reports.totals()
    assert totals.states == {"transcribed": 1, "waiting": 1}

"""Names of voices in the catalogue."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import pytest
from sqlalchemy import update
from tests.support.making import make_transcript, put_broadcast

from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.db.schema import transcripts
from radio_archive.model import BroadcastId, Transcript, TranscriptId, TranscriptKind


def with_letters(*letters: str | None) -> Transcript:
    transcript = make_transcript(*[f"Phrase {number}." for number in range(len(letters))])
    segments = [
        replace(segment, voice=letter)
        for segment, letter in zip(transcript.segments, letters, strict=True)
    ]
    return replace(transcript, segments=tuple(segments))


def get(catalogue: Catalogue, broadcast_id: BroadcastId) -> Transcript:
    found = catalogue.transcripts.find(broadcast_id)
    assert found is not None
    return found


def speakers(catalogue: Catalogue, broadcast_id: BroadcastId) -> list[str | None]:
    return [segment.speaker for segment in get(catalogue, broadcast_id).segments]


@pytest.fixture
def broadcast_id(catalogue: Catalogue) -> BroadcastId:
    return put_broadcast(catalogue)


@pytest.fixture
def transcript_id(catalogue: Catalogue, broadcast_id: BroadcastId) -> TranscriptId:
    return catalogue.transcripts.add(broadcast_id, with_letters("A", "B", None, "A"), [])


def test_letters_come_back_and_name_nobody(
    catalogue: Catalogue, broadcast_id: BroadcastId, transcript_id: TranscriptId
) -> None:
    letters = [segment.voice for segment in get(catalogue, broadcast_id).segments]
    assert letters == ["A", "B", None, "A"]
    assert speakers(catalogue, broadcast_id) == [None, None, None, None]


def test_a_name_is_the_speaker_of_its_voice_until_it_is_taken_away(
    catalogue: Catalogue, broadcast_id: BroadcastId, transcript_id: TranscriptId
) -> None:
    catalogue.voice_names.put(transcript_id, {"A": "Awa Diallo", "B": "Issa"})
    assert speakers(catalogue, broadcast_id) == ["Awa Diallo", "Issa", None, "Awa Diallo"]
    catalogue.voice_names.put(transcript_id, {"A": "Awa Traoré", "B": None})
    assert speakers(catalogue, broadcast_id) == ["Awa Traoré", None, None, "Awa Traoré"]


def test_another_transcription_starts_without_names_and_the_old_one_keeps_its_own(
    catalogue: Catalogue, broadcast_id: BroadcastId, transcript_id: TranscriptId
) -> None:
    catalogue.voice_names.put(transcript_id, {"A": "Awa Diallo"})
    catalogue.transcripts.add(broadcast_id, with_letters("A", "A", "B", "B"), [])
    assert speakers(catalogue, broadcast_id) == [None] * 4
    people = replace(with_letters(None), kind=TranscriptKind.IMPORTED)
    catalogue.transcripts.add(broadcast_id, people, [])
    assert speakers(catalogue, broadcast_id) == [None]


def test_what_people_said_of_a_sentence_wins_over_the_name_of_its_voice(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    transcript = with_letters("A", "A")
    first, second = transcript.segments
    said = replace(transcript, segments=(replace(first, speaker="Issa"), second))
    transcript_id = catalogue.transcripts.add(broadcast_id, said, [])
    catalogue.voice_names.put(transcript_id, {"A": "Awa"})
    assert speakers(catalogue, broadcast_id) == ["Issa", "Awa"]


def test_a_transcript_stored_before_there_were_voices_is_read(
    catalogue: Catalogue, database: Database, broadcast_id: BroadcastId
) -> None:
    transcript_id = catalogue.transcripts.add(broadcast_id, make_transcript("Bonsoir."), [])
    for length in (7, 8):
        fields = [0, 400, "Bonsoir.", [], None, None, None, "bm"][:length]
        payload = zlib.compress(json.dumps({"segments": [fields], "gaps": []}).encode())
        with database.write() as connection:
            connection.execute(
                update(transcripts).where(transcripts.c.id == transcript_id).values(payload=payload)
            )
        (segment,) = get(catalogue, broadcast_id).segments
        assert (segment.language, segment.voice) == ("bm" if length == 8 else None, None)

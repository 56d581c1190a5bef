from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
from sqlalchemy import Connection
from tests.support.making import make_new_broadcast, make_sound_map, put_broadcast

from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.db.schema import sound_maps
from radio_archive.errors import LostLease
from radio_archive.model import (
    BroadcastId,
    BroadcastState,
    JobKind,
    LanguageTag,
    RecordingKey,
    SoundMap,
    SpeechStretch,
)

BULLETIN = make_sound_map("music 12 speech 300 telephone 40 speech 9 noise 3 silence 2")


def key_of(catalogue: Catalogue, broadcast_id: BroadcastId) -> RecordingKey:
    recording = catalogue.broadcasts.get(broadcast_id).recording
    assert recording is not None
    return recording.key


@pytest.fixture
def broadcast_id(catalogue: Catalogue) -> BroadcastId:
    return put_broadcast(catalogue, language="bm")


SPOKEN = replace(
    BULLETIN,
    speech=(SpeechStretch(375, 900, is_cut_after=True), SpeechStretch(900, 9_750, True, False)),
)


@pytest.mark.parametrize(
    "found",
    [BULLETIN, SPOKEN, SoundMap(stretches=(), version=3, speech=()), replace(SPOKEN, speech=())],
)
def test_a_map_comes_back_stretch_by_stretch(
    catalogue: Catalogue, broadcast_id: BroadcastId, found: SoundMap
) -> None:
    key = key_of(catalogue, broadcast_id)
    assert catalogue.sound_maps.find(key) is None
    catalogue.sound_maps.put(key, found)
    assert catalogue.sound_maps.find(key) == found


def test_a_map_of_the_first_version_has_sounds_and_no_speech(
    catalogue: Catalogue, database: Database, broadcast_id: BroadcastId
) -> None:
    key = key_of(catalogue, broadcast_id)
    payload = zlib.compress(b'[["music",12000],["speech",20000]]')
    with database.write() as connection:
        connection.execute(
            sound_maps.insert().values(recording_key=key, version=1, payload=payload)
        )
    expected = make_sound_map("music 12 speech 8", version=1)
    assert catalogue.sound_maps.find(key) == replace(expected, speech=None)


def test_a_newer_map_takes_the_place_of_the_old_one(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    key = key_of(catalogue, broadcast_id)
    catalogue.sound_maps.put(key, BULLETIN)
    newer = make_sound_map("speech 366", version=2)
    catalogue.sound_maps.put(key, newer)
    assert catalogue.sound_maps.find(key) == newer


def test_who_lost_the_lease_changes_nothing(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    key = key_of(catalogue, broadcast_id)
    catalogue.sound_maps.put(key, BULLETIN)

    def refuse(_connection: Connection) -> None:
        raise LostLease("taken over", hint="")

    with pytest.raises(LostLease):
        catalogue.sound_maps.put(key, make_sound_map("speech 1"), refuse)
    assert catalogue.sound_maps.find(key) == BULLETIN


@pytest.mark.parametrize("state", [None, BroadcastState.NOT_TRANSCRIBED, BroadcastState.FAILED])
def test_every_recording_is_to_be_mapped_whatever_became_of_its_text(
    catalogue: Catalogue, broadcast_id: BroadcastId, state: BroadcastState | None
) -> None:
    if state is not None:
        catalogue.broadcasts.set_problem(broadcast_id, state, "No engine.")
    missing = catalogue.reports.without(JobKind.MAP, expected="1")
    assert missing == [(broadcast_id, LanguageTag("bm"))]


def test_what_has_no_sound_to_be_read_is_not_mapped(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    catalogue.broadcasts.put(make_new_broadcast("silent"))
    catalogue.broadcasts.set_problem(broadcast_id, BroadcastState.BAD_RECORDING, "Broken.")
    assert catalogue.reports.without(JobKind.MAP, expected="1") == []


def test_a_map_by_another_analysis_is_made_again(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    catalogue.sound_maps.put(key_of(catalogue, broadcast_id), BULLETIN)
    assert catalogue.reports.without(JobKind.MAP, expected="1") == []
    assert catalogue.reports.without(JobKind.MAP, expected="2") == [(broadcast_id, "bm")]

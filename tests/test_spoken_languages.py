"""A French broadcast with guests in other languages: each is written as itself, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from radio_archive.archive import AddOptions, Archive, SearchOptions, open_archive
from radio_archive.model import BroadcastId, GapReason
from radio_archive.web import create_app
from radio_archive.worker import run_worker
from tests.support.archives import settings_for
from tests.support.sounds import write_wav
from tests.support.whisper import journal, silence, sound_of

SPEECH = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio"
ENGLISH = SPEECH / "en" / "jfk.flac"
PULAR = SPEECH / "ff" / "nicolingua_agent_joined.mp3"

pytestmark = [
    pytest.mark.weights,
    pytest.mark.skipif(
        not (ENGLISH.exists() and PULAR.exists()),
        reason="the recordings in English and Pular are not here",
    ),
]
#: French until here; English and Pular follow, a second apart
FRENCH_MS = 22_200


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, whisper_base: None) -> Iterator[Archive]:
    home = tmp_path_factory.mktemp("home")
    pause = silence(1.5)
    sound = [journal(2.8, 25), pause, sound_of(ENGLISH), pause, sound_of(PULAR)]
    path = write_wav(home / "debat.wav", [np.concatenate(sound)])
    with open_archive(settings_for(home)) as archive:
        options = AddOptions(language="fr", title="Débat", guests=("Awa Traoré",))
        assert [each.error for each in archive.add([str(path)], options)] == [""]
        run_worker(archive, until_idle=True)
        yield archive


@pytest.fixture(scope="module")
def broadcast_id(archive: Archive) -> BroadcastId:
    return archive.recent_broadcasts()[0].id


def test_the_english_guest_is_written_in_english(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    transcript = archive.find_transcript(broadcast_id)
    assert transcript is not None
    english = [each for each in transcript.segments if each.language == "en"]
    assert "country" in " ".join(each.text for each in english)
    assert all(each.start_ms >= FRENCH_MS for each in english)
    french = [each for each in transcript.segments if each.language is None]
    assert french
    assert all(each.end_ms <= FRENCH_MS for each in french)


def test_the_pular_guest_is_left_out_and_nobody_claims_to_know_the_language(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    transcript = archive.find_transcript(broadcast_id)
    assert transcript is not None
    last = transcript.segments[-1].end_ms
    pular = [gap for gap in transcript.gaps if gap.start_ms >= last - 500]
    assert sum(gap.end_ms - gap.start_ms for gap in pular) > 20_000
    assert {(gap.reason, gap.language) for gap in pular} == {(GapReason.OTHER_LANGUAGE, None)}


def test_each_passage_is_searched_in_its_own_language(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    page = archive.search("countries", SearchOptions(language="en"))
    [group] = page.broadcasts
    assert {hit.language for hit in group.hits} == {"en"}
    assert not any(hit.choice for hit in group.hits)
    assert archive.search("country", SearchOptions(language="fr")).total == 0


def test_the_page_says_where_the_language_changes(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    page = TestClient(create_app(archive)).get(f"/broadcasts/{broadcast_id}").text
    assert "en anglais" in page
    assert 'lang="en"' in page
    assert "non reconnue" in page


def test_the_api_names_the_language_of_every_sentence_and_gap(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    client = TestClient(create_app(archive))
    answer = client.get(f"/api/v1/broadcasts/{broadcast_id}/transcript").json()
    assert {each["language"] for each in answer["segments"]} == {"fr", "en"}
    assert {each["language"] for each in answer["gaps"]} == {"unsure"}

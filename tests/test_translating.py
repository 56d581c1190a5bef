"""The English track: planned, made, found and labelled; on real weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from radio_archive.archive import AddOptions, Archive, SearchOptions, open_archive
from radio_archive.errors import BadSettings
from radio_archive.model import (
    BroadcastId,
    LanguageTag,
    Match,
    TranscriptChoice,
    TranscriptKind,
    Trust,
)
from radio_archive.web import create_app
from radio_archive.worker import run_worker
from tests.support.archives import settings_for
from tests.support.sounds import write_wav
from tests.support.whisper import journal

pytestmark = pytest.mark.weights

ENGLISH = TranscriptChoice(kind=TranscriptKind.TRANSLATION, language=LanguageTag("en"))


def taken_in(home: Path, wish: str) -> Archive:
    """An archive of half a minute of news in French, with all work done."""
    archive = open_archive(replace(settings_for(home), translate_into_english=wish))
    path = write_wav(home / "journal.wav", [journal(2.8, 40)])
    options = AddOptions(language="fr", title="Journal")
    assert [each.error for each in archive.add([str(path)], options)] == [""]
    run_worker(archive, until_idle=True)
    return archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, whisper_base: None) -> Iterator[Archive]:
    with taken_in(tmp_path_factory.mktemp("translated"), "always") as archive:
        yield archive


@pytest.fixture(scope="module")
def broadcast_id(archive: Archive) -> BroadcastId:
    return archive.recent_broadcasts()[0].id


def test_what_is_said_in_french_stands_beside_it_in_english(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    said = archive.find_transcript(broadcast_id)
    made = archive.find_transcript(broadcast_id, ENGLISH)
    assert said is not None
    assert made is not None
    assert said.language == "fr"
    assert made.is_rough_translation
    assert made.trust is Trust.MACHINE_WEAK
    assert made.made_from == said.id
    english = set(made.text.lower().split())
    assert len(english & {"the", "of", "is", "to", "and", "in", "a"}) >= 4
    assert archive.plan() == 0


def test_its_hits_rank_last_and_open_the_translation(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    found = archive.search("market", SearchOptions(language="en"))
    [group] = found.broadcasts
    assert {hit.match for hit in group.hits} == {Match.TRANSLATED}
    assert {hit.choice for hit in group.hits} == {ENGLISH}
    assert archive.search("market", SearchOptions(without=("translations",))).total == 0 or all(
        hit.choice != ENGLISH
        for each in archive.search("market", SearchOptions(without=("translations",))).broadcasts
        for hit in each.hits
    )


def test_pages_say_that_a_machine_translated_and_offer_the_search_without(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    client = TestClient(create_app(archive))
    page = client.get(f"/broadcasts/{broadcast_id}?kind=translation&language=en").text
    assert "Traduction automatique approximative, ne pas citer" in page
    results = client.get("/search?q=market&language=en").text
    assert "traduction automatique approximative, ne pas citer" in results
    assert "without=translations" in results


def test_a_small_model_is_not_asked_unless_the_station_wants_it(
    tmp_path: Path, whisper_base: None
) -> None:
    with taken_in(tmp_path, "auto") as archive:
        [broadcast] = archive.recent_broadcasts()
        assert archive.find_transcript(broadcast.id) is not None
        assert archive.find_transcript(broadcast.id, ENGLISH) is None
        assert archive.plan() == 0


def test_a_wish_nobody_knows_is_refused(tmp_path: Path) -> None:
    settings = replace(settings_for(tmp_path), translate_into_english="perhaps")
    with pytest.raises(BadSettings, match="translate_into_english"):
        open_archive(settings)

"""The whole way on the sample debate: file in, real weights, search, the moment of the sound."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from radio_archive.archive import AddOptions, Archive, SearchOptions, open_archive
from radio_archive.model import BroadcastId, BroadcastState, Outcome, Trust
from tests.support.archives import SAMPLES, settings_for
from tests.support.demonstration import Demonstration

pytestmark = pytest.mark.weights

DEBATE = SAMPLES / "2014-10-16-grand-dialogue.mp3"


@pytest.fixture(scope="module")
def archive(
    tmp_path_factory: pytest.TempPathFactory, demonstration: Demonstration
) -> Iterator[Archive]:
    """An archive that holds the samples, the debate among them, transcribed and indexed."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(demonstration.home, home, dirs_exist_ok=True)
    with open_archive(settings_for(home)) as archive:
        yield archive


@pytest.fixture(scope="module")
def broadcast_id(archive: Archive) -> BroadcastId:
    """The debate."""
    [debate] = [each for each in archive.recent_broadcasts() if "menace-t-il" in each.title]
    return debate.id


def spoken_at(phrase: str) -> list[int]:
    """Start of each sentence of the script that holds the phrase, in ms."""
    script = json.loads(DEBATE.with_suffix(".script.json").read_text(encoding="utf-8"))
    return [turn["start_ms"] for turn in script["turns"] if phrase in turn["text"].lower()]


def test_the_debate_is_transcribed_and_labelled(archive: Archive, broadcast_id: str) -> None:
    broadcast = archive.get_broadcast(broadcast_id)
    assert broadcast.state is BroadcastState.TRANSCRIBED
    assert broadcast.is_synthetic
    assert broadcast.programme is not None
    assert broadcast.programme.id == "grand-dialogue"


@pytest.mark.parametrize("typed", ["crime organisé", "crime organise", "CRIME ORGANISÉ"])
def test_it_is_found_with_and_without_accents(archive: Archive, typed: str) -> None:
    options = SearchOptions(language="fr", programme="grand-dialogue")
    page = archive.search(typed, options)
    assert page.total >= 2
    [group] = page.broadcasts
    assert group.trust is Trust.MACHINE
    for hit in group.hits:
        marked = [hit.text[start:end].lower() for start, end in hit.highlights]
        assert any(word.startswith("crime") for word in marked)


def test_a_hit_opens_the_sound_within_half_a_second_of_the_word(archive: Archive) -> None:
    sentences = spoken_at("le crime organisé ne vit")
    page = archive.search('"le crime organisé ne vit"', SearchOptions())
    starts = [hit.start_ms for group in page.broadcasts for hit in group.hits]
    assert sentences
    assert starts
    for start in starts:
        assert min(abs(start - sentence) for sentence in sentences) <= 500


def test_guests_the_page_names_are_written_and_found_by_name(
    archive: Archive, broadcast_id: str
) -> None:
    transcript = archive.find_transcript(broadcast_id)
    assert transcript is not None
    assert transcript.parameters["prompt"] == "Bakoroba Diéman, Djénéba Soumbara, Mali"
    said = spoken_at("djénéba soumbara")
    page = archive.search('"Djénéba Soumbara"', SearchOptions(is_exact_only=True))
    starts = [hit.start_ms for group in page.broadcasts for hit in group.hits]
    assert said
    assert len(starts) >= len(said) / 2


def test_listeners_get_three_renditions(archive: Archive, broadcast_id: str) -> None:
    sizes = {rendition.name: rendition.size_bytes for rendition in archive.renditions(broadcast_id)}
    assert set(sizes) == {"mp3", "opus", "low"}
    assert sizes["low"] < sizes["opus"] < sizes["mp3"]
    sound = archive.open_sound(broadcast_id, "mp3")
    assert len(b"".join(sound.read(100, 300))) == 200


def test_adding_it_again_adds_nothing(archive: Archive) -> None:
    [result] = archive.add([str(DEBATE)], AddOptions())
    assert result.outcome is Outcome.UNCHANGED
    assert archive.plan() == 0


def test_an_index_that_was_deleted_comes_back(archive: Archive, tmp_path: Path) -> None:
    before = archive.search("crime", SearchOptions()).total
    assert archive.reindex() == archive.status().passages
    assert archive.search("crime", SearchOptions()).total == before

"""An English text beside what was said, the whole way: a real recording, real weights, search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive.archive import (
    AddOptions,
    Archive,
    ImportOptions,
    SearchOptions,
    TranscriptChoice,
    open_archive,
)
from radio_archive.errors import BadSettings
from radio_archive.model import (
    BroadcastId,
    JobKind,
    LanguageTag,
    Match,
    Transcript,
    TranscriptKind,
    Trust,
    WorkResult,
)
from radio_archive.settings import Settings
from radio_archive.worker import run_worker
from tests.support.archives import settings_for

pytestmark = pytest.mark.weights

ENGLISH = TranscriptChoice(kind=TranscriptKind.TRANSLATION, language=LanguageTag("en"))


def translating(home: Path, wish: str = "always") -> Settings:
    return replace(settings_for(home), translate_into_english=wish)


def work(archive: Archive) -> list[str]:
    """Do what is missing; which kinds of jobs that were, in order."""
    done: list[WorkResult] = []
    run_worker(archive, until_idle=True, on_result=done.append)
    assert [result.error for result in done if not result.is_done] == []
    return [result.kind for result in done]


def get_english(archive: Archive, broadcast_id: BroadcastId) -> Transcript:
    return archive.get_transcript(broadcast_id, ENGLISH)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, shared_data: Path, whisper_base: None) -> Path:
    """A home with 48 s of a French press conference, transcribed by *base* and no more."""
    home = tmp_path_factory.mktemp("press")
    with open_archive(settings_for(home)) as archive:
        speech = shared_data / "audio" / "fr" / "misc" / "linto_fr.mp3"
        [result] = archive.add([str(speech)], AddOptions(language="fr"))
        assert result.broadcast_id is not None
        assert JobKind.TRANSLATE not in work(archive)
    return home


@pytest.fixture(scope="module")
def archive(home: Path) -> Iterator[Archive]:
    """The same archive, once somebody asked for English."""
    with open_archive(translating(home)) as archive:
        assert work(archive) == [JobKind.TRANSLATE, JobKind.INDEX]
        yield archive


@pytest.fixture(scope="module")
def broadcast_id(archive: Archive) -> BroadcastId:
    return archive.recent_broadcasts()[0].id


def test_with_base_nothing_is_translated_unless_somebody_asks(home: Path) -> None:
    for wish in ("auto", "never"):
        with open_archive(translating(home, wish)) as archive:
            assert archive.plan() == 0


def test_it_stands_beside_the_transcript_and_says_how_it_was_made(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    french, english = archive.get_transcript(broadcast_id), get_english(archive, broadcast_id)
    assert french.language == "fr"
    assert french.trust is Trust.MACHINE
    assert english.made_from == french.id
    assert english.trust is Trust.MACHINE_WEAK
    assert english.engine == french.engine
    assert english.parameters["task"] == "translate"
    assert english.parameters["weights_sha256"] == french.parameters["weights_sha256"]
    assert english.gaps == french.gaps
    assert not any(segment.words for segment in english.segments)
    assert [track.language for track in archive.tracks(broadcast_id)] == ["fr", "en"]


def test_what_was_said_in_french_is_found_in_english_at_its_sentence(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    french = archive.get_transcript(broadcast_id)
    [said] = [each for each in french.segments if "rencontreront" in each.text]
    [group] = archive.search('"will meet"', SearchOptions(language="en")).broadcasts
    [hit] = group.hits
    assert abs(hit.start_ms - said.start_ms) <= 500
    assert "Turkey" in hit.text
    assert hit.match is Match.TRANSLATED
    assert hit.is_rough_translation
    assert hit.choice == ENGLISH


def test_hits_in_it_are_left_out_when_asked(archive: Archive) -> None:
    page = archive.search("funding")
    assert page.total == 1
    assert [each.id for each in page.query.expansions if not each.typed] == ["translations"]
    for without in ("translations", "all"):
        left = archive.search("funding", SearchOptions(without=(without,)))
        assert left.total == 0
        assert "translations" not in [each.id for each in left.query.expansions]


def test_what_was_said_comes_before_its_translation(archive: Archive) -> None:
    [group] = archive.search("Johannes").broadcasts
    assert [hit.match for hit in group.hits] == [Match.EXACT, Match.TRANSLATED]
    assert [bool(hit.choice) for hit in group.hits] == [False, True]
    assert group.trust is Trust.MACHINE


def test_nothing_is_translated_twice(archive: Archive) -> None:
    assert archive.plan() == 0


def test_without_weights_the_rest_of_the_work_goes_on(home: Path, tmp_path: Path) -> None:
    with open_archive(replace(translating(home), models_dir=str(tmp_path))) as archive:
        assert archive.plan() == 0


def test_an_engine_that_cannot_translate_is_not_asked_to(home: Path) -> None:
    settings = replace(translating(home), engines={"fr": "whisper-fine-tune/somebody"})
    with open_archive(settings) as archive:
        assert archive.plan() == 0


def test_it_is_made_anew_with_the_transcript_and_gives_way_to_people_s(
    archive: Archive, broadcast_id: BroadcastId, tmp_path: Path
) -> None:
    checked = tmp_path / "checked.srt"
    checked.write_bytes(archive.export(broadcast_id, "srt").content)
    before = get_english(archive, broadcast_id)

    archive.import_transcript(broadcast_id, checked)

    assert archive.search("funding").total == 0
    assert work(archive) == [JobKind.TRANSLATE, JobKind.INDEX]
    english = get_english(archive, broadcast_id)
    assert english.made_from == archive.get_transcript(broadcast_id).id != before.made_from
    # people left nothing out, so what the machine had not believed is translated as well
    assert english.text.startswith(before.text)

    by_people = tmp_path / "english.srt"
    by_people.write_text(
        "1\n00:00:19,260 --> 00:00:24,520\nThey will meet the Turkish president.\n"
    )
    options = ImportOptions(language="en", kind=TranscriptKind.TRANSLATION)
    archive.import_transcript(broadcast_id, by_people, options)
    assert archive.plan() == 0
    assert get_english(archive, broadcast_id).trust is Trust.IMPORTED


def test_a_wish_nobody_understands_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="translate_into_english has a wrong value 'sometimes'"):
        open_archive(translating(tmp_path, "sometimes"))

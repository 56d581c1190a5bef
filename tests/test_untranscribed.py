"""Speech in languages Whisper does not know: kept, played, found by title, and never invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.model import BroadcastState, Trust
from radio_archive.settings import Settings
from radio_archive.worker import run_worker
from tests.support.archives import settings_for
from tests.support.tiny_models import save_omnilingual

SPEECH = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio"
PHRASES = SPEECH / "man" / "nicolingua_agent_joined.mp3"
WORDS = SPEECH / "bm" / "words" / "apprentissage.mp3"
FULA = SPEECH / "ff" / "nicolingua_agent_joined.mp3"

pytestmark = pytest.mark.skipif(
    not all(path.exists() for path in (PHRASES, WORDS, FULA)),
    reason="the recordings in Maninka, Bambara and Fula are not here",
)

Taken = Callable[..., Archive]


@pytest.fixture
def taken_in(tmp_path: Path) -> Iterator[Taken]:
    """Opens an archive of the three recordings and lets it work until nothing is left to do."""
    opened: list[Archive] = []

    def take(**changes: object) -> Archive:
        settings: Settings = replace(settings_for(tmp_path), **changes)  # type: ignore[arg-type]
        archive = open_archive(settings)
        opened.append(archive)
        for path, language, title in (
            (PHRASES, "bm", "An ka kuma sɛnɛ kan"),
            (WORDS, "bambara", "Kalan"),
            (FULA, "peulh", "Kabaaru ndema"),
        ):
            options = AddOptions(language=language, title=title, guests=("Awa Traoré",))
            assert [each.error for each in archive.add([str(path)], options)] == [""]
        run_worker(archive, until_idle=True)
        return archive

    yield take
    for archive in opened:
        archive.close()


def test_without_an_engine_they_are_kept_played_and_found_and_nothing_is_invented(
    taken_in: Taken,
) -> None:
    archive = taken_in()
    broadcasts, total = archive.broadcasts()
    assert total == 3
    for broadcast in broadcasts:
        assert broadcast.state is BroadcastState.NOT_TRANSCRIBED
        assert f"No configured engine knows the language '{broadcast.language}'" in (
            broadcast.state_reason
        )
        assert archive.find_transcript(broadcast.id) is None
        for rendition in archive.renditions(broadcast.id):
            assert archive.open_sound(broadcast.id, rendition.name).size_bytes > 0
        assert archive.renditions(broadcast.id)
    assert archive.status().passages == 0
    for typed in ("kuma sene", "An ka kuma sɛnɛ kan"):
        page = archive.search(typed)
        assert page.total == 0
        assert [found.title for found in page.titles] == ["An ka kuma sɛnɛ kan"]
    assert len(archive.search("Awa Traore").titles) == 3
    covered = {str(row.language): row for row in archive.coverage()}
    assert covered["bm"].broadcasts == 2
    assert covered["bm"].hours > 0
    assert covered["bm"].transcribed_hours == 0
    assert covered["ffm"].transcribed_hours == 0


def test_with_an_engine_but_no_weights_the_reason_is_the_remedy(taken_in: Taken) -> None:
    archive = taken_in(engines={"bm": "omnilingual-ctc/300m-int8"})
    broadcasts, _ = archive.broadcasts(language="bm")
    for broadcast in broadcasts:
        assert broadcast.state is BroadcastState.NOT_TRANSCRIBED
        assert "radio-archive models fetch omnilingual-ctc/300m-int8" in broadcast.state_reason
    (weights,) = [check for check in archive.doctor() if check.name == "weights"]
    assert not weights.is_ok
    assert "models fetch" in weights.remedy


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_once_there_is_an_engine_what_waited_is_written(
    taken_in: Taken, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The weights babble, so the text means nothing: the way it comes is what is proved."""
    assert taken_in().status().passages == 0
    folder = save_omnilingual(tmp_path_factory.mktemp("babbler"), threshold=0.02)
    archive = taken_in(engines={"bm": f"omnilingual-ctc/{folder}"})
    by_title = {each.title: each for each in archive.broadcasts()[0]}
    written = by_title["An ka kuma sɛnɛ kan"]
    assert written.state is BroadcastState.TRANSCRIBED
    transcript = archive.get_transcript(written.id)
    assert transcript.engine == f"omnilingual-ctc/{folder.name}"
    assert transcript.trust is Trust.MACHINE_WEAK
    assert transcript.language == "bm"
    assert written.recording is not None
    assert all(each.end_ms <= written.recording.duration_ms for each in transcript.segments)
    assert by_title["Kabaaru ndema"].state is BroadcastState.NOT_TRANSCRIBED
    assert archive.find_transcript(by_title["Kabaaru ndema"].id) is None
    assert archive.status().passages > 0

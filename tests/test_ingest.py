from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.audio import Audio
from radio_archive.errors import BadInput, UnknownLanguage
from radio_archive.model import BroadcastState, Outcome
from tests.support.archives import settings_for


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(settings_for(tmp_path / "home")) as archive:
        yield archive


def make_sound(path: Path, seconds: float = 2.0, pitch: int = 440) -> Path:
    """A tone, so that tests of taking in need no speech."""
    tone = f"sine=frequency={pitch}:duration={seconds}"
    command = [Audio.find().ffmpeg, "-v", "error", "-y", "-f", "lavfi", "-i", tone, str(path)]
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


def outcomes(archive: Archive, *targets: Path, **options: object) -> list[Outcome]:
    added = archive.add([str(target) for target in targets], AddOptions(**options))  # type: ignore[arg-type]
    return [result.outcome for result in added]


def test_a_file_becomes_a_broadcast_with_its_true_length(archive: Archive, tmp_path: Path) -> None:
    [result] = archive.add([str(make_sound(tmp_path / "journal.mp3"))], AddOptions(language="fr"))
    assert result.broadcast_id is not None
    broadcast = archive.get_broadcast(result.broadcast_id)
    assert broadcast.recording is not None
    assert broadcast.recording.duration_ms == pytest.approx(2_000, abs=60)
    assert broadcast.state is BroadcastState.WAITING


def test_adding_twice_adds_nothing_even_under_another_name(
    archive: Archive, tmp_path: Path
) -> None:
    sound = make_sound(tmp_path / "journal.mp3")
    assert outcomes(archive, sound) == [Outcome.ADDED]
    assert outcomes(archive, sound) == [Outcome.UNCHANGED]
    copy = tmp_path / "elsewhere" / "journal.mp3"
    copy.parent.mkdir()
    shutil.copy(sound, copy)
    assert outcomes(archive, copy) == [Outcome.UNCHANGED]
    assert archive.broadcasts()[1] == 1


def test_a_folder_is_taken_in_whole_and_a_bad_file_does_not_stop_it(
    archive: Archive, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    make_sound(folder / "a.mp3", pitch=300)
    (folder / "b.mp3").write_text("this is not sound")
    make_sound(folder / "c.ogg", pitch=500)
    results = list(archive.add([str(folder)], AddOptions(language="fr")))
    assert [result.outcome for result in results] == [
        Outcome.ADDED,
        Outcome.FAILED,
        Outcome.ADDED,
    ]
    assert "b.mp3" in results[1].error
    stored = [path for path in (tmp_path / "home/media/recordings").rglob("*") if path.is_file()]
    assert len(stored) == 2


def test_a_bulletins_name_tells_language_and_date(archive: Archive, tmp_path: Path) -> None:
    sound = make_sound(tmp_path / "JOURNAL_TAMASHEQ-2016-07-11.mp3")
    [result] = archive.add([str(sound)], AddOptions())
    assert result.broadcast_id is not None
    broadcast = archive.get_broadcast(result.broadcast_id)
    assert broadcast.language == "taq"
    assert broadcast.aired_at is not None
    assert broadcast.aired_at.date().isoformat() == "2016-07-11"


def test_when_nobody_says_the_language_it_waits_for_a_person(
    archive: Archive, tmp_path: Path
) -> None:
    sound = make_sound(tmp_path / "sans-nom.mp3")
    [result] = archive.add([str(sound)], AddOptions())
    assert result.broadcast_id is not None
    assert archive.get_broadcast(result.broadcast_id).state is BroadcastState.LANGUAGE_UNKNOWN
    assert outcomes(archive, sound, language="bam") == [Outcome.UPDATED]
    assert archive.get_broadcast(result.broadcast_id).language == "bm"


def test_the_person_who_adds_knows_best(archive: Archive, tmp_path: Path) -> None:
    options = AddOptions(
        programme="grand-dialogue",
        language="fr",
        title="Le crime organisé menace-t-il le Mali ?",
        aired_at="2014-10-16T17:00:00Z",
        guests=("Awa Diallo", "Issa Maïga"),
    )
    [result] = archive.add([str(make_sound(tmp_path / "x.mp3"))], options)
    assert result.broadcast_id is not None
    broadcast = archive.get_broadcast(result.broadcast_id)
    assert broadcast.programme is not None
    assert broadcast.programme.id == "grand-dialogue"
    assert broadcast.guests == options.guests
    assert broadcast.title == options.title


def test_what_a_person_said_is_not_forgotten_when_the_file_is_added_again(
    archive: Archive, tmp_path: Path
) -> None:
    sound = make_sound(tmp_path / "JOURNAL_TAMASHEQ-2016-07-11.mp3")
    said = {"title": "Discours", "language": "bm", "aired_at": "2020-01-02T03:04:05Z"}
    assert outcomes(archive, sound, programme="discours", **said) == [Outcome.ADDED]
    [result] = archive.add([str(sound)], AddOptions())
    assert (result.outcome, result.title) == (Outcome.UNCHANGED, "Discours")
    assert result.broadcast_id is not None
    broadcast = archive.get_broadcast(result.broadcast_id)
    assert broadcast.programme is not None
    assert (broadcast.title, broadcast.language, broadcast.programme.id) == (
        "Discours",
        "bm",
        "discours",
    )
    assert broadcast.aired_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert [programme.id for programme, _ in archive.programmes()] == ["discours"]


def test_a_person_may_say_something_else_later(archive: Archive, tmp_path: Path) -> None:
    sound = make_sound(tmp_path / "discours.mp3")
    outcomes(archive, sound, title="Discours")
    assert outcomes(archive, sound, title="Discours du 2 mai") == [Outcome.UPDATED]
    assert archive.broadcasts()[0][0].title == "Discours du 2 mai"


def test_a_sidecar_that_comes_later_is_believed(archive: Archive, tmp_path: Path) -> None:
    sound = make_sound(tmp_path / "discours.mp3")
    outcomes(archive, sound)
    sound.with_suffix(".json").write_text('{"title": "Discours", "synthetic": true}')
    assert outcomes(archive, sound) == [Outcome.UPDATED]
    sound.with_suffix(".json").unlink()
    assert outcomes(archive, sound) == [Outcome.UNCHANGED]
    [broadcast] = archive.broadcasts()[0]
    assert (broadcast.title, broadcast.is_synthetic) == ("Discours", True)


def test_the_same_sound_under_two_names_in_a_folder_settles(
    archive: Archive, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    first = make_sound(folder / "JOURNAL_TAMASHEQ-2016-07-11.mp3")
    shutil.copy(first, folder / "JOURNAL_TAMASHEQ-2016-07-12.mp3")
    assert outcomes(archive, folder) == [Outcome.ADDED, Outcome.UNCHANGED]
    assert outcomes(archive, folder) == [Outcome.UNCHANGED, Outcome.UNCHANGED]
    [broadcast] = archive.broadcasts()[0]
    assert broadcast.aired_at == datetime(2016, 7, 11, 12, tzinfo=UTC)


def test_an_address_added_again_keeps_its_title(archive: Archive) -> None:
    url = "https://radio.example/discours.mp3"
    list(archive.add([url], AddOptions(title="Discours du 2 mai")))
    [result] = archive.add([url], AddOptions())
    assert (result.outcome, result.title) == (Outcome.UNCHANGED, "Discours du 2 mai")


def test_options_that_make_no_sense_are_refused_before_anything_is_taken_in(
    archive: Archive, tmp_path: Path
) -> None:
    sound = str(make_sound(tmp_path / "x.mp3"))
    with pytest.raises(UnknownLanguage):
        list(archive.add([sound], AddOptions(language="klingon")))
    with pytest.raises(BadInput, match="not a date"):
        list(archive.add([sound], AddOptions(aired_at="hier soir")))
    assert archive.broadcasts()[1] == 0


@pytest.mark.parametrize(
    "target", ["nowhere.mp3", "http://127.0.0.1/x.rss", "ftp://example.org/a.mp3"]
)
def test_what_cannot_be_reached_is_a_failed_line_with_the_reason(
    archive: Archive, target: str
) -> None:
    [result] = archive.add([target], AddOptions())
    assert result.outcome is Outcome.FAILED
    assert result.error


def test_a_file_that_is_too_large_is_refused_by_name(tmp_path: Path) -> None:
    sound = make_sound(tmp_path / "long.mp3", seconds=5)
    from dataclasses import replace

    settings = replace(settings_for(tmp_path / "home"), max_recording_bytes=1_000)
    with open_archive(settings) as archive:
        [result] = archive.add([str(sound)], AddOptions())
    assert result.outcome is Outcome.FAILED
    assert "long.mp3" in result.error

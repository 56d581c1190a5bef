"""Names, folders and addresses as people have them: one that is odd stops nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.catalogue.broadcasts import programme_of
from radio_archive.errors import BadInput
from radio_archive.model import IngestResult, NewBroadcast, Outcome
from radio_archive.model.withdrawals import NewWithdrawal
from tests.support.archives import settings_for
from tests.support.sounds import noise, write_wav

NOT_UTF_8 = os.fsdecode(b"d\xe9bat \xff.wav")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(settings_for(tmp_path / "home")) as archive:
        yield archive


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "good.wav", [noise(1)])


@pytest.fixture
def too_deep(tmp_path: Path) -> Iterator[Path]:
    """A folder with folders in it so deep that no path leads there: nobody can read them."""
    root = tmp_path / "deep"
    root.mkdir()
    here = os.open(root, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=here)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    yield root
    shutil.rmtree(root)


def add(archive: Archive, *targets: str | Path, **options: str) -> list[IngestResult]:
    return list(archive.add([str(target) for target in targets], AddOptions(**options)))  # type: ignore[arg-type]


def outcomes(results: list[IngestResult]) -> list[Outcome]:
    return [result.outcome for result in results]


@pytest.mark.parametrize(
    ("target", "remedy"),
    [
        ("loop.wav", "remove it"),
        ("http://[::1", "Copy it"),
        ("x" * 300 + ".wav", "shorter name"),
        ("", "Name a file"),
        ("  ", "Name a file"),
        ("a\0b.wav", "Name a file"),
        (f"{NOT_UTF_8}.gone", "Check the spelling"),
    ],
)
def test_a_target_that_cannot_be_read_is_one_failure_and_the_rest_goes_on(
    archive: Archive,
    sound: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    target: str,
    remedy: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop.wav").symlink_to("loop.wav")
    bad, good = add(archive, target, sound)
    assert (bad.outcome, good.outcome) == (Outcome.FAILED, Outcome.ADDED)
    assert remedy in bad.error
    (bad.item + bad.error).encode("utf-8")


def test_nothing_is_taken_in_for_an_empty_name(
    archive: Archive, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sound.parent)
    assert outcomes(add(archive, "")) == [Outcome.FAILED]
    assert archive.broadcasts()[1] == 0


def test_a_link_that_leads_to_itself_does_not_end_the_reading_of_a_folder(
    archive: Archive, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a-loop.wav").symlink_to(folder / "a-loop.wav")
    write_wav(folder / "b.wav", [noise(1)])
    results = add(archive, folder)
    assert sorted(outcomes(results)) == [Outcome.ADDED, Outcome.FAILED]
    [failure] = [each for each in results if each.outcome is Outcome.FAILED]
    assert "a-loop.wav" in failure.error
    assert "remove it" in failure.error


def test_a_folder_that_cannot_be_read_is_one_failure(archive: Archive, too_deep: Path) -> None:
    write_wav(too_deep / "good.wav", [noise(1)])
    results = add(archive, too_deep)
    assert outcomes(results) == [Outcome.ADDED, Outcome.FAILED]
    assert "cannot be read" in results[1].error


def test_a_watched_folder_that_cannot_be_read_fails_the_sync(
    tmp_path: Path, too_deep: Path
) -> None:
    settings = replace(settings_for(tmp_path / "home"), watched_folders=(str(too_deep),))
    with open_archive(settings) as archive:
        assert outcomes(list(archive.sync(dry_run=False))) == [Outcome.FAILED]


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_name_that_is_not_utf_8_is_taken_in_readable(
    archive: Archive, tmp_path: Path, is_folder: bool
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write_wav(folder / NOT_UTF_8, [noise(1)])
    [result] = add(archive, folder if is_folder else folder / NOT_UTF_8)
    assert result.outcome is Outcome.ADDED
    assert result.broadcast_id is not None
    result.item.encode("utf-8")
    broadcast = archive.get_broadcast(result.broadcast_id)
    assert broadcast.title == result.title == "d�bat �"
    assert broadcast.recording is not None
    assert broadcast.recording.original_name == "d�bat �.wav"


def test_a_name_that_is_not_utf_8_of_what_is_no_sound_is_one_failure(
    archive: Archive, sound: Path, tmp_path: Path
) -> None:
    bad = tmp_path / NOT_UTF_8
    bad.write_text("not sound")
    results = add(archive, bad, sound)
    assert outcomes(results) == [Outcome.FAILED, Outcome.ADDED]
    results[0].error.encode("utf-8")
    assert archive.broadcasts()[1] == 1


def test_words_of_a_person_that_are_not_utf_8_are_kept_readable(
    archive: Archive, sound: Path
) -> None:
    [result] = add(archive, sound, title=os.fsdecode(b"D\xe9bat"), programme="D\udce9bat")
    assert result.outcome is Outcome.ADDED
    assert result.broadcast_id is not None
    assert archive.get_broadcast(result.broadcast_id).title == "D�bat"


def test_the_longest_name_a_disk_takes_is_taken_in(archive: Archive, tmp_path: Path) -> None:
    path = write_wav(tmp_path / ("a" * 251 + ".wav"), [noise(1)])
    assert outcomes(add(archive, path)) == [Outcome.ADDED]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00+12:00", "9999-12-31T23:59-12:00"])
def test_a_moment_beyond_the_calendar_is_refused(
    archive: Archive, sound: Path, moment: str
) -> None:
    with pytest.raises(BadInput, match="not a date"):
        add(archive, sound, aired_at=moment)


def test_the_first_moment_of_the_calendar_is_taken(archive: Archive, sound: Path) -> None:
    [result] = add(archive, sound, aired_at="0001-01-01T00:00")
    assert result.broadcast_id is not None
    aired_at = archive.get_broadcast(result.broadcast_id).aired_at
    assert aired_at == datetime(1, 1, 1, tzinfo=UTC)


def test_what_the_archive_holds_is_never_taken_in_as_something_new(
    archive: Archive, sound: Path, tmp_path: Path
) -> None:
    [added] = add(archive, sound, language="fr")
    assert added.broadcast_id is not None
    home = tmp_path / "home"
    [stored] = (home / "media/recordings").rglob("*.wav")
    # renditions, copies for players, what an object store lends, what a restore set aside
    for place in ("media/renditions", "cache/media/recordings", "media.before-1/recordings"):
        copy = home / place / stored.relative_to(home / "media/recordings")
        copy.parent.mkdir(parents=True, exist_ok=True)
        write_wav(copy, [noise(1, len(place))])
    played = home / "cache/played" / f"{stored.stem}.webm"
    played.parent.mkdir(parents=True)
    shutil.copy(sound, played)
    archive.withdrawing.withdraw(
        added.broadcast_id, NewWithdrawal(excerpt=None, reason="On request.", by="test")
    )
    assert add(archive, home) == []
    assert add(archive, home / "media/recordings") == []
    (tmp_path / "linked.wav").symlink_to(stored)
    for path in (stored, played, tmp_path / "linked.wav"):
        [refused] = add(archive, path)
        assert refused.outcome is Outcome.FAILED
        assert "store of an archive" in refused.error
    assert archive._parts.catalogue.broadcasts.count_all() == 1


def test_recordings_beside_the_store_are_found_in_the_home(
    archive: Archive, tmp_path: Path
) -> None:
    samples = tmp_path / "home/media/samples"
    samples.mkdir(parents=True)
    write_wav(samples / "sample.wav", [noise(1)])
    write_wav(tmp_path / "home" / "other.wav", [noise(1, 7)])
    results = add(archive, tmp_path / "home")
    assert [Path(each.item).name for each in results] == ["other.wav", "sample.wav"]


@pytest.mark.parametrize(
    ("typed", "slug", "title"),
    [
        ("journal-soir", "journal-soir", "Journal soir"),
        ("Journal / Soir", "journal-soir", "Journal / Soir"),
        ("Kɛnɛya", "keneya", "Kɛnɛya"),
    ],
)
def test_a_programme_gets_an_id_that_pages_can_link_to(
    archive: Archive, sound: Path, typed: str, slug: str, title: str
) -> None:
    [result] = add(archive, sound, programme=typed)
    assert result.broadcast_id is not None
    programme = archive.get_broadcast(result.broadcast_id).programme
    assert programme is not None
    assert (programme.id, programme.title) == (slug, title)
    assert outcomes(add(archive, sound, programme=typed)) == [Outcome.UNCHANGED]


def test_a_programme_nothing_of_which_can_stand_in_an_address_is_refused(
    archive: Archive, sound: Path
) -> None:
    with pytest.raises(BadInput, match="Latin letters"):
        add(archive, sound, programme=" / ")


def test_a_programme_that_has_another_id_already_keeps_it(archive: Archive, sound: Path) -> None:
    new = NewBroadcast(source="x", guid="x", title="x", programme=programme_of("Journal"))
    archive._parts.catalogue.broadcasts.put(new)
    [result] = add(archive, sound, programme="Journal")
    assert result.broadcast_id is not None
    programme = archive.get_broadcast(result.broadcast_id).programme
    assert programme is not None
    assert programme.id == "Journal"

"""Recordings that are held stay held, whatever is taken in beside them, and can be mended."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive import ingest
from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.audio import Audio, process
from radio_archive.db import Database
from radio_archive.errors import (
    AudioError,
    BadAudio,
    FfmpegMissing,
    RadioArchiveError,
    StorageError,
)
from radio_archive.jobs import BACK_OFF_S, MAX_ATTEMPTS
from radio_archive.media import Area, StoredFile
from radio_archive.model import (
    BroadcastState,
    Job,
    JobKind,
    Kept,
    Need,
    NewBroadcast,
    Outcome,
    Recording,
    RecordingKey,
)
from radio_archive.pipeline.parts import Parts
from radio_archive.pipeline.recordings import discard, download
from tests.support.archives import settings_for
from tests.support.sounds import fake_ffmpeg, noise, write_wav

CRASHES = "kill -SEGV $$"
IS_KILLED = "kill -9 $$"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(settings_for(tmp_path / "home")) as archive:
        yield archive


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "journal.wav", [noise(1, 2)])


def held(archive: Archive, sound: Path) -> Recording:
    """The recording of a file that is taken in."""
    [result] = archive.add([str(sound)], AddOptions(language="fr"))
    assert result.broadcast_id is not None, result.error
    recording = archive.get_broadcast(result.broadcast_id).recording
    assert recording is not None
    return recording


def announced(parts: Parts, name: str) -> Job:
    """The job to fetch a sound that a feed names."""
    new = NewBroadcast(
        source="feed", guid=name, title=name, audio_url=f"https://radio.example/{name}"
    )
    broadcast_id, _ = parts.catalogue.broadcasts.put(new)
    return Job(id=1, kind=JobKind.DOWNLOAD, broadcast_id=broadcast_id, token="", attempts=1)


def serving(content: bytes) -> Callable[[str], AbstractContextManager[Iterator[bytes]]]:
    """The network, which gives the same bytes at every address."""

    @contextmanager
    def fetch(_url: str) -> Iterator[Iterator[bytes]]:
        yield iter([content])

    return fetch


def with_ffmpeg(parts: Parts, ffmpeg: Audio) -> Parts:
    return replace(parts, audio=lambda: ffmpeg)


def is_whole(archive: Archive, recording: Recording) -> bool:
    media = archive._parts.media
    return media.exists(Area.RECORDINGS, recording.key, recording.extension) and media.verify(
        Area.RECORDINGS, recording.key, recording.extension
    )


def path_of(home: Path, recording: Recording) -> Path:
    key = recording.key
    return home / f"media/recordings/{key[:2]}/{key[2:4]}/{key}{recording.extension}"


@pytest.mark.parametrize("script", [IS_KILLED, CRASHES, "exit 1"])
def test_fetching_what_another_broadcast_has_needs_no_ffmpeg_and_removes_nothing(
    archive: Archive, sound: Path, tmp_path: Path, script: str
) -> None:
    recording = held(archive, sound)
    parts = with_ffmpeg(archive._parts, fake_ffmpeg(tmp_path, script))
    job = announced(parts, "journal.wav")
    download(replace(parts, fetch=serving(sound.read_bytes())), job, lambda *_: None)
    assert archive.get_broadcast(job.broadcast_id).recording == recording
    assert is_whole(archive, recording)


def test_the_same_bytes_under_another_extension_are_held_once(
    archive: Archive, sound: Path
) -> None:
    recording = held(archive, sound)
    job = announced(archive._parts, "listen")
    parts = replace(archive._parts, fetch=serving(sound.read_bytes()))
    download(parts, job, lambda *_: None)
    assert archive.get_broadcast(job.broadcast_id).recording == recording
    assert [each.extension for each in parts.media.keys(Area.RECORDINGS)] == [".wav"]


def test_fetching_under_another_extension_mends_what_was_lost(
    archive: Archive, sound: Path
) -> None:
    recording = held(archive, sound)
    archive._parts.media.delete(Area.RECORDINGS, recording.key, recording.extension)
    job = announced(archive._parts, "listen")
    parts = replace(archive._parts, fetch=serving(sound.read_bytes()))
    download(parts, job, lambda *_: None)
    assert is_whole(archive, recording)
    assert [each.extension for each in parts.media.keys(Area.RECORDINGS)] == [".wav"]


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (IS_KILLED, RadioArchiveError),
        (CRASHES, BadAudio),
        ("exec sleep 60", BadAudio),
        (None, FfmpegMissing),
    ],
)
def test_a_passing_failure_of_ffmpeg_does_not_remove_what_was_fetched(
    archive: Archive,
    sound: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str | None,
    error: type[Exception],
) -> None:
    monkeypatch.setattr(process, "TICK_S", 0.02)
    ffmpeg = fake_ffmpeg(tmp_path, script or "")
    if script is None:
        (tmp_path / "ffmpeg").unlink()
    parts = with_ffmpeg(archive._parts, ffmpeg)
    job = announced(parts, "journal.wav")
    with pytest.raises(error):
        download(replace(parts, fetch=serving(sound.read_bytes())), job, lambda *_: None)
    assert len(list(parts.media.keys(Area.RECORDINGS))) == 1


@pytest.mark.parametrize("script", [CRASHES, "exec sleep 60"])
def test_a_recording_is_called_bad_only_after_ffmpeg_failed_over_it_at_every_attempt(
    archive: Archive, sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    held(archive, sound)
    monkeypatch.setattr(process, "TICK_S", 0.005)
    [broadcast] = archive.broadcasts()[0]
    archive._parts = with_ffmpeg(archive._parts, fake_ffmpeg(tmp_path, script))
    parts = archive._parts
    parts.jobs.put(JobKind.PREPARE, [broadcast.id])
    moment = int(time.time())
    told = []
    for _ in range(MAX_ATTEMPTS):
        job = parts.jobs.claim([Need("prepare")])
        assert job is not None
        result = archive.run(job, lambda *_: None, lambda: False)
        assert result is not None
        told.append((result.will_retry, archive.get_broadcast(broadcast.id).state))
        assert parts.jobs.claim([Need("prepare")]) is None  # it waits before it is tried again
        moment += max(BACK_OFF_S) + 1
        monkeypatch.setattr(Database, "moment", lambda *_, now=moment: now)
    again = (True, BroadcastState.WAITING)
    assert told == [again, again, (False, BroadcastState.BAD_RECORDING)]


def test_what_is_no_sound_is_removed_again(archive: Archive) -> None:
    job = announced(archive._parts, "journal.wav")
    with pytest.raises(AudioError):
        download(replace(archive._parts, fetch=serving(b"not sound")), job, lambda *_: None)
    assert list(archive._parts.media.keys(Area.RECORDINGS)) == []


def test_bytes_that_somebody_attaches_while_they_are_removed_come_back(
    archive: Archive, sound: Path
) -> None:
    parts = archive._parts
    stored = parts.media.save_file(Area.RECORDINGS, sound, ".wav")
    recordings = parts.catalogue.recordings

    class OthersAttach:
        """A catalogue in which somebody attaches the recording right after the first look."""

        looks = 0

        def find(self, key: str) -> Recording | None:
            self.looks += 1
            if self.looks == 1:
                found = recordings.find(stored.key)
                recordings.attach(announced(parts, "a").broadcast_id, facts_of(stored))
                return found
            return recordings.find(stored.key)

    watched = type("Watched", (), {"recordings": OthersAttach()})()
    discard(replace(parts, catalogue=watched), stored)
    assert is_whole(archive, facts_of(stored))


def facts_of(stored: StoredFile) -> Recording:
    return Recording(
        key=stored.key,
        extension=stored.extension,
        media_type="audio/wav",
        size_bytes=stored.size_bytes,
        duration_ms=2_000,  # type: ignore[arg-type]
    )


def test_a_recording_removed_while_it_is_attached_is_fetched_again(
    archive: Archive, sound: Path
) -> None:
    job = announced(archive._parts, "journal.wav")
    real = archive._parts.audio()

    class Removing:
        """An ffmpeg during whose look somebody else removes the file."""

        extension_for = real.extension_for

        def telling(self, _on_decoded: object) -> Removing:
            return self

        def probe(self, path: Path) -> object:
            facts = real.probe(path)
            path.unlink()
            return facts

    parts = replace(archive._parts, fetch=serving(sound.read_bytes()))
    with pytest.raises(StorageError, match="fetched again"):
        download(replace(parts, audio=Removing), job, lambda *_: None)  # type: ignore[arg-type]
    download(parts, job, lambda *_: None)
    recording = archive.get_broadcast(job.broadcast_id).recording
    assert recording is not None
    assert is_whole(archive, recording)


@pytest.mark.parametrize("damage", [b"", b"RIFF", None])
def test_a_damaged_recording_is_mended_by_adding_its_file_again(
    archive: Archive, sound: Path, tmp_path: Path, damage: bytes | None
) -> None:
    recording = held(archive, sound)
    stored = path_of(tmp_path / "home", recording)
    content = stored.read_bytes()
    # None: as long as before, and one bit is another
    stored.write_bytes(content[:-1] + bytes([content[-1] ^ 1]) if damage is None else damage)
    assert Kept.DAMAGED in {each.outcome for each in archive.verify_media()}
    [result] = archive.add([str(sound)], AddOptions())
    assert result.outcome is Outcome.UPDATED
    assert {each.outcome for each in archive.verify_media()} == {Kept.HELD}
    [again] = archive.add([str(sound)], AddOptions())
    assert again.outcome is Outcome.UNCHANGED


def test_a_recording_that_was_cut_off_is_mended_by_reading_its_folder_again(
    archive: Archive, sound: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    shutil.copy(sound, folder)
    recording = held(archive, sound)
    path_of(tmp_path / "home", recording).write_bytes(b"RIFF")
    assert [each.outcome for each in archive.add([str(folder)], AddOptions())] == [Outcome.UPDATED]
    assert is_whole(archive, recording)


def test_a_file_with_another_ending_mends_the_recording_where_it_is(
    archive: Archive, sound: Path, tmp_path: Path
) -> None:
    unnamed = tmp_path / "journal.bin"
    shutil.copy(sound, unnamed)
    recording = held(archive, unnamed)
    assert recording.extension == ".bin"
    path_of(tmp_path / "home", recording).unlink()
    [result] = archive.add([str(sound)], AddOptions())
    assert result.outcome is Outcome.UPDATED
    assert is_whole(archive, recording)
    assert [each.extension for each in archive._parts.media.keys(Area.RECORDINGS)] == [".bin"]


def test_a_mended_recording_is_worked_on_again(
    archive: Archive, sound: Path, tmp_path: Path
) -> None:
    recording = held(archive, sound)
    [broadcast] = archive.broadcasts()[0]
    path_of(tmp_path / "home", recording).write_bytes(b"")
    archive._parts.catalogue.broadcasts.set_problem(
        broadcast.id, BroadcastState.BAD_RECORDING, "It is empty."
    )
    list(archive.add([str(sound)], AddOptions()))
    assert archive.get_broadcast(broadcast.id).state is BroadcastState.WAITING


def test_a_file_whose_copy_somebody_removes_meanwhile_is_copied_again(
    archive: Archive, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Audio.probe

    def remove(audio: Audio, path: Path) -> object:
        facts = look(audio, path)
        path.unlink()
        return facts

    monkeypatch.setattr(Audio, "probe", remove)
    assert is_whole(archive, held(archive, sound))


def test_a_file_that_changes_while_it_is_read_leaves_nothing_behind(
    archive: Archive, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "sha256_of", lambda _path: RecordingKey("0" * 64))
    [result] = archive.add([str(sound)], AddOptions())
    assert "changed while it was read" in result.error
    assert list(archive._parts.media.keys(Area.RECORDINGS)) == []

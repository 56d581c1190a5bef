"""A worker that is told to stop in the middle of a long step: the job is given back as it was."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from tests.support.archives import SAMPLES, settings_for
from tests.support.making import make_new_broadcast
from tests.support.sounds import noise, write_wav
from tests.transcription.making import ScriptedEngine

from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.audio import RENDITIONS
from radio_archive.jobs.queue import every_need
from radio_archive.model import (
    BroadcastId,
    Excerpt,
    Job,
    JobKind,
    Milliseconds,
    Progress,
)
from radio_archive.model.withdrawals import NewWithdrawal
from radio_archive.pipeline import progress as pipeline_progress
from radio_archive.pipeline.fingerprinting import VERSION
from radio_archive.transcribers import Samples
from radio_archive.voices.encoder import Embeddings

SOUND_S = 20
SPOKEN = SAMPLES / "2015-03-12-journal.mp3"

ms = Milliseconds


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files lie meanwhile."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(settings_for(tmp_path / "home")) as archive:
        archive._parts = replace(archive._parts, transcriber=lambda _tag: ScriptedEngine())
        yield archive


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "journal.wav", [noise(SOUND_S)])


def take_in(archive: Archive, sound: Path) -> BroadcastId:
    options = AddOptions(language="fr", aired_at="2015-03-12T07:00:00Z")
    [result] = archive.add([str(sound)], options)
    assert result.broadcast_id is not None, result.error
    return result.broadcast_id


def claim(archive: Archive, kind: JobKind, broadcast_id: BroadcastId) -> Job:
    """A step of a broadcast, held by this process."""
    archive._parts.jobs.put(kind, [broadcast_id])
    return claim_again(archive, kind)


def claim_again(archive: Archive, kind: JobKind) -> Job:
    job = archive._parts.jobs.claim(every_need([kind]))
    assert job is not None
    return job


def at_look(number: int) -> Callable[[], bool]:
    """A wish to stop that comes at one of the looks for it."""
    looks = iter(range(1, number))
    return lambda: next(looks, None) is None


def ignore(_job: Job, _progress: Progress) -> None:
    pass


def running_ffmpegs() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if "ffmpeg" in each.name()]


@pytest.mark.parametrize("kind", [JobKind.PREPARE, JobKind.MAP, JobKind.FINGERPRINT])
def test_a_step_ends_at_the_next_second_of_sound_and_leaves_nothing_half_made(
    archive: Archive, sound: Path, temporary: Path, kind: JobKind
) -> None:
    broadcast_id = take_in(archive, sound)
    job = claim(archive, kind, broadcast_id)
    assert archive.run(job, ignore, at_look(5)) is None
    assert list(temporary.iterdir()) == []
    assert running_ffmpegs() == []
    again = claim_again(archive, kind)
    assert (again.id, again.attempts) == (job.id, 1)
    result = archive.run(again, ignore, lambda: False)
    assert result is not None
    assert result.is_done, result.error


def test_renditions_that_were_made_before_are_not_made_again(archive: Archive, sound: Path) -> None:
    broadcast_id = take_in(archive, sound)
    job = claim(archive, JobKind.PREPARE, broadcast_id)
    assert archive.run(job, ignore, at_look(SOUND_S + 5)) is None
    [made] = archive.renditions(broadcast_id)
    assert made.name == RENDITIONS[0].name
    again = claim_again(archive, JobKind.PREPARE)
    assert archive.run(again, ignore, at_look(2 * SOUND_S + 5)) is not None
    assert len(archive.renditions(broadcast_id)) == len(RENDITIONS)


def test_sound_that_is_made_silent_can_be_broken_off(archive: Archive, sound: Path) -> None:
    broadcast_id = take_in(archive, sound)
    hidden = Excerpt(start_ms=ms(5_000), end_ms=ms(6_000))
    archive.withdrawing.withdraw(
        broadcast_id, NewWithdrawal(excerpt=hidden, reason="A mistake.", by="Awa")
    )
    job = claim_again(archive, JobKind.PREPARE)
    assert archive.run(job, ignore, at_look(5)) is None
    assert claim_again(archive, JobKind.PREPARE).attempts == 1


def test_how_far_the_renditions_are_is_told_over_all_of_them(
    archive: Archive, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_progress, "TELL_S", 0.0)
    broadcast_id = take_in(archive, sound)
    told: list[Progress] = []
    archive.run(
        claim(archive, JobKind.PREPARE, broadcast_id),
        lambda _job, progress: told.append(progress),
        lambda: False,
    )
    done = [each.done_ms for each in told]
    assert done == sorted(done)
    assert len(done) == len(RENDITIONS) * SOUND_S
    assert done[SOUND_S - 1] == pytest.approx(SOUND_S * 1000 / len(RENDITIONS), abs=1)
    assert done[-1] == SOUND_S * 1000 == told[-1].total_ms


def test_a_short_step_says_nothing_and_is_asked_all_the_same(
    archive: Archive, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_progress, "TELL_S", 60.0)
    told: list[Progress] = []
    looks: list[bool] = []

    def stop() -> bool:
        looks.append(True)
        return False

    job = claim(archive, JobKind.PREPARE, take_in(archive, sound))
    archive.run(job, lambda _job, progress: told.append(progress), stop)
    assert told == []
    assert len(looks) >= len(RENDITIONS) * SOUND_S


def test_a_fingerprint_is_compared_with_one_other_after_the_other(
    archive: Archive, sound: Path, tmp_path: Path
) -> None:
    for seed in range(2, 6):
        other = write_wav(tmp_path / f"{seed}.wav", [noise(4, seed)])
        job = claim(archive, JobKind.FINGERPRINT, take_in(archive, other))
        archive.run(job, ignore, lambda: False)
    job = claim(archive, JobKind.FINGERPRINT, take_in(archive, sound))
    assert archive.run(job, ignore, at_look(SOUND_S + 3)) is None
    recording = archive.get_broadcast(job.broadcast_id).recording
    assert recording is not None
    known = archive._parts.catalogue.fingerprints
    assert known.find(recording.key, VERSION) is not None
    assert not known.is_compared(recording.key, VERSION)


CHUNKS = 8


@contextmanager
def announced(archive: Archive, sound: Path) -> Iterator[Job]:
    """A sound that a feed names, which comes in so many pieces."""
    content = sound.read_bytes()
    size = -(-len(content) // CHUNKS)

    @contextmanager
    def fetch(_url: str) -> Iterator[Iterator[bytes]]:
        yield (content[at : at + size] for at in range(0, len(content), size))

    archive._parts = replace(archive._parts, fetch=fetch)
    new = make_new_broadcast(audio_url="https://radio.example/journal.wav")
    broadcast_id, _ = archive._parts.catalogue.broadcasts.put(new)
    yield claim(archive, JobKind.DOWNLOAD, broadcast_id)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_download_ends_at_the_next_piece_and_leaves_nothing_half_fetched(
    archive: Archive, sound: Path
) -> None:
    with announced(archive, sound) as job:
        assert archive.run(job, ignore, at_look(CHUNKS - 1)) is None
        assert files_in(archive.settings.media_dir / "recordings") == []
        assert claim_again(archive, JobKind.DOWNLOAD).attempts == 1


def test_what_was_fetched_is_attached_next_time_where_the_look_into_it_was_broken_off(
    archive: Archive, sound: Path
) -> None:
    with announced(archive, sound) as job:
        assert archive.run(job, ignore, at_look(CHUNKS + 5)) is None
        assert archive.get_broadcast(job.broadcast_id).recording is None
        again = claim_again(archive, JobKind.DOWNLOAD)
        assert again.attempts == 1
        assert archive.run(again, ignore, lambda: False) is not None
        assert archive.get_broadcast(job.broadcast_id).recording is not None
        assert len(files_in(archive.settings.media_dir / "recordings")) == 1


def test_a_transcription_ends_while_it_looks_for_another_airing(
    archive: Archive, tmp_path: Path
) -> None:
    broadcast_id = take_in(archive, Path(shutil.copy(SPOKEN, tmp_path)))
    job = claim(archive, JobKind.TRANSCRIBE, broadcast_id)
    assert archive.run(job, ignore, lambda: True) is None
    recording = archive.get_broadcast(broadcast_id).recording
    assert recording is not None
    assert archive._parts.catalogue.fingerprints.find(recording.key, VERSION) is None
    assert claim_again(archive, JobKind.TRANSCRIBE).attempts == 1


def test_a_transcription_ends_while_it_listens_for_voices(archive: Archive, tmp_path: Path) -> None:
    heard: list[int] = []

    class Encoder:
        """Hears the same voice in everything."""

        def embed(self, pieces: Sequence[Samples]) -> Embeddings:
            heard.append(len(pieces))
            return np.eye(1, 256, dtype=np.float32).repeat(len(pieces), axis=0)

    archive._parts = replace(archive._parts, voices=Encoder)  # type: ignore[arg-type]
    broadcast_id = take_in(archive, Path(shutil.copy(SPOKEN, tmp_path)))
    job = claim(archive, JobKind.TRANSCRIBE, broadcast_id)
    assert archive.run(job, ignore, lambda: len(heard) > 0) is None
    few = len(heard)
    result = archive.run(claim_again(archive, JobKind.TRANSCRIBE), ignore, lambda: False)
    assert result is not None
    assert result.is_done, result.error
    assert few < len(heard) - few

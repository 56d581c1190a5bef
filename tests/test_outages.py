"""Work while what the archive stands on goes away and comes back: nothing lost, nothing doubled."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from radio_archive import running
from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.db.schema import jobs, renditions, transcripts
from radio_archive.errors import (
    BadAudio,
    CatalogueUnavailable,
    RadioArchiveError,
    StorageError,
)
from radio_archive.jobs import LONGEST_OUTAGE_S, OUTAGE_S, Jobs
from radio_archive.jobs import queue as queue_module
from radio_archive.jobs.queue import every_need
from radio_archive.model import BroadcastState, Job, JobKind, Progress
from radio_archive.pipeline import STEPS, Parts, find_media_outage
from radio_archive.settings import Settings
from radio_archive.worker import ignore, run_worker
from tests.support.archives import SAMPLES
from tests.support.clock import set_clock
from tests.support.disks import small_disk
from tests.support.making import make_new_broadcast, make_transcript
from tests.support.postgresql import PostgresqlServer
from tests.web.stocking import add_transcript, make_tone, run_jobs

#: seconds a test waits for what should come by itself
PATIENCE_S = 90.0


def settings_of(home: Path, url: str = "") -> Settings:
    return Settings(home=home, database_url=url, transcribed_languages=(), min_free_bytes=0)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs wait a second at first, and three at most."""
    monkeypatch.setattr(queue_module, "OUTAGE_S", 1)
    monkeypatch.setattr(queue_module, "LONGEST_OUTAGE_S", 3)
    monkeypatch.setattr(queue_module, "BACK_OFF_S", (1, 1))
    monkeypatch.setattr(running, "AGAIN_S", 0.3)


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, "it does not come by itself"
        time.sleep(0.1)


@contextmanager
def working(archive: Archive) -> Iterator[list[RadioArchiveError]]:
    """A worker that nobody helps."""
    over, problems = threading.Event(), list[RadioArchiveError]()

    def work() -> None:
        try:
            run_worker(archive, until_idle=False, stop=over.is_set)
        except RadioArchiveError as error:
            problems.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield problems
    finally:
        over.set()
        thread.join()


def add_tones(archive: Archive, home: Path, count: int, first: int = 0) -> list[str]:
    tones = [
        make_tone(home / f"{first + number}.mp3", 300 + first + number, seconds=3)
        for number in range(count)
    ]
    options = AddOptions(programme="journal", language="fr")
    added = [each.broadcast_id for each in archive.add([str(tone) for tone in tones], options)]
    return [each for each in added if each is not None]


def children_of(process: int) -> list[int]:
    """The workers among the processes of a command; its resource tracker is left alone."""
    found = []
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended just now
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


def count_of(url: str, table: object, *conditions: object) -> int:
    database = Database(url)
    with database.read() as connection:
        statement = select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
        found = connection.execute(statement).scalar_one()
    database.close()
    return found


def test_a_job_put_off_costs_no_attempt_and_waits_longer_each_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "OUTAGE_S", OUTAGE_S)
    monkeypatch.setattr(queue_module, "LONGEST_OUTAGE_S", LONGEST_OUTAGE_S)
    queue = Jobs(database)
    broadcast = Catalogue(database).broadcasts.put(make_new_broadcast())[0]
    queue.put(JobKind.PREPARE, [broadcast])
    moment, pauses = time.time(), []
    for _ in range(7):
        set_clock(monkeypatch, moment)
        job = Jobs(database).claim(every_need())
        assert job is not None
        assert job.attempts == 1
        queue.put_off(job, "The store is away.")
        due = queue.next_due_s(every_need())
        assert due is not None
        pauses.append(round(due))
        moment += due + 1
    assert pauses == pytest.approx([5, 10, 20, 40, 80, 120, 120], abs=1)


def test_a_server_that_stops_during_work_costs_nothing(
    primary: PostgresqlServer, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, primary.url)
    with open_archive(settings) as archive:
        ids = add_tones(archive, tmp_path, 8)
        with working(archive) as problems:
            for made in (3, 9):
                until(lambda made=made: count_of(primary.url, renditions) >= made)  # type: ignore[misc]
                primary.stop("immediate")
                time.sleep(1.5)
                primary.start()
            until(lambda: count_of(primary.url, jobs) == 0)
        assert problems == []
        for found in ids:
            assert [each.name for each in archive.renditions(found)] == ["low", "mp3", "opus"]
        assert archive.status().jobs_failed == 0


def test_a_result_is_settled_when_the_catalogue_is_back(
    primary: PostgresqlServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_archive(settings_of(tmp_path, primary.url)) as archive:
        [found] = add_tones(archive, tmp_path, 1)
        archive.plan()
        job = archive.claim()
        assert job is not None

        def stop_the_server(*_arguments: object) -> None:
            primary.stop("immediate")
            threading.Timer(2.0, primary.start).start()

        monkeypatch.setitem(STEPS, job.kind, stop_the_server)
        result = archive.run(job, ignore, lambda: False)
        assert result is not None
        assert result.is_done
        assert result.broadcast_id == found
        assert archive.status().jobs_failed == 0


def test_a_worker_told_to_stop_does_not_wait_for_a_catalogue_that_is_away(
    primary: PostgresqlServer, tmp_path: Path
) -> None:
    with open_archive(settings_of(tmp_path, primary.url)) as archive:
        add_tones(archive, tmp_path, 1)
        archive.plan()
        job = archive.claim()
        assert job is not None
        primary.stop("immediate")
        with pytest.raises(CatalogueUnavailable):
            archive.run(job, ignore, lambda: True)


def test_what_came_back_just_after_it_was_missed_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_archive(settings_of(tmp_path)) as archive:
        add_tones(archive, tmp_path, 1)
        archive.plan()
        job = archive.claim()
        assert job is not None
        recordings = tmp_path / "media" / "recordings"
        recordings.rename(tmp_path / "away")

        def come_back(parts: Parts) -> StorageError | None:
            (tmp_path / "away").rename(recordings)
            return find_media_outage(parts)

        monkeypatch.setattr(running, "find_media_outage", come_back)
        result = archive.run(job, ignore, lambda: False)
        assert result is not None
        assert result.will_retry
        url = archive.settings.catalogue_url
        assert count_of(url, jobs, jobs.c.state == "parked") == 0


def test_work_waits_for_a_store_that_is_away_and_parks_nothing(tmp_path: Path) -> None:
    with open_archive(settings_of(tmp_path)) as archive:
        ids = add_tones(archive, tmp_path, 3)
        recordings = tmp_path / "media" / "recordings"
        recordings.rename(tmp_path / "away")
        recordings.mkdir()  # as a disk that is not mounted
        url = archive.settings.catalogue_url
        with working(archive) as problems:
            until(lambda: count_of(url, jobs, jobs.c.waits > 1) >= 3)
            assert count_of(url, jobs, jobs.c.state == "parked") == 0
            recordings.rmdir()
            (tmp_path / "away").rename(recordings)
            until(lambda: count_of(url, jobs) == 0)
        assert problems == []
        for found in ids:
            assert archive.renditions(found)
            assert archive.get_broadcast(found).state is not BroadcastState.FAILED


@pytest.mark.parametrize(
    "met", [BadAudio("Cut off in the middle."), OSError(28, "No space left on device")]
)
def test_a_store_or_disk_that_fails_in_the_middle_is_not_blamed_on_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, met: Exception
) -> None:
    with open_archive(settings_of(tmp_path)) as archive:
        [found] = add_tones(archive, tmp_path, 1)
        archive.plan()
        job = archive.claim()
        assert job is not None

        def lose_the_store(*_arguments: object) -> None:
            shutil.move(tmp_path / "media" / "recordings", tmp_path / "away")
            raise met

        monkeypatch.setitem(STEPS, job.kind, lose_the_store)
        result = archive.run(job, ignore, lambda: False)
        assert result is not None
        assert (result.is_done, result.will_retry) == (False, True)
        assert archive.status().jobs_failed == 0
        assert archive.get_broadcast(found).state is not BroadcastState.BAD_RECORDING


def test_one_recording_that_is_lost_is_parked_and_the_others_go_on(tmp_path: Path) -> None:
    with open_archive(settings_of(tmp_path)) as archive:
        ids = add_tones(archive, tmp_path, 3)
        lost = archive.get_broadcast(ids[0]).recording
        assert lost is not None
        [path] = (tmp_path / "media" / "recordings").rglob(f"{lost.key}*")
        path.unlink()
        run_jobs(archive)
        assert archive.status().jobs_failed >= 1
        assert archive.renditions(ids[1])
        assert archive.renditions(ids[2])


def test_an_index_on_a_full_disk_holds_up_nothing_else_and_catches_up_by_itself(
    tmp_path: Path,
) -> None:
    with (
        small_disk(tmp_path / "index", "512k") as disk,
        open_archive(settings_of(tmp_path)) as archive,
    ):
        database = Database(archive.settings.catalogue_url)
        catalogue = Catalogue(database)
        [found, other] = add_tones(archive, tmp_path, 2)
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 1024)
        broadcast = catalogue.broadcasts.get(found)
        add_transcript(catalogue, broadcast.id, make_transcript("Le prix du riz à Bamako."))
        with working(archive) as problems:
            until(lambda: count_of(database.url, jobs, jobs.c.waits > 0) > 0)
            until(lambda: bool(archive.renditions(found)) and bool(archive.renditions(other)))
            assert count_of(database.url, jobs, jobs.c.state == "parked") == 0
            filler.unlink()
            until(lambda: count_of(database.url, jobs) == 0)
        assert problems == []
        assert archive.search("riz").total == 1
        database.close()
        archive.close()


def test_an_index_deleted_during_work_is_rebuilt_by_the_worker(tmp_path: Path) -> None:
    with open_archive(settings_of(tmp_path)) as archive:
        database = Database(archive.settings.catalogue_url)
        catalogue = Catalogue(database)
        broadcast = catalogue.broadcasts.put(make_new_broadcast())[0]
        add_transcript(catalogue, broadcast, make_transcript("Le prix du riz à Bamako."))
        run_jobs(archive)
        with working(archive) as problems:
            for folder in (tmp_path / "index").glob("whoosh-*"):
                shutil.rmtree(folder.rename(folder.with_name("gone")))
            second = catalogue.broadcasts.put(make_new_broadcast("two"))[0]
            add_transcript(catalogue, second, make_transcript("Le riz de Niono."))
            until(lambda: not archive.look() and archive.search("riz").total == 2)
        assert problems == []
        database.close()


@pytest.mark.weights
def test_a_transcription_goes_on_where_the_catalogue_left_it(
    primary: PostgresqlServer, tmp_path: Path, whisper_base: None
) -> None:
    """The server stops in the middle of a text: one transcript comes of it, and no other."""
    settings = Settings(home=tmp_path, database_url=primary.url, min_free_bytes=0, voices=False)
    with open_archive(settings) as archive:
        [sound, *_] = sorted(SAMPLES.glob("2016*journal.mp3"))
        [added] = archive.add([str(sound)], AddOptions(programme="journal", language="fr"))
        assert added.broadcast_id is not None
        stops: list[float] = []

        def stop_once(job: Job, progress: Progress) -> None:
            if job.kind is JobKind.TRANSCRIBE and progress.done_ms > 0 and not stops:
                stops.append(time.monotonic())
                primary.stop("immediate")
                threading.Timer(3.0, primary.start).start()

        run_worker(archive, until_idle=True, on_progress=stop_once)
        assert stops
        assert archive.get_broadcast(added.broadcast_id).state is BroadcastState.TRANSCRIBED
        assert count_of(primary.url, transcripts, transcripts.c.kind == "machine") == 1
        status = archive.status()
        assert (status.jobs_failed, dict(status.jobs_waiting)) == (0, {})


def test_a_worker_process_outlives_its_catalogue(primary: PostgresqlServer, tmp_path: Path) -> None:
    (tmp_path / "radio-archive.toml").write_text(
        f'database_url = "{primary.url}"\ntranscribed_languages = []\nmin_free_bytes = 0\n', "utf-8"
    )
    with open_archive(settings_of(tmp_path, primary.url)) as archive:
        command = [sys.executable, "-m", "radio_archive", "work", "--quiet", "--workers", "2"]
        worker = subprocess.Popen([*command, "--home", str(tmp_path)], env=dict(os.environ))
        try:
            first = add_tones(archive, tmp_path, 1)[0]
            until(lambda: len(archive.renditions(first)) == 3)
            primary.stop("immediate")
            # the worker processes that are started now find no catalogue either
            with contextlib.suppress(ProcessLookupError):
                for child in children_of(worker.pid):
                    os.kill(child, signal.SIGKILL)
            time.sleep(3)
            primary.start()
            second = add_tones(archive, tmp_path, 1, first=1)[-1]
            until(lambda: len(archive.renditions(second)) == 3)
            assert worker.poll() is None
        finally:
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(60) is not None

"""What becomes of a claim when the database is away, or a worker dies again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive import running
from radio_archive.archive import Archive, open_archive
from radio_archive.db import Database
from radio_archive.errors import CatalogueUnavailable, Gone
from radio_archive.jobs import LEASE_S, MAX_ATTEMPTS, Jobs
from radio_archive.model import BroadcastId, BroadcastState, Job, JobKind, Need, Progress
from radio_archive.pipeline import STEPS
from tests.support.archives import settings_for
from tests.support.making import make_new_broadcast, ms, put_broadcast
from tests.transcription.making import ScriptedEngine

MAP = [Need("map")]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(settings_for(tmp_path)) as archive:
        archive._parts = replace(archive._parts, transcriber=lambda _tag: ScriptedEngine())
        yield archive


@pytest.fixture
def broadcast_id(archive: Archive) -> BroadcastId:
    """One whose file is not there: its steps fail."""
    return put_broadcast(archive._parts.catalogue)


@pytest.fixture
def job(archive: Archive, broadcast_id: BroadcastId) -> Job:
    """A step of it that a worker has just claimed."""
    archive._parts.jobs.put(JobKind.MAP, [broadcast_id])
    claimed = archive._parts.jobs.claim(MAP)
    assert claimed is not None
    return claimed


def ignore(_job: Job, _progress: Progress) -> None:
    pass


def away(times: int, settle: Callable[..., object]) -> Callable[..., object]:
    """A way of settling that meets a database that is away at first."""
    left = [times]

    def settled(*arguments: object) -> object:
        if left[0]:
            left[0] -= 1
            raise CatalogueUnavailable("The catalogue cannot be used.")
        return settle(*arguments)

    return settled


def test_a_job_is_settled_when_the_database_is_back(
    archive: Archive, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = archive._parts.jobs
    monkeypatch.setattr(running, "AGAIN_S", 0.01)
    monkeypatch.setattr(Jobs, "retry", away(3, Jobs.retry))
    monkeypatch.setattr(Jobs, "fail", away(3, Jobs.fail))
    result = archive.run(job, ignore, lambda: False)
    assert result is not None
    assert not result.is_done
    assert jobs.claim(MAP) is None


def test_a_worker_that_is_stopped_while_the_database_is_away_leaves_its_job_to_others(
    archive: Archive, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = archive._parts.jobs
    monkeypatch.setattr(running, "AGAIN_S", 0.01)
    monkeypatch.setattr(running, "TICK_S", 0.01)
    monkeypatch.setattr(Jobs, "retry", away(1_000_000, Jobs.retry))
    monkeypatch.setattr(Jobs, "put_off", away(1_000_000, Jobs.put_off))
    monkeypatch.setattr(Jobs, "fail", away(1_000_000, Jobs.fail))
    end = time.monotonic() + 0.3
    with pytest.raises(CatalogueUnavailable):
        archive.run(job, ignore, lambda: time.monotonic() > end)
    late = int(time.time()) + LEASE_S + 1
    monkeypatch.setattr(Database, "moment", lambda database, connection: late)
    again = jobs.claim(MAP)
    assert again is not None
    assert again.attempts == 2


def test_a_heartbeat_that_fails_comes_again_before_the_lease_is_over(
    archive: Archive, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    beats: list[float] = []

    def extend(_jobs: Jobs, _job: Job) -> None:
        beats.append(time.monotonic())
        if len(beats) < 3:
            raise CatalogueUnavailable("The catalogue cannot be used.")

    monkeypatch.setattr(running, "HEARTBEAT_S", 4.0)
    monkeypatch.setattr(running, "AGAIN_S", 0.02)
    monkeypatch.setattr(Jobs, "extend", extend)
    with running._heartbeat(archive._parts, job):
        end = time.monotonic() + 60
        while len(beats) < 4 and time.monotonic() < end:
            time.sleep(0.01)
    assert len(beats) >= 4
    assert beats[2] - beats[0] < 4.0 <= beats[3] - beats[2]


def test_a_worker_that_stops_after_it_lost_its_job_stops_quietly(
    archive: Archive, job: Job
) -> None:
    jobs = archive._parts.jobs
    running._release(archive._parts, replace(job, token="another's"))
    running._release(archive._parts, job)
    assert jobs.claim(MAP) is not None


def test_what_killed_its_workers_is_given_up_with_the_reason_until_somebody_asks(
    archive: Archive, broadcast_id: BroadcastId, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.plan()
    jobs = archive._parts.jobs
    needs = [Need("transcribe fr")]
    moment = time.time()
    for _ in range(MAX_ATTEMPTS):
        assert jobs.claim(needs) is not None
        moment += LEASE_S + 1
        monkeypatch.setattr(Database, "moment", lambda *_, now=int(moment): now)
    poison = jobs.claim(needs)
    assert poison is not None
    result = archive.run(poison, ignore, lambda: False)
    assert result is not None
    assert "died 3 times" in result.error
    assert archive.get_broadcast(broadcast_id).state is BroadcastState.FAILED
    [parked] = archive.status().parked
    assert "died 3 times" in parked.reason
    archive.plan(reopen=True)
    assert jobs.claim(needs) is None
    archive.retry_failed()
    archive.plan()
    assert jobs.claim(needs) is not None


def test_a_reader_of_the_progress_who_goes_away_is_no_fault_of_the_step(
    archive: Archive, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Progress] = []

    def step(_parts: object, job: Job, report: Callable[[Job, Progress], None]) -> None:
        for second in range(3):
            report(job, Progress(done_ms=ms(second), total_ms=ms(3), elapsed_s=1.0))

    def closed(_job: Job, progress: Progress) -> None:
        told.append(progress)
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setitem(STEPS, JobKind.MAP, step)
    result = archive.run(job, closed, lambda: False)
    assert result is not None
    assert result.is_done
    assert len(told) == 1
    assert archive.status().parked == ()


def test_a_step_that_cannot_say_how_far_it_is_is_asked_to_stop_all_the_same(
    archive: Archive, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Progress] = []
    looks = iter([False, True])

    def step(_parts: object, job: Job, report: Callable[[Job, None], None]) -> None:
        for _ in range(3):
            report(job, None)

    monkeypatch.setitem(STEPS, JobKind.MAP, step)
    result = archive.run(job, lambda _job, progress: told.append(progress), lambda: next(looks))
    assert result is None
    assert told == []
    again = archive._parts.jobs.claim(MAP)
    assert again is not None
    assert again.attempts == 1


def test_an_impatient_ctrl_c_costs_no_attempt(
    archive: Archive, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(STEPS, JobKind.MAP, step)
    with pytest.raises(KeyboardInterrupt):
        archive.run(job, ignore, lambda: True)
    again = archive._parts.jobs.claim(MAP)
    assert again is not None
    assert again.attempts == 1


def test_what_was_given_up_comes_back_while_the_worker_runs_when_its_reason_is_taken_back(
    archive: Archive,
) -> None:
    parts = archive._parts
    address = "https://radio.example/wrong.mp3"
    found = parts.catalogue.broadcasts.put(make_new_broadcast(audio_url=address))[0]
    needs = [Need("download")]
    archive.plan()
    job = parts.jobs.claim(needs)
    assert job is not None
    running._settle_failure(parts, job, Gone(f"There is nothing at {address}."))
    archive.plan()
    assert parts.jobs.claim(needs) is None
    parts.catalogue.broadcasts.set_problem(found, None)  # as its feed does with a new address
    archive.plan()
    again = parts.jobs.claim(needs)
    assert again is not None
    assert again.broadcast_id == found


def test_a_step_that_says_nothing_of_its_broadcast_is_not_tried_at_every_look(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    jobs = archive._parts.jobs
    archive.plan()
    job = jobs.claim(MAP)
    assert job is not None
    jobs.fail(job, "There is no sound.")
    archive.plan()
    assert jobs.claim(MAP) is None
    archive.plan(reopen=True)  # a worker that starts
    archive.plan()
    assert jobs.claim(MAP) is not None

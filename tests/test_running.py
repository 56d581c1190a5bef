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
from radio_archive.errors import CatalogueUnavailable
from radio_archive.jobs import LEASE_S, MAX_ATTEMPTS, Jobs
from radio_archive.model import BroadcastId, BroadcastState, Job, JobKind, Need, Progress
from tests.support.archives import settings_for
from tests.support.making import put_broadcast
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
    archive: Archive, broadcast_id: BroadcastId, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = archive._parts.jobs
    jobs.put(JobKind.MAP, [broadcast_id])
    job = jobs.claim(MAP)
    assert job is not None
    monkeypatch.setattr(running, "AGAIN_S", 0.01)
    monkeypatch.setattr(Jobs, "retry", away(3, Jobs.retry))
    monkeypatch.setattr(Jobs, "fail", away(3, Jobs.fail))
    result = archive.run(job, ignore, lambda: False)
    assert result is not None
    assert not result.is_done
    assert jobs.claim(MAP) is None


def test_a_worker_that_is_stopped_while_the_database_is_away_leaves_its_job_to_others(
    archive: Archive, broadcast_id: BroadcastId, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = archive._parts.jobs
    jobs.put(JobKind.MAP, [broadcast_id])
    job = jobs.claim(MAP)
    assert job is not None
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
    archive: Archive, broadcast_id: BroadcastId, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = archive._parts.jobs
    jobs.put(JobKind.MAP, [broadcast_id])
    job = jobs.claim(MAP)
    assert job is not None
    beats: list[float] = []

    def extend(_jobs: Jobs, _job: Job) -> None:
        beats.append(time.monotonic())
        if len(beats) < 3:
            raise CatalogueUnavailable("The catalogue cannot be used.")

    monkeypatch.setattr(running, "HEARTBEAT_S", 1.0)
    monkeypatch.setattr(running, "AGAIN_S", 0.02)
    monkeypatch.setattr(Jobs, "extend", extend)
    with running._heartbeat(archive._parts, job):
        end = time.monotonic() + 60
        while len(beats) < 4 and time.monotonic() < end:
            time.sleep(0.01)
    assert len(beats) >= 4
    assert beats[2] - beats[0] < 1.0 <= beats[3] - beats[2]


def test_a_worker_that_stops_after_it_lost_its_job_stops_quietly(
    archive: Archive, broadcast_id: BroadcastId
) -> None:
    jobs = archive._parts.jobs
    jobs.put(JobKind.MAP, [broadcast_id])
    job = jobs.claim(MAP)
    assert job is not None
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

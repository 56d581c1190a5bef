from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from tests.support.clock import set_clock
from tests.support.making import make_new_broadcast

from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.errors import LostLease
from radio_archive.jobs import LEASE_S, MAX_ATTEMPTS, Jobs
from radio_archive.jobs.queue import every_need
from radio_archive.model import (
    BroadcastId,
    BroadcastState,
    JobKind,
    LanguageTag,
    Need,
)

EVERYTHING = every_need()


@pytest.fixture
def broadcast_id(catalogue: Catalogue) -> BroadcastId:
    return catalogue.broadcasts.put(make_new_broadcast())[0]


def test_the_same_work_is_asked_for_once(jobs: Jobs, broadcast_id: BroadcastId) -> None:
    assert jobs.put(JobKind.INDEX, [broadcast_id, broadcast_id]) == 1
    assert jobs.put(JobKind.INDEX, [broadcast_id]) == 0


def test_what_is_begun_is_finished_first(jobs: Jobs, broadcast_id: BroadcastId) -> None:
    for kind in reversed(JobKind):
        jobs.put(kind, [broadcast_id])
    order = []
    while (job := jobs.claim(EVERYTHING)) is not None:
        order.append(job.kind)
        jobs.done(job)
    assert order == [
        JobKind.INDEX,
        JobKind.DOWNLOAD,
        JobKind.PREPARE,
        JobKind.MAP,
        JobKind.FINGERPRINT,
        JobKind.TRANSCRIBE,
        JobKind.TRANSLATE,
    ]


def test_a_held_job_is_not_given_to_another(jobs: Jobs, broadcast_id: BroadcastId) -> None:
    jobs.put(JobKind.TRANSCRIBE, [broadcast_id])
    assert jobs.claim(EVERYTHING) is not None
    assert jobs.claim(EVERYTHING) is None


def test_the_index_has_one_writer_at_a_time(
    jobs: Jobs, catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    other = catalogue.broadcasts.put(make_new_broadcast("two"))[0]
    jobs.put(JobKind.INDEX, [broadcast_id, other])
    first = jobs.claim(EVERYTHING)
    assert first is not None
    assert jobs.claim(EVERYTHING) is None
    jobs.done(first)
    assert jobs.claim(EVERYTHING) is not None


def test_a_lease_that_ran_out_returns_the_job_and_shuts_out_its_old_holder(
    jobs: Jobs, broadcast_id: BroadcastId, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.put(JobKind.TRANSCRIBE, [broadcast_id])
    old = jobs.claim(EVERYTHING)
    assert old is not None
    later = time.time() + 61
    set_clock(monkeypatch, later)
    new = jobs.claim(EVERYTHING)
    assert new is not None
    assert new.attempts == 2
    for settle in (jobs.done, jobs.extend):
        with pytest.raises(LostLease):
            settle(old)
    jobs.done(new)


def test_a_heartbeat_keeps_the_job(
    jobs: Jobs, broadcast_id: BroadcastId, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.put(JobKind.TRANSCRIBE, [broadcast_id])
    job = jobs.claim(EVERYTHING)
    assert job is not None
    start = time.time()
    set_clock(monkeypatch, start + 50)
    jobs.extend(job)
    set_clock(monkeypatch, start + 100)
    assert jobs.claim(EVERYTHING) is None


def test_the_job_of_a_killed_process_is_free_at_once(database: Database) -> None:
    jobs = Jobs(database)
    broadcast_id = Catalogue(database).broadcasts.put(make_new_broadcast())[0]
    jobs.put(JobKind.TRANSCRIBE, [broadcast_id])
    script = (
        "import sys\n"
        "from radio_archive.db import Database\n"
        "from radio_archive.jobs import Jobs\n"
        "from radio_archive.jobs.queue import every_need\n"
        "assert Jobs(Database(sys.argv[1])).claim(every_need()) is not None\n"
    )
    subprocess.run([sys.executable, "-c", script, database.url], check=True)
    assert jobs.next_due_s(EVERYTHING) == 0
    job = jobs.claim(EVERYTHING)
    assert job is not None
    assert job.attempts == 2


def test_attempts_are_limited_and_the_reason_is_kept(
    jobs: Jobs, broadcast_id: BroadcastId, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.put(JobKind.DOWNLOAD, [broadcast_id])
    moment = time.time()
    tries = 0
    while True:
        set_clock(monkeypatch, moment)
        job = jobs.claim(EVERYTHING)
        if job is None:
            break
        tries += 1
        jobs.retry(job, "The server does not answer.")
        moment += 3_600
    assert tries == MAX_ATTEMPTS
    assert jobs.counts() == ({}, 1)


def test_a_job_that_kills_its_workers_is_handed_out_to_be_given_up_and_stays_parked(
    jobs: Jobs, broadcast_id: BroadcastId, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.put(JobKind.MAP, [broadcast_id])
    moment = time.time()
    for _ in range(MAX_ATTEMPTS):
        set_clock(monkeypatch, moment)
        assert jobs.claim(EVERYTHING) is not None
        moment += LEASE_S + 1
    set_clock(monkeypatch, moment)
    poison = jobs.claim(EVERYTHING)
    assert poison is not None
    assert poison.attempts == MAX_ATTEMPTS + 1
    jobs.fail(poison, "Its worker died.")
    assert jobs.claim(EVERYTHING) is None
    assert [job.reason for job in jobs.parked(9)] == ["Its worker died."]
    assert jobs.reopen(EVERYTHING) == 0
    assert jobs.reopen(everything=True) == 1


def test_a_parked_job_comes_back_when_nothing_stands_in_its_way(
    jobs: Jobs, catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    jobs.put(JobKind.TRANSCRIBE, [broadcast_id])
    job = jobs.claim(EVERYTHING)
    assert job is not None
    jobs.fail(job, "The engine stopped.")
    catalogue.broadcasts.set_problem(broadcast_id, BroadcastState.FAILED, "The engine stopped.")
    assert jobs.reopen() == 0
    catalogue.broadcasts.set_problem(broadcast_id, None)
    assert jobs.reopen() == 1


def test_a_released_job_costs_no_attempt(jobs: Jobs, broadcast_id: BroadcastId) -> None:
    jobs.put(JobKind.TRANSCRIBE, [broadcast_id])
    job = jobs.claim(EVERYTHING)
    assert job is not None
    jobs.release(job)
    again = jobs.claim(EVERYTHING)
    assert again is not None
    assert again.attempts == 1


def _claim_all(url: str, path: str) -> None:
    jobs = Jobs(Database(url))
    with Path(path).open("a") as stream:
        while (job := jobs.claim(EVERYTHING)) is not None:
            stream.write(f"{job.broadcast_id} {os.getpid()}\n")
            stream.flush()
            jobs.done(job)


def test_workers_that_race_do_each_job_once(database: Database, tmp_path: Path) -> None:
    catalogue, jobs = Catalogue(database), Jobs(database)
    ids = [catalogue.broadcasts.put(make_new_broadcast(str(number)))[0] for number in range(40)]
    jobs.put(JobKind.TRANSCRIBE, ids)
    log = tmp_path / "claims"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_claim_all, args=(database.url, str(log))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    done = [line.split()[0] for line in log.read_text().splitlines()]
    assert sorted(done) == sorted(ids)


def test_a_corrected_language_asks_for_another_engine(
    jobs: Jobs, catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    jobs.put(JobKind.TRANSCRIBE, [broadcast_id])
    catalogue.broadcasts.put(make_new_broadcast(language=LanguageTag("bm")))
    assert jobs.put(JobKind.TRANSCRIBE, [broadcast_id]) == 1
    assert jobs.counts()[0] == {"transcribe bm": 1}


def test_what_was_parked_for_want_of_an_engine_comes_back_with_the_engine(
    jobs: Jobs, catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    jobs.put(JobKind.TRANSCRIBE, [broadcast_id])
    job = jobs.claim(EVERYTHING)
    assert job is not None
    jobs.fail(job, "No engine.")
    catalogue.broadcasts.set_problem(broadcast_id, BroadcastState.NOT_TRANSCRIBED, "No engine.")
    assert jobs.reopen([Need("transcribe bm")]) == 0
    assert jobs.reopen([Need("transcribe fr")]) == 1


@pytest.mark.parametrize("settle", ["retry", "release", "fail"])
def test_nobody_settles_a_job_that_is_another_s(
    jobs: Jobs, broadcast_id: BroadcastId, monkeypatch: pytest.MonkeyPatch, settle: str
) -> None:
    jobs.put(JobKind.MAP, [broadcast_id])
    old = jobs.claim(EVERYTHING)
    assert old is not None
    set_clock(monkeypatch, time.time() + LEASE_S + 1)
    new = jobs.claim(EVERYTHING)
    assert new is not None
    arguments = () if settle == "release" else ("It failed.",)
    with pytest.raises(LostLease):
        getattr(jobs, settle)(old, *arguments)
    jobs.done(new)


def test_the_database_s_clock_counts_and_not_this_machine_s(
    database: Database, jobs: Jobs, broadcast_id: BroadcastId, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite's users sit on one machine, and its clock is theirs")
    jobs.put(JobKind.MAP, [broadcast_id])
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert jobs.claim(EVERYTHING) is not None
    monkeypatch.setattr(time, "time", lambda: 9e9)
    assert jobs.claim(EVERYTHING) is None


def _claim_index_jobs(url: str, path: str, together: Barrier) -> None:
    jobs = Jobs(Database(url))
    together.wait(60)
    claimed, end = 0, time.monotonic() + 60
    with Path(path).open("a") as stream:
        while claimed < 30 and time.monotonic() < end:
            job = jobs.claim([Need("index")])
            if job is not None:
                claimed += 1
                stream.write(f"{time.monotonic()} + {os.getpid()}\n")
                stream.flush()
                time.sleep(0.002)
                stream.write(f"{time.monotonic()} - {os.getpid()}\n")
                stream.flush()
                jobs.release(job)


def test_the_index_has_one_writer_however_many_claim_at_the_same_instant(
    database: Database, tmp_path: Path
) -> None:
    catalogue, jobs = Catalogue(database), Jobs(database)
    ids = [catalogue.broadcasts.put(make_new_broadcast(str(number)))[0] for number in range(20)]
    jobs.put(JobKind.INDEX, ids)
    log = tmp_path / "writers"
    context = multiprocessing.get_context("spawn")
    arguments = (database.url, str(log), context.Barrier(3))
    racers = [context.Process(target=_claim_index_jobs, args=arguments) for _ in range(3)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    events = [line.split() for line in log.read_text().splitlines()]
    events.sort(key=lambda event: float(event[0]))
    assert len(events) > 20
    assert all(
        entered[1:] == ["+", left[2]] and left[1] == "-"
        for entered, left in zip(events[::2], events[1::2], strict=True)
    )


def test_steps_can_be_left_out_when_what_was_parked_comes_back(
    jobs: Jobs, broadcast_id: BroadcastId
) -> None:
    for kind in (JobKind.MAP, JobKind.DOWNLOAD):
        jobs.put(kind, [broadcast_id])
        job = jobs.claim([Need(kind)])
        assert job is not None
        jobs.fail(job, "It failed.")
    assert jobs.reopen(but=[JobKind.MAP]) == 1
    assert [job.kind for job in jobs.parked(9)] == [JobKind.MAP]


def test_what_waits_to_be_tried_again_is_counted_with_the_time_until_then(
    jobs: Jobs, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    set_clock(monkeypatch, now)
    ids = [catalogue.broadcasts.put(make_new_broadcast(guid))[0] for guid in ("one", "two")]
    jobs.put(JobKind.MAP, ids)
    assert jobs.put_back(EVERYTHING) == (0, 0.0)
    for _ in ids:
        job = jobs.claim(EVERYTHING)
        assert job is not None
        jobs.retry(job, "It failed.", after_s=600)
    set_clock(monkeypatch, now + 100)
    assert jobs.put_back(EVERYTHING) == (2, 500.0)
    assert jobs.put_back([Need("index")]) == (0, 0.0)

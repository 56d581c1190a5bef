from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from tests.support.clock import set_clock
from tests.support.making import make_new_broadcast

from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.jobs import Jobs
from radio_archive.jobs.leases import ALIVE_S, Identity
from radio_archive.jobs.outlook import look_at
from radio_archive.model import Abilities, JobKind, LanguageTag, Need

FRENCH = Abilities(
    needs=frozenset({Need("prepare"), Need("transcribe fr")}),
    engines=("faster-whisper/base",),
    lacks={LanguageTag("bm"): "The weights are missing."},
)


def test_a_worker_is_seen_with_what_it_can_do_and_what_it_is_at(
    database: Database, catalogue: Catalogue
) -> None:
    jobs = Jobs(database, host="studio-1")
    jobs.workers.enlist(FRENCH)
    broadcast_id = catalogue.broadcasts.put(make_new_broadcast())[0]
    jobs.put(JobKind.PREPARE, [broadcast_id])
    [idle] = jobs.workers.all()
    assert (idle.name, idle.host) == (f"studio-1:{os.getpid()}", "studio-1")
    assert idle.abilities == FRENCH
    assert idle.job is None
    assert jobs.claim(FRENCH.needs) is not None
    [busy] = jobs.workers.all()
    assert busy.job is not None
    assert (busy.job.kind, busy.job.broadcast_id) == (JobKind.PREPARE, broadcast_id)
    assert busy.job.since >= busy.started_at


def test_a_worker_that_leaves_is_not_seen_any_more(database: Database) -> None:
    jobs = Jobs(database)
    jobs.workers.enlist(FRENCH)
    jobs.workers.leave()
    assert jobs.workers.all() == ()


def test_a_worker_that_gives_no_sign_counts_as_gone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = Jobs(database)
    jobs.workers.enlist(FRENCH)
    set_clock(monkeypatch, time.time() + ALIVE_S + 1)
    assert jobs.workers.all() == ()
    assert jobs.workers.needs_answered() == frozenset()
    assert jobs.claim(FRENCH.needs) is None  # that is a sign
    assert len(jobs.workers.all()) == 1


def test_a_worker_that_enlists_again_has_what_it_can_do_now(database: Database) -> None:
    jobs = Jobs(database)
    jobs.workers.enlist(FRENCH)
    jobs.workers.enlist(replace(FRENCH, needs=frozenset({Need("index")})))
    assert jobs.workers.needs_answered() == {"index"}


def test_jobs_that_no_worker_can_do_are_told_with_the_reason(
    database: Database, catalogue: Catalogue
) -> None:
    jobs = Jobs(database)
    for guid, language in (("one", "bm"), ("two", "fr")):
        new = make_new_broadcast(guid, language=LanguageTag(language))
        jobs.put(JobKind.TRANSCRIBE, [catalogue.broadcasts.put(new)[0]])
        jobs.put(JobKind.MAP, [catalogue.broadcasts.put(new)[0]])
    assert look_at(jobs).unserved == ()  # nobody works at all, and that is said
    jobs.workers.enlist(FRENCH)
    told = look_at(jobs)
    assert [(each.need, each.jobs, each.reason) for each in told.unserved] == [
        ("map", 2, "No worker does this; start one: radio-archive work --only map."),
        ("transcribe bm", 1, "The weights are missing."),
    ]
    assert told.waiting == {"map": 2, "transcribe": 2}


def dead_process() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_only_on_its_own_machine_and_boot_a_process_is_known_to_be_gone() -> None:
    me = Identity.of_this_process("studio-1")
    gone = replace(me, process=dead_process())
    assert me.knows_dead(str(gone))
    assert not me.knows_dead(str(me))
    assert not me.knows_dead(str(replace(gone, host="studio-2")))
    assert not me.knows_dead(str(replace(gone, realm="anotherb")))
    assert not me.knows_dead(None)


@pytest.mark.parametrize("sign", ["heartbeat", "claim"])
def test_a_worker_that_was_forgotten_is_listed_again_with_its_next_sign(
    database: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    busy, other = Jobs(database, host="studio-1"), Jobs(database, host="studio-2")
    busy.workers.enlist(FRENCH)
    [before] = busy.workers.all()
    busy.put(JobKind.PREPARE, [catalogue.broadcasts.put(make_new_broadcast())[0]])
    job = busy.claim(FRENCH.needs)
    assert job is not None
    set_clock(monkeypatch, time.time() + ALIVE_S + 1)
    other.workers.enlist(FRENCH)  # it forgets who gave no sign
    assert [each.host for each in other.workers.all()] == ["studio-2"]
    if sign == "heartbeat":
        busy.extend(job)
    else:
        monkeypatch.setattr(busy, "_sign_due", 0.0)
        busy.claim([])
    again, _ = other.workers.all()
    assert (again.host, again.abilities, again.started_at) == (
        before.host,
        FRENCH,
        before.started_at,
    )
    busy.workers.leave()
    with database.write() as connection:
        busy.workers.give_sign(connection, database.moment(connection))
    assert [each.host for each in other.workers.all()] == ["studio-2"]

"""Figures that are counted once per change, whoever makes it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.making import make_new_broadcast, make_recording, make_transcript

from radio_archive.catalogue import Catalogue, remembered
from radio_archive.catalogue.remembered import Remembered
from radio_archive.db import Database
from radio_archive.db.changes import WATCHED, watch
from radio_archive.model import BroadcastState, LanguageTag, Trust


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


class Counter:
    """Counts how often it counts."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_what_does_not_change_is_counted_once(database: Database, catalogue: Catalogue) -> None:
    count = Counter()
    asked = Remembered(database, count)
    assert [asked.get(), asked.get()] == [1, 1]
    catalogue.broadcasts.put(make_new_broadcast("one"))
    assert [asked.get(), asked.get()] == [2, 2]


def test_every_change_of_what_is_counted_counts(database: Database, catalogue: Catalogue) -> None:
    seen = [database.last_change()]

    def note(_done: object) -> None:
        seen.append(database.last_change())

    broadcast_id, _ = catalogue.broadcasts.put(make_new_broadcast("one"))
    note("added")
    catalogue.recordings.attach(broadcast_id, make_recording(1, 1_000))
    note("heard")
    note(catalogue.transcripts.add(broadcast_id, make_transcript(), []))
    note(catalogue.transcripts.add(broadcast_id, make_transcript(trust=Trust.CHECKED), []))
    note(catalogue.broadcasts.put(make_new_broadcast("one", language=LanguageTag("bm"))))
    catalogue.broadcasts.set_problem(broadcast_id, BroadcastState.FAILED, "reason")
    note("given up")
    assert len(set(seen)) == len(seen)


def test_work_on_jobs_leaves_the_figures_alone(database: Database, catalogue: Catalogue) -> None:
    broadcast_id, _ = catalogue.broadcasts.put(make_new_broadcast("one"))
    before = database.last_change()
    catalogue.transcripts.set_indexed({}, "fingerprint")
    catalogue.answers.of(broadcast_id)
    assert database.last_change() == before


def test_a_change_that_is_taken_back_changes_nothing(database: Database) -> None:
    before = database.last_change()

    def fail() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("insert into programmes (id, title) values ('p', 'P')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert database.last_change() == before


def test_another_process_changes_the_figures_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    database = Database(url)
    database.migrate()
    catalogue = Catalogue(database)
    assert catalogue.reports.coverage() == ()
    script = (
        "from radio_archive.db import Database; from radio_archive.catalogue import Catalogue;"
        "from radio_archive.model import NewBroadcast, LanguageTag;"
        f"Catalogue(Database({url!r})).broadcasts.put(NewBroadcast(source='s', guid='g',"
        " title='Débat', language=LanguageTag('fr')))"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    assert [row.broadcasts for row in catalogue.reports.coverage()] == [1]
    assert catalogue.broadcasts.page()[1] == 1
    database.close()


def test_what_takes_long_is_counted_beside_the_requests(
    database: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "QUICK_S", 0.1)
    monkeypatch.setattr(remembered, "PAUSE", 0.1)
    may_count, count = threading.Event(), Counter()

    def count_slowly() -> int:
        found = count()
        time.sleep(0.2)
        assert may_count.wait(20)
        return found

    asked = Remembered(database, count_slowly)
    may_count.set()
    assert asked.get() == 1
    may_count.clear()
    catalogue.broadcasts.put(make_new_broadcast("one"))
    time.sleep(0.1)
    assert asked.get() == 1  # does not wait
    assert asked.get() == 1
    may_count.set()
    wait_until(lambda: asked.get() == 2)
    assert count.times == 2


def test_many_who_ask_first_count_once(database: Database) -> None:
    count = Counter()

    def count_slowly() -> int:
        time.sleep(0.1)
        return count()

    asked = Remembered(database, count_slowly)
    threads = [threading.Thread(target=asked.get) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count.times == 1


def test_a_table_that_lost_its_triggers_gets_them_back(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    database.migrate()
    with database.write() as connection:
        for table in WATCHED:
            connection.exec_driver_sql(f"drop trigger count_{table}_insert")
    database.migrate()
    before = database.last_change()
    with database.write() as connection:
        watch(connection)
        connection.exec_driver_sql("insert into programmes (id, title) values ('p', 'P')")
    assert database.last_change() > before
    database.close()

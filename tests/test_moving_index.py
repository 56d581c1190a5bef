"""An archive that outgrows Whoosh: the worker moves it, and nothing is missing meanwhile."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive import worker
from radio_archive.archive import Archive, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.cli.status import _index as describe_index
from radio_archive.db import Database
from radio_archive.errors import SearchIndexError
from radio_archive.jobs import Jobs
from radio_archive.model import Abilities, BroadcastId, Ground, Need, Passage
from radio_archive.search import chosen_index, whoosh_merging
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.worker import run_worker
from tests.support.archives import settings_for
from tests.support.making import make_new_broadcast, make_transcript
from tests.web.stocking import add_transcript


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def catalogue(home: Path) -> Iterator[Catalogue]:
    (home / "media").mkdir()
    database = Database(f"sqlite:///{home / 'media' / 'catalogue.sqlite'}")
    database.migrate()
    yield Catalogue(database)
    database.close()


def say(catalogue: Catalogue, guid: str, text: str) -> BroadcastId:
    """Store a broadcast without sound that says something."""
    broadcast_id, _ = catalogue.broadcasts.put(make_new_broadcast(guid))
    add_transcript(catalogue, broadcast_id, make_transcript(text))
    return broadcast_id


def total(archive: Archive, typed: str) -> int:
    return archive.search(typed).total


def test_a_worker_moves_an_archive_that_has_outgrown_whoosh(
    home: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        say(catalogue, f"b{number}", "La paix au Mali.")
    with open_archive(settings_for(home)) as archive, open_archive(settings_for(home)) as web:
        run_worker(archive, until_idle=True)
        assert web.status().index_engine == "whoosh"
        monkeypatch.setattr(chosen_index, "MOVE_AT", 10)
        say(catalogue, "b9", "La paix au Mali.")
        say(catalogue, "b10", "La paix au Mali.")
        run_worker(archive, until_idle=True)
        status = web.status()
        assert (status.index_engine, status.index_moves_to, status.passages) == ("tantivy", "", 11)
        assert not status.index_is_stale
        assert not status.jobs_waiting
        assert total(web, "paix") == 11
        assert archive.plan() == 0


def test_what_is_stored_while_the_index_is_moved_is_found_before_and_after(
    home: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        say(catalogue, f"b{number}", "La paix au Mali.")
    begun, go_on = threading.Event(), threading.Event()
    rebuild = TantivyIndex.rebuild

    def rebuild_slowly(self: TantivyIndex, passages: Iterator[Passage]) -> int:
        def waited() -> Iterator[Passage]:
            yield from passages
            begun.set()
            assert go_on.wait(30)

        return rebuild(self, waited())

    monkeypatch.setattr(TantivyIndex, "rebuild", rebuild_slowly)
    chosen = replace(settings_for(home), search_engine="tantivy")
    with open_archive(settings_for(home)) as archive:
        archive.mend_index()
    over = threading.Event()
    with open_archive(chosen) as archive, open_archive(chosen) as web:
        worker = threading.Thread(
            target=lambda: run_worker(archive, until_idle=False, stop=over.is_set), daemon=True
        )
        worker.start()
        try:
            assert begun.wait(30)
            status = web.status()
            assert (status.index_engine, status.index_builds) == ("whoosh", "tantivy")
            stored = say(catalogue, "late", "La pluie à Gao.")
            say(catalogue, "b0", "La pluie aussi.")
            wait_until(lambda: total(web, "pluie") == 2)
            assert total(web, "paix") == 3
            go_on.set()
            wait_until(lambda: web.status().index_engine == "tantivy")
            wait_until(lambda: total(web, "pluie") == 2)
        finally:
            go_on.set()
            over.set()
            worker.join()
        assert web.search("pluie gao").broadcasts[0].broadcast.id == stored
        assert total(web, "paix") == 3
        assert web.status().passages == 5
        run_worker(archive, until_idle=True)
        assert not web.status().jobs_waiting


def test_a_worker_builds_an_index_anew_that_grew_into_many_parts(
    home: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_merging, "MOST_SMALL", 4)
    with open_archive(settings_for(home)) as archive, open_archive(settings_for(home)) as web:
        run_worker(archive, until_idle=True)
        for number in range(4):
            say(catalogue, f"b{number}", "La paix au Mali.")
            run_worker(archive, until_idle=True)
        folder = archive.settings.index_dir / "CURRENT"
        grown = folder.read_text()
        assert len(list((folder.parent / grown.strip()).glob("*.seg"))) == 4
        assert total(web, "paix") == 4
        say(catalogue, "b4", "La paix au Mali.")
        run_worker(archive, until_idle=True)
        built = folder.read_text()
        assert built != grown
        assert len(list((folder.parent / built.strip()).glob("*.seg"))) == 1
        status = web.status()
        assert (status.index_engine, status.passages, status.index_builds) == ("whoosh", 5, "")
        assert (total(web, "paix"), status.jobs_waiting, archive.plan()) == (5, {}, 0)
        run_worker(archive, until_idle=True)
        assert folder.read_text() == built


@pytest.mark.parametrize(
    ("engine", "builds", "moves_to", "said"),
    [
        ("whoosh", "", "", "9 passages (whoosh)"),
        ("whoosh", "whoosh", "", "9 passages (whoosh), being built anew"),
        ("whoosh", "tantivy", "tantivy", "9 passages (whoosh), being built for tantivy"),
        ("whoosh", "", "tantivy", "9 passages (whoosh), to move to tantivy: radio-archive work"),
    ],
)
def test_status_says_what_is_being_built(
    home: Path, engine: str, builds: str, moves_to: str, said: str
) -> None:
    with open_archive(settings_for(home)) as archive:
        status = replace(
            archive.status(),
            index_is_stale=False,
            passages=9,
            index_engine=engine,
            index_builds=builds,
            index_moves_to=moves_to,
        )
    assert describe_index(status) == said


class FullDisk:
    """An archive whose index is to be built anew, and cannot be."""

    is_index_to_renew = True

    def __init__(self) -> None:
        self.attempts = 0

    def renew_index(self, _stop: object) -> int:
        self.attempts += 1
        raise SearchIndexError("The search index could not be rebuilt: no space.")


def test_an_index_that_cannot_be_built_anew_is_tried_again_ever_more_seldom(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr("radio_archive.worker.time.monotonic", lambda: now)
    archive = FullDisk()
    renewer = worker._Renewer(archive, lambda: False)  # type: ignore[arg-type]
    tried = []
    for minute in range(24 * 60):
        now = 60.0 * minute
        before = archive.attempts
        renewer.begin()
        with renewer:  # waits until it has failed
            pass
        if archive.attempts > before:
            tried.append(minute)
    assert tried[:6] == [0, 2, 6, 14, 30, 62]
    assert len(tried) < 30


def wait_until(is_so: object, seconds: float = 60) -> None:
    """Wait for what another thread does."""
    assert callable(is_so)
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


MOVER = """
import sys
from dataclasses import replace
from pathlib import Path
from radio_archive.archive import open_archive
from radio_archive.settings import Settings
home = Path(sys.argv[1])
settings = Settings(home=home, min_free_bytes=0, search_engine=sys.argv[2])
with open_archive(settings) as archive:
    print("begun", flush=True)
    print(archive.renew_index(lambda: False), flush=True)
"""


def test_a_move_killed_at_any_moment_leaves_an_index_that_answers(
    home: Path, catalogue: Catalogue
) -> None:
    for number in range(60):
        say(catalogue, f"b{number}", "La paix au Mali. " * 20)
    with open_archive(settings_for(home)) as archive:
        archive.mend_index()
        found = total(archive, "paix")
        engine, other = "whoosh", "tantivy"
        for attempt in range(8):
            command = [sys.executable, "-c", MOVER, str(home), other]
            mover = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            assert mover.stdout is not None
            assert mover.stdout.readline() == "begun\n"
            time.sleep(0.05 * attempt)
            mover.send_signal(signal.SIGKILL)
            mover.wait()
            status = archive.status()
            assert not status.index_is_stale
            assert total(archive, "paix") == found
            if status.index_engine == other:
                engine, other = other, engine
        done = subprocess.run(
            [sys.executable, "-c", MOVER, str(home), other], capture_output=True, text=True
        )
        assert done.stdout.split() == ["begun", str(archive.status().passages)], done.stderr
        assert archive.status().index_engine == other
        assert total(archive, "paix") == found
        run_worker(archive, until_idle=True)
        assert len([path for path in (home / "index").glob("*-*") if path.is_dir()]) == 1


def test_a_station_is_told_when_each_of_two_machines_fills_an_index_of_its_own(
    home: Path, catalogue: Catalogue
) -> None:
    say(catalogue, "b0", "La paix au Mali.")
    database = Database(f"sqlite:///{home / 'media' / 'catalogue.sqlite'}")
    indexing = Abilities(needs=frozenset({Need("index")}))
    with closing(database), open_archive(settings_for(home)) as archive:
        archive.reindex()
        Jobs(database, "studio").workers.enlist(indexing)
        Jobs(database, "annexe").workers.enlist(Abilities(needs=frozenset({Need("prepare")})))
        assert not archive.status().troubles
        Jobs(database, "annexe").workers.enlist(indexing)
        [trouble] = archive.status().troubles
    assert (trouble.ground, trouble.is_down) == (Ground.SEARCH, False)
    assert "2 machines (annexe, studio)" in str(trouble.error)
    assert "work_kinds" in trouble.error.hint

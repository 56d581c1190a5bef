"""Which processes `work` starts, and what each may use of the machine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from radio_archive import working
from radio_archive.cli import work
from radio_archive.cli.processes import Hooks
from radio_archive.settings import Settings
from tests.cli.running import Run

Started = list[tuple[int, int]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """On a machine of four cores: how many processes were started, with how many workers each."""
    seen: Started = []

    class Noted:
        def __init__(
            self, *, settings: Settings, count: int, until_idle: bool, hooks: Hooks
        ) -> None:
            seen.append((count, settings.workers))

        def run(self, stop: Callable[[], bool]) -> None:
            assert not stop()

    monkeypatch.setattr(working, "usable_cores", lambda: 4)
    monkeypatch.setattr(work, "WorkerProcesses", Noted)
    return seen


@pytest.mark.parametrize(("asked", "workers"), [("2", 2), ("3", 1), ("4", 1), ("9", 1)])
def test_processes_that_are_asked_for_share_the_cores(
    run: Run, started: Started, asked: str, workers: int
) -> None:
    assert run("work", "--until-idle", "--workers", asked)[0] == 0
    assert started == [(int(asked), workers)]


def test_the_stations_own_number_of_workers_is_kept(
    run: Run, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_ARCHIVE_WORKERS", "3")
    run("work", "--until-idle", "--workers", "2")
    assert started == [(2, 3)]


@pytest.mark.parametrize("options", [(), ("--workers", "1")])
def test_one_process_is_this_one(run: Run, started: Started, options: tuple[str, ...]) -> None:
    status, _, err = run("work", "--until-idle", *options)
    assert status == 0
    assert "Nothing was left to do." in err
    assert not started

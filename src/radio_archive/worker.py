"""One worker: claim, run, settle, until it is told to stop or nothing is left to do."""

from __future__ import annotations

import time
from collections.abc import Callable

from radio_archive.archive import Archive
from radio_archive.model import Job, Progress, WorkResult

#: seconds between looks at the queue when there is nothing to do
IDLE_S = 1.0
#: seconds between looks at the whole catalogue, at least: what a broadcast lacks after a step is
#: asked for at once, and this is for what came in or changed otherwise
PLAN_S = 5.0
#: as many times as long as such a look took there is none: it is a twentieth of the work at most
PLAN_SHARE = 19
#: how long ``until_idle`` waits for a job another worker holds, or that is due for a retry
PATIENCE_S = 90.0
#: how often a waiting worker looks whether it should stop, in seconds
TICK_S = 0.25


def ignore(*_arguments: object) -> None:
    """The callback of somebody who does not want to know."""


def never() -> bool:
    """The stop signal of a worker that nobody stops."""
    return False


def run_worker(
    archive: Archive,
    *,
    until_idle: bool,
    on_progress: Callable[[Job, Progress], None] = ignore,
    on_result: Callable[[WorkResult], None] = ignore,
    stop: Callable[[], bool] = never,
) -> None:
    """Do what the catalogue shows missing.

    Args:
        archive: the archive of this process; not shared with another worker.
        until_idle: return when nothing is left, instead of waiting for more.
        on_progress: told how far a transcription is.
        on_result: told of every job that ended, well or not.
        stop: asked between steps and while transcribing; a job broken off is given back.

    Raises:
        StoreRefuses: the store of the recordings refuses: every job would fail.
    """
    archive.mend_index()
    archive.sweep()
    with archive.enlisted():
        planner = _Planner(archive)
        planner.plan(reopen=True)
        while not stop():
            job = archive.claim()
            if job is not None:
                result = archive.run(job, on_progress, stop)
                if result is not None:
                    on_result(result)
                planner.plan_if_due()
                continue
            if planner.plan_if_due():
                continue
            due = archive.next_due_s()
            if until_idle and (due is None or due > PATIENCE_S):
                # nothing is missed that came in since the last look at the whole catalogue
                if planner.plan():
                    continue
                return
            _wait(IDLE_S if due is None else min(max(due, TICK_S), IDLE_S), stop)


class _Planner:
    """Looks at the whole catalogue now and then: the more that costs, the more seldom."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._due = 0.0

    def plan(self, *, reopen: bool = False) -> int:
        """Ask for all that is lacking; returns how many jobs are new."""
        started = time.monotonic()
        new = self._archive.plan(reopen=reopen)
        took = time.monotonic() - started
        self._due = started + took + max(PLAN_S, PLAN_SHARE * took)
        return new

    def plan_if_due(self) -> int:
        """The same where it was not done lately."""
        return self.plan() if time.monotonic() >= self._due else 0


def _wait(seconds: float, stop: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not stop() and (left := end - time.monotonic()) > 0:
        time.sleep(min(TICK_S, left))

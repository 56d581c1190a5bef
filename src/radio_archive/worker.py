"""One worker: claim, run, settle, until it is told to stop or nothing is left to do."""

from __future__ import annotations

import time
from collections.abc import Callable

from radio_archive.archive import Archive
from radio_archive.model import Job, Progress, WorkResult

#: seconds between looks at the catalogue when there is nothing to do
IDLE_S = 5.0
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
    archive.plan(reopen=True)
    while not stop():
        job = archive.claim()
        if job is not None:
            result = archive.run(job, on_progress, stop)
            if result is not None:
                on_result(result)
            archive.plan()
            continue
        if archive.plan():
            continue
        due = archive.next_due_s()
        if until_idle and (due is None or due > PATIENCE_S):
            return
        _wait(min(IDLE_S if due is None else max(due, TICK_S), IDLE_S), stop)


def _wait(seconds: float, stop: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not stop() and (left := end - time.monotonic()) > 0:
        time.sleep(min(TICK_S, left))

"""One worker: claim, run, settle, until it is told to stop or nothing is left to do."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from radio_archive.archive import Archive, open_archive
from radio_archive.errors import (
    CatalogueUnavailable,
    RadioArchiveError,
    SearchIndexError,
    StorageError,
)
from radio_archive.model import Job, JobKind, Progress, WorkResult
from radio_archive.settings import Settings

log = logging.getLogger(__name__)

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

    What the archive stands on may go away and come back meanwhile: the work then waits, and goes
    on by itself.

    Args:
        archive: the archive of this process; not shared with another worker.
        until_idle: return when nothing is left, instead of waiting for more.
        on_progress: told how far a transcription is.
        on_result: told of every job that ended, well or not.
        stop: asked between steps and while transcribing; a job broken off is given back.

    Raises:
        CatalogueUnavailable: ``until_idle``, and the catalogue was away for `PATIENCE_S`.
    """
    begun, away_since = False, None
    while not stop():
        try:
            due = _work_off(archive, _Hooks(on_progress, on_result, stop), reopen=not begun)
            begun, away_since = True, None
        except RadioArchiveError as error:
            if not error.is_outage:
                raise
            away_since = away_since or time.monotonic()
            if until_idle and time.monotonic() - away_since > PATIENCE_S:
                raise
            log.warning("work waits", extra={"error": str(error)})
            due = IDLE_S
        if until_idle and (due is None or due > PATIENCE_S):
            return
        _wait(min(IDLE_S if due is None else max(due, TICK_S), IDLE_S), stop)


def open_patiently(settings: Settings, stop: Callable[[], bool]) -> Archive | None:
    """Open the archive as soon as its catalogue answers; None when told to stop before."""
    while not stop():
        try:
            return open_archive(settings)
        except CatalogueUnavailable as error:
            log.warning("work waits", extra={"error": str(error)})
            _wait(IDLE_S, stop)
    return None


@dataclass(frozen=True, slots=True)
class _Hooks:
    """Whom a worker tells, and asks."""

    on_progress: Callable[[Job, Progress], None]
    on_result: Callable[[WorkResult], None]
    stop: Callable[[], bool]


def _work_off(archive: Archive, hooks: _Hooks, *, reopen: bool) -> float | None:
    """Do all that is due; seconds until more is, None when nothing waits."""
    _mend_index(archive)
    archive.plan(reopen=reopen)
    while not hooks.stop():
        job = archive.claim()
        if job is None:
            if archive.plan():
                continue
            return archive.next_due_s()
        result = archive.run(job, hooks.on_progress, hooks.stop)
        if result is not None:
            hooks.on_result(result)
            if job.kind is JobKind.INDEX and not result.is_done:
                _mend_index(archive)
        archive.plan()
    return None


def _mend_index(archive: Archive) -> None:
    """Rebuild the index where it is needed; the other steps go on where that cannot be done now."""
    try:
        archive.mend_index()
    except (SearchIndexError, StorageError) as error:
        log.warning("the index is not mended yet", extra={"error": str(error)})


def _wait(seconds: float, stop: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not stop() and (left := end - time.monotonic()) > 0:
        time.sleep(min(TICK_S, left))

"""One worker: claim, run, settle, until it is told to stop or nothing is left to do."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from radio_archive.archive import Archive, open_archive
from radio_archive.errors import (
    CatalogueUnavailable,
    CatalogueUnwritable,
    RadioArchiveError,
    SearchIndexError,
    StorageError,
)
from radio_archive.messenger import Messenger
from radio_archive.model import Job, JobKind, Progress, WorkResult
from radio_archive.settings import Settings

log = logging.getLogger(__name__)

_T = TypeVar("_T")

#: seconds between looks at the queue when there is nothing to do
IDLE_S = 1.0
#: seconds between looks at the whole catalogue, at least: what a broadcast lacks after a step is
#: asked for at once, and this is for what came in or changed otherwise
PLAN_S = 5.0
#: as many times as long as such a look took there is none: it is a twentieth of the work at most
PLAN_SHARE = 19
#: how long ``until_idle`` waits for a job another worker holds, or that is due for a retry
PATIENCE_S = 90.0
#: seconds until the index is built anew once more, where that failed or another worker is at it
RETRY_RENEWAL_S = 60.0
#: the same at most: a disk that is full stays so for a while, and every attempt reads all passages
LONGEST_RENEWAL_S = 3_600.0
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
        on_progress: told how far a step is.
        on_result: told of every job that ended, well or not.
        stop: asked between steps and in the middle of long ones; a job broken off is given back.

    Raises:
        CatalogueUnavailable: ``until_idle``, and the catalogue was away for `PATIENCE_S`.
        CatalogueUnwritable: it never could be written since the worker began.
        StoreRefuses: the store of the recordings refuses: every job would fail.
    """
    archive.sweep()
    hooks = _Hooks(on_progress, on_result, stop)
    planner = _Planner(archive)
    waiting = _Waiting()
    begun, away_since, was_writable = False, None, False
    while not stop():
        try:
            with (
                archive.enlisted(),
                _Renewer(archive, stop) as renewer,
                Messenger(archive, stop) as messenger,
            ):
                was_writable = True
                turns = _Turns(planner, renewer, messenger, waiting)
                due = _work_off(archive, hooks, turns, reopen=not begun, until_idle=until_idle)
            begun, away_since = True, None
        except RadioArchiveError as error:
            if not error.is_outage or (isinstance(error, CatalogueUnwritable) and not was_writable):
                raise
            away_since = away_since or time.monotonic()
            if until_idle and time.monotonic() - away_since > PATIENCE_S:
                raise
            waiting.because(error)
            _wait(IDLE_S, stop)
            continue
        if until_idle and (due is None or due > PATIENCE_S):
            return


class _Waiting:
    """Logs why work waits, once for each reason, and that it goes on."""

    def __init__(self) -> None:
        self._reason = ""

    def because(self, error: RadioArchiveError) -> None:
        """Something is away."""
        if str(error) != self._reason:
            self._reason = str(error)
            log.warning("work waits", extra={"error": self._reason})

    def is_over(self) -> None:
        """It is back."""
        if self._reason:
            self._reason = ""
            log.warning("work goes on")


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


class _Renewer:
    """Builds the index anew in a thread of its own, so that work goes on meanwhile.

    Where another engine is wanted, or it has grown into so many parts that searches are slow. Of
    several workers the first does it; the others are refused and look again later.
    """

    def __init__(self, archive: Archive, stop: Callable[[], bool]) -> None:
        self._archive = archive
        self._stop = stop
        self._is_over = False
        self._thread: threading.Thread | None = None
        self._looks_at = self._may_begin_at = -math.inf
        self._pause = RETRY_RENEWAL_S

    def __enter__(self) -> _Renewer:
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over = True
        if self._thread is not None:
            self._thread.join()

    @property
    def is_renewing(self) -> bool:
        """Whether that is under way in this process."""
        return self._thread is not None and self._thread.is_alive()

    def look(self) -> None:
        """Begin when it is wanted; costs nothing when somebody looked just now."""
        if time.monotonic() >= self._looks_at:
            self.begin()

    def begin(self) -> bool:
        """Begin when it is wanted and was not just refused; whether it is under way."""
        now = time.monotonic()
        if not self.is_renewing and now >= self._may_begin_at and self._archive.is_index_to_renew:
            self._may_begin_at = now + self._pause
            self._thread = threading.Thread(target=self._renew, name="renew-index", daemon=True)
            self._thread.start()
        self._looks_at = now + IDLE_S
        return self.is_renewing

    def _renew(self) -> None:
        try:
            count = self._archive.renew_index(lambda: self._is_over or self._stop())
        except RadioArchiveError as error:
            facts = {"code": error.code, "error": str(error)}
            log.warning("the index was not built anew", extra=facts)
            self._pause = min(2 * self._pause, LONGEST_RENEWAL_S)
            self._may_begin_at = time.monotonic() + self._pause
        else:
            self._pause = RETRY_RENEWAL_S
            if count is not None:
                log.info("the index was built anew", extra={"passages": count})


def patiently(ask: Callable[[], _T], stop: Callable[[], bool]) -> _T | None:
    """What the catalogue answers, as soon as it does; None when told to stop before.

    Raises:
        CatalogueUnwritable: to whoever begins, that is a mistake in a path or in permissions;
            waiting would hide it.
    """
    waiting = _Waiting()
    while not stop():
        try:
            return ask()
        except CatalogueUnwritable:
            raise
        except CatalogueUnavailable as error:
            waiting.because(error)
            _wait(IDLE_S, stop)
    return None


def open_patiently(settings: Settings, stop: Callable[[], bool]) -> Archive | None:
    """Open the archive as soon as its catalogue answers; None when told to stop before."""
    return patiently(partial(open_archive, settings), stop)


@dataclass(frozen=True, slots=True)
class _Hooks:
    """Whom a worker tells, and asks."""

    on_progress: Callable[[Job, Progress], None]
    on_result: Callable[[WorkResult], None]
    stop: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _Turns:
    """What is looked at between jobs."""

    planner: _Planner
    renewer: _Renewer
    messenger: Messenger
    waiting: _Waiting


def _work_off(
    archive: Archive, hooks: _Hooks, turns: _Turns, *, until_idle: bool, reopen: bool
) -> float | None:
    """Do all that is due; seconds until more is, None when nothing waits."""
    planner, renewer = turns.planner, turns.renewer
    _mend_index(archive)
    planner.plan(reopen=reopen)
    turns.waiting.is_over()
    while not hooks.stop():
        renewer.look()
        job = archive.claim()
        if job is not None:
            result = archive.run(job, hooks.on_progress, hooks.stop)
            if result is not None:
                hooks.on_result(result)
                if job.kind is JobKind.INDEX and not result.is_done:
                    _mend_index(archive)
            planner.plan_if_due()
            continue
        if planner.plan_if_due():
            continue
        due = archive.next_due_s()
        is_over = until_idle and (due is None or due > PATIENCE_S)
        # nothing is missed that came in since the last look at the whole catalogue
        if is_over and planner.plan():
            continue
        if is_over and not renewer.begin():
            turns.messenger.finish()
            return due
        _wait(IDLE_S if due is None else min(max(due, TICK_S), IDLE_S), hooks.stop)
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

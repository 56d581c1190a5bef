"""One worker: claim, run, settle, until it is told to stop or nothing is left to do."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable

from radio_archive.archive import Archive
from radio_archive.errors import RadioArchiveError
from radio_archive.model import Job, Progress, WorkResult

#: seconds between looks at the catalogue when there is nothing to do
IDLE_S = 5.0
#: how long ``until_idle`` waits for a job another worker holds, or that is due for a retry
PATIENCE_S = 90.0
#: seconds until a move of the index that failed, or that another worker is at, is tried again
RETRY_MOVE_S = 60.0
#: how often a waiting worker looks whether it should stop, in seconds
TICK_S = 0.25

log = logging.getLogger(__name__)


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
    """
    archive.mend_index()
    archive.plan(reopen=True)
    with _Mover(archive, stop) as mover:
        while not stop():
            mover.look()
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
            if until_idle and (due is None or due > PATIENCE_S) and not mover.begin():
                return
            _wait(min(IDLE_S if due is None else max(due, TICK_S), IDLE_S), stop)


class _Mover:
    """Moves the index to another engine in a thread of its own, so that work goes on meanwhile.

    Of several workers the first does it; the others are refused and look again later.
    """

    def __init__(self, archive: Archive, stop: Callable[[], bool]) -> None:
        self._archive = archive
        self._stop = stop
        self._is_over = False
        self._thread: threading.Thread | None = None
        self._looks_at = self._may_begin_at = -math.inf

    def __enter__(self) -> _Mover:
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over = True
        if self._thread is not None:
            self._thread.join()

    @property
    def is_moving(self) -> bool:
        """Whether the move is under way in this process."""
        return self._thread is not None and self._thread.is_alive()

    def look(self) -> None:
        """Begin the move when it is wanted; costs nothing when somebody looked just now."""
        if time.monotonic() >= self._looks_at:
            self.begin()

    def begin(self) -> bool:
        """Begin the move when it is wanted and was not just refused; whether it is under way."""
        now = time.monotonic()
        if not self.is_moving and now >= self._may_begin_at and self._archive.is_index_to_move:
            self._may_begin_at = now + RETRY_MOVE_S
            self._thread = threading.Thread(target=self._move, name="move-index", daemon=True)
            self._thread.start()
        self._looks_at = now + IDLE_S
        return self.is_moving

    def _move(self) -> None:
        try:
            count = self._archive.move_index(lambda: self._is_over or self._stop())
        except RadioArchiveError as error:
            log.warning("the index was not moved", extra={"code": error.code, "error": str(error)})
        else:
            if count is not None:
                log.info("the index was moved", extra={"passages": count})


def _wait(seconds: float, stop: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not stop() and (left := end - time.monotonic()) > 0:
        time.sleep(min(TICK_S, left))

"""Runs one claimed job: heartbeat while it lasts, and whatever happens, a settled claim."""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeVar

from radio_archive.errors import (
    AudioError,
    CatalogueError,
    CatalogueUnavailable,
    FetchError,
    LostLease,
    NotFound,
    RadioArchiveError,
    StorageError,
    Withdrawn,
)
from radio_archive.jobs import HEARTBEAT_S, MAX_ATTEMPTS
from radio_archive.model import Job, Progress, WorkResult
from radio_archive.pipeline import (
    STEPS,
    Parts,
    can_be_read,
    find_media_outage,
    give_up,
    plan_after,
)

log = logging.getLogger(__name__)

_T = TypeVar("_T")


#: seconds between attempts to settle a claim while the catalogue is away
AGAIN_S = 2.0
#: what a disk says that is full, broken or no longer to be written
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS})

#: how often one who waits looks whether to stop, in seconds
TICK_S = 0.25


ShowProgress = Callable[[Job, Progress], None]
"""Shown how far a job is."""


class _Stopped(Exception):
    """The worker was asked to stop in the middle of a job."""


def run(
    parts: Parts, job: Job, on_progress: ShowProgress, stop: Callable[[], bool]
) -> WorkResult | None:
    """Run a job's step, settle its claim, and ask for what the broadcast lacks now.

    None when the job was given back or taken over. While the catalogue is away its claim cannot be
    settled: that is tried until it can, or until the worker is to stop.

    Raises:
        CatalogueUnavailable: the catalogue was away when the worker was told to stop.
    """
    report = _Report(on_progress, stop)
    if job.attempts > MAX_ATTEMPTS:
        return _insist(partial(_settle_failure, parts, job, _died_again_and_again(job)), stop)
    try:
        # what was withdrawn meanwhile needs no step any more
        with _heartbeat(parts, job), suppress(Withdrawn):
            STEPS[job.kind](parts, job, report)
        _insist(partial(parts.jobs.done, job), stop)
    except _Stopped:
        _release(parts, job)
        return None
    except KeyboardInterrupt:  # a second Ctrl-C says nothing of the job
        _release(parts, job)
        raise
    except LostLease as error:
        log.warning("lease lost", extra={"broadcast": job.broadcast_id, "error": str(error)})
        return None
    except RadioArchiveError as error:
        return _insist(partial(_settle_failure, parts, job, error), stop)
    except Exception as error:  # a worker outlives any job
        log.exception("step crashed", extra={"broadcast": job.broadcast_id, "kind": job.kind})
        return _insist(partial(_settle_failure, parts, job, _crash(job, error)), stop)
    log.info("step done", extra={"broadcast": job.broadcast_id, "kind": job.kind})
    try:
        plan_after(parts, job)
    except RadioArchiveError as error:  # the next look at the whole catalogue makes up for it
        log.warning("not planned", extra={"broadcast": job.broadcast_id, "error": str(error)})
    return _insist(partial(_result, parts, job, is_done=True), stop)


class _Report:
    """Hands on how far a step is, as long as anybody reads it, and ends it when it is to stop."""

    def __init__(self, on_progress: ShowProgress, stop: Callable[[], bool]) -> None:
        self._on_progress: ShowProgress | None = on_progress
        self._stop = stop

    def __call__(self, job: Job, progress: Progress | None) -> None:
        if self._stop():
            raise _Stopped
        if progress is None or self._on_progress is None:
            return
        try:
            self._on_progress(job, progress)
        except OSError as error:  # a closed pipe or terminal is no fault of the step
            log.warning("nobody reads the progress", extra={"error": str(error)})
            self._on_progress = None


def _died_again_and_again(job: Job) -> RadioArchiveError:
    return RadioArchiveError(
        f"The worker died {MAX_ATTEMPTS} times at {job.kind} of broadcast {job.broadcast_id}.",
        hint="Look for a lack of memory, then: radio-archive work --retry-failed.",
    )


def _release(parts: Parts, job: Job) -> None:
    """Give a job back at the end; where that fails it is free when its lease is over."""
    try:
        parts.jobs.release(job)
    except CatalogueError as error:
        log.warning("not given back", extra={"broadcast": job.broadcast_id, "error": str(error)})


def _crash(job: Job, error: Exception) -> RadioArchiveError:
    """What nobody foresaw, in our words; a disk that refuses is nobody's bug."""
    if isinstance(error, OSError) and error.errno in _DISK:
        return StorageError(
            f"The step {job.kind} of broadcast {job.broadcast_id} met a disk that refuses: "
            f"{error.strerror}.",
            hint="Make room on it, or look after it.",
        )
    return RadioArchiveError(
        f"The step {job.kind} of broadcast {job.broadcast_id} stopped with "
        f"{type(error).__name__}: {error}.",
        hint="Please report this with the log.",
    )


def _insist(settle: Callable[[], _T], stop: Callable[[], bool]) -> _T:
    """Settle a claim although the catalogue may be away for a while."""
    while True:
        try:
            return settle()
        except CatalogueUnavailable as error:
            if stop():
                raise
            log.warning("not settled yet", extra={"error": str(error)})
            end = time.monotonic() + AGAIN_S
            while not stop() and time.monotonic() < end:
                time.sleep(TICK_S)


def _settle_failure(parts: Parts, job: Job, met: RadioArchiveError) -> WorkResult | None:
    # where no recording can be read, it is no fault of this one that it is missing or cut off
    away = find_media_outage(parts) if isinstance(met, NotFound | AudioError) else None
    error = away or met
    try:
        if error.is_outage:
            parts.jobs.put_off(job, str(error))
            will_retry = True
        else:
            will_retry = _retry_or_park(parts, job, error)
    except LostLease:
        return None
    log.warning(
        "step failed",
        extra={"broadcast": job.broadcast_id, "kind": job.kind, "code": error.code},
    )
    return _result(parts, job, is_done=False, error=str(error), will_retry=will_retry)


def _retry_or_park(parts: Parts, job: Job, error: RadioArchiveError) -> bool:
    """Whether it is tried again; else it is parked with its reason."""
    after_s = error.retry_after_s if isinstance(error, FetchError) else None
    # what was missing and is there now came back a moment ago, the disk under it perhaps
    is_back = isinstance(error, NotFound) and can_be_read(parts, job.broadcast_id)
    if (error.retryable or is_back) and job.attempts < MAX_ATTEMPTS:
        return parts.jobs.retry(job, str(error), after_s)
    parts.jobs.fail(job, str(error))
    give_up(parts, job, error)
    return False


def _result(
    parts: Parts, job: Job, *, is_done: bool, error: str = "", will_retry: bool = False
) -> WorkResult:
    broadcast = parts.catalogue.broadcasts.find(job.broadcast_id)
    return WorkResult(
        kind=job.kind,
        broadcast_id=job.broadcast_id,
        title=broadcast.title if broadcast else "",
        is_done=is_done,
        error=error,
        will_retry=will_retry,
    )


@contextmanager
def _heartbeat(parts: Parts, job: Job) -> Iterator[None]:
    """Extend the lease from a thread of its own while the step runs."""
    over = threading.Event()

    def beat() -> None:
        pause = float(HEARTBEAT_S)
        while not over.wait(pause):
            try:
                parts.jobs.extend(job)
                pause = float(HEARTBEAT_S)
            except LostLease as error:
                # the step finds out by itself: its writes are refused
                log.warning("heartbeat failed", extra={"error": str(error)})
                return
            except RadioArchiveError as error:
                log.warning("heartbeat failed", extra={"error": str(error)})
                pause = AGAIN_S  # what is left of the lease is for more than one attempt

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()

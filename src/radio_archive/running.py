"""Runs one claimed job: heartbeat while it lasts, and whatever happens, a settled claim."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from radio_archive.errors import CatalogueError, FetchError, LostLease, RadioArchiveError
from radio_archive.jobs import HEARTBEAT_S, LEASE_S, MAX_ATTEMPTS
from radio_archive.model import Job, Progress, WorkResult
from radio_archive.pipeline import STEPS, OnProgress, Parts, give_up, plan_after

log = logging.getLogger(__name__)


class _Stopped(Exception):
    """The worker was asked to stop in the middle of a job."""


#: seconds between attempts to reach a database that is away
AGAIN_S = 2.0
#: seconds a worker tries to settle its claim: when they are over, so is the lease
SETTLING_S = float(LEASE_S)


def run(
    parts: Parts, job: Job, on_progress: OnProgress, stop: Callable[[], bool]
) -> WorkResult | None:
    """Run a job's step, settle its claim, and ask for what the broadcast lacks now.

    None when the job was given back or taken over.
    """

    def report(job: Job, progress: Progress) -> None:
        if stop():
            raise _Stopped
        on_progress(job, progress)

    if job.attempts > MAX_ATTEMPTS:
        return _settle_failure(parts, job, _died_again_and_again(job))
    try:
        with _heartbeat(parts, job):
            STEPS[job.kind](parts, job, report)
        _insist(lambda: parts.jobs.done(job))
    except _Stopped:
        _release(parts, job)
        return None
    except LostLease as error:
        log.warning("lease lost", extra={"broadcast": job.broadcast_id, "error": str(error)})
        return None
    except RadioArchiveError as error:
        return _settle_failure(parts, job, error)
    except Exception as error:  # a worker outlives any job
        log.exception("step crashed", extra={"broadcast": job.broadcast_id, "kind": job.kind})
        crash = RadioArchiveError(
            f"The step {job.kind} of broadcast {job.broadcast_id} stopped with "
            f"{type(error).__name__}: {error}.",
            hint="Please report this with the log.",
        )
        return _settle_failure(parts, job, crash)
    log.info("step done", extra={"broadcast": job.broadcast_id, "kind": job.kind})
    try:
        plan_after(parts, job)
    except RadioArchiveError as error:  # the next look at the whole catalogue makes up for it
        log.warning("not planned", extra={"broadcast": job.broadcast_id, "error": str(error)})
    return _result(parts, job, is_done=True)


def _died_again_and_again(job: Job) -> RadioArchiveError:
    return RadioArchiveError(
        f"The worker died {MAX_ATTEMPTS} times at {job.kind} of broadcast {job.broadcast_id}.",
        hint="Look for a lack of memory, then: radio-archive work --retry-failed.",
    )


def _release(parts: Parts, job: Job) -> None:
    try:
        _insist(lambda: parts.jobs.release(job))
    except CatalogueError as error:  # taken over, or to be when the lease runs out
        log.warning("not given back", extra={"broadcast": job.broadcast_id, "error": str(error)})


def _insist(settle: Callable[[], object]) -> None:
    """Settle a claim although the database may be away for a while.

    Raises:
        LostLease: somebody else holds the job.
        CatalogueError: the database was away until the lease was over.
    """
    end = time.monotonic() + SETTLING_S
    while True:
        try:
            settle()
            return
        except LostLease:
            raise
        except CatalogueError:
            if time.monotonic() >= end:
                raise
            time.sleep(AGAIN_S)


def _settle_failure(parts: Parts, job: Job, error: RadioArchiveError) -> WorkResult | None:
    will_retry = error.retryable and job.attempts < MAX_ATTEMPTS
    after_s = error.retry_after_s if isinstance(error, FetchError) else None
    try:
        if will_retry:
            _insist(lambda: parts.jobs.retry(job, str(error), after_s))
        else:
            _insist(lambda: parts.jobs.fail(job, str(error)))
            _insist(lambda: give_up(parts, job, error))
    except CatalogueError as lost:
        log.warning("not settled", extra={"broadcast": job.broadcast_id, "error": str(lost)})
        return None
    log.warning(
        "step failed",
        extra={"broadcast": job.broadcast_id, "kind": job.kind, "code": error.code},
    )
    return _result(parts, job, is_done=False, error=str(error), will_retry=will_retry)


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

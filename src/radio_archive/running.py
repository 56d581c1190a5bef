"""Runs one claimed job: heartbeat while it lasts, and whatever happens, a settled claim."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from radio_archive.errors import FetchError, LostLease, RadioArchiveError
from radio_archive.jobs import HEARTBEAT_S
from radio_archive.model import Job, Progress, WorkResult
from radio_archive.pipeline import STEPS, OnProgress, Parts, give_up

log = logging.getLogger(__name__)


class _Stopped(Exception):
    """The worker was asked to stop in the middle of a job."""


def run(
    parts: Parts, job: Job, on_progress: OnProgress, stop: Callable[[], bool]
) -> WorkResult | None:
    """Run a job's step and settle its claim; None when it was given back or taken over."""

    def report(job: Job, progress: Progress) -> None:
        if stop():
            raise _Stopped
        on_progress(job, progress)

    try:
        with _heartbeat(parts, job):
            STEPS[job.kind](parts, job, report)
        parts.jobs.done(job)
    except _Stopped:
        parts.jobs.release(job)
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
    return _result(parts, job, is_done=True)


def _settle_failure(parts: Parts, job: Job, error: RadioArchiveError) -> WorkResult | None:
    try:
        after_s = error.retry_after_s if isinstance(error, FetchError) else None
        will_retry = error.retryable and parts.jobs.retry(job, str(error), after_s)
        if not will_retry:
            give_up(parts, job, error)
        if not error.retryable:
            parts.jobs.fail(job, str(error))
    except LostLease:
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
        while not over.wait(HEARTBEAT_S):
            try:
                parts.jobs.extend(job)
            except RadioArchiveError as error:
                # the step finds out by itself: its writes are refused
                log.warning("heartbeat failed", extra={"error": str(error)})

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()

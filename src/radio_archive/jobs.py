"""Who does which piece of work, and until when: claims with lease, heartbeat and fencing token.

The jobs are disposable: they are derived from what the catalogue lacks, so an empty table costs
nothing. A job is claimed for `LEASE_S` seconds; its worker extends the lease while it lives. When
the lease runs out, anybody may claim the job, and the old holder's writes are refused because its
token is no longer the job's.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from radio_archive.catalogue.broadcasts import insert_new
from radio_archive.db import Database, Guard
from radio_archive.db.schema import broadcasts, jobs
from radio_archive.errors import LostLease
from radio_archive.model import BroadcastId, Job, JobKind

#: seconds a claim lasts without a heartbeat
LEASE_S = 60
#: seconds between heartbeats: two may be missed
HEARTBEAT_S = 20
#: claims of one job before a person must look
MAX_ATTEMPTS = 3
#: seconds before the second and the third attempt
BACK_OFF_S = (60, 300)
#: seconds a job waits for what the archive stands on to come back: at first, doubled each time it
#: is still away, and at most
OUTAGE_S = 5
LONGEST_OUTAGE_S = 120

#: what is begun is finished first, so that a broadcast becomes searchable as early as possible;
#: a repeat is known before it would be written down again; translations wait until all that was
#: said is written down
PRIORITY = {
    JobKind.INDEX: 0,
    JobKind.PREPARE: 1,
    JobKind.MAP: 2,
    JobKind.FINGERPRINT: 3,
    JobKind.TRANSCRIBE: 4,
    JobKind.DOWNLOAD: 5,
    JobKind.TRANSLATE: 6,
}


def this_worker() -> str:
    """Name of this process: host and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Jobs:
    """The queue, in the catalogue's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, kind: JobKind, broadcast_ids: Iterable[BroadcastId]) -> int:
        """Ask for work; what is asked for already is left as it is. Returns how many are new."""
        rows = [
            {"kind": kind, "broadcast_id": broadcast_id, "priority": PRIORITY[kind]}
            for broadcast_id in broadcast_ids
        ]
        if not rows:
            return 0
        with self._database.write() as connection:
            before = connection.execute(select(func.count()).select_from(jobs)).scalar_one()
            connection.execute(insert_new(self._database, jobs), rows)
            return connection.execute(select(func.count()).select_from(jobs)).scalar_one() - before

    def claim(self, kinds: Iterable[JobKind]) -> Job | None:
        """Take the most urgent job that is due and nobody holds; None when there is none.

        Only one job of kind ``index`` is held at a time: the index has one writer.
        """
        now = int(time.time())
        with self._database.write() as connection:
            holders = connection.execute(
                select(jobs.c.token, jobs.c.kind, jobs.c.worker).where(jobs.c.lease_until > now)
            ).all()
            orphans = {row.token for row in holders if _is_dead(row.worker)}
            has_writer = any(
                row.kind == JobKind.INDEX and row.token not in orphans for row in holders
            )
            is_free = or_(jobs.c.lease_until <= now, jobs.c.token.in_(orphans))
            # it took its workers down with it: a new run of `work` may try again, at the end
            connection.execute(
                update(jobs)
                .where(~jobs.c.has_failed, jobs.c.attempts >= MAX_ATTEMPTS, is_free)
                .values(has_failed=True, last_error=f"Its worker died {MAX_ATTEMPTS} times.")
            )
            wanted = [kind for kind in kinds if not (kind is JobKind.INDEX and has_writer)]
            # the lease stands in the condition because PostgreSQL checks it again under the lock
            row = connection.execute(
                select(jobs)
                .where(
                    ~jobs.c.has_failed,
                    jobs.c.run_at <= now,
                    jobs.c.kind.in_(wanted),
                    is_free,
                )
                .order_by(jobs.c.priority, jobs.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if row is None:
                return None
            token = secrets.token_hex(16)
            connection.execute(
                update(jobs)
                .where(jobs.c.id == row.id)
                .values(
                    token=token,
                    worker=this_worker(),
                    lease_until=now + LEASE_S,
                    attempts=row.attempts + 1,
                )
            )
        return Job(
            id=row.id,
            kind=JobKind(row.kind),
            broadcast_id=BroadcastId(row.broadcast_id),
            token=token,
            attempts=row.attempts + 1,
        )

    def extend(self, job: Job) -> None:
        """Heartbeat: hold the job for another lease.

        Raises:
            LostLease: somebody else holds it now.
        """
        self._settle(job, lease_until=int(time.time()) + LEASE_S)

    def guard(self, job: Job) -> Guard:
        """A check for other writes' transactions that the job is still ours."""

        def check(connection: Connection) -> None:
            still = connection.execute(
                select(jobs.c.id).where(_ours(job)).with_for_update()
            ).one_or_none()
            if still is None:
                raise _lost(job)

        return check

    def done(self, job: Job) -> None:
        """Forget a finished job.

        Raises:
            LostLease: somebody else holds it now.
        """
        with self._database.write() as connection:
            if connection.execute(jobs.delete().where(_ours(job))).rowcount == 0:
                raise _lost(job)

    def retry(self, job: Job, error: str, after_s: float | None = None) -> bool:
        """Give a job back to be tried later; False when its attempts are used up and it is parked.

        Args:
            job: the claimed job.
            error: why it failed.
            after_s: seconds to wait at least, where somebody said so.

        Raises:
            LostLease: somebody else holds it now.
        """
        if job.attempts >= MAX_ATTEMPTS:
            self.fail(job, error)
            return False
        wait = max(BACK_OFF_S[min(job.attempts, len(BACK_OFF_S)) - 1], round(after_s or 0))
        due = int(time.time()) + wait
        self._settle(job, token=None, lease_until=0, run_at=due, last_error=error)
        return True

    def release(self, job: Job) -> None:
        """Give a job back untouched: the worker stops. The attempt does not count."""
        self._settle(job, token=None, lease_until=0, attempts=job.attempts - 1)

    def put_off(self, job: Job, error: str) -> None:
        """Give a job back while something the archive stands on is away.

        The attempt does not count. Each time in a row it waits twice as long, up to
        `LONGEST_OUTAGE_S`.

        Raises:
            LostLease: somebody else holds it now.
        """
        with self._database.write() as connection:
            waits = connection.execute(select(jobs.c.waits).where(_ours(job))).scalar()
            if waits is None:
                raise _lost(job)
            pause = min(OUTAGE_S * 2 ** min(waits, 10), LONGEST_OUTAGE_S)
            connection.execute(
                update(jobs)
                .where(_ours(job))
                .values(
                    token=None,
                    lease_until=0,
                    attempts=job.attempts - 1,
                    waits=waits + 1,
                    run_at=int(time.time()) + pause,
                    last_error=error,
                )
            )

    def holders(self) -> tuple[str, ...]:
        """The workers that are at a job now: machine and process."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(jobs.c.worker).where(jobs.c.lease_until > int(time.time())).distinct()
            ).all()
        return tuple(sorted(row.worker for row in rows if not _is_dead(row.worker)))

    def fail(self, job: Job, error: str) -> None:
        """Park a job with its reason, for a person to look at.

        Raises:
            LostLease: somebody else holds it now.
        """
        self._settle(job, token=None, lease_until=0, has_failed=True, last_error=error)

    def reopen(self, *, everything: bool = False) -> int:
        """Drop parked jobs whose broadcast has no problem left, or all; they are planned anew."""
        blocked = exists().where(
            broadcasts.c.id == jobs.c.broadcast_id, broadcasts.c.problem.is_not(None)
        )
        condition = jobs.c.has_failed if everything else and_(jobs.c.has_failed, ~blocked)
        with self._database.write() as connection:
            return connection.execute(jobs.delete().where(condition)).rowcount

    def next_due_s(self) -> float | None:
        """Seconds until something may be claimed, 0 if now; None when nothing is waiting.

        A job that another live worker holds counts with the end of its lease.
        """
        with self._database.read() as connection:
            rows = connection.execute(
                select(jobs.c.run_at, jobs.c.lease_until, jobs.c.worker).where(~jobs.c.has_failed)
            ).all()
        if not rows:
            return None
        due = (
            row.run_at if _is_dead(row.worker) else max(row.run_at, row.lease_until) for row in rows
        )
        return max(0.0, float(min(due)) - time.time())

    def counts(self) -> tuple[Mapping[str, int], int]:
        """Jobs waiting by kind, and how many are parked."""
        statement = select(jobs.c.kind, jobs.c.has_failed, func.count().label("count")).group_by(
            jobs.c.kind, jobs.c.has_failed
        )
        waiting: Counter[str] = Counter()
        parked = 0
        with self._database.read() as connection:
            for row in connection.execute(statement).all():
                if row.has_failed:
                    parked += row._mapping["count"]
                else:
                    waiting[row.kind] += row._mapping["count"]
        return dict(waiting), parked

    def _settle(self, job: Job, **values: object) -> None:
        with self._database.write() as connection:
            changed = connection.execute(update(jobs).where(_ours(job)).values(**values))
            if changed.rowcount == 0:
                raise _lost(job)


def _ours(job: Job) -> ColumnElement[bool]:
    return and_(jobs.c.id == job.id, jobs.c.token == job.token)


def _lost(job: Job) -> LostLease:
    return LostLease(
        f"Another worker has taken over {job.kind} of broadcast {job.broadcast_id}.",
        hint="Nothing to do: the other worker finishes it.",
    )


def _is_dead(worker: str | None) -> bool:
    """Whether the worker ran on this host and its process is gone: no need to await its lease."""
    host, _, process = (worker or "").rpartition(":")
    if os.name != "posix" or host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False

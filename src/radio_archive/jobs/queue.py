"""The queue: jobs asked for, claimed, held, settled."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from radio_archive.db import Database, Guard
from radio_archive.db.schema import broadcasts, jobs
from radio_archive.errors import LostLease
from radio_archive.jobs.claiming import by_place, set_free, take_first
from radio_archive.jobs.leases import (
    BACK_OFF_S,
    HEARTBEAT_S,
    LEASE_S,
    LONGEST_OUTAGE_S,
    MAX_ATTEMPTS,
    OUTAGE_S,
    Identity,
)
from radio_archive.jobs.putting import BLOCK, put_rows
from radio_archive.jobs.workers import Workers
from radio_archive.languages.registry import LANGUAGES
from radio_archive.model import (
    SPOKEN_KINDS,
    BroadcastId,
    BroadcastState,
    Job,
    JobKind,
    JobState,
    LanguageTag,
    Need,
    ParkedJob,
    need_of,
)

#: jobs put at once that change what is the shortest way through the queue
MANY = 1_000
#: seconds between looks at who died and what is due again, while other jobs are there
LOOK_S = 1.0


def every_need(kinds: Iterable[JobKind] = JobKind) -> frozenset[Need]:
    """What jobs of these kinds may ask for, in all languages there are."""
    return frozenset(
        need_of(kind, LanguageTag(tag))
        for kind in kinds
        for tag in (LANGUAGES if kind in SPOKEN_KINDS else [""])
    )


class Jobs:
    """The queue, in the catalogue's database.

    Args:
        database: the catalogue's.
        host: the name of this machine among the workers; empty takes the system's.
    """

    def __init__(self, database: Database, host: str = "") -> None:
        self._database = database
        self._identity = Identity.of_this_process(host)
        self._sign_due = 0.0
        self._look_due = 0.0
        #: who else works
        self.workers = Workers(database, self._identity)

    def put(
        self, kind: JobKind, broadcast_ids: Iterable[BroadcastId], after: Job | None = None
    ) -> int:
        """Ask for work; what is asked for already is left as it is. Returns how many are new.

        Args:
            kind: the step.
            broadcast_ids: whose; those of one programme take their turns in this order.
            after: a job of the same broadcast that has ended: the step follows in its place.
        """
        ids = list(dict.fromkeys(broadcast_ids))
        if not ids:
            return 0
        with self._database.write() as connection:
            if len(ids) < MANY:
                return put_rows(self._database, connection, kind, ids, after)
            with self._database.filling(connection, jobs.name):
                return put_rows(self._database, connection, kind, ids, after)

    def put_again(self, kind: JobKind, broadcast_ids: Iterable[BroadcastId]) -> None:
        """Ask for work that there is a new reason for: what was given up before is tried anew."""
        ids = list(dict.fromkeys(broadcast_ids))
        for start in range(0, len(ids), BLOCK):
            with self._database.write() as connection:
                connection.execute(
                    jobs.delete().where(
                        jobs.c.state == JobState.PARKED,
                        jobs.c.kind == kind,
                        jobs.c.broadcast_id.in_(ids[start : start + BLOCK]),
                    )
                )
        self.put(kind, ids)

    def claim(self, needs: Iterable[Need]) -> Job | None:
        """Take the first job that is due, that nobody holds and that asks for one of ``needs``.

        None when there is none. Workers that claim at the same instant do not wait for each other,
        and only one job of kind ``index`` is held at a time: the index has one writer.

        A job whose workers died again and again is handed out once more than `MAX_ATTEMPTS`: to be
        given up, not to be done.
        """
        wanted = tuple(sorted(needs))
        with self._database.write() as connection:
            now = self._database.moment(connection)
            is_fresh = self._keep_up(connection, now)
            job = take_first(connection, wanted, self.workers.name, now)
            if job is None and not is_fresh:
                self._set_free(connection, now)
                job = take_first(connection, wanted, self.workers.name, now)
            return job

    def extend(self, job: Job) -> None:
        """Heartbeat: hold the job for another lease.

        Raises:
            LostLease: somebody else holds it now.
        """
        with self._database.write() as connection:
            now = self._database.moment(connection)
            self.workers.give_sign(connection, now)
            _settle(connection, job, free_at=now + LEASE_S)

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
        with self._database.write() as connection:
            due = self._database.moment(connection) + wait
            _settle(
                connection, job, token=None, state=JobState.LATER, free_at=due, last_error=error
            )
        return True

    def release(self, job: Job) -> None:
        """Give a job back untouched: the worker stops. The attempt does not count.

        Raises:
            LostLease: somebody else holds it now.
        """
        with self._database.write() as connection:
            _settle(connection, job, token=None, state=JobState.WAITING, attempts=job.attempts - 1)

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
            _settle(
                connection,
                job,
                token=None,
                state=JobState.LATER,
                attempts=job.attempts - 1,
                waits=waits + 1,
                free_at=self._database.moment(connection) + pause,
                last_error=error,
            )

    def holders(self) -> tuple[str, ...]:
        """The workers that are at a job now: machine and process."""
        held = select(jobs.c.worker).where(jobs.c.state == JobState.HELD).distinct()
        with self._database.read() as connection:
            now = self._database.moment(connection)
            rows = connection.execute(held.where(jobs.c.free_at > now)).all()
        return tuple(
            sorted(row.worker for row in rows if not self._identity.knows_dead(row.worker))
        )

    def fail(self, job: Job, error: str) -> None:
        """Park a job with its reason, for a person to look at.

        Raises:
            LostLease: somebody else holds it now.
        """
        with self._database.write() as connection:
            _settle(connection, job, token=None, state=JobState.PARKED, last_error=error)

    def reopen(
        self,
        needs: Iterable[Need] = (),
        *,
        everything: bool = False,
        but: Iterable[JobKind] = (),
    ) -> int:
        """Drop parked jobs in whose way nothing stands any more, or all; they are planned anew.

        What killed its workers stays parked until somebody asks for everything.

        Args:
            needs: what this worker can do: for want of an engine it is not parked any longer.
            everything: whatever stands in the way.
            but: steps that stay parked unless everything is wanted.
        """
        is_parked = jobs.c.state == JobState.PARKED
        problem = select(broadcasts.c.problem).where(broadcasts.c.id == jobs.c.broadcast_id)
        is_free = or_(
            problem.scalar_subquery().is_(None),
            and_(
                problem.scalar_subquery() == BroadcastState.NOT_TRANSCRIBED,
                jobs.c.needs.in_(list(needs)),
            ),
        )
        is_wanted = jobs.c.kind.not_in(list(but))
        mended = and_(is_parked, jobs.c.attempts <= MAX_ATTEMPTS, is_wanted, is_free)
        with self._database.write() as connection:
            return connection.execute(
                jobs.delete().where(is_parked if everything else mended)
            ).rowcount

    def next_due_s(self, needs: Iterable[Need]) -> float | None:
        """Seconds until something that asks for one of ``needs`` may be claimed, 0 if now.

        None when nothing of that kind is there. A job that another live worker holds counts with
        the end of its lease.
        """
        wanted = tuple(sorted(needs))
        is_mine = jobs.c.needs.in_(wanted)
        with self._database.read() as connection:
            if next(by_place(connection, wanted), None) is not None:
                return 0.0
            now = self._database.moment(connection)
            held = connection.execute(
                select(jobs.c.worker, jobs.c.free_at).where(jobs.c.state == JobState.HELD, is_mine)
            ).all()
            later = connection.execute(
                select(func.min(jobs.c.free_at)).where(jobs.c.state == JobState.LATER, is_mine)
            ).scalar_one()
        due = [now if self._identity.knows_dead(row.worker) else row.free_at for row in held]
        due += [] if later is None else [later]
        return max(0.0, float(min(due) - now)) if due else None

    def put_back(self, needs: Iterable[Need]) -> tuple[int, float]:
        """How many jobs of ``needs`` wait to be tried again, and seconds until the first is."""
        is_later = and_(jobs.c.state == JobState.LATER, jobs.c.needs.in_(sorted(needs)))
        with self._database.read() as connection:
            now = self._database.moment(connection)
            count, first = connection.execute(
                select(func.count(), func.min(jobs.c.free_at)).where(is_later)
            ).one()
        return count, max(0.0, float(first - now)) if count else 0.0

    def counts(self) -> tuple[Mapping[Need, int], int]:
        """Jobs that are not done yet by what they ask for, and how many are parked."""
        statement = select(jobs.c.needs, jobs.c.state, func.count().label("count")).group_by(
            jobs.c.state, jobs.c.needs
        )
        waiting: Counter[Need] = Counter()
        parked = 0
        with self._database.read() as connection:
            for row in connection.execute(statement).all():
                if row.state == JobState.PARKED:
                    parked += row._mapping["count"]
                else:
                    waiting[Need(row.needs)] += row._mapping["count"]
        return dict(waiting), parked

    def parked(self, limit: int) -> tuple[ParkedJob, ...]:
        """What was given up and why, the latest first."""
        statement = (
            select(jobs, broadcasts.c.title)
            .join_from(jobs, broadcasts, broadcasts.c.id == jobs.c.broadcast_id)
            .where(jobs.c.state == JobState.PARKED)
            .order_by(jobs.c.claimed_at.desc(), jobs.c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        return tuple(
            ParkedJob(
                kind=JobKind(row.kind),
                broadcast_id=BroadcastId(row.broadcast_id),
                title=row.title,
                attempts=row.attempts,
                reason=row.last_error,
            )
            for row in rows
        )

    def _keep_up(self, connection: Connection, now: int) -> bool:
        """Once in a while, set free what is due and show that we live; whether it was done now."""
        moment = time.monotonic()
        if moment >= self._sign_due:
            # a write for every look at an empty queue would wear out the disk
            self.workers.give_sign(connection, now)
            self._sign_due = moment + HEARTBEAT_S
        if moment < self._look_due:
            return False
        self._set_free(connection, now)
        return True

    def _set_free(self, connection: Connection, now: int) -> None:
        self._look_due = time.monotonic() + LOOK_S
        set_free(connection, self._identity, now)


def _settle(connection: Connection, job: Job, **values: object) -> None:
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

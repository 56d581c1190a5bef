"""Who works: a row for each worker that is alive, and what it can do."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from radio_archive.catalogue.rows import AnyRow
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts, jobs, workers
from radio_archive.jobs.leases import ALIVE_S, Identity
from radio_archive.model import (
    Abilities,
    BroadcastId,
    HeldJob,
    JobKind,
    JobState,
    LanguageTag,
    Need,
    Worker,
)


class Workers:
    """The workers of all machines, in the catalogue's database."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity
        #: our row as it was written last; None while we do not work
        self._row: dict[str, object] | None = None

    def enlist(self, abilities: Abilities) -> None:
        """Say that this process works, and what it can do; those that are gone are forgotten."""
        with self._database.write() as connection:
            now = self._database.moment(connection)
            rows = connection.execute(select(workers)).all()
            started_at = next((row.started_at for row in rows if row.name == self.name), now)
            gone = {row.name for row in rows if not self._is_alive(row, now)} | {self.name}
            connection.execute(workers.delete().where(workers.c.name.in_(gone)))
            row = {
                "name": self.name,
                "host": self._identity.host,
                "needs": "\n".join(sorted(abilities.needs)),
                "engines": "\n".join(abilities.engines),
                "has_gpu": abilities.has_gpu,
                "lacks": json.dumps(dict(abilities.lacks), ensure_ascii=False),
                "started_at": started_at,
                "seen_at": now,
            }
            connection.execute(workers.insert().values(row))
        self._row = row

    def leave(self) -> None:
        """Say that this process works no more."""
        self._row = None
        with self._database.write() as connection:
            connection.execute(workers.delete().where(workers.c.name == self.name))

    def give_sign(self, connection: Connection, now: int) -> None:
        """Say, in somebody else's transaction, that this process is alive.

        Others may have forgotten it while it gave none: it is listed again then.
        """
        mine = update(workers).where(workers.c.name == self.name).values(seen_at=now)
        row = self._row
        if connection.execute(mine).rowcount == 0 and row is not None:
            insert = (sqlite if self._database.is_sqlite else postgresql).insert(workers)
            # a heartbeat and a claim of one process may do it at the same instant
            connection.execute(insert.values(row | {"seen_at": now}).on_conflict_do_nothing())

    @property
    def name(self) -> str:
        """The name of this process among all."""
        return str(self._identity)

    def all(self) -> tuple[Worker, ...]:
        """Those that are alive, by name, each with its job."""
        held = jobs.outerjoin(broadcasts, broadcasts.c.id == jobs.c.broadcast_id)
        with self._database.read() as connection:
            now = self._database.moment(connection)
            rows = connection.execute(select(workers).order_by(workers.c.name)).all()
            at_work = connection.execute(
                select(
                    jobs.c.worker,
                    jobs.c.kind,
                    jobs.c.broadcast_id,
                    jobs.c.claimed_at,
                    broadcasts.c.title,
                )
                .select_from(held)
                .where(jobs.c.state == JobState.HELD)
            ).all()
        jobs_of = {row.worker: _held_from(row) for row in at_work}
        return tuple(
            _worker_from(row, jobs_of.get(row.name)) for row in rows if self._is_alive(row, now)
        )

    def needs_answered(self) -> frozenset[Need]:
        """What some worker that is alive can do."""
        return frozenset(need for worker in self.all() for need in worker.abilities.needs)

    def _is_alive(self, row: AnyRow, now: int) -> bool:
        return row.seen_at > now - ALIVE_S and not self._identity.knows_dead(row.name)


def _held_from(row: AnyRow) -> HeldJob:
    return HeldJob(
        kind=JobKind(row.kind),
        broadcast_id=BroadcastId(row.broadcast_id),
        title=row.title or "",
        since=_moment(row.claimed_at),
    )


def _worker_from(row: AnyRow, job: HeldJob | None) -> Worker:
    lacks = {LanguageTag(tag): str(why) for tag, why in json.loads(row.lacks).items()}
    return Worker(
        name=row.name.rpartition(":")[0],
        host=row.host,
        abilities=Abilities(
            needs=frozenset(map(Need, row.needs.split("\n"))) - {Need("")},
            engines=tuple(each for each in row.engines.split("\n") if each),
            has_gpu=bool(row.has_gpu),
            lacks=lacks,
        ),
        started_at=_moment(row.started_at),
        seen_at=_moment(row.seen_at),
        job=job,
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

"""How the first job that a worker can do is found and taken, however many wait."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from radio_archive.db.schema import jobs
from radio_archive.jobs.leases import LEASE_S, Identity
from radio_archive.model import BroadcastId, Job, JobKind, JobState, Need, kind_of

#: jobs whose waiting time or lease is over that one claim sets free at most; the next takes more
MOST_FREED = 500

# a row that another worker is taking is passed over, and nobody waits
_NEXT = (
    select(jobs.c.id)
    .where(jobs.c.state == JobState.WAITING, jobs.c.needs == bindparam("need"))
    .order_by(jobs.c.place)
    .limit(1)
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_TAKE = (
    update(jobs)
    .where(jobs.c.id == _NEXT)
    .values(
        state=JobState.HELD,
        token=bindparam("mine"),
        worker=bindparam("me"),
        claimed_at=bindparam("now"),
        free_at=bindparam("now") + LEASE_S,
        attempts=jobs.c.attempts + 1,
    )
    .returning(*(jobs.c.id, jobs.c.kind, jobs.c.broadcast_id, jobs.c.attempts, jobs.c.place))
)
_INDEX_HOLDER = select(jobs.c.id).where(jobs.c.state == JobState.HELD, jobs.c.kind == JobKind.INDEX)


class Claimable(NamedTuple):
    """The jobs one need is next served from, and the place of the first of them."""

    place: int
    need: Need


def take_first(connection: Connection, needs: tuple[Need, ...], me: str, now: int) -> Job | None:
    """Claim the first job in the queue that asks for one of ``needs``; None when there is none.

    Args:
        connection: in a transaction that writes.
        needs: sorted, so that the same statement serves the same worker.
        me: the worker's name.
        now: seconds since 1970, by the database's clock.
    """
    for claimable in by_place(connection, needs):
        if _has_writer(connection, claimable.need):
            continue
        token = secrets.token_hex(16)
        mine = {"need": claimable.need, "mine": token, "me": me, "now": now}
        try:
            with _undone_alone(connection, claimable.need):
                row = connection.execute(_TAKE, mine).one_or_none()
        except IntegrityError:  # the index got another writer at the same instant
            continue
        if row is not None:
            return Job(
                id=row.id,
                kind=JobKind(row.kind),
                broadcast_id=BroadcastId(row.broadcast_id),
                token=token,
                attempts=row.attempts,
                place=row.place,
            )
    return None


def set_free(connection: Connection, identity: Identity, now: int) -> None:
    """Let everybody claim what is due; a row that somebody else is at is left to them."""
    table = jobs.c
    held = connection.execute(
        select(table.id, table.worker, table.free_at, table.token).where(
            table.state == JobState.HELD
        )
    ).all()
    orphans = [row for row in held if row.free_at <= now or identity.knows_dead(row.worker)]
    late = connection.scalars(
        select(table.id)
        .where(table.state == JobState.LATER, table.free_at <= now)
        .limit(MOST_FREED)
    ).all()
    if not orphans and not late:
        return
    # token and lease stand in the condition: a heartbeat may have come in between
    is_due = or_(
        and_(table.state == JobState.LATER, table.free_at <= now),
        and_(
            table.token.in_([row.token for row in orphans]),
            table.free_at.in_({row.free_at for row in orphans}),
        ),
    )
    due = connection.scalars(
        select(table.id)
        .where(table.id.in_([*(row.id for row in orphans), *late]), is_due)
        .with_for_update(skip_locked=True)
    ).all()
    connection.execute(
        update(jobs).where(table.id.in_(due)).values(state=JobState.WAITING, token=None)
    )


def _has_writer(connection: Connection, need: Need) -> bool:
    """Whether this would be a second writer of the index."""
    is_index = kind_of(need) is JobKind.INDEX
    return is_index and connection.execute(_INDEX_HOLDER).first() is not None


def _undone_alone(connection: Connection, need: Need) -> AbstractContextManager[object]:
    """Where the database may refuse a claim, only that is undone."""
    return connection.begin_nested() if kind_of(need) is JobKind.INDEX else nullcontext()


def by_place(connection: Connection, needs: tuple[Need, ...]) -> Iterator[Claimable]:
    """What is waiting for each of the needs, the first in the queue first.

    One look into an index for each need, however many jobs wait that ask for something else.
    """
    if not needs:
        return
    firsts = connection.execute(_select_firsts(needs)).one()
    yield from sorted(
        Claimable(place, need)
        for place, need in zip(firsts, needs, strict=True)
        if place is not None
    )


@lru_cache(maxsize=8)
def _select_firsts(needs: tuple[Need, ...]) -> Select[Any]:
    """The first place for each need; made once for a worker, who asks for the same all day."""
    return select(
        *(
            select(func.min(jobs.c.place))
            .where(jobs.c.state == JobState.WAITING, jobs.c.needs == need)
            .scalar_subquery()
            .label(f"need{number}")
            for number, need in enumerate(needs)
        )
    )

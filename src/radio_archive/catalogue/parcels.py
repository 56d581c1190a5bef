"""The ledger of the alerts: what is sent to whom, by whom, and what was, in the catalogue."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, exists, func, select, update

from radio_archive.catalogue.alerts import alert_from, finding_from, search_of
from radio_archive.catalogue.rows import to_seconds
from radio_archive.db import Database
from radio_archive.db.alert_tables import alerts, findings, notices
from radio_archive.model import (
    AlertId,
    AlertKind,
    AlertState,
    BroadcastId,
    Finding,
    Parcel,
)

HELD_S = 300
"""Seconds one worker has for one letter; longer than any server is waited for."""
MOST_IN_A_LETTER = 50
"""Passages told of together: chosen, some three screens."""


class Parcels:
    """What is due, taken by one worker at a time and struck out once it was sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, kinds: Collection[AlertKind], now: datetime) -> Parcel | None:
        """Take what is due first, for this process alone; None when nothing is.

        What goes into the letter is fixed before it is sent: tried again, it is the same letter.
        """
        seconds = to_seconds(now) or 0
        due = (
            select(alerts.c.id)
            .where(
                alerts.c.state.in_((AlertState.ASKED, AlertState.LIVE)),
                alerts.c.kind.in_(list(kinds)),
                alerts.c.due_at <= seconds,
                alerts.c.held_until <= seconds,
            )
            .order_by(alerts.c.due_at, alerts.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        token = secrets.token_hex(16)
        with self._database.write() as connection:
            row = connection.execute(
                update(alerts)
                .where(alerts.c.id == due)
                .values(token=token, held_until=seconds + HELD_S)
                .returning(*alerts.c)
            ).one_or_none()
            if row is None:
                return None
            alert = alert_from(row)
            search = search_of(connection, alert.search_id)
            if alert.state is AlertState.ASKED:
                return Parcel(
                    alert=alert, search=search, token=token, batch="", findings=(), left=0
                )
            batch, places, left = _fill(connection, alert.id)
        return Parcel(
            alert=alert, search=search, token=token, batch=batch, findings=places, left=left
        )

    def settle(self, parcel: Parcel, now: datetime) -> None:
        """A parcel was sent, or nothing of it was left to tell: it is never sent again."""
        alert = parcel.alert
        with self._database.write() as connection:
            connection.execute(
                update(notices)
                .where(notices.c.alert_id == alert.id, notices.c.batch == parcel.batch)
                .values(is_sent=True)
            )
            waits = connection.execute(
                select(exists().where(notices.c.alert_id == alert.id, ~notices.c.is_sent))
            ).scalar_one()
            due_at = to_seconds(alert.pace.next_after(now)) if waits else None
            _release(connection, parcel, due_at=due_at, attempts=0, problem="")

    def put_off(self, parcel: Parcel, until: datetime, problem: str, *, counts: bool) -> None:
        """A parcel could not be sent: it is tried again then.

        Args:
            parcel: what was to be sent.
            until: when it is due again.
            problem: one sentence; without the address.
            counts: whether the other side is to blame.
        """
        attempts = parcel.alert.attempts + counts
        with self._database.write() as connection:
            _release(
                connection,
                parcel,
                due_at=to_seconds(until),
                attempts=attempts,
                problem=problem,
            )

    def park(self, parcel: Parcel, problem: str) -> None:
        """Give an alert up, until somebody asks for it."""
        with self._database.write() as connection:
            _release(
                connection,
                parcel,
                due_at=None,
                attempts=parcel.alert.attempts + 1,
                problem=problem,
                state=AlertState.PARKED,
            )

    def reopen(self, now: datetime) -> int:
        """Try the alerts again that were given up; returns how many."""
        waits = exists().where(notices.c.alert_id == alerts.c.id, ~notices.c.is_sent)
        with self._database.write() as connection:
            parked = connection.scalars(
                select(alerts.c.id).where(alerts.c.state == AlertState.PARKED)
            ).all()
            back = {"state": AlertState.LIVE, "attempts": 0, "problem": ""}
            chosen = alerts.c.id.in_(list(parked))
            connection.execute(update(alerts).where(chosen).values(**back))
            connection.execute(update(alerts).where(chosen, waits).values(due_at=to_seconds(now)))
            return len(parked)


def _fill(connection: Connection, alert_id: AlertId) -> tuple[str, tuple[Finding, ...], int]:
    """The letter that was begun, or a new one with the oldest of what was not told yet."""
    mine = and_(notices.c.alert_id == alert_id, ~notices.c.is_sent)
    begun = connection.execute(
        select(notices.c.batch).where(mine, notices.c.batch.is_not(None)).limit(1)
    ).scalar()
    batch = begun or secrets.token_hex(16)
    if begun is None:
        chosen = select(notices.c.finding_id).where(mine).order_by(notices.c.finding_id)
        first = connection.scalars(chosen.limit(MOST_IN_A_LETTER)).all()
        connection.execute(
            update(notices).where(mine, notices.c.finding_id.in_(list(first))).values(batch=batch)
        )
    rows = connection.execute(
        select(findings)
        .join(notices, notices.c.finding_id == findings.c.id)
        .where(mine, notices.c.batch == batch)
        .order_by(findings.c.id)
    ).all()
    left = connection.execute(
        select(func.count()).select_from(notices).where(mine, notices.c.batch.is_(None))
    ).scalar_one()
    places = tuple(finding_from(row, BroadcastId(row.broadcast_id)) for row in rows)
    return batch, places, left


def _release(connection: Connection, parcel: Parcel, **values: object) -> None:
    """Let go of an alert, unless its time was over and another worker has it."""
    connection.execute(
        update(alerts)
        .where(alerts.c.id == parcel.alert.id, alerts.c.token == parcel.token)
        .values(token=None, held_until=0, **values)
    )

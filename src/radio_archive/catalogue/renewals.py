"""What is to be transcribed again although it has a text, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, and_, exists, func, select

from radio_archive.catalogue.hidden import IS_SHOWN
from radio_archive.catalogue.rows import to_seconds
from radio_archive.db import Database
from radio_archive.db.renewal_tables import renewals
from radio_archive.db.schema import broadcasts, edits, transcripts
from radio_archive.model import (
    BroadcastId,
    EditKind,
    Transcript,
    TranscriptId,
    TranscriptKind,
    Trust,
)

IS_ASKED = exists().where(renewals.c.broadcast_id == broadcasts.c.id)
"""Whether a broadcast is to be transcribed again."""

#: a machine's text of this very broadcast
_BY_MACHINE = and_(
    transcripts.c.kind == TranscriptKind.MACHINE,
    transcripts.c.carried_from.is_(None),
    transcripts.c.made_from.is_(None),
)

#: BroadcastIds in one statement; SQLite takes 32,766 values in one
_BLOCK = 1_000


class Renewals:
    """Wishes to have a broadcast transcribed again: durable, and settled by the new text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, ids: Sequence[BroadcastId], by: str) -> int:
        """Want these transcribed again; answers how many are new."""
        now = to_seconds(datetime.now(UTC))
        new = 0
        with self._database.write() as connection:
            for start in range(0, len(ids), _BLOCK):
                block = ids[start : start + _BLOCK]
                known = set(
                    connection.execute(
                        select(renewals.c.broadcast_id).where(renewals.c.broadcast_id.in_(block))
                    ).scalars()
                )
                rows = [
                    {"broadcast_id": each, "by": by, "at": now}
                    for each in dict.fromkeys(block)
                    if each not in known
                ]
                if rows:
                    connection.execute(renewals.insert(), rows)
                new += len(rows)
        return new

    def is_asked(self, broadcast_id: BroadcastId) -> bool:
        """Whether a broadcast is to be transcribed again."""
        with self._database.read() as connection:
            found = select(renewals).where(renewals.c.broadcast_id == broadcast_id)
            return connection.execute(found).first() is not None

    def outdated(
        self, *, engine: str | None = None, other_than_recipe: str | None = None
    ) -> tuple[BroadcastId, ...]:
        """Broadcasts whose newest text by machine was written otherwise, the newest first.

        Those whose text people imported or went through as a whole are left out.

        Args:
            engine: by this one; None for any.
            other_than_recipe: by another recipe than this; None for any.
        """
        newest = (
            select(func.max(transcripts.c.id).label("id"))
            .where(_BY_MACHINE)
            .group_by(transcripts.c.broadcast_id)
            .subquery()
        )
        current = transcripts.alias("current")
        is_peoples = exists().where(
            current.c.broadcast_id == transcripts.c.broadcast_id,
            current.c.is_current,
            current.c.trust.in_((Trust.IMPORTED, Trust.CHECKED)),
        )
        statement = (
            select(transcripts.c.broadcast_id, transcripts.c.engine, transcripts.c.parameters)
            .select_from(transcripts.join(newest, newest.c.id == transcripts.c.id).join(broadcasts))
            .where(IS_SHOWN, ~is_peoples, broadcasts.c.recording_key.is_not(None))
            .order_by(
                broadcasts.c.aired_at.is_(None), broadcasts.c.aired_at.desc(), broadcasts.c.id
            )
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        return tuple(
            BroadcastId(row.broadcast_id)
            for row in rows
            if engine in (None, row.engine)
            and (
                other_than_recipe is None
                or json.loads(row.parameters).get("recipe") != other_than_recipe
            )
        )


def take_wish(
    connection: Connection, broadcast_id: BroadcastId, transcript: Transcript
) -> str | None:
    """Settle the wish that a machine's text fulfils; answers who had it, None without one.

    Args:
        connection: of the transaction that stores the text.
        broadcast_id: whose text it is.
        transcript: the text.
    """
    is_by_machine = transcript.kind is TranscriptKind.MACHINE and transcript.carried_from is None
    if not is_by_machine or transcript.made_from is not None:
        return None
    return connection.execute(
        renewals.delete().where(renewals.c.broadcast_id == broadcast_id).returning(renewals.c.by)
    ).scalar_one_or_none()


def record(
    connection: Connection,
    broadcast_id: BroadcastId,
    by: str,
    before: TranscriptId | None,
    made: TranscriptId,
) -> None:
    """Write into the history that a machine wrote a broadcast down again.

    Args:
        connection: of the transaction that stores the text.
        broadcast_id: whose text it is.
        by: who wanted it.
        before: the text that it took the place of; None where people's text stays.
        made: the new text.
    """
    connection.execute(
        edits.insert().values(
            broadcast_id=broadcast_id,
            transcript_id=made,
            before_id=before,
            kind=EditKind.TRANSCRIBED_AGAIN,
            by=by,
            at=to_seconds(datetime.now(UTC)),
            before="",
            after="",
        )
    )

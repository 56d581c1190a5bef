"""What single persons answered to tasks, and which sentences wait for one, in the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, select

from radio_archive.catalogue.hidden import WITHDRAWN_IDS
from radio_archive.catalogue.rows import AnyRow, to_seconds
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts, opinions, passages, transcripts
from radio_archive.model import (
    Band,
    BroadcastId,
    Milliseconds,
    Opinion,
    SentenceVersion,
    Trust,
)

_MOST_CANDIDATES = 200
"""Passages and begun sentences looked at for one task: chosen, some tens of milliseconds."""

_BY_MACHINE = passages.c.trust.in_((Trust.MACHINE, Trust.MACHINE_WEAK))
#: the least trusted first
_DOUBT = case(
    (passages.c.band == Band.UNSURE, 0),
    (passages.c.trust == Trust.MACHINE_WEAK, 1),
    (passages.c.band == Band.WEAK, 2),
    else_=3,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where sentences wait for somebody to listen."""

    broadcast_id: BroadcastId
    start_ms: Milliseconds
    end_ms: Milliseconds
    version: SentenceVersion | None = None  #: only this sentence; None: any in that time


class Opinions:
    """Answers of persons, one for each version of a sentence."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self, broadcast_id: BroadcastId, version: str, start_ms: Milliseconds, opinion: Opinion
    ) -> None:
        """Keep what a person says of a sentence instead of what they said before."""
        mine = (*_of(broadcast_id, version), opinions.c.person == opinion.person)
        with self._database.write() as connection:
            connection.execute(opinions.delete().where(*mine))
            connection.execute(
                opinions.insert().values(
                    broadcast_id=broadcast_id,
                    version=version,
                    person=opinion.person,
                    origin=opinion.origin,
                    name=opinion.name,
                    text=opinion.text,
                    start_ms=start_ms,
                    at=to_seconds(datetime.now(UTC)),
                )
            )

    def of(self, broadcast_id: str, version: str) -> tuple[Opinion, ...]:
        """What was said of a sentence, the first first; who passed it over is not among them."""
        statement = (
            select(opinions)
            .where(*_of(broadcast_id, version), opinions.c.text.is_not(None))
            .order_by(opinions.c.at, opinions.c.person)
        )
        with self._database.read() as connection:
            return tuple(_opinion_from(row) for row in connection.execute(statement).all())

    def settle(self, broadcast_id: str, version: str) -> None:
        """Forget what was said of a sentence: the history of corrections tells what came of it."""
        with self._database.write() as connection:
            connection.execute(opinions.delete().where(*_of(broadcast_id, version)))

    def begun(self, language: str | None, *, least: int) -> Iterator[Place]:
        """Sentences of current transcripts that so many persons answered, the last first.

        Args:
            language: only of transcripts in it; None for all.
            least: persons.
        """
        statement = (
            select(opinions.c.broadcast_id, opinions.c.version, func.min(opinions.c.start_ms))
            .select_from(
                opinions.join(transcripts, transcripts.c.broadcast_id == opinions.c.broadcast_id)
            )
            .where(
                transcripts.c.is_current,
                opinions.c.text.is_not(None),
                opinions.c.broadcast_id.not_in(WITHDRAWN_IDS),
                *_in(language),
            )
            .group_by(opinions.c.broadcast_id, opinions.c.version)
            .having(func.count() >= least)
            .order_by(func.max(opinions.c.at).desc(), opinions.c.version)
            .limit(_MOST_CANDIDATES)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        for broadcast_id, version, start_ms in rows:
            yield Place(
                broadcast_id=BroadcastId(broadcast_id),
                start_ms=Milliseconds(start_ms),
                end_ms=Milliseconds(start_ms),
                version=SentenceVersion(version),
            )

    def doubtful(self, language: str | None, person: str) -> Iterator[Place]:
        """Passages that a machine wrote, the least trusted first; few that the person answered in.

        Args:
            language: only of transcripts in it; None for all.
            person: who looks for a task.
        """
        mine = and_(
            opinions.c.broadcast_id == passages.c.broadcast_id,
            opinions.c.person == person,
            opinions.c.start_ms.between(passages.c.start_ms, passages.c.end_ms),
        )
        has_answered = exists().where(mine)
        statement = (
            select(passages.c.broadcast_id, passages.c.start_ms, passages.c.end_ms)
            .select_from(
                passages.join(transcripts, transcripts.c.id == passages.c.transcript_id).join(
                    broadcasts, broadcasts.c.id == passages.c.broadcast_id
                )
            )
            .where(transcripts.c.is_current, _BY_MACHINE, *_in(language))
            .order_by(
                case((has_answered, 1), else_=0),
                _DOUBT,
                func.coalesce(broadcasts.c.aired_at, 0).desc(),
                passages.c.broadcast_id,
                passages.c.number,
            )
            .limit(_MOST_CANDIDATES)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        for row in rows:
            yield Place(
                broadcast_id=BroadcastId(row.broadcast_id),
                start_ms=Milliseconds(row.start_ms),
                end_ms=Milliseconds(row.end_ms),
            )

    def answered(self, person: str, broadcast_id: str) -> frozenset[str]:
        """The versions of sentences of a broadcast that a person answered or passed over."""
        statement = select(opinions.c.version).where(
            opinions.c.broadcast_id == broadcast_id, opinions.c.person == person
        )
        with self._database.read() as connection:
            return frozenset(connection.execute(statement).scalars())


def _of(broadcast_id: str, version: str) -> tuple[ColumnElement[bool], ...]:
    return opinions.c.broadcast_id == broadcast_id, opinions.c.version == version


def _in(language: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if language is None else (transcripts.c.language == language,)


def _opinion_from(row: AnyRow) -> Opinion:
    return Opinion(person=row.person, origin=row.origin, name=row.name, text=row.text)

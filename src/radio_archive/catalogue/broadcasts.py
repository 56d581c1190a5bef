"""Programmes and broadcasts in the catalogue."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from radio_archive.catalogue.hidden import IS_SHOWN, is_withdrawn
from radio_archive.catalogue.remembered import Remembered
from radio_archive.catalogue.rows import broadcast_from, programme_from, to_seconds
from radio_archive.catalogue.title_words import replace_words
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts, programmes, recordings, transcripts
from radio_archive.errors import NotFound, Withdrawn
from radio_archive.model import (
    UNDETERMINED,
    Broadcast,
    BroadcastId,
    BroadcastState,
    LanguageTag,
    NewBroadcast,
    Outcome,
    Programme,
    ProgrammeId,
)

#: what no index holds
_NOT_SEARCHED = frozenset({"audio_url", "source_url"})

PROGRAMME_COLUMNS = (
    programmes.c.title.label("programme_title"),
    programmes.c.language.label("programme_language"),
    programmes.c.description.label("programme_description"),
    programmes.c.homepage.label("programme_homepage"),
)

SELECT_BROADCAST = select(
    broadcasts,
    *PROGRAMME_COLUMNS,
    *(column.label(f"recording_{column.name}") for column in recordings.c if column.name != "key"),
    exists()
    .where(transcripts.c.broadcast_id == broadcasts.c.id, transcripts.c.is_current)
    .label("has_transcript"),
).select_from(broadcasts.outerjoin(programmes).outerjoin(recordings))

#: ids in one statement; SQLite takes 32,766 values in one
BLOCK = 1_000

#: newest first; those without a date last; the id makes the order total
NEWEST_FIRST = (
    broadcasts.c.aired_at.is_(None),
    broadcasts.c.aired_at.desc(),
    broadcasts.c.id,
)


def broadcast_id_of(source: str, guid: str) -> BroadcastId:
    """The id of a broadcast: the same source and guid give the same id on every machine."""
    return BroadcastId(hashlib.sha256(f"{source}\n{guid}".encode()).hexdigest()[:16])


def insert_new(database: Database, table: Any) -> Any:
    """An INSERT that leaves an existing row alone, in the database's dialect."""
    dialect = sqlite if database.is_sqlite else postgresql
    return dialect.insert(table).on_conflict_do_nothing()


class Broadcasts:
    """Programmes and broadcasts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._programmes = Remembered(database, self._count_programmes)

    def put(self, new: NewBroadcast) -> tuple[BroadcastId, Outcome]:
        """Add a broadcast, or bring a known one up to date. Doing it twice changes nothing.

        Fields the source does not tell (None or empty), or that are guessed, never overwrite what
        is known.
        """
        broadcast_id = broadcast_id_of(new.source, new.guid)
        with self._database.write() as connection:
            old = connection.execute(
                select(broadcasts).where(broadcasts.c.id == broadcast_id)
            ).one_or_none()
            values = _told(new) if old is None else _without_guesses(new, old._mapping)
            if new.programme is not None and "programme_id" in values:
                self._put_programme(connection, new.programme)
            if old is None:
                values.setdefault("language", _programme_language(new))
                connection.execute(
                    broadcasts.insert().values(
                        id=broadcast_id, source=new.source, guid=new.guid, **values
                    )
                )
                replace_words(connection, broadcast_id)
                return broadcast_id, Outcome.ADDED
            changed = {name: value for name, value in values.items() if old._mapping[name] != value}
            if not changed:
                return broadcast_id, Outcome.UNCHANGED
            connection.execute(
                update(broadcasts)
                .where(broadcasts.c.id == broadcast_id)
                .values(
                    **changed,
                    **_reopened(changed, old.audio_url),
                    revision=broadcasts.c.revision + int(bool(changed.keys() - _NOT_SEARCHED)),
                )
            )
            replace_words(connection, broadcast_id)
            return broadcast_id, Outcome.UPDATED

    def _put_programme(self, connection: Connection, programme: Programme) -> None:
        connection.execute(
            insert_new(self._database, programmes).values(
                id=programme.id,
                title=programme.title,
                language=programme.language,
                description=programme.description,
                homepage=programme.homepage,
            )
        )

    def find(self, broadcast_id: str) -> Broadcast | None:
        """One broadcast, withdrawn or not, or None."""
        with self._database.read() as connection:
            row = connection.execute(
                SELECT_BROADCAST.where(broadcasts.c.id == broadcast_id)
            ).one_or_none()
        return None if row is None else broadcast_from(row)

    def get(self, broadcast_id: str) -> Broadcast:
        """One broadcast that may be shown.

        Raises:
            NotFound: the catalogue has no such id.
            Withdrawn: it is hidden.
        """
        broadcast = self.get_even_withdrawn(broadcast_id)
        with self._database.read() as connection:
            if is_withdrawn(connection, broadcast_id):
                raise Withdrawn(
                    f"Broadcast {broadcast_id} was withdrawn.",
                    hint="The station took it out of the archive.",
                )
        return broadcast

    def get_even_withdrawn(self, broadcast_id: str) -> Broadcast:
        """One broadcast, for those who withdraw and bring back.

        Raises:
            NotFound: the catalogue has no such id.
        """
        broadcast = self.find(broadcast_id)
        if broadcast is None:
            raise NotFound(
                f"There is no broadcast {broadcast_id[:64]!r}.",
                hint="`radio-archive search` and the web pages show the ids.",
            )
        return broadcast

    def get_many(self, ids: list[BroadcastId]) -> dict[BroadcastId, Broadcast]:
        """The broadcasts among ``ids`` that exist and may be shown."""
        with self._database.read() as connection:
            rows = connection.execute(
                SELECT_BROADCAST.where(broadcasts.c.id.in_(ids), IS_SHOWN)
            ).all()
        return {BroadcastId(row.id): broadcast_from(row) for row in rows}

    def aired_at(self, moment: datetime) -> tuple[Broadcast, ...]:
        """All that was aired at one moment and may be shown, in no order."""
        statement = SELECT_BROADCAST.where(broadcasts.c.aired_at == to_seconds(moment), IS_SHOWN)
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        return tuple(broadcast_from(row) for row in rows)

    def page(
        self,
        *,
        programme_id: str | None = None,
        language: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[tuple[Broadcast, ...], int]:
        """Broadcasts, newest first, and how many there are in all."""
        conditions: list[ColumnElement[bool]] = [IS_SHOWN]
        if programme_id is not None:
            conditions.append(broadcasts.c.programme_id == programme_id)
        if language is not None:
            conditions.append(broadcasts.c.language == language)
        with self._database.read() as connection:
            total = connection.execute(
                select(func.count()).select_from(broadcasts).where(*conditions)
            ).scalar_one()
            # first the ids, from an index alone: what is skipped is not looked up
            shown = (
                select(broadcasts.c.id)
                .where(*conditions)
                .order_by(*NEWEST_FIRST)
                .limit(limit)
                .offset(offset)
            )
            rows = connection.execute(
                SELECT_BROADCAST.where(broadcasts.c.id.in_(shown)).order_by(*NEWEST_FIRST)
            ).all()
        return tuple(broadcast_from(row) for row in rows), total

    def count_all(self) -> int:
        """How many there are, withdrawn ones too."""
        with self._database.read() as connection:
            counted = select(func.count()).select_from(broadcasts)
            return int(connection.execute(counted).scalar_one())

    def programmes(self) -> tuple[tuple[Programme, int], ...]:
        """Every programme with its number of broadcasts, by title; see `Remembered`."""
        return self._programmes.get()

    def _count_programmes(self) -> tuple[tuple[Programme, int], ...]:
        statement = (
            select(
                programmes.c.id.label("programme_id"),
                *PROGRAMME_COLUMNS,
                func.count(broadcasts.c.id).label("count"),
            )
            .select_from(
                programmes.outerjoin(
                    broadcasts, and_(broadcasts.c.programme_id == programmes.c.id, IS_SHOWN)
                )
            )
            .group_by(programmes.c.id)
            .order_by(programmes.c.title, programmes.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        return tuple((programme_from(row), int(row._mapping["count"])) for row in rows)

    def get_programme(self, programme_id: str) -> Programme:
        """One programme.

        Raises:
            NotFound: the catalogue has no such slug.
        """
        statement = select(programmes.c.id.label("programme_id"), *PROGRAMME_COLUMNS)
        with self._database.read() as connection:
            row = connection.execute(statement.where(programmes.c.id == programme_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no programme {programme_id[:64]!r}.")
        return programme_from(row)

    def set_problem(
        self, broadcast_id: BroadcastId, state: BroadcastState | None, reason: str = ""
    ) -> None:
        """Say why work on a broadcast stopped, or that it may go on (None)."""
        self.set_problems([broadcast_id], state, reason)

    def set_problems(
        self, ids: Sequence[BroadcastId], state: BroadcastState | None, reason: str = ""
    ) -> None:
        """Say why work on many broadcasts stopped; what is known of them is not written again."""
        told = or_(
            broadcasts.c.problem.is_distinct_from(state), broadcasts.c.problem_reason != reason
        )
        with self._database.write() as connection:
            for start in range(0, len(ids), BLOCK):
                connection.execute(
                    update(broadcasts)
                    .where(broadcasts.c.id.in_(ids[start : start + BLOCK]), told)
                    .values(problem=state, problem_reason=reason)
                )

    def clear_failures(self) -> None:
        """Forget why work was given up, so that it is planned again."""
        with self._database.write() as connection:
            connection.execute(
                update(broadcasts)
                .where(broadcasts.c.problem.is_not(None))
                .values(problem=None, problem_reason="")
            )

    def has_page(self, source_url: str) -> bool:
        """Whether something was read from this page before."""
        with self._database.read() as connection:
            return bool(
                connection.execute(
                    select(exists().where(broadcasts.c.source_url == source_url))
                ).scalar_one()
            )

    def audio_url(self, broadcast_id: BroadcastId) -> str | None:
        """Where its source says the sound is."""
        with self._database.read() as connection:
            return connection.execute(
                select(broadcasts.c.audio_url).where(broadcasts.c.id == broadcast_id)
            ).scalar_one_or_none()


def _told(new: NewBroadcast) -> dict[str, object]:
    """The columns the source has something to say about."""
    values: dict[str, object] = {"title": new.title, "is_synthetic": new.is_synthetic}
    optional: dict[str, object] = {
        "programme_id": new.programme.id if new.programme else None,
        "language": new.language,
        "aired_at": to_seconds(new.aired_at),
        "guests": json.dumps(new.guests, ensure_ascii=False) if new.guests else None,
        "summary": new.summary or None,
        "source_url": new.source_url,
        "audio_url": new.audio_url,
    }
    values.update({name: value for name, value in optional.items() if value is not None})
    return values


def _without_guesses(new: NewBroadcast, known: Mapping[Any, Any]) -> dict[str, object]:
    """What the source tells, but for guesses at what is known."""
    values = _told(new)
    for field in new.guessed:
        column = "programme_id" if field == "programme" else field
        if known[column] not in (None, "", UNDETERMINED):
            values.pop(column, None)
    return values


def _programme_language(new: NewBroadcast) -> LanguageTag:
    if new.programme is not None and new.programme.language is not None:
        return new.programme.language
    return UNDETERMINED


def _reopened(changed: Mapping[str, object], address: str | None) -> dict[str, object]:
    """A new language, or another place of the sound, is a reason to try again what was given up.

    Many feeds put a token into the address that is another one at each reading.
    """
    new = str(changed.get("audio_url", address or ""))
    if "language" in changed or new.partition("?")[0] != (address or "").partition("?")[0]:
        return {"problem": None, "problem_reason": ""}
    return {}


def programme_of(slug: str, title: str | None = None) -> Programme:
    """A programme known by its slug alone."""
    return Programme(id=ProgrammeId(slug), title=title or slug.replace("-", " ").capitalize())

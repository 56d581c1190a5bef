"""Fingerprints of recordings in the catalogue, and what comparing them has shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from radio_archive.catalogue.broadcasts import NEWEST_FIRST, SELECT_BROADCAST, insert_new
from radio_archive.catalogue.hidden import IS_SHOWN
from radio_archive.catalogue.rows import AnyRow, broadcast_from, to_seconds
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts, fingerprints, jingles, repeats
from radio_archive.model import (
    Broadcast,
    BroadcastId,
    Jingle,
    Milliseconds,
    Recording,
    RecordingKey,
    Repeat,
    SameSound,
)

SECONDS_PER_DAY = 86_400

#: of one programme, when nobody knows when they were aired
MOST_UNDATED = 500


class Fingerprints:
    """What recordings sound like, which hold the same sound, and where jingles are.

    Two workers may come to the same at the same time: what is there already is left alone.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, key: RecordingKey, version: str) -> bytes | None:
        """A recording's fingerprint of this version, or None."""
        with self._database.read() as connection:
            return connection.execute(
                select(fingerprints.c.payload).where(
                    fingerprints.c.recording_key == key, fingerprints.c.version == version
                )
            ).scalar_one_or_none()

    def is_compared(self, key: RecordingKey, version: str) -> bool:
        """Whether a recording has been compared with those that were there before it."""
        with self._database.read() as connection:
            found = connection.execute(
                select(fingerprints.c.is_compared).where(
                    fingerprints.c.recording_key == key, fingerprints.c.version == version
                )
            ).scalar_one_or_none()
        return bool(found)

    def put(self, key: RecordingKey, version: str, payload: bytes) -> None:
        """Keep a recording's fingerprint, not compared yet; one of another version is replaced."""
        with self._database.write() as connection:
            connection.execute(
                fingerprints.delete().where(
                    fingerprints.c.recording_key == key, fingerprints.c.version != version
                )
            )
            connection.execute(
                insert_new(self._database, fingerprints).values(
                    recording_key=key, version=version, payload=payload
                )
            )

    def near(
        self, broadcast: Broadcast, version: str, days: int
    ) -> Iterator[tuple[RecordingKey, bytes]]:
        """The fingerprints of what was aired within so many days before or after.

        Where nobody knows when it was aired: of `MOST_UNDATED` others like it in its programme.
        """
        aired = to_seconds(broadcast.aired_at)
        if aired is None:
            undated = and_(broadcasts.c.aired_at.is_(None), _of_programme(broadcast))
            yield from self._others(broadcast, version, undated, MOST_UNDATED)
        else:
            span = days * SECONDS_PER_DAY
            is_near = broadcasts.c.aired_at.between(aired - span, aired + span)
            yield from self._others(broadcast, version, is_near, None)

    def of_programme(
        self, broadcast: Broadcast, version: str, limit: int
    ) -> tuple[tuple[RecordingKey, bytes], ...]:
        """The fingerprints of its programme's broadcasts aired closest to it; none without one."""
        if broadcast.programme is None:
            return ()
        return tuple(self._others(broadcast, version, _of_programme(broadcast), limit))

    def _others(
        self, broadcast: Broadcast, version: str, condition: ColumnElement[bool], limit: int | None
    ) -> Iterator[tuple[RecordingKey, bytes]]:
        """Other recordings that fit, the closest first; one at a time, for memory's sake."""
        mine = broadcast.recording.key if broadcast.recording else ""
        away = func.min(func.abs(func.coalesce(broadcasts.c.aired_at, 0) - _seconds(broadcast)))
        keys = (
            select(broadcasts.c.recording_key)
            .join(fingerprints, fingerprints.c.recording_key == broadcasts.c.recording_key)
            .where(condition, fingerprints.c.version == version, broadcasts.c.recording_key != mine)
            .group_by(broadcasts.c.recording_key)
            .order_by(away, broadcasts.c.recording_key)
            .limit(limit)
        )
        with self._database.read() as connection:
            found = connection.execute(keys).scalars().all()
        for key in found:
            payload = self.find(RecordingKey(key), version)
            if payload is not None:
                yield RecordingKey(key), payload

    def set_repeats(
        self, key: RecordingKey, shared: Mapping[RecordingKey, Sequence[SameSound]]
    ) -> None:
        """Keep what a recording shares with others, and that it was compared.

        Args:
            key: the recording that was compared.
            shared: by the other recording; the moments are those of ``key``.
        """
        rows = [
            {
                "recording_key": min(key, other),
                "other_key": max(key, other),
                "start_ms": each.start_ms,
                "other_start_ms": each.other_start_ms,
                "length_ms": each.length_ms,
                "bit_error": each.bit_error,
            }
            for other, found in shared.items()
            for each in (found if key < other else [one.reversed for one in found])
        ]
        with self._database.write() as connection:
            for other in shared:
                connection.execute(repeats.delete().where(_is_pair(key, other)))
            if rows:
                connection.execute(insert_new(self._database, repeats), rows)
            connection.execute(
                update(fingerprints)
                .where(fingerprints.c.recording_key == key)
                .values(is_compared=True)
            )

    def repeats_of(self, broadcast: Broadcast) -> tuple[Repeat, ...]:
        """The other broadcasts that hold some of the same sound, newest first."""
        return self.repeats_of_all([broadcast])[broadcast.id]

    def repeats_of_all(
        self, looked_at: Sequence[Broadcast]
    ) -> Mapping[BroadcastId, tuple[Repeat, ...]]:
        """The same of each of several broadcasts, in two questions to the database."""
        shared = {
            each.recording.key: {each.recording.key: [_whole(each.recording)]}
            for each in looked_at
            if each.recording is not None
        }
        is_theirs = or_(repeats.c.recording_key.in_(shared), repeats.c.other_key.in_(shared))
        with self._database.read() as connection:
            for row in connection.execute(select(repeats).where(is_theirs)).all():
                first, second = RecordingKey(row.recording_key), RecordingKey(row.other_key)
                sound = _shared_from(row)
                if first in shared:
                    shared[first].setdefault(second, []).append(sound)
                if second in shared:
                    shared[second].setdefault(first, []).append(sound.reversed)
            keys = {key for others in shared.values() for key in others}
            rows = connection.execute(
                SELECT_BROADCAST.where(broadcasts.c.recording_key.in_(keys), IS_SHOWN).order_by(
                    *NEWEST_FIRST
                )
            ).all()
        found = [(row.recording_key, broadcast_from(row)) for row in rows]
        return {
            each.id: tuple(
                _repeat(other, shared[each.recording.key][key])
                for key, other in found
                if other.id != each.id and key in shared[each.recording.key]
            )
            if each.recording
            else ()
            for each in looked_at
        }

    def jingles(self, key: RecordingKey) -> tuple[Jingle, ...]:
        """Where a recording holds a jingle of its programme, in order."""
        statement = (
            select(jingles).where(jingles.c.recording_key == key).order_by(jingles.c.start_ms)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        return tuple(
            Jingle(start_ms=Milliseconds(row.start_ms), end_ms=Milliseconds(row.end_ms))
            for row in rows
        )

    def set_jingles(self, key: RecordingKey, found: Sequence[Jingle]) -> None:
        """Keep where a recording holds jingles, in place of what was known."""
        with self._database.write() as connection:
            connection.execute(jingles.delete().where(jingles.c.recording_key == key))
            if found:
                connection.execute(
                    insert_new(self._database, jingles),
                    [
                        {"recording_key": key, "start_ms": one.start_ms, "end_ms": one.end_ms}
                        for one in found
                    ],
                )


def _whole(recording: Recording) -> SameSound:
    """What two broadcasts with one recording share."""
    return SameSound(
        start_ms=Milliseconds(0),
        other_start_ms=Milliseconds(0),
        length_ms=recording.duration_ms,
        bit_error=0.0,
    )


def _repeat(other: Broadcast, shared: Sequence[SameSound]) -> Repeat:
    return Repeat(broadcast=other, shared=tuple(sorted(shared, key=lambda each: each.start_ms)))


def _shared_from(row: AnyRow) -> SameSound:
    return SameSound(
        start_ms=Milliseconds(row.start_ms),
        other_start_ms=Milliseconds(row.other_start_ms),
        length_ms=Milliseconds(row.length_ms),
        bit_error=row.bit_error,
    )


def _of_programme(broadcast: Broadcast) -> ColumnElement[bool]:
    programme = broadcast.programme
    return broadcasts.c.programme_id.is_not_distinct_from(programme.id if programme else None)


def _seconds(broadcast: Broadcast) -> int:
    return to_seconds(broadcast.aired_at) or 0


def _is_pair(key: RecordingKey, other: RecordingKey) -> ColumnElement[bool]:
    return and_(repeats.c.recording_key == min(key, other), repeats.c.other_key == max(key, other))

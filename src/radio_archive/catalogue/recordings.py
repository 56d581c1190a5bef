"""Recordings and their renditions in the catalogue."""

from __future__ import annotations

from sqlalchemy import exists, select, update

from radio_archive.catalogue.broadcasts import insert_new
from radio_archive.catalogue.rows import rendition_from
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts, recordings, renditions
from radio_archive.model import BroadcastId, Recording, RecordingKey, Rendition


class Recordings:
    """Which sound belongs to which broadcast, and in which renditions it can be heard."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def attach(self, broadcast_id: BroadcastId, recording: Recording) -> bool:
        """Say that this is the broadcast's recording; False when that was known."""
        with self._database.write() as connection:
            connection.execute(
                insert_new(self._database, recordings).values(
                    key=recording.key,
                    extension=recording.extension,
                    media_type=recording.media_type,
                    size_bytes=recording.size_bytes,
                    duration_ms=recording.duration_ms,
                    original_name=recording.original_name,
                )
            )
            changed = connection.execute(
                update(broadcasts)
                .where(
                    broadcasts.c.id == broadcast_id,
                    broadcasts.c.recording_key.is_distinct_from(recording.key),
                )
                .values(recording_key=recording.key, problem=None, problem_reason="")
            )
        return changed.rowcount > 0

    def find(self, key: RecordingKey) -> Recording | None:
        """What is known of a recording, or None."""
        with self._database.read() as connection:
            row = connection.execute(
                select(recordings).where(recordings.c.key == key)
            ).one_or_none()
        return None if row is None else Recording(**row._mapping)

    def some(self, count: int) -> tuple[Recording, ...]:
        """So many recordings that broadcasts have, any but always the same."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(recordings)
                .where(exists().where(broadcasts.c.recording_key == recordings.c.key))
                .order_by(recordings.c.key)
                .limit(count)
            ).all()
        return tuple(Recording(**row._mapping) for row in rows)

    def renditions(self, key: RecordingKey) -> tuple[Rendition, ...]:
        """What was made of a recording for listeners; see `Withdrawals` for what they may get."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(renditions)
                .where(renditions.c.recording_key == key)
                .order_by(renditions.c.name)
            ).all()
        return tuple(rendition_from(row) for row in rows)

    def add_rendition(self, key: RecordingKey, rendition: Rendition) -> None:
        """Record a rendition; an earlier one of the same name is replaced."""
        with self._database.write() as connection:
            connection.execute(
                renditions.delete().where(
                    renditions.c.recording_key == key, renditions.c.name == rendition.name
                )
            )
            connection.execute(
                renditions.insert().values(
                    recording_key=key,
                    name=rendition.name,
                    key=rendition.key,
                    extension=rendition.extension,
                    media_type=rendition.media_type,
                    size_bytes=rendition.size_bytes,
                )
            )

    def all(self) -> tuple[Recording, ...]:
        """Every recording, for checks of the whole store."""
        with self._database.read() as connection:
            rows = connection.execute(select(recordings).order_by(recordings.c.key)).all()
        return tuple(Recording(**row._mapping) for row in rows)

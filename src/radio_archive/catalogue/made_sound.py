"""What was made of recordings for listeners, row by row: for checks of the whole store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from radio_archive.catalogue.rows import rendition_from
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts, renditions
from radio_archive.db.withdrawal_tables import muted_renditions
from radio_archive.model import BroadcastId, RecordingKey, Rendition

AT_ONCE = 500
"""Rows looked up or removed in one transaction: whoever else writes gets their turn in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSound:
    """A rendition, and what it was made of."""

    recording_key: RecordingKey
    rendition: Rendition
    muted_for: BroadcastId | None = None  #: whose hidden stretches are silent in it; None: nobody's


class MadeSounds:
    """All renditions, those with silent stretches included."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[MadeSound, ...]:
        """Every one, whether listeners may get it or not."""
        with self._database.read() as connection:
            plain = connection.execute(select(renditions)).all()
            muted = connection.execute(select(muted_renditions)).all()
        return (
            *(_made(row.recording_key, rendition_from(row)) for row in plain),
            *(
                _made(row.recording_key, rendition_from(row), BroadcastId(row.broadcast_id))
                for row in muted
            ),
        )

    def heard_in(self, sounds: Sequence[MadeSound]) -> list[tuple[MadeSound, BroadcastId]]:
        """These, each with every broadcast that it is heard in, if there is any."""
        keys = list(dict.fromkeys(each.recording_key for each in sounds))
        found: dict[str, list[BroadcastId]] = {}
        for start in range(0, len(keys), AT_ONCE):
            some = broadcasts.c.recording_key.in_(keys[start : start + AT_ONCE])
            with self._database.read() as connection:
                for row in connection.execute(
                    select(broadcasts.c.recording_key, broadcasts.c.id).where(some)
                ):
                    found.setdefault(row.recording_key, []).append(BroadcastId(row.id))
        return [
            (each, broadcast_id)
            for each in sounds
            for broadcast_id in found.get(each.recording_key, ())
            if each.muted_for in (None, broadcast_id)
        ]

    def forget(self, lost: Sequence[MadeSound]) -> None:
        """Say that these are not there, so that they are made again.

        Of a broadcast with hidden stretches nothing is heard until then. What was made anew since
        these were read is left alone.
        """
        for start in range(0, len(lost), AT_ONCE):
            with self._database.write() as connection:
                for each in lost[start : start + AT_ONCE]:
                    _forget(connection, each)


def _made(key: str, rendition: Rendition, muted_for: BroadcastId | None = None) -> MadeSound:
    return MadeSound(recording_key=RecordingKey(key), rendition=rendition, muted_for=muted_for)


def _forget(connection: Connection, lost: MadeSound) -> None:
    table = renditions if lost.muted_for is None else muted_renditions
    statement = table.delete().where(
        table.c.recording_key == lost.recording_key,
        table.c.name == lost.rendition.name,
        table.c.key == lost.rendition.key,
    )
    if lost.muted_for is not None:
        statement = statement.where(table.c.broadcast_id == lost.muted_for)
    connection.execute(statement)

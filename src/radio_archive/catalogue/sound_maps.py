"""What each recording sounds like, in the catalogue."""

from __future__ import annotations

import json
import zlib

from sqlalchemy import select

from radio_archive.db import Database, Guard, unguarded
from radio_archive.db.schema import sound_maps
from radio_archive.model import Milliseconds, RecordingKey, SoundKind, SoundMap, SoundStretch


class SoundMaps:
    """One map for each recording; broadcasts that share a recording share its map."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, key: RecordingKey) -> SoundMap | None:
        """The map of a recording, or None while it has none."""
        statement = select(sound_maps).where(sound_maps.c.recording_key == key)
        with self._database.read() as connection:
            row = connection.execute(statement).one_or_none()
        return (
            None if row is None else SoundMap(stretches=_unpack(row.payload), version=row.version)
        )

    def put(self, key: RecordingKey, found: SoundMap, guard: Guard = unguarded) -> None:
        """Store the map of a recording; an earlier one is replaced.

        Args:
            key: the recording, which the catalogue must hold.
            found: its map.
            guard: run first in the same transaction; raises when the caller lost its lease.
        """
        with self._database.write() as connection:
            guard(connection)
            connection.execute(sound_maps.delete().where(sound_maps.c.recording_key == key))
            connection.execute(
                sound_maps.insert().values(
                    recording_key=key, version=found.version, payload=_pack(found)
                )
            )


def _pack(found: SoundMap) -> bytes:
    """Kinds and ends as compressed JSON: each stretch begins where the one before ends."""
    rows = [[each.kind, each.end_ms] for each in found.stretches]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 6)


def _unpack(payload: bytes) -> tuple[SoundStretch, ...]:
    found = []
    start = Milliseconds(0)
    for kind, end in json.loads(zlib.decompress(payload)):
        found.append(SoundStretch(start_ms=start, end_ms=end, kind=SoundKind(kind)))
        start = end
    return tuple(found)

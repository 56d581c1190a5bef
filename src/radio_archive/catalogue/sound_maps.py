"""What each recording sounds like, in the catalogue."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator

from sqlalchemy import select

from radio_archive.db import Database, Guard, unguarded
from radio_archive.db.schema import sound_maps
from radio_archive.model import (
    Milliseconds,
    RecordingKey,
    SoundKind,
    SoundMap,
    SoundStretch,
    SpeechStretch,
)


class SoundMaps:
    """One map for each recording; broadcasts that share a recording share its map."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, key: RecordingKey) -> SoundMap | None:
        """The map of a recording, or None while it has none."""
        statement = select(sound_maps).where(sound_maps.c.recording_key == key)
        with self._database.read() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else _unpack(row.payload, row.version)

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
    """Compressed JSON: kinds and ends (each begins where the one before ends), and speech."""
    document = {
        "sound": [[each.kind, each.end_ms] for each in found.stretches],
        "speech": found.speech and [_numbers(each) for each in found.speech],
    }
    return zlib.compress(json.dumps(document, separators=(",", ":")).encode(), 6)


def _numbers(each: SpeechStretch) -> tuple[int, int, int]:
    """First window, first window after it, and which of its sides were cut: 1 before, 2 after."""
    return each.start, each.end, each.is_cut_before + 2 * each.is_cut_after


def _unpack(payload: bytes, version: int) -> SoundMap:
    document = json.loads(zlib.decompress(payload))
    if isinstance(document, list):  # version 1: sounds alone
        return SoundMap(stretches=tuple(_stretches(document)), version=version)
    speech = document["speech"]
    return SoundMap(
        stretches=tuple(_stretches(document["sound"])),
        version=version,
        speech=None if speech is None else tuple(_heard(*numbers) for numbers in speech),
    )


def _heard(start: int, end: int, cut: int) -> SpeechStretch:
    return SpeechStretch(start, end, is_cut_before=bool(cut & 1), is_cut_after=bool(cut & 2))


def _stretches(rows: Iterable[tuple[str, int]]) -> Iterator[SoundStretch]:
    start = Milliseconds(0)
    for kind, end in rows:
        yield SoundStretch(start_ms=start, end_ms=Milliseconds(end), kind=SoundKind(kind))
        start = Milliseconds(end)

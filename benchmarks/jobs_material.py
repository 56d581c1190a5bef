"""A station's catalogue made up for measuring the queue: as many broadcasts as asked, all done.

Only the rows are there, no sound and no text: what planning and claiming look at.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from typing import Any

from radio_archive.audio import RENDITIONS
from radio_archive.db import Database
from radio_archive.db.schema import (
    broadcasts,
    fingerprints,
    indexed,
    programmes,
    recordings,
    renditions,
    sound_maps,
    transcripts,
)
from radio_archive.pipeline.fingerprinting import VERSION as FINGERPRINT_VERSION
from radio_archive.sound_map import VERSION as MAP_VERSION

PROGRAMMES = 60
"""As many as Studio Tamani's site lists, to the nearest ten."""

FIRST_DAY = 1_376_870_400
"""19 August 2013, the station's first, in seconds since 1970."""

DAYS = 4_820
BLOCK = 5_000
INDEX_FINGERPRINT = "measured"


def stock(database: Database, count: int) -> None:
    """Put ``count`` broadcasts into an empty catalogue, with nothing lacking."""
    chance = random.Random(20140816)
    with database.write() as connection:
        connection.execute(
            programmes.insert(),
            [{"id": f"p{number}", "title": f"P {number}"} for number in range(PROGRAMMES)],
        )
        for start in range(0, count, BLOCK):
            block = range(start, min(count, start + BLOCK))
            for table, rows in _rows(block, chance):
                connection.execute(table.insert(), rows)
    if not database.is_sqlite:
        with database.write() as connection:
            connection.exec_driver_sql("analyze")


def id_of(number: int) -> str:
    """The id of a made-up broadcast."""
    return hashlib.sha256(f"{number}".encode()).hexdigest()[:16]


def _rows(block: range, chance: random.Random) -> Iterator[tuple[Any, list[dict[str, object]]]]:
    yield (
        recordings,
        [
            {"key": f"r{each}", "extension": ".mp3", "media_type": "audio/mpeg"}
            | {"size_bytes": 1, "duration_ms": 600_000}
            for each in block
        ],
    )
    yield (
        broadcasts,
        [
            {"id": id_of(each), "source": "measured", "guid": f"{each}", "title": f"B {each}"}
            | {"programme_id": f"p{chance.randrange(PROGRAMMES)}", "language": "fr"}
            | {"aired_at": FIRST_DAY + chance.randrange(DAYS) * 86_400, "recording_key": f"r{each}"}
            for each in block
        ],
    )
    yield (
        renditions,
        [
            {"recording_key": f"r{each}", "name": spec.name, "key": f"{spec.name}{each}"}
            | {"extension": spec.extension, "media_type": spec.media_type, "size_bytes": 1}
            for each in block
            for spec in RENDITIONS
        ],
    )
    yield (
        sound_maps,
        [{"recording_key": f"r{each}", "version": MAP_VERSION, "payload": b""} for each in block],
    )
    yield (
        fingerprints,
        [
            {"recording_key": f"r{each}", "version": FINGERPRINT_VERSION, "payload": b""}
            | {"is_compared": True}
            for each in block
        ],
    )
    yield (
        transcripts,
        [
            {"id": each + 1, "broadcast_id": id_of(each), "kind": "machine", "language": "fr"}
            | {"trust": "machine", "created_at": 0, "is_current": True, "payload": bytes(9_000)}
            for each in block
        ],
    )
    yield (
        indexed,
        [
            {"broadcast_id": id_of(each), "transcript_id": each + 1, "revision": 1}
            | {"fingerprint": INDEX_FINGERPRINT}
            for each in block
        ],
    )

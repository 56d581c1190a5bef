"""The band of each passage: how sure the machine was of it."""

import json
import zlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from radio_archive.model import Word
from radio_archive.model.bands import MEASURED_ENGINES, band_of, band_of_all

revision = "0007"
down_revision = "0006"

_TRANSCRIPTS = sa.table(
    "transcripts",
    *map(sa.column, ("id", "kind", "engine", "is_current", "is_track", "payload")),
)
_PASSAGES = sa.table(
    "passages", *map(sa.column, ("transcript_id", "number", "start_ms", "end_ms", "band"))
)


def upgrade() -> None:
    """Add the column, and fill it from the words of what machines wrote so far.

    Null where people wrote the text, or an engine whose probabilities nobody measured.
    """
    op.add_column("passages", sa.Column("band", sa.Text(), nullable=True))
    connection = op.get_bind()
    is_measured = sa.or_(*(_TRANSCRIPTS.c.engine.startswith(name) for name in MEASURED_ENGINES))
    is_searched = sa.or_(_TRANSCRIPTS.c.is_current, _TRANSCRIPTS.c.is_track)
    ids = connection.execute(
        sa.select(_TRANSCRIPTS.c.id).where(
            _TRANSCRIPTS.c.kind == "machine", is_measured, is_searched
        )
    ).scalars()
    for transcript_id in ids.all():
        _fill(connection, transcript_id)


def _fill(connection: sa.Connection, transcript_id: int) -> None:
    """Give the passages of one transcript their bands."""
    mine = _PASSAGES.c.transcript_id == transcript_id
    payload, engine = connection.execute(
        sa.select(_TRANSCRIPTS.c.payload, _TRANSCRIPTS.c.engine).where(
            _TRANSCRIPTS.c.id == transcript_id
        )
    ).one()
    sentences = [
        (start_ms, end_ms, band_of([_word(word) for word in words], engine))
        for start_ms, end_ms, _, words, *_ in json.loads(zlib.decompress(payload))["segments"]
    ]
    for passage in connection.execute(sa.select(_PASSAGES).where(mine)).all():
        # only a sentence too long for a passage lies in several
        shares = [
            (band, min(end_ms, passage.end_ms) - max(start_ms, passage.start_ms))
            for start_ms, end_ms, band in sentences
        ]
        band = band_of_all((band, length) for band, length in shares if length > 0)
        connection.execute(
            sa.update(_PASSAGES).where(mine, _PASSAGES.c.number == passage.number).values(band=band)
        )


def _word(fields: Sequence[Any]) -> Word:
    start_ms, end_ms, text, probability = fields
    return Word(start_ms=start_ms, end_ms=end_ms, text=text, probability=probability)

"""What readers may not see: asked wherever the catalogue gives something out."""

from __future__ import annotations

from sqlalchemy import Connection, exists, select

from radio_archive.db.schema import broadcasts
from radio_archive.db.withdrawals import withdrawals
from radio_archive.model import Excerpt, Milliseconds

_HOLDS = withdrawals.c.undone_at.is_(None)
_IS_WHOLE = withdrawals.c.start_ms.is_(None)

WITHDRAWN_IDS = select(withdrawals.c.broadcast_id).where(_HOLDS, _IS_WHOLE)
"""The broadcasts that are hidden whole: few, looked up as a set."""

IS_SHOWN = broadcasts.c.id.not_in(WITHDRAWN_IDS)
"""Whether a broadcast may be shown at all."""

HAS_HIDDEN = exists().where(
    withdrawals.c.broadcast_id == broadcasts.c.id, _HOLDS, withdrawals.c.start_ms.is_not(None)
)
"""Whether stretches of a broadcast are hidden."""


def is_withdrawn(connection: Connection, broadcast_id: str) -> bool:
    """Whether a whole broadcast is hidden."""
    found = WITHDRAWN_IDS.where(withdrawals.c.broadcast_id == broadcast_id).limit(1)
    return connection.execute(found).first() is not None


def hidden_in(connection: Connection, broadcast_id: str) -> tuple[Excerpt, ...]:
    """The stretches of a broadcast that are hidden, by time."""
    rows = connection.execute(
        select(withdrawals.c.start_ms, withdrawals.c.end_ms)
        .where(withdrawals.c.broadcast_id == broadcast_id, _HOLDS, ~_IS_WHOLE)
        .order_by(withdrawals.c.start_ms, withdrawals.c.end_ms)
    ).all()
    return tuple(
        Excerpt(start_ms=Milliseconds(row.start_ms), end_ms=Milliseconds(row.end_ms))
        for row in rows
    )

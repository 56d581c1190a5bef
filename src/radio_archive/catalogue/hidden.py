"""What readers may not see: asked wherever the catalogue gives something out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, Select, exists, select

from radio_archive.db.schema import broadcasts
from radio_archive.db.withdrawal_tables import withdrawals
from radio_archive.model import BroadcastId, Excerpt, Milliseconds

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
    return hidden_in_each(connection, [broadcast_id]).get(BroadcastId(broadcast_id), ())


def hidden_in_each(
    connection: Connection, ids: Collection[str]
) -> Mapping[BroadcastId, tuple[Excerpt, ...]]:
    """The same of each of several broadcasts; those of which nothing is hidden are left out."""
    rows = connection.execute(
        select(withdrawals.c.broadcast_id, withdrawals.c.start_ms, withdrawals.c.end_ms)
        .where(withdrawals.c.broadcast_id.in_(ids), _HOLDS, ~_IS_WHOLE)
        .order_by(withdrawals.c.start_ms, withdrawals.c.end_ms)
    ).all()
    found: dict[BroadcastId, tuple[Excerpt, ...]] = {}
    for row in rows:
        excerpt = Excerpt(start_ms=Milliseconds(row.start_ms), end_ms=Milliseconds(row.end_ms))
        broadcast_id = BroadcastId(row.broadcast_id)
        found[broadcast_id] = (*found.get(broadcast_id, ()), excerpt)
    return found


def partly_hidden_since(ids: Collection[str], seconds: int) -> Select[str]:
    """Those of some broadcasts of which stretches were hidden at a moment or later.

    What was hidden before is in no copy of their words that was made at that moment.

    Args:
        ids: the broadcasts.
        seconds: the moment, since 1970.
    """
    is_one = withdrawals.c.broadcast_id.in_(ids)
    is_later = withdrawals.c.at >= seconds
    return select(withdrawals.c.broadcast_id).where(is_one, _HOLDS, ~_IS_WHOLE, is_later)

"""Texts that came into the index: noted in the same transaction, for the alerts to look at."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, exists, select

from radio_archive.db.alert_tables import alerts, fresh
from radio_archive.db.schema import indexed
from radio_archive.model import BroadcastId, TranscriptId

_FEW = 500
"""Broadcasts asked for by name; of more, all are read."""
_FORGET = fresh.delete().where(fresh.c.broadcast_id == bindparam("known"))


def note_fresh(
    connection: Connection, versions: Mapping[BroadcastId, tuple[TranscriptId, int]]
) -> None:
    """Note the broadcasts whose text is another than the one indexed before; before that is set.

    An index built anew notes nothing that lay in the old one, and an archive without alerts notes
    nothing at all.
    """
    if not connection.execute(select(exists().where(alerts.c.id.is_not(None)))).scalar_one():
        return
    lies = select(indexed.c.broadcast_id, indexed.c.transcript_id)
    if len(versions) <= _FEW:
        lies = lies.where(indexed.c.broadcast_id.in_(list(versions)))
    before = {row.broadcast_id: row.transcript_id for row in connection.execute(lies).all()}
    rows = [
        {"broadcast_id": broadcast_id, "transcript_id": transcript_id}
        for broadcast_id, (transcript_id, _) in versions.items()
        if before.get(broadcast_id) != transcript_id
    ]
    if rows:
        connection.execute(_FORGET, [{"known": row["broadcast_id"]} for row in rows])
        connection.execute(fresh.insert(), rows)

"""What was hidden, by whom and why, in the catalogue. No row is ever deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, select, update

from radio_archive.catalogue.hidden import hidden_in, hidden_in_each, is_withdrawn
from radio_archive.catalogue.rows import (
    AnyRow,
    rendition_from,
    to_datetime,
    to_seconds,
    transcript_from,
)
from radio_archive.catalogue.versions import IS_SEARCHED, replace_passages, take_turns
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts, passages, renditions, transcripts
from radio_archive.db.withdrawal_tables import muted_renditions, withdrawals
from radio_archive.errors import BadInput, NotFound
from radio_archive.model import (
    BroadcastId,
    Excerpt,
    Milliseconds,
    Passage,
    Recording,
    RecordingKey,
    Rendition,
    Transcript,
)
from radio_archive.model.withdrawals import (
    NewWithdrawal,
    Withdrawal,
    WithdrawalId,
    merged,
    shown,
)

Cut = Callable[[Transcript], Sequence[Passage]]
"""Makes the passages of a transcript."""


class Withdrawals:
    """Broadcasts and stretches that are hidden everywhere, and the sound without them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, broadcast_id: BroadcastId, new: NewWithdrawal, cut: Cut) -> Withdrawal:
        """Hide a broadcast or a stretch, and take its words out of what is searched: at once.

        Hiding again what is hidden already changes nothing.
        """
        start, end = _bounds(new.excerpt)
        values = {
            "broadcast_id": broadcast_id,
            "start_ms": start,
            "end_ms": end,
            "reason": new.reason,
            "by": new.by,
            "at": to_seconds(datetime.now(UTC)),
        }
        same = (
            withdrawals.c.broadcast_id == broadcast_id,
            withdrawals.c.start_ms.is_not_distinct_from(start),
            withdrawals.c.end_ms.is_not_distinct_from(end),
            withdrawals.c.undone_at.is_(None),
        )
        with self._database.write() as connection:
            # a text that is stored in the same moment is either cut here, or sees that it is hidden
            take_turns(connection, broadcast_id)
            known = connection.execute(select(withdrawals).where(*same)).first()
            if known is not None:
                return _withdrawal_from(known)
            statement = withdrawals.insert().values(**values).returning(withdrawals)
            row = connection.execute(statement).one()
            _recut(connection, broadcast_id, cut)
        return _withdrawal_from(row)

    def undo(self, withdrawal: Withdrawal, by: str, reason: str, cut: Cut) -> Withdrawal:
        """Show again what was hidden, and search it again.

        Raises:
            BadInput: that was done already.
        """
        with self._database.write() as connection:
            take_turns(connection, withdrawal.broadcast_id)
            row = connection.execute(
                update(withdrawals)
                .where(withdrawals.c.id == withdrawal.id, withdrawals.c.undone_at.is_(None))
                .values(undone_at=to_seconds(datetime.now(UTC)), undone_by=by, undone_reason=reason)
                .returning(withdrawals)
            ).one_or_none()
            if row is None:
                raise BadInput(
                    f"The withdrawal {withdrawal.id} was undone already.",
                    hint="`radio-archive withdraw BROADCAST --list` shows what holds.",
                )
            _recut(connection, withdrawal.broadcast_id, cut)
        return _withdrawal_from(row)

    def of(self, broadcast_id: str) -> tuple[Withdrawal, ...]:
        """All that was ever hidden of a broadcast, the last first."""
        statement = (
            select(withdrawals)
            .where(withdrawals.c.broadcast_id == broadcast_id)
            .order_by(withdrawals.c.id.desc())
        )
        with self._database.read() as connection:
            return tuple(_withdrawal_from(row) for row in connection.execute(statement).all())

    def get(self, broadcast_id: str, number: int) -> Withdrawal:
        """One withdrawal of a broadcast.

        Raises:
            NotFound: it has no such one.
        """
        for each in self.of(broadcast_id):
            if each.id == number:
                return each
        raise NotFound(
            f"Broadcast {broadcast_id[:64]} has no withdrawal {number}.",
            hint=f"List them: radio-archive withdraw {broadcast_id[:64]} --list",
        )

    def hidden_in(self, broadcast_id: str) -> tuple[Excerpt, ...]:
        """The stretches of a broadcast that are hidden, by time."""
        with self._database.read() as connection:
            return hidden_in(connection, broadcast_id)

    def renditions(self, broadcast_id: BroadcastId, key: RecordingKey) -> tuple[Rendition, ...]:
        """What may be heard of a broadcast: where stretches are hidden, only sound without them.

        Args:
            broadcast_id: which broadcast.
            key: of its recording.
        """
        return self.renditions_of({broadcast_id: key}).get(broadcast_id, ())

    def renditions_of(
        self, keys: Mapping[BroadcastId, RecordingKey]
    ) -> Mapping[BroadcastId, tuple[Rendition, ...]]:
        """The same of each of several broadcasts; those with nothing are left out.

        Args:
            keys: of the recording of each.
        """
        with self._database.read() as connection:
            hidden = hidden_in_each(connection, list(keys))
            held = _plain(connection, [key for each, key in keys.items() if each not in hidden])
            muted = _muted(connection, hidden)
        found = {
            each: muted.get((each, key), ()) if each in hidden else held.get(key, ())
            for each, key in keys.items()
        }
        return {each: sounds for each, sounds in found.items() if sounds}

    def add_muted(
        self,
        broadcast_id: BroadcastId,
        recording: Recording,
        hidden: Sequence[Excerpt],
        rendition: Rendition,
    ) -> None:
        """Record sound in which stretches are silent, unless others are to be silent by now."""
        muted = muted_renditions.c
        with self._database.write() as connection:
            if merged(hidden_in(connection, broadcast_id)) != merged(hidden):
                return
            connection.execute(
                muted_renditions.delete().where(
                    muted.broadcast_id == broadcast_id, muted.name == rendition.name
                )
            )
            connection.execute(
                muted_renditions.insert().values(
                    broadcast_id=broadcast_id,
                    name=rendition.name,
                    recording_key=recording.key,
                    stretches=stretches_text(hidden),
                    key=rendition.key,
                    extension=rendition.extension,
                    media_type=rendition.media_type,
                    size_bytes=rendition.size_bytes,
                )
            )


def _plain(
    connection: Connection, keys: Sequence[RecordingKey]
) -> Mapping[RecordingKey, tuple[Rendition, ...]]:
    """The sound of whole recordings."""
    statement = select(renditions).where(renditions.c.recording_key.in_(keys))
    found: dict[RecordingKey, tuple[Rendition, ...]] = {}
    for row in connection.execute(statement.order_by(renditions.c.name)).all():
        key = RecordingKey(row.recording_key)
        found[key] = (*found.get(key, ()), rendition_from(row))
    return found


def _muted(
    connection: Connection, hidden: Mapping[BroadcastId, Sequence[Excerpt]]
) -> Mapping[tuple[BroadcastId, RecordingKey], tuple[Rendition, ...]]:
    """The sound of broadcasts and their recordings in which all is silent that is hidden now."""
    found: dict[tuple[BroadcastId, RecordingKey], tuple[Rendition, ...]] = {}
    if not hidden:
        return found
    statement = select(muted_renditions).where(muted_renditions.c.broadcast_id.in_(list(hidden)))
    for row in connection.execute(statement.order_by(muted_renditions.c.name)).all():
        key = BroadcastId(row.broadcast_id), RecordingKey(row.recording_key)
        if row.stretches == stretches_text(hidden[key[0]]):
            found[key] = (*found.get(key, ()), rendition_from(row))
    return found


def stretches_text(hidden: Sequence[Excerpt]) -> str:
    """Stretches as the catalogue keeps them; the same silence has the same text."""
    return ",".join(f"{each.start_ms}-{each.end_ms}" for each in merged(hidden))


def _bounds(excerpt: Excerpt | None) -> tuple[int | None, int | None]:
    return (None, None) if excerpt is None else (excerpt.start_ms, excerpt.end_ms)


def _recut(connection: Connection, broadcast_id: BroadcastId, cut: Cut) -> None:
    """Make the passages of a broadcast anew of what is shown of it, and have all else follow."""
    muted = muted_renditions.delete().where(muted_renditions.c.broadcast_id == broadcast_id)
    connection.execute(muted)
    connection.execute(passages.delete().where(passages.c.broadcast_id == broadcast_id))
    if not is_withdrawn(connection, broadcast_id):
        hidden = hidden_in(connection, broadcast_id)
        rows = connection.execute(
            select(transcripts)
            .where(transcripts.c.broadcast_id == broadcast_id, IS_SEARCHED)
            .order_by(transcripts.c.id)
        ).all()
        replace_passages(
            connection,
            broadcast_id,
            [
                (row.is_current, row.id, passage)
                for row in rows
                for passage in cut(shown(transcript_from(row), hidden))
            ],
        )
    connection.execute(
        update(broadcasts)
        .where(broadcasts.c.id == broadcast_id)
        .values(revision=broadcasts.c.revision + 1)
    )


def _withdrawal_from(row: AnyRow) -> Withdrawal:
    at = to_datetime(row.at)
    assert at is not None  # noqa: S101 (the column is not null)
    excerpt = None
    if row.start_ms is not None:
        excerpt = Excerpt(start_ms=Milliseconds(row.start_ms), end_ms=Milliseconds(row.end_ms))
    return Withdrawal(
        id=WithdrawalId(row.id),
        broadcast_id=BroadcastId(row.broadcast_id),
        excerpt=excerpt,
        reason=row.reason,
        by=row.by,
        at=at,
        undone_at=to_datetime(row.undone_at),
        undone_by=row.undone_by,
        undone_reason=row.undone_reason,
    )

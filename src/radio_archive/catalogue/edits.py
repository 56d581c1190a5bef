"""Who changed what in a transcript, and what editors wrote without saving, in the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Select, select

from radio_archive.catalogue.hidden import hidden_in
from radio_archive.catalogue.rows import AnyRow, to_datetime, to_seconds
from radio_archive.catalogue.versions import Then
from radio_archive.catalogue.voices import copy_names
from radio_archive.db import Database
from radio_archive.db.schema import drafts, edits
from radio_archive.errors import NotFound, Withdrawn
from radio_archive.model import (
    BroadcastId,
    Draft,
    Edit,
    EditId,
    EditKind,
    Excerpt,
    Milliseconds,
    NewEdit,
    SentenceVersion,
    TranscriptId,
)
from radio_archive.model.withdrawals import touches

_EDIT = edits.c
_UNDOING = edits.alias("undoing")
_SELECT_EDIT = select(
    edits, select(_UNDOING.c.id).where(_UNDOING.c.undoes == _EDIT.id).exists().label("is_undone")
)


def record(
    connection: Connection,
    broadcast_id: BroadcastId,
    edit: NewEdit,
    versions: tuple[TranscriptId | None, TranscriptId],
) -> EditId:
    """Write down a change inside the transaction that makes it.

    Args:
        connection: of that transaction.
        broadcast_id: whose transcript it is.
        edit: the change.
        versions: the version it was made from, if there was one, and the one it made.
    """
    before, after = versions
    values = {
        "broadcast_id": broadcast_id,
        "transcript_id": after,
        "before_id": before,
        "kind": edit.kind,
        "by": edit.by,
        "at": to_seconds(datetime.now(UTC)),
        "start_ms": edit.start_ms,
        "end_ms": edit.end_ms,
        "was_start_ms": edit.was_start_ms,
        "was_end_ms": edit.was_end_ms,
        "before": edit.before,
        "after": edit.after,
        "undoes": edit.undoes,
    }
    statement = edits.insert().values(**values).returning(_EDIT.id)
    return EditId(connection.execute(statement).scalar_one())


def recording(
    broadcast_id: BroadcastId,
    edit: NewEdit,
    before: TranscriptId,
    voices: TranscriptId | None,
    told: list[EditId] | None = None,
) -> Then:
    """What writes a change down when its version is stored.

    Args:
        broadcast_id: whose transcript it is.
        edit: the change.
        before: the version it was made from.
        voices: the version whose voices it has, with the names people gave them; None where a
            machine lettered them anew.
        told: gets the number of the change.
    """

    def then(connection: Connection, made: TranscriptId) -> None:
        number = record(connection, broadcast_id, edit, (before, made))
        if voices is not None:
            copy_names(connection, voices, made)
        if told is not None:
            told.append(number)

    return then


class Edits:
    """The history of corrections: nothing of it is ever changed or deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        broadcast_id: BroadcastId,
        edit: NewEdit,
        versions: tuple[TranscriptId | None, TranscriptId],
    ) -> EditId:
        """Write down a change that was made already; arguments as for `record`."""
        with self._database.write() as connection:
            return record(connection, broadcast_id, edit, versions)

    def get(self, broadcast_id: str, edit_id: int) -> Edit:
        """One change.

        Raises:
            NotFound: the broadcast has no such change.
            Withdrawn: it is of a sentence that is hidden.
        """
        statement = _SELECT_EDIT.where(_EDIT.broadcast_id == broadcast_id, _EDIT.id == edit_id)
        for edit in self._read(statement, broadcast_id):
            if edit.is_withdrawn:
                raise Withdrawn(
                    f"The sentence of the correction {edit_id} was withdrawn.",
                    hint="Nothing of it can be changed while it is hidden.",
                )
            return edit
        raise NotFound(
            f"Broadcast {broadcast_id[:64]} has no correction {edit_id}.",
            hint=f"Its corrections are listed at /broadcasts/{broadcast_id[:64]}/history.",
        )

    def of(self, broadcast_id: str, at_ms: int | None = None) -> tuple[Edit, ...]:
        """The changes of a broadcast, the last first.

        Args:
            broadcast_id: which broadcast.
            at_ms: only what was changed in the sentence said at this moment, or in the whole text.
        """
        statement = _SELECT_EDIT.where(_EDIT.broadcast_id == broadcast_id)
        if at_ms is not None:
            said = (_EDIT.start_ms <= at_ms) & (_EDIT.end_ms >= at_ms)
            was_said = (_EDIT.was_start_ms <= at_ms) & (_EDIT.was_end_ms >= at_ms)
            statement = statement.where(said | was_said | _EDIT.start_ms.is_(None))
        return self._read(statement.order_by(_EDIT.id.desc()), broadcast_id)

    def left_by_hidden(self, broadcast_id: str) -> tuple[Excerpt, ...]:
        """Where sentences were once said that are hidden where they are said now."""
        return tuple(
            Excerpt(start_ms=edit.was_start_ms, end_ms=edit.was_end_ms)
            for edit in self.of(broadcast_id)
            if edit.is_withdrawn and edit.was_start_ms is not None and edit.was_end_ms is not None
        )

    def _read(self, statement: Select[*tuple[object, ...]], broadcast_id: str) -> tuple[Edit, ...]:
        with self._database.read() as connection:
            hidden = hidden_in(connection, broadcast_id)
            edits_found = [_edit_from(row) for row in connection.execute(statement).all()]
        return tuple(
            replace(each, before="", after="", is_withdrawn=True)
            if _is_hidden(each, hidden)
            else each
            for each in edits_found
        )


def _is_hidden(edit: Edit, hidden: Sequence[Excerpt]) -> bool:
    """Whether anything that a change replaced or wrote is hidden."""
    times = ((edit.start_ms, edit.end_ms), (edit.was_start_ms, edit.was_end_ms))
    return any(start is not None and touches(start, end or 0, hidden) for start, end in times)


def _edit_from(row: AnyRow) -> Edit:
    at = to_datetime(row.at)
    assert at is not None  # noqa: S101 (the column is not null)
    return Edit(
        id=EditId(row.id),
        broadcast_id=BroadcastId(row.broadcast_id),
        transcript_id=TranscriptId(row.transcript_id),
        before_id=None if row.before_id is None else TranscriptId(row.before_id),
        kind=EditKind(row.kind),
        by=row.by,
        at=at,
        start_ms=_moment(row.start_ms),
        end_ms=_moment(row.end_ms),
        was_start_ms=_moment(row.was_start_ms),
        was_end_ms=_moment(row.was_end_ms),
        before=row.before,
        after=row.after,
        undoes=None if row.undoes is None else EditId(row.undoes),
        is_undone=bool(row.is_undone),
    )


def _moment(stored: int | None) -> Milliseconds | None:
    return None if stored is None else Milliseconds(stored)


class Drafts:
    """What editors wrote and did not save: one text over each version of a sentence."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, editor_key: str, broadcast_id: BroadcastId, draft: Draft) -> None:
        """Keep a draft instead of the one before."""
        with self._database.write() as connection:
            _delete(connection, editor_key, broadcast_id, draft.version)
            connection.execute(
                drafts.insert().values(
                    editor_key=editor_key,
                    broadcast_id=broadcast_id,
                    version=draft.version,
                    start_ms=draft.start_ms,
                    text=draft.text,
                    at=to_seconds(draft.at),
                )
            )

    def drop(self, editor_key: str, broadcast_id: str, version: str) -> None:
        """Forget a draft: it was saved, or is not wanted any more."""
        with self._database.write() as connection:
            _delete(connection, editor_key, broadcast_id, version)

    def of(self, editor_key: str, broadcast_id: str) -> Sequence[Draft]:
        """The drafts of an editor in a broadcast, in the order of its sound."""
        statement = (
            select(drafts)
            .where(drafts.c.editor_key == editor_key, drafts.c.broadcast_id == broadcast_id)
            .order_by(drafts.c.start_ms, drafts.c.version)
        )
        with self._database.read() as connection:
            hidden = hidden_in(connection, broadcast_id)
            rows = connection.execute(statement).all()
        return [_draft_from(row) for row in rows if not touches(row.start_ms, row.start_ms, hidden)]


def _delete(connection: Connection, editor_key: str, broadcast_id: str, version: str) -> None:
    connection.execute(
        drafts.delete().where(
            drafts.c.editor_key == editor_key,
            drafts.c.broadcast_id == broadcast_id,
            drafts.c.version == version,
        )
    )


def _draft_from(row: AnyRow) -> Draft:
    at = to_datetime(row.at)
    assert at is not None  # noqa: S101 (the column is not null)
    return Draft(
        version=SentenceVersion(row.version),
        start_ms=Milliseconds(row.start_ms),
        text=row.text,
        at=at,
    )

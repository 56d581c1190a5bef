"""Dossiers and what is in them, in the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Select, func, select, update

from radio_archive.catalogue.documents import (
    change_document,
    delete_document,
    document_from,
    insert_document,
)
from radio_archive.catalogue.rows import AnyRow, to_datetime, to_seconds
from radio_archive.db import Database
from radio_archive.db.dossier_tables import documents, dossier_entries, dossiers
from radio_archive.errors import BadInput, Conflict, NotFound
from radio_archive.model import (
    BroadcastId,
    DocumentText,
    Dossier,
    DossierEntry,
    DossierId,
    EntryKind,
    EntryNumber,
    Excerpt,
    Milliseconds,
    NewDocument,
    NewEntry,
    QuoteRequest,
    TranscriptId,
)

MOST_ENTRIES = 500
"""Chosen: a dossier is read by people, and exported whole."""

_ENTRY = dossier_entries.c
_SELECT_DOSSIER = (
    select(dossiers, func.count(_ENTRY.id).label("entries"))
    .outerjoin(dossier_entries, _ENTRY.dossier_id == dossiers.c.id)
    .group_by(dossiers.c.id)
)
_SELECT_ENTRY = select(
    _ENTRY.id.label("number"),
    *(column for column in _ENTRY if column is not _ENTRY.id),
    *(column for column in documents.c),
).outerjoin(documents, documents.c.id == _ENTRY.document_id)


class Dossiers:
    """Collections, their entries in order, and the documents that stand in them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, *, is_public_only: bool) -> tuple[Dossier, ...]:
        """Every dossier, what changed last first."""
        statement = _SELECT_DOSSIER.order_by(dossiers.c.changed_at.desc(), dossiers.c.slug)
        if is_public_only:
            statement = statement.where(dossiers.c.is_public)
        return self._read(statement)

    def find(self, slug: str) -> Dossier | None:
        """The dossier of an address."""
        found = self._read(_SELECT_DOSSIER.where(dossiers.c.slug == slug))
        return found[0] if found else None

    def make(self, slug: str, title: str, by: str) -> Dossier:
        """Begin a dossier, private and empty; where the slug is taken, a number is added to it."""
        now = to_seconds(datetime.now(UTC))
        values = {"title": title, "summary": "", "is_public": False, "made_by": by}
        values |= {"made_at": now, "changed_by": by, "changed_at": now}
        with self._database.write() as connection:
            taken = select(dossiers.c.slug).where(dossiers.c.slug.startswith(slug, autoescape=True))
            known = set(connection.execute(taken).scalars())
            names = (slug, *(f"{slug}-{number}" for number in range(2, len(known) + 3)))
            free = next(name for name in names if name not in known)
            connection.execute(dossiers.insert().values(slug=free, **values))
        made = self.find(free)
        assert made is not None  # noqa: S101 (it was just stored)
        return made

    def change(self, dossier: Dossier, by: str) -> None:
        """Store title, summary and whether it is public."""
        with self._database.write() as connection:
            self._touch(connection, dossier.id, by)
            connection.execute(
                update(dossiers)
                .where(dossiers.c.id == dossier.id)
                .values(title=dossier.title, summary=dossier.summary, is_public=dossier.is_public)
            )

    def delete(self, dossier_id: DossierId) -> None:
        """Forget a dossier with its notes and documents; broadcasts stay."""
        with self._database.write() as connection:
            mine = _ENTRY.dossier_id == dossier_id
            kept = connection.execute(select(_ENTRY.document_id).where(mine)).scalars().all()
            connection.execute(dossier_entries.delete().where(mine))
            for document_id in kept:
                if document_id is not None:
                    delete_document(connection, document_id)
            connection.execute(dossiers.delete().where(dossiers.c.id == dossier_id))

    def entries(self, dossier_id: DossierId) -> tuple[DossierEntry, ...]:
        """All that is in a dossier, in order."""
        statement = _SELECT_ENTRY.where(_ENTRY.dossier_id == dossier_id)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(_ENTRY.place, _ENTRY.id)).all()
        return tuple(_entry_from(row) for row in rows)

    def add(self, dossier_id: DossierId, new: NewEntry, by: str) -> EntryNumber:
        """Put a passage or a broadcast at the end.

        Raises:
            BadInput: the dossier is full.
        """
        with self._database.write() as connection:
            return self._add(connection, dossier_id, new, by)

    def add_document(
        self, dossier_id: DossierId, new: NewDocument, read: DocumentText, note: str, by: str
    ) -> EntryNumber:
        """Put a document at the end, with what was read of it.

        Raises:
            BadInput: the dossier is full.
        """
        entry = NewEntry(kind=EntryKind.DOCUMENT, note=note)
        with self._database.write() as connection:
            number = self._add(connection, dossier_id, entry, by)
            document_id = insert_document(connection, new, read)
            connection.execute(
                update(dossier_entries).where(_ENTRY.id == number).values(document_id=document_id)
            )
            return number

    def annotate(self, dossier_id: DossierId, number: int, note: str, seen: str, by: str) -> None:
        """Write another note beside an entry.

        Args:
            dossier_id: of the dossier.
            number: of the entry.
            note: what shall stand there.
            seen: what stood there when its author began to write.
            by: name of the editor.

        Raises:
            NotFound: the dossier has no such entry.
            Conflict: somebody wrote another note meanwhile.
        """
        with self._database.write() as connection:
            now = self._require(connection, dossier_id, number)
            if now.note not in (seen, note):
                raise Conflict(
                    "Somebody wrote another note meanwhile: nothing was overwritten.",
                    hint="Put both together, and save again.",
                )
            connection.execute(update(dossier_entries).where(_ENTRY.id == number).values(note=note))
            self._touch(connection, dossier_id, by)

    def move(self, dossier_id: DossierId, number: int, place: int, by: str) -> None:
        """Put an entry at a place, from 0; beyond the end is the end.

        Raises:
            NotFound: the dossier has no such entry.
        """
        with self._database.write() as connection:
            self._require(connection, dossier_id, number)
            ordered = (
                select(_ENTRY.id)
                .where(_ENTRY.dossier_id == dossier_id, _ENTRY.id != number)
                .order_by(_ENTRY.place, _ENTRY.id)
            )
            others = list(connection.execute(ordered).scalars())
            others.insert(max(0, place), number)
            for at, each in enumerate(others):
                connection.execute(
                    update(dossier_entries).where(_ENTRY.id == each).values(place=at)
                )
            self._touch(connection, dossier_id, by)

    def remove(self, dossier_id: DossierId, number: int, by: str) -> None:
        """Take an entry out; a document is forgotten with it.

        Raises:
            NotFound: the dossier has no such entry.
        """
        with self._database.write() as connection:
            gone = self._require(connection, dossier_id, number)
            connection.execute(dossier_entries.delete().where(_ENTRY.id == number))
            if gone.document_id is not None:
                delete_document(connection, gone.document_id)
            self._touch(connection, dossier_id, by)

    def change_document(
        self, dossier_id: DossierId, number: int, values: NewDocument, by: str
    ) -> None:
        """Give a document another title, language, address and original.

        Raises:
            NotFound: the dossier has no such document.
        """
        with self._database.write() as connection:
            found = self._require(connection, dossier_id, number)
            if found.document_id is None:
                raise NotFound(
                    f"The entry {number} is no document.", hint="Open the dossier again."
                )
            change_document(connection, found.document_id, values)
            self._touch(connection, dossier_id, by)

    def _read(self, statement: Select[*tuple[object, ...]]) -> tuple[Dossier, ...]:
        with self._database.read() as connection:
            return tuple(_dossier_from(row) for row in connection.execute(statement))

    def _add(
        self, connection: Connection, dossier_id: DossierId, new: NewEntry, by: str
    ) -> EntryNumber:
        mine = _ENTRY.dossier_id == dossier_id
        count, last = connection.execute(
            select(func.count(), func.max(_ENTRY.place)).where(mine)
        ).one()
        if count >= MOST_ENTRIES:
            raise BadInput(
                f"A dossier holds {MOST_ENTRIES} entries at most.", hint="Begin another one."
            )
        excerpt = None if new.quoted is None else new.quoted.excerpt
        values = {
            "dossier_id": dossier_id,
            "place": 0 if last is None else last + 1,
            "kind": new.kind,
            "note": new.note,
            "broadcast_id": new.broadcast_id,
            "start_ms": excerpt and excerpt.start_ms,
            "end_ms": excerpt and excerpt.end_ms,
            "transcript_id": new.quoted and new.quoted.version,
            "digest": new.quoted.digest if new.quoted else "",
            "added_by": by,
            "added_at": to_seconds(datetime.now(UTC)),
        }
        made = dossier_entries.insert().values(**values).returning(_ENTRY.id)
        self._touch(connection, dossier_id, by)
        return EntryNumber(connection.execute(made).scalar_one())

    def _require(self, connection: Connection, dossier_id: DossierId, number: int) -> AnyRow:
        statement = select(_ENTRY.note, _ENTRY.document_id).where(
            _ENTRY.dossier_id == dossier_id, _ENTRY.id == number
        )
        found = connection.execute(statement).one_or_none()
        if found is None:
            raise NotFound(
                f"The dossier has no entry {number}.", hint="It was taken out: open it again."
            )
        return found

    def _touch(self, connection: Connection, dossier_id: DossierId, by: str) -> None:
        now = to_seconds(datetime.now(UTC))
        connection.execute(
            update(dossiers)
            .where(dossiers.c.id == dossier_id)
            .values(changed_by=by, changed_at=now)
        )


def _dossier_from(row: AnyRow) -> Dossier:
    return Dossier(
        id=DossierId(row.id),
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        is_public=row.is_public,
        made_by=row.made_by,
        made_at=_moment(row.made_at),
        changed_by=row.changed_by,
        changed_at=_moment(row.changed_at),
        entries=row.entries,
    )


def _entry_from(row: AnyRow) -> DossierEntry:
    quoted = None
    if row.start_ms is not None:
        quoted = QuoteRequest(
            excerpt=Excerpt(start_ms=Milliseconds(row.start_ms), end_ms=Milliseconds(row.end_ms)),
            version=None if row.transcript_id is None else TranscriptId(row.transcript_id),
            digest=row.digest,
        )
    return DossierEntry(
        number=EntryNumber(row.number),
        kind=EntryKind(row.kind),
        note=row.note,
        added_by=row.added_by,
        added_at=_moment(row.added_at),
        broadcast_id=None if row.broadcast_id is None else BroadcastId(row.broadcast_id),
        quoted=quoted,
        document=None if row.document_id is None else document_from(row),
    )


def _moment(seconds: int) -> datetime:
    moment = to_datetime(seconds)
    assert moment is not None  # noqa: S101 (never null)
    return moment

"""Documents of dossiers: their bytes, their text page by page, and the words it is found by.

The words lie in the catalogue and not in a search index: there are few documents beside passages,
every search engine gets the same answer, and a document is found as soon as it is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    false,
    or_,
    select,
    tuple_,
    update,
)

from radio_archive.catalogue.rows import AnyRow
from radio_archive.db import Database
from radio_archive.db.dossier_tables import (
    document_blocks,
    document_pages,
    document_words,
    documents,
    dossier_entries,
    dossiers,
)
from radio_archive.errors import NotFound
from radio_archive.languages.analysis import VERSION, analyze_as, analyzer_name
from radio_archive.model import (
    Document,
    DocumentId,
    DocumentState,
    DocumentText,
    LanguageTag,
    NewDocument,
)

TITLE_PAGE = 0
"""Stands for the title among the pages."""

#: bytes of a row: a move of the catalogue fetches a hundred rows at a time
_BLOCK_BYTES = 256_000
#: documents whose words are renewed in one transaction
_BATCH = 20

_LAST = "\U0010ffff"
_PAGE = tuple_(document_pages.c.document_id, document_pages.c.page)


class WantedWord(NamedTuple):
    """A word that a page must hold."""

    forms: tuple[str, ...]  #: any of them
    is_prefix: bool = False  #: forms are beginnings


WantedRow = tuple[WantedWord, ...]
"""Words that must all stand on the page."""
WantedClause = tuple[WantedRow, ...]
"""Rows any of which will do."""
WantedReading = tuple[WantedClause, ...]
"""Clauses that must all be met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """A page that holds what was wanted, and where its document stands."""

    document: Document
    page: int  #: `TITLE_PAGE` for the title
    text: str
    slug: str  #: of the dossier
    dossier_title: str


class Documents:
    """Reading documents; they are written with the entry they stand in, see `Dossiers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def content(self, document_id: int) -> bytes:
        """The bytes of a PDF.

        Raises:
            NotFound: nothing is kept of it.
        """
        statement = (
            select(document_blocks.c.content)
            .where(document_blocks.c.document_id == document_id)
            .order_by(document_blocks.c.number)
        )
        with self._database.read() as connection:
            found = b"".join(connection.execute(statement).scalars())
        if not found:
            raise NotFound(f"Nothing is kept of the document {document_id}.")
        return found

    def pages(self, document_id: int) -> tuple[str, ...]:
        """The text of each page that was read, from the first."""
        statement = (
            select(document_pages.c.text)
            .where(document_pages.c.document_id == document_id, document_pages.c.page > TITLE_PAGE)
            .order_by(document_pages.c.page)
        )
        with self._database.read() as connection:
            return tuple(connection.execute(statement).scalars())

    def languages(self) -> tuple[LanguageTag, ...]:
        """The languages of documents in public dossiers."""
        statement = _public(select(documents.c.language).distinct())
        with self._database.read() as connection:
            return tuple(LanguageTag(tag) for tag in connection.execute(statement).scalars())

    def find_pages(
        self, language: LanguageTag, readings: Sequence[WantedReading], limit: int
    ) -> tuple[FoundPage, ...]:
        """Pages of public dossiers that hold the words of a reading, in any order.

        Args:
            language: of the documents.
            readings: any of them will do.
            limit: how many pages at most, those of the newest documents first.
        """
        wanted = or_(false(), *(self._holds(each) for each in readings))
        statement = (
            _public(
                select(
                    documents,
                    document_pages.c.page,
                    document_pages.c.text,
                    dossiers.c.slug,
                    dossiers.c.title.label("dossier_title"),
                ).join(document_pages, document_pages.c.document_id == documents.c.id)
            )
            .where(documents.c.language == language, wanted)
            .order_by(documents.c.id.desc(), document_pages.c.page)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(
                FoundPage(
                    document=document_from(row),
                    page=row.page,
                    text=row.text,
                    slug=row.slug,
                    dossier_title=row.dossier_title,
                )
                for row in connection.execute(statement)
            )

    def refresh(self) -> int:
        """Renew the words that older spelling rules made; returns of how many documents."""
        stale = select(documents.c.id).where(documents.c.words_version != VERSION).limit(_BATCH)
        renewed = 0
        while True:
            with self._database.read() as connection:
                if connection.execute(stale.limit(1)).first() is None:
                    return renewed
            with self._database.write() as connection:
                for number in connection.execute(stale).scalars().all():
                    replace_words(connection, DocumentId(number))
                    renewed += 1

    def _holds(self, reading: WantedReading) -> ColumnElement[bool]:
        return and_(
            *(
                or_(
                    false(),
                    *(and_(*(self._holds_word(word) for word in row)) for row in clause),
                )
                for clause in reading
            )
        )

    def _holds_word(self, word: WantedWord) -> ColumnElement[bool]:
        column = document_words.c.word
        if not word.is_prefix:
            rows: ColumnElement[bool] = column.in_(word.forms)
        elif self._database.is_sqlite:  # there, only a range uses the index
            rows = or_(*(column.between(each, each + _LAST) for each in word.forms))
        else:
            rows = or_(*(column.startswith(each, autoescape=True) for each in word.forms))
        return _PAGE.in_(select(document_words.c.document_id, document_words.c.page).where(rows))


def _public(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Only what stands in a public dossier; the statement reads documents."""
    return (
        statement.join(dossier_entries, dossier_entries.c.document_id == documents.c.id)
        .join(dossiers, dossiers.c.id == dossier_entries.c.dossier_id)
        .where(dossiers.c.is_public)
    )


def insert_document(connection: Connection, new: NewDocument, read: DocumentText) -> DocumentId:
    """Store a document with its text and words, in the transaction that puts it into a dossier."""
    statement = documents.insert().values(
        title=new.title,
        language=new.language,
        url=new.url,
        state=read.state,
        original_id=new.original_id,
        pages=len(read.pages),
        size_bytes=len(new.content),
        words_version=0,
    )
    made = connection.execute(statement.returning(documents.c.id)).scalar_one()
    blocks = [
        {"document_id": made, "number": number, "content": new.content[first:][:_BLOCK_BYTES]}
        for number, first in enumerate(range(0, len(new.content), _BLOCK_BYTES))
    ]
    if blocks:
        connection.execute(document_blocks.insert(), blocks)
    pages = [
        {"document_id": made, "page": page, "text": text}
        for page, text in enumerate((new.title, *read.pages), TITLE_PAGE)
    ]
    connection.execute(document_pages.insert(), pages)
    replace_words(connection, DocumentId(made))
    return DocumentId(made)


def change_document(connection: Connection, document_id: DocumentId, values: NewDocument) -> None:
    """Give a document another title, language, address and original; its bytes stay."""
    connection.execute(
        update(documents)
        .where(documents.c.id == document_id)
        .values(
            title=values.title,
            language=values.language,
            url=values.url,
            original_id=values.original_id,
        )
    )
    connection.execute(
        update(document_pages)
        .where(document_pages.c.document_id == document_id, document_pages.c.page == TITLE_PAGE)
        .values(text=values.title)
    )
    replace_words(connection, document_id)


def delete_document(connection: Connection, document_id: int) -> None:
    """Forget a document; its translations stand for themselves."""
    connection.execute(
        update(documents).where(documents.c.original_id == document_id).values(original_id=None)
    )
    for table in (document_words, document_pages, document_blocks):
        connection.execute(table.delete().where(table.c.document_id == document_id))
    connection.execute(documents.delete().where(documents.c.id == document_id))


def replace_words(connection: Connection, document_id: DocumentId) -> None:
    """Make the words of a document those of its pages, by the rules of its language."""
    mine = documents.c.id == document_id
    language = connection.execute(select(documents.c.language).where(mine)).scalar_one()
    analyzer = analyzer_name(LanguageTag(language))
    connection.execute(document_words.delete().where(document_words.c.document_id == document_id))
    pages = select(document_pages.c.page, document_pages.c.text).where(
        document_pages.c.document_id == document_id
    )
    for row in connection.execute(pages).all():
        rows = [
            {"word": word, "document_id": document_id, "page": row.page}
            for word in sorted(_forms(row.text, analyzer))
        ]
        if rows:
            connection.execute(document_words.insert(), rows)
    connection.execute(update(documents).where(mine).values(words_version=VERSION))


def _forms(text: str, analyzer: str) -> Iterator[str]:
    tokens = analyze_as(text, analyzer)
    return iter({form for each in tokens for form in (each.exact, each.folded, each.stem)})


def document_from(row: AnyRow) -> Document:
    """A row that carries the columns of ``documents``."""
    return Document(
        id=DocumentId(row.id),
        title=row.title,
        language=LanguageTag(row.language),
        url=row.url,
        state=DocumentState(row.state),
        original_id=None if row.original_id is None else DocumentId(row.original_id),
        pages=row.pages,
        size_bytes=row.size_bytes,
    )

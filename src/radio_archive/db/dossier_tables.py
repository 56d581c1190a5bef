"""The tables of dossiers and their documents, beside those of `schema`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from radio_archive.db.schema import metadata

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("slug"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("url", Text, nullable=False),
    # a DocumentState
    Column("state", Text, nullable=False),
    # the document it is a translation of; no foreign key: either may be added first
    Column("original_id", Integer),
    Column("pages", Integer, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    # analyzers' version by which the rows of document_words were made
    Column("words_version", Integer, nullable=False),
    Index(None, "words_version"),
)

# the bytes of a PDF in blocks, so that no row is large
document_blocks = Table(
    "document_blocks",
    metadata,
    Column("document_id", Integer, ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

document_pages = Table(
    "document_pages",
    metadata,
    Column("document_id", Integer, ForeignKey("documents.id"), primary_key=True),
    # from 1; 0 is the title
    Column("page", Integer, primary_key=True),
    Column("text", Text, nullable=False),
)

# every form of every word of a page, by the rules of the document's language
document_words = Table(
    "document_words",
    metadata,
    Column("word", Text, primary_key=True),
    Column("document_id", Integer, ForeignKey("documents.id"), primary_key=True),
    Column("page", Integer, primary_key=True),
    Index(None, "document_id"),
    sqlite_with_rowid=False,
)

dossier_entries = Table(
    "dossier_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dossier_id", Integer, ForeignKey("dossiers.id"), nullable=False),
    # the least comes first
    Column("place", Integer, nullable=False),
    # an EntryKind
    Column("kind", Text, nullable=False),
    Column("note", Text, nullable=False),
    # no foreign key: an entry outlives what was withdrawn, and says so
    Column("broadcast_id", Text),
    Column("start_ms", Integer),
    Column("end_ms", Integer),
    # of a passage: the version of the transcript that keeps its words, and their digest
    Column("transcript_id", Integer),
    Column("digest", Text, nullable=False),
    Column("document_id", Integer, ForeignKey("documents.id")),
    Column("added_by", Text, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Index(None, "dossier_id", "place"),
    Index(None, "broadcast_id"),
    Index(None, "document_id"),
)

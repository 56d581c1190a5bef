"""The table of what is to be transcribed again: part of the schema, in a module of its own."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text

from radio_archive.db.schema import metadata

# broadcasts that somebody wants transcribed again; gone when the new text is stored
renewals = Table(
    "renewals",
    metadata,
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), primary_key=True),
    Column("by", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

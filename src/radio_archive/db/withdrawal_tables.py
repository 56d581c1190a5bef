"""The tables of what was withdrawn: part of the schema, in a module of their own."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, text

from radio_archive.db.schema import metadata

# what is hidden everywhere, and what was; no row is ever deleted
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), nullable=False),
    # of the stretch; null: the whole broadcast
    Column("start_ms", Integer),
    Column("end_ms", Integer),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    # null while it holds
    Column("undone_at", BigInteger),
    Column("undone_by", Text, nullable=False, server_default=""),
    Column("undone_reason", Text, nullable=False, server_default=""),
    Index(None, "broadcast_id"),
    # every page asks for those that hold, and they are few
    Index(
        "ix_withdrawals_holding",
        "broadcast_id",
        "start_ms",
        sqlite_where=text("undone_at is null"),
        postgresql_where=text("undone_at is null"),
    ),
)

# what listeners get of a broadcast of which stretches are hidden
muted_renditions = Table(
    "muted_renditions",
    metadata,
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    # the recording it was made of, and what is silent in it, in milliseconds: 1000-2000,5000-6000
    Column("recording_key", Text, ForeignKey("recordings.key"), nullable=False),
    Column("stretches", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("extension", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
)

"""The tables of saved searches and alerts, in the shape of `schema`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from radio_archive.db.schema import metadata

# what a search gave on a day; no row is ever changed
saved_searches = Table(
    "saved_searches",
    metadata,
    # random, for whoever has the address may read it
    Column("id", Text, primary_key=True),
    # a JSON object: words, filters and order as typed
    Column("asked", Text, nullable=False),
    # a JSON list: what was searched beside the words
    Column("added", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    # of the index that answered
    Column("fingerprint", Text, nullable=False),
    # a JSON list: what could be found in each language
    Column("coverage", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("digest", Text, nullable=False),
)

# what it found. Broadcasts may be taken out of the archive: no key refers to them
saved_hits = Table(
    "saved_hits",
    metadata,
    Column("search_id", Text, ForeignKey("saved_searches.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("broadcast_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("aired_at", BigInteger),
    Column("language", Text, nullable=False),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column("transcript_id", Integer, nullable=False),
    Column("trust", Text, nullable=False),
    Column("match", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "search_id", "broadcast_id"),
    Index(None, "broadcast_id"),
)

# who is told of what is new. The address goes with the row, when somebody has had enough
alerts = Table(
    "alerts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("search_id", Text, ForeignKey("saved_searches.id"), nullable=False),
    # an AlertKind
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),
    # a Pace
    Column("pace", Text, nullable=False),
    # of the letters
    Column("locale", Text, nullable=False),
    # random: whoever has it may confirm the alert, and end it
    Column("key", Text, nullable=False),
    # an AlertState
    Column("state", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    # when something is to be sent; null: nothing is
    Column("due_at", BigInteger),
    # somebody sends until then, and says so with the token
    Column("held_until", BigInteger, nullable=False, server_default="0"),
    Column("token", Text),
    # failures in a row
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("problem", Text, nullable=False, server_default=""),
    Index(None, "search_id"),
    Index(None, "state", "due_at"),
)

# passages that answer a saved search and were not there before, once each
findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("search_id", Text, ForeignKey("saved_searches.id"), nullable=False),
    Column("broadcast_id", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column("found_at", BigInteger, nullable=False),
    Index(None, "search_id", "broadcast_id"),
)

# the ledger: which passage is, or was, sent to whom
notices = Table(
    "notices",
    metadata,
    Column("alert_id", Text, ForeignKey("alerts.id"), primary_key=True),
    Column("finding_id", Integer, ForeignKey("findings.id"), primary_key=True),
    # names the letter it goes into, from before it is sent; null: none yet
    Column("batch", Text),
    Column("is_sent", Boolean, nullable=False, server_default="0"),
    Index(None, "finding_id"),
)

# broadcasts whose text came into the index and was not looked at by the alerts yet
fresh = Table(
    "fresh",
    metadata,
    Column("broadcast_id", Text, primary_key=True),
    Column("transcript_id", Integer, nullable=False),
)

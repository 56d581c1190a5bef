"""The tables, as SQLAlchemy Core sees them. ``migrations/`` brings a database to this shape.

Datetimes are stored as integer seconds since 1970 UTC, so that both databases compare them alike.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

programmes = Table(
    "programmes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("language", Text),
    Column("description", Text, nullable=False, server_default=""),
    Column("homepage", Text),
)

recordings = Table(
    "recordings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("extension", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("original_name", Text, nullable=False, server_default=""),
)

renditions = Table(
    "renditions",
    metadata,
    Column("recording_key", Text, ForeignKey("recordings.key"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("extension", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
)

sound_maps = Table(
    "sound_maps",
    metadata,
    Column("recording_key", Text, ForeignKey("recordings.key"), primary_key=True),
    # of the analysis: a map by another one is made again
    Column("version", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("guid", Text, nullable=False),
    Column("programme_id", Text, ForeignKey("programmes.id")),
    Column("title", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("aired_at", BigInteger),
    Column("guests", Text, nullable=False, server_default="[]"),
    Column("summary", Text, nullable=False, server_default=""),
    Column("source_url", Text),
    Column("audio_url", Text),
    Column("is_synthetic", Boolean, nullable=False, server_default="0"),
    Column("recording_key", Text, ForeignKey("recordings.key")),
    # why work on it stopped: a BroadcastState and one sentence; null while nothing is wrong
    Column("problem", Text),
    Column("problem_reason", Text, nullable=False, server_default=""),
    # grows with every change that the index must follow
    Column("revision", Integer, nullable=False, server_default="1"),
    # analyzers' version by which the rows of title_words were made; 0: never
    Column("words_version", Integer, nullable=False, server_default="0"),
    UniqueConstraint("source", "guid"),
    Index(None, "aired_at"),
    Index(None, "recording_key"),
)

# in the order of `catalogue.broadcasts.NEWEST_FIRST`: a page of a list is read without sorting it
_NEWEST_FIRST = (broadcasts.c.aired_at.is_(None), broadcasts.c.aired_at.desc(), broadcasts.c.id)
Index("ix_broadcasts_newest", *_NEWEST_FIRST)
Index("ix_broadcasts_newest_of_programme", broadcasts.c.programme_id, *_NEWEST_FIRST)
Index("ix_broadcasts_newest_of_language", broadcasts.c.language, *_NEWEST_FIRST)

# one row, counted by triggers: see `db.changes`
changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False),
    # on PostgreSQL the transaction that counted last
    Column("made_by", BigInteger),
)

title_words = Table(
    "title_words",
    metadata,
    Column("analyzer", Text, primary_key=True),
    Column("word", Text, primary_key=True),
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), primary_key=True),
    # where the word stands first: 0 title, 1 guests, 2 summary
    Column("place", Integer, nullable=False),
    Index(None, "broadcast_id"),
    sqlite_with_rowid=False,
)

transcripts = Table(
    "transcripts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("engine", Text, nullable=False, server_default=""),
    Column("parameters", Text, nullable=False, server_default="{}"),
    Column("trust", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    # the one version that says what was said; at most one per broadcast
    Column("is_current", Boolean, nullable=False),
    # current beside it, in another language; at most one per language and sort of text
    Column("is_track", Boolean, nullable=False, server_default="0"),
    # a machine's translation: the transcript it was made beside; null for all else
    Column("made_from", Integer),
    # a repeat's: the transcript of another broadcast it was carried over from; null for all else
    Column("carried_from", Integer),
    Column("payload", LargeBinary, nullable=False),
    Index(None, "broadcast_id", "is_current"),
)

# what an engine has said in a transcription that is not finished; gone when its text is stored
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), primary_key=True),
    Column("question", Text, primary_key=True),
    Column("answer", LargeBinary, nullable=False),
)

voice_names = Table(
    "voice_names",
    metadata,
    Column("transcript_id", Integer, ForeignKey("transcripts.id"), primary_key=True),
    # as the machine lettered it
    Column("voice", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("transcript_id", Integer, ForeignKey("transcripts.id"), nullable=False),
    Column("language", Text, nullable=False),
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column("trust", Text, nullable=False),
    # a Band; null where no machine wrote it, or nobody measured the machine
    Column("band", Text),
    Column("text", Text, nullable=False),
    Column("marks", LargeBinary, nullable=False),
)

indexed = Table(
    "indexed",
    metadata,
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), primary_key=True),
    Column("transcript_id", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("recording_key", Text, ForeignKey("recordings.key"), primary_key=True),
    # how it was made; another version cannot be compared
    Column("version", Text, nullable=False),
    # unsigned numbers of 32 bits, the lowest byte first
    Column("payload", LargeBinary, nullable=False),
    # whether it was compared with those that were there before it
    Column("is_compared", Boolean, nullable=False, server_default="0"),
)

repeats = Table(
    "repeats",
    metadata,
    # each pair once, the lesser key first
    Column("recording_key", Text, ForeignKey("recordings.key"), primary_key=True),
    Column("other_key", Text, ForeignKey("recordings.key"), primary_key=True),
    Column("start_ms", Integer, primary_key=True),
    Column("other_start_ms", Integer, nullable=False),
    Column("length_ms", Integer, nullable=False),
    Column("bit_error", Float, nullable=False),
    Index(None, "other_key"),
)

jingles = Table(
    "jingles",
    metadata,
    Column("recording_key", Text, ForeignKey("recordings.key"), primary_key=True),
    Column("start_ms", Integer, primary_key=True),
    Column("end_ms", Integer, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("url", Text, primary_key=True),
    Column("programme_id", Text),
    Column("language", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("last_synced_at", BigInteger),
    Column("last_error", Text, nullable=False, server_default=""),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), nullable=False),
    # what it asks of a worker: its kind, and the language where it takes an engine
    Column("needs", Text, nullable=False),
    # who takes turns with whom: a programme, or the source of what belongs to none
    Column("origin", Text, nullable=False),
    # the least is done first: see `radio_archive.jobs.places`
    Column("place", BigInteger, nullable=False),
    # a JobState
    Column("state", Text, nullable=False, server_default="waiting"),
    # of what is held or comes later: when anybody may claim it
    Column("free_at", BigInteger, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # times it was put off because something the archive stands on was away
    Column("waits", Integer, nullable=False, server_default="0"),
    Column("token", Text),
    Column("worker", Text),
    Column("claimed_at", BigInteger),
    Column("last_error", Text, nullable=False, server_default=""),
    UniqueConstraint("broadcast_id", "kind"),
    Index(None, "state", "needs", "place"),
    Index(None, "state", "place"),
    Index(None, "state", "free_at"),
    Index(None, "origin", "place"),
    # the index has one writer, whoever claims at the same instant
    Index(
        "ix_jobs_one_index_writer",
        "kind",
        unique=True,
        sqlite_where=text("state = 'held' and kind = 'index'"),
        postgresql_where=text("state = 'held' and kind = 'index'"),
    ),
)

workers = Table(
    "workers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("host", Text, nullable=False),
    # lists, one to a line
    Column("needs", Text, nullable=False),
    Column("engines", Text, nullable=False),
    Column("has_gpu", Boolean, nullable=False),
    # a JSON object: language -> why it cannot be written
    Column("lacks", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

glossary = Table(
    "glossary",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("language", Text, nullable=False),
    Column("wrong", Text, nullable=False),
    Column("right", Text, nullable=False),
    # by what two ways to write the same are told to be one: `wordings.key_of`
    Column("wrong_key", Text, nullable=False),
    Column("right_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    # by a person; what evidence alone decided is decided anew with new evidence
    Column("is_decided", Boolean, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    # higher than all before it whenever what is accepted changes; hence no row is ever deleted
    Column("changed", Integer, nullable=False),
    UniqueConstraint("language", "wrong_key", "right_key"),
)

glossary_evidence = Table(
    "glossary_evidence",
    metadata,
    Column("entry_id", Integer, ForeignKey("glossary.id"), primary_key=True),
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), primary_key=True),
    # places of the broadcast where people corrected it
    Column("times", Integer, nullable=False),
    Index(None, "broadcast_id"),
)

editors = Table(
    "editors",
    metadata,
    # the name in small letters: two that differ in case only would be taken for one another
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

# attempts to sign in that failed, or are not decided yet; gone with a success
sign_ins = Table(
    "sign_ins",
    metadata,
    # what is counted: a name, an address, or both together
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
)

# who changed what in a transcript; no row is ever changed or deleted
edits = Table(
    "edits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), nullable=False),
    Column("transcript_id", Integer, ForeignKey("transcripts.id"), nullable=False),
    # the version it was made from
    Column("before_id", Integer, ForeignKey("transcripts.id")),
    Column("kind", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    # of the sentence; null where the whole text changed
    Column("start_ms", Integer),
    Column("end_ms", Integer),
    # null where its times were not changed
    Column("was_start_ms", Integer),
    Column("was_end_ms", Integer),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("undoes", Integer, ForeignKey("edits.id")),
    Index(None, "broadcast_id"),
)

drafts = Table(
    "drafts",
    metadata,
    # of an editor who may be gone: what was written stays
    Column("editor_key", Text, primary_key=True),
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), primary_key=True),
    # of the sentence it was written over
    Column("version", Text, primary_key=True),
    Column("start_ms", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# what single persons answered to a task, until two agree or an editor decides
opinions = Table(
    "opinions",
    metadata,
    Column("broadcast_id", Text, ForeignKey("broadcasts.id"), primary_key=True),
    # of the sentence they heard
    Column("version", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("name", Text, nullable=False),
    # null: passed over
    Column("text", Text),
    Column("start_ms", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
)

"""Search with PostgreSQL: for stations that run it anyway, and for several web machines at once.

PostgreSQL finds passages by a GIN index of our own tokens, and filters them; it never parses text
or a query. Scores, order and counts are those of every engine. ``docs/search.md`` has the why.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from threading import Lock
from typing import TypeVar
from uuid import uuid4

from radio_archive.errors import IndexAway, SearchIndexError
from radio_archive.languages.analysis import ANALYZERS, VERSION, analyzer_name
from radio_archive.model import BroadcastId, IndexPage, Passage, Query, SpokenName
from radio_archive.search import Meanwhile, postgresql_writer
from radio_archive.search.postgresql_database import (
    BUILDER,
    REINDEX,
    WRITER,
    Replaced,
    SearchDatabase,
    Session,
)
from radio_archive.search.postgresql_mentions import MentionIds
from radio_archive.search.postgresql_query import holds
from radio_archive.search.postgresql_scores import Asker
from radio_archive.search.postgresql_search import Search
from radio_archive.search.postgresql_snapshot import Snapshot, Stamp, Words
from radio_archive.search.postgresql_tables import LAYOUT, MAKE_STATE, SCHEMA, Tables
from radio_archive.search.postings import Deadline
from radio_archive.search.suggestions import SpokenWords, suggest

#: seconds one search may take
TIME_LIMIT_S = 2.0
#: seconds a writer waits for another one
LOCK_TIMEOUT_S = 10.0
#: seconds to wait for searches that still read an old index before it is left for the next rebuild
DROP_TIMEOUT_S = 5.0
#: looks at an index that is being replaced at this moment
_ATTEMPTS = 3

#: the timeline a server writes, told at once after it took over; a replica's is that of its last
#: checkpoint (manual of PostgreSQL, 9.27: backup and recovery control functions)
_TIMELINE = """
    case when pg_is_in_recovery() then (select timeline_id from pg_control_checkpoint())
    else ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer end
"""

_Answer = TypeVar("_Answer")

log = logging.getLogger(__name__)


class PostgresqlIndex:
    """A ``SearchIndex`` in a schema of its own of a database.

    May be used by several threads, and by several machines; one of them writes at a time.
    Searching where there is no index is an error, for an empty answer would be a lie: ``rebuild``.
    """

    def __init__(
        self,
        url: str,
        replica_url: str = "",
        *,
        time_limit_s: float = TIME_LIMIT_S,
        lock_timeout_s: float = LOCK_TIMEOUT_S,
    ) -> None:
        """Open without connecting.

        Args:
            url: address of a PostgreSQL database, written as that of the catalogue.
            replica_url: of a streaming replica of it, searched while it is away; empty: none is.
            time_limit_s: of one search.
            lock_timeout_s: how long a writer waits for another.

        Raises:
            BadSettings: it is no such address, or the extra ``postgresql`` is not installed.
        """
        self._database = SearchDatabase(url, replica_url)
        self._time_limit_s = time_limit_s
        self._lock_timeout_s = lock_timeout_s
        self._guard = Lock()
        self._state: Snapshot | None = None
        self._mentions = MentionIds()
        self._is_closed = False

    @property
    def fingerprint(self) -> str:
        """Engine, and a digest of tables and analyzers."""
        described = f"{LAYOUT}/{VERSION}/{sorted(ANALYZERS)}"
        return f"postgresql-{hashlib.sha256(described.encode()).hexdigest()[:12]}"

    @property
    def is_stale(self) -> bool:
        """Whether there is no index, one of another fingerprint, or one whose tables are gone.

        Raises:
            IndexAway: the server does not answer; nothing is known of the index then, for a replica
                may not have it yet.
        """
        self._require_open()
        try:
            with self._database.reading(is_current=True) as session:
                if _fingerprint(session) != self.fingerprint:
                    return True
                self._read(session)
        except Replaced:
            return True
        return False

    @property
    def is_scattered(self) -> bool:
        """Never: the tables are of one piece."""
        return False

    def replace(self, broadcast_id: BroadcastId, passages: Sequence[Passage]) -> None:
        """Make these the broadcast's only passages: all or nothing, idempotent, durable.

        Raises:
            IndexBusy: somebody else is writing.
            IndexAway: the server does not answer.
            SearchIndexError: there is no index, or it is of another version.
        """
        self._require_open()
        failed = f"Broadcast {broadcast_id} was not indexed"
        missing = SearchIndexError(
            f"{failed}: the search index is missing or of another version.", hint=REINDEX
        )
        try:
            with self._database.writing(failed) as session:
                session.lock(WRITER, self._lock_timeout_s, "writing the search index")
                if _fingerprint(session) != self.fingerprint:
                    raise missing
                tables = Tables(_stamp(session).number)
                postgresql_writer.replace(session, tables, broadcast_id, passages)
                session.run(f"update {SCHEMA}.state set commits = commits + 1")
        except Replaced as error:
            raise missing from error

    def remove(self, broadcast_id: BroadcastId) -> None:
        """Forget a broadcast; nothing happens when it is not there."""
        self.replace(broadcast_id, ())

    def rebuild(self, passages: Iterable[Passage]) -> int:
        """Build a new index beside the old one and swap it in; returns the passages indexed.

        One transaction: until its end the old index answers and may be changed, and when anything
        fails, it stays.

        Raises:
            IndexBusy: somebody else is building an index, or is writing when it is swapped in.
            IndexAway: the server does not answer.
            SearchIndexError: it refuses.
        """
        self._require_open()
        failed = "The search index could not be built"
        with self._database.writing(failed) as session:
            session.lock(BUILDER, 0, "building a new search index")
            session.run(MAKE_STATE)
        with self._database.writing(failed) as session:
            session.lock(BUILDER, 0, "building a new search index")
            tables = Tables(_next_number(session))
            count = postgresql_writer.fill(session, tables, passages)
            session.lock(WRITER, self._lock_timeout_s, "writing the search index")
            session.rows(
                f"insert into {SCHEMA}.state (number, fingerprint, commits, build)"
                " values (%s, %s, 0, %s)"
                " on conflict (is_only) do update set number = excluded.number,"
                " fingerprint = excluded.fingerprint, commits = 0, build = excluded.build"
                " returning number",
                (tables.number, self.fingerprint, uuid4().hex),
            )
        self._drop_others()
        return count

    def search(
        self,
        query: Query,
        names: tuple[SpokenName, ...] = (),
        meanwhile: Meanwhile | None = None,
    ) -> IndexPage:
        """Find passages.

        Args:
            query: what is searched.
            names: to be counted in all that is found; the same tuple again costs least.
            meanwhile: called with the hits.

        Raises:
            BadQuery: it would cost more than the limits allow.
            IndexAway: the server does not answer.
            SearchIndexError: there is no index.
        """
        deadline = Deadline(self._time_limit_s)

        def answer(session: Session, snapshot: Snapshot) -> IndexPage:
            return Search(session, snapshot, deadline).page(query, names, self._mentions)

        page = self._answer(answer, deadline)
        if meanwhile is not None:
            meanwhile(page.hits)
        return page

    def suggest(self, query: Query) -> tuple[str, ...]:
        """What to search instead of something that found nothing.

        Raises:
            IndexAway: the server does not answer.
            SearchIndexError: there is no index.
        """
        deadline = Deadline(self._time_limit_s)

        def answer(session: Session, snapshot: Snapshot) -> tuple[str, ...]:
            asker = Asker(session, snapshot, deadline)
            return suggest(query, _spoken(query, snapshot, asker))

        return self._answer(answer, deadline)

    def count(self) -> int:
        """Passages in the index."""
        return self._answer(lambda _session, snapshot: snapshot.size, Deadline(self._time_limit_s))

    def close(self) -> None:
        """Close the connections; the index cannot be used afterwards."""
        with self._guard:
            self._state = None
            self._is_closed = True
        self._database.close()

    def _answer(
        self, answer: Callable[[Session, Snapshot], _Answer], deadline: Deadline
    ) -> _Answer:
        """Answer from the latest committed state."""
        self._require_open()
        for attempt in range(_ATTEMPTS):
            try:
                with ExitStack() as opened:
                    with deadline.stopped():  # a server that is away may take seconds to show it
                        session = opened.enter_context(self._database.reading())
                        snapshot = self._read(session)
                    return answer(session, snapshot)
            except Replaced:
                continue
            except IndexAway:  # it went away in the middle: whoever else has it is asked
                if attempt or not self._database.has_replica:
                    raise
        raise SearchIndexError("There is no search index yet, or it was deleted.", hint=REINDEX)

    def _read(self, session: Session) -> Snapshot:
        stamp = _stamp(session)
        with self._guard:
            if self._state is None or self._state.stamp != stamp:
                self._state = Snapshot(session, stamp, self._state)
            return self._state

    def _drop_others(self) -> None:
        """Remove the tables of indexes that are no longer in use.

        A search that still reads them goes on; then they wait for the next rebuild.
        """
        try:
            with self._database.writing("An old search index was not removed") as session:
                session.lock(BUILDER, DROP_TIMEOUT_S, "building a new search index")
                session.run(f"set local lock_timeout = '{DROP_TIMEOUT_S:g}s'")
                current = _stamp(session).number
                for number in _numbers(session):
                    if number != current:
                        session.run(Tables(number).drop())
        except (SearchIndexError, Replaced) as error:
            log.warning("an old search index was not removed", extra={"error": str(error)})

    def _require_open(self) -> None:
        if self._is_closed:
            raise SearchIndexError("The search index was closed.", hint="Open it again.")


def _stamp(session: Session) -> Stamp:
    """The state that a transaction sees.

    Raises:
        Replaced: there is none.
    """
    # a table of layout 1 has no ``build``; its index answers until the new one stands
    build = "coalesce(to_jsonb(state) ->> 'build', '')"
    rows = session.rows(f"select number, commits, {build}, {_TIMELINE} from {SCHEMA}.state")
    if not rows:
        raise Replaced
    return Stamp(*rows[0])


def _fingerprint(session: Session) -> str:
    rows = session.rows(f"select fingerprint from {SCHEMA}.state")
    return str(rows[0][0]) if rows else ""


def _next_number(session: Session) -> int:
    used: list[int] = [row.number for row in session.rows(f"select number from {SCHEMA}.state")]
    return max([0, *used, *_numbers(session)]) + 1


def _numbers(session: Session) -> list[int]:
    """The numbers of all indexes whose tables are there."""
    rows = session.rows(
        "select tablename from pg_tables where schemaname = %s and tablename ~ '^passages_[0-9]+$'",
        (SCHEMA,),
    )
    return [int(row.tablename.removeprefix("passages_")) for row in rows]


def _spoken(query: Query, snapshot: Snapshot, asker: Asker) -> list[SpokenWords]:
    """The words of the languages a query searches."""
    analyzers = dict.fromkeys(map(analyzer_name, snapshot.searched(query)))
    known = {analyzer: snapshot.words(analyzer) for analyzer in analyzers}
    return [
        SpokenWords(analyzer, words.vocabularies, partial(_count, words, asker))
        for analyzer, words in known.items()
    ]


def _count(words: Words, asker: Asker, term: str) -> int:
    """The passages with a term; in one list of words or another every term has a number."""
    return asker.count(holds(str(words.numbers[term])))

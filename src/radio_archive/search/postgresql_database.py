"""The PostgreSQL behind a search index: connections, limits, one writer, errors in our words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from radio_archive.databases import (
    SQLITE,
    complete,
    connect_arguments,
    first_line,
    refused_entry,
    shown,
)
from radio_archive.errors import (
    BadQuery,
    BadSettings,
    IndexAway,
    IndexBusy,
    SearchIndexError,
)
from radio_archive.search.postings import Deadline
from radio_archive.standby import Readers

REINDEX = "Run: radio-archive reindex"

#: advisory locks of whoever changes the index in use, and of whoever builds a new one; any two
#: numbers that nobody else in the database uses
WRITER, BUILDER = 0x7261_6469_6F01, 0x7261_6469_6F02

#: connections of one process: as many as it answers searches at once, and how long the next waits
_CONNECTIONS, _WAIT_S = 20, 5

#: SQLSTATE of PostgreSQL, appendix A of its manual
_CANCELED, _NOT_LOCKED, _TOO_LARGE = "57014", "55P03", "54000"
#: tables or columns that are not there
_UNDEFINED = ("42P01", "42703")
#: connection lost, the operator stops it, too many connections; none: nobody could give one
_AWAY = ("08", "57P", "53300")

_LOOK = (
    "Look at its address, search_database_url (where that is empty, database_url): the database, "
    "the account and the password; or make them."
)


class Replaced(Exception):
    """The tables are gone: another index has taken their place, or there is none."""


class SearchDatabase:
    """A PostgreSQL server; safe to share between threads."""

    def __init__(self, url: str, replica_url: str = "") -> None:
        """Open without connecting.

        Args:
            url: where the index lies.
            replica_url: of a streaming replica of it, which is read while it is away; empty: there
                is none.

        Raises:
            BadSettings: it is no address of PostgreSQL, or the extra ``postgresql`` is missing.
        """
        address = complete(url) if url else ""
        self._place = shown(address)
        if not address or address.startswith(SQLITE):
            raise BadSettings(
                f"A search index in PostgreSQL cannot lie at {self._place or 'no address'}.",
                hint="Set search_database_url to postgresql://user@host/name.",
            )
        self._engine = _open(address)
        self._replica = _open(complete(replica_url)) if replica_url else None
        self._readers = Readers(self._engine, self._replica, self._is_away)

    @property
    def has_replica(self) -> bool:
        """Whether somebody else answers while it is away."""
        return self._replica is not None

    @contextmanager
    def reading(self, *, is_current: bool = False) -> Iterator[Session]:
        """A session that sees one state of the index.

        Args:
            is_current: not that of a replica.

        Raises:
            BadQuery: a statement took longer than its limit.
            IndexAway: the server does not answer.
            SearchIndexError: it refuses.
        """
        with (
            self._told("The search failed", is_search=True),
            self._engine.connect() if is_current else self._readers.connect() as connection,
            connection.begin(),
        ):
            connection.exec_driver_sql("set transaction read only; set local jit = off")
            yield Session(connection)

    @contextmanager
    def writing(self, what: str) -> Iterator[Session]:
        """A transaction: committed on leaving, rolled back on any exception.

        Args:
            what: what fails when it does, for the message.

        Raises:
            IndexAway: the server does not answer.
            SearchIndexError: it refuses.
        """
        engine = self._engine.execution_options(isolation_level="READ COMMITTED")
        with self._told(what), engine.begin() as connection:
            yield Session(connection)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        if self._replica is not None:
            self._replica.dispose()

    def _is_away(self, error: SQLAlchemyError) -> bool:
        cause = error.orig if isinstance(error, DBAPIError) else error
        return isinstance(self._tell("", cause), IndexAway)

    @contextmanager
    def _told(self, what: str, *, is_search: bool = False) -> Iterator[None]:
        driver: Any = self._engine.dialect.dbapi
        try:
            yield
        except DBAPIError as error:
            state = getattr(error.orig, "sqlstate", None)
            if is_search and state in (_CANCELED, _TOO_LARGE):
                raise BadQuery(
                    "The search costs too much: it was stopped.",
                    hint="Use fewer or longer words, or filter by language or date.",
                ) from error
            raise self._tell(what, error.orig) from error
        except NoConnection as error:
            raise self._tell(what, error) from error
        except driver.Error as error:  # what SQLAlchemy does not stand between: COPY
            raise self._tell(what, error) from error

    def _tell(self, what: str, error: BaseException | None) -> Exception:
        state = getattr(error, "sqlstate", None) or ""
        if state in _UNDEFINED:
            return Replaced()
        driver: Any = self._engine.dialect.dbapi
        is_unsaid = not state and isinstance(
            error, (driver.OperationalError, driver.InterfaceError, NoConnection)
        )
        entry = refused_entry(error) if is_unsaid else ""
        said = f"{what}: {entry or first_line(error)}."
        if entry:
            return IndexAway(
                f"The search database at {self._place} lets nobody in. {said}", hint=_LOOK
            )
        if is_unsaid or state.startswith(_AWAY):
            return IndexAway(
                f"The search database at {self._place} does not answer. {said}",
                hint="Start it, or look at the network; nothing is lost.",
            )
        return SearchIndexError(said, hint="Look into the log of PostgreSQL.")


def _open(address: str) -> Engine:
    """The connections to a server; none is made yet.

    Raises:
        BadSettings: the extra ``postgresql`` is missing.
    """
    arguments = connect_arguments(address)
    arguments.pop("options", None)  # an index of millions is built by one long statement
    # plans made for one query are wrong for another: words differ in how rare they are
    arguments["prepare_threshold"] = None
    try:
        return create_engine(
            address,
            pool_pre_ping=True,
            max_overflow=_CONNECTIONS - 5,
            pool_timeout=_WAIT_S,
            isolation_level="REPEATABLE READ",
            connect_args=arguments,
        )
    except ImportError as error:
        raise BadSettings(
            "The driver of PostgreSQL is not installed.",
            hint='Run: pip install "radio-archive[postgresql]".',
        ) from error


class Session:
    """One transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def run(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Run a statement, or several without parameters."""
        self._connection.exec_driver_sql(statement, tuple(parameters) or None)

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Any]:
        """The rows of an answer."""
        return list(self._connection.exec_driver_sql(statement, tuple(parameters) or None))

    def limit(self, deadline: Deadline) -> None:
        """Have the next statements end with a search's time.

        Raises:
            BadQuery: it is over.
        """
        deadline.check()
        left_ms = max(1, round(deadline.left_s * 1000))
        self.rows("select set_config('statement_timeout', %s, true)", (str(left_ms),))

    def unlimit(self) -> None:
        """Let the next statements take their time: what they do is done once for many searches."""
        self.run("set local statement_timeout = 0")

    def lock(self, key: int, timeout_s: float, doing: str) -> None:
        """Be the only one who does something, until the transaction ends.

        Raises:
            IndexBusy: somebody else still was after ``timeout_s`` seconds.
        """
        self.run(f"set local lock_timeout = {max(1, round(timeout_s * 1000))}")
        try:
            self.rows("select pg_advisory_xact_lock(%s)", (key,))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _NOT_LOCKED:
                raise
            waited = f" for {timeout_s:g} s" if timeout_s else ""
            raise IndexBusy(
                f"Somebody else has been {doing}{waited}.",
                hint="Try again later, or stop the other worker.",
            ) from error
        self.run("set local lock_timeout = 0")

    def copy(self, into: str, rows: Iterable[Sequence[object]]) -> int:
        """Add rows to a table and its columns; returns how many."""
        driver: Any = self._connection.connection.driver_connection
        count = 0
        with driver.cursor() as cursor, cursor.copy(f"copy {into} from stdin") as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        return count

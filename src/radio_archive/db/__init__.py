"""The database behind the catalogue and the jobs: connection, transactions, migrations.

SQLite on one machine, PostgreSQL when there are several; the same SQLAlchemy Core code on both.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    select,
    text,
)

# tables in modules of their own: imported, so that the one metadata knows them all
import radio_archive.db.alert_tables
import radio_archive.db.dossier_tables
import radio_archive.db.renewal_tables
import radio_archive.db.withdrawal_tables  # noqa: F401
from radio_archive.databases import SQLITE, complete, connect_arguments
from radio_archive.db.changes import last_change, watch
from radio_archive.db.outages import is_away, plain_errors
from radio_archive.db.schema import metadata
from radio_archive.db.versions import find_revision, is_current, pending, upgrade
from radio_archive.errors import BadSettings, CatalogueUnavailable, StorageError
from radio_archive.standby import Readers

#: SQLite releases that carry the fix of the WAL-reset race (sqlite.org, release history):
#: two connections that write and checkpoint at the same instant could lose committed data.
WAL_SAFE_FROM = (3, 51, 3)
WAL_SAFE_BACKPORTS = {(3, 50): 7, (3, 44): 6}

#: how long a connection waits for another one's write, in milliseconds
BUSY_TIMEOUT_MS = 30_000

#: connections to PostgreSQL kept, and opened beside them when many ask at once; a server takes 100
#: from all processes as it comes
POOL = 5
POOL_BESIDE = 15
#: seconds somebody waits for a free one
POOL_WAIT_S = 10

#: pages copied before others may write again: 4 MB
_PAGES = 1_000

Guard = Callable[[Connection], None]
"""A check made inside a transaction, before it writes; it raises to stop the write."""


def unguarded(_connection: Connection) -> None:
    """The guard of a writer that holds no lease."""


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite may use a write-ahead log."""
    backport = WAL_SAFE_BACKPORTS.get((version[0], version[1]))
    return version[:3] >= WAL_SAFE_FROM or (backport is not None and version[2] >= backport)


def sqlite_module() -> Any:
    """The DB-API module to use: the bundled, newer SQLite where its wheel is installed."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    return dbapi2


class Database:
    """One database address, opened; safe to share between threads, not between processes."""

    def __init__(self, url: str, replica_url: str = "") -> None:
        """Open without touching the tables; see `migrate`.

        Args:
            url: ``sqlite:///path`` or ``postgresql://user@host/name``.
            replica_url: of a streaming replica, which is read while the database is away; only
                for readers that can live with the state of a moment ago. Empty: there is none.

        Raises:
            BadSettings: one of them is no address of a database we know.
        """
        self.url = complete(url)
        self.is_sqlite = self.url.startswith(SQLITE)
        self._engine = _open(self.url)
        self._replica = _open(complete(replica_url)) if replica_url else None
        self.replica_url = replica_url  #: as given; empty: it is not read from one
        self._readers = Readers(self._engine, self._replica, is_away)

    @property
    def is_lagging(self) -> bool:
        """Whether reads come from the replica, because the database itself is away."""
        return self._readers.is_lagging

    @property
    def reads_from_replica(self) -> int:
        """How often somebody was led to the replica so far."""
        return self._readers.from_replica

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state and writes nothing."""
        with (
            plain_errors(self.url),
            self._readers.connect() as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed on leaving, rolled back on any exception.

        On SQLite the write lock is taken at the start, so that what was read is still true
        when it is written.
        """
        engine = self._engine.execution_options(radio_archive_write=True)
        try:
            with plain_errors(self.url), engine.begin() as connection:
                yield connection
        except CatalogueUnavailable:
            # the others of the pool lead to the same server, which may no longer take writes
            self._engine.dispose()
            raise

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """One transaction that takes as long as it takes; others may read meanwhile, not write.

        The tables must have this version's shape.

        Raises:
            CatalogueUnavailable: others were writing all the time.
        """
        with self.write() as connection:
            if not self.is_sqlite:
                names = ", ".join(table.name for table in metadata.sorted_tables)
                connection.execute(text("set local statement_timeout = 0"))
                connection.execute(text(f"set local lock_timeout = {BUSY_TIMEOUT_MS}"))
                connection.execute(text(f"lock table {names} in share row exclusive mode"))
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees the state of one moment, however long it reads."""
        with self.read() as connection:
            if not self.is_sqlite:
                connection.execute(text("set transaction isolation level repeatable read"))
                connection.execute(text("set local statement_timeout = 0"))
            yield connection

    def copy_file(self, target: Path) -> None:
        """Copy a SQLite database into one new file, while others go on writing.

        SQLite's own backup: what is written meanwhile is in the copy whole, or not at all.

        Raises:
            CatalogueError: the database cannot be read.
            StorageError: the file cannot be written.
        """
        module = sqlite_module()
        with plain_errors(self.url), self._engine.connect() as connection:
            source: Any = connection.connection.driver_connection
            copy = module.connect(target)
            try:
                source.backup(copy, pages=_PAGES)
                copy.execute("pragma journal_mode = delete")  # one file, whatever the source has
            except module.Error as error:
                raise StorageError(
                    f"The catalogue cannot be copied to {target}: {error}.",
                    hint="Nothing was changed. Make room, or choose another place.",
                ) from error
            finally:
                copy.close()

    def moment(self, connection: Connection) -> int:
        """What time it is for everybody who shares the database: whole seconds since 1970.

        On a server it is the server's clock, so that machines whose clocks differ agree on how
        long a lease lasts; SQLite's users sit on one machine, and its clock is theirs.
        """
        if self.is_sqlite:
            return int(time.time())
        clock = func.floor(func.extract("epoch", func.clock_timestamp()))
        return int(connection.execute(select(clock)).scalar_one())

    @contextmanager
    def filling(self, connection: Connection, table: str) -> Iterator[None]:
        """While many rows are put into a table: have a server plan for what it holds then.

        A plan that PostgreSQL keeps from when the table was empty reads all of it when it is full;
        afterwards everybody plans anew.
        """
        if not self.is_sqlite:
            connection.exec_driver_sql("set local plan_cache_mode = force_custom_plan")
        yield
        if not self.is_sqlite:
            connection.exec_driver_sql(f"analyze {table}")

    def day_of(self, seconds: ColumnElement[Any]) -> ColumnElement[str | None]:
        """The day of a moment in UTC, ``2014-10-16``, in the database's dialect.

        Args:
            seconds: since 1970, as the tables keep moments.
        """
        if self.is_sqlite:
            return func.date(seconds, "unixepoch")
        return func.to_char(func.timezone("UTC", func.to_timestamp(seconds)), "YYYY-MM-DD")

    def require_current(self) -> None:
        """Make sure that the tables have this version's shape; they are left as they are.

        Raises:
            WrongSchema: they have not.
        """
        with self.read() as connection:
            found = find_revision(connection)
        if not is_current(found, self.url):
            raise pending(found, self.url)

    def migrate(self, revision: str = "head") -> None:
        """Bring the tables to this version's shape, or an earlier one; done already, do nothing.

        Raises:
            WrongSchema: they are of a newer version, or of an older one and can only be read.
        """
        with self.read() as connection:
            found = find_revision(connection)
            is_read_only = not self.is_sqlite and bool(
                connection.execute(text("select pg_is_in_recovery()")).scalar()
            )
        if is_current(found, self.url, revision):
            return
        if is_read_only:
            raise pending(found, self.url)
        with self.write() as connection:
            upgrade(connection, revision)
            watch(connection)

    def last_change(self) -> int:
        """A number that differs after every change of what is counted; see `changes`."""
        with self.read() as connection:
            return last_change(connection)

    def replica_lag_s(self) -> float | None:
        """Seconds by which the replica is behind; None where there is none.

        Raises:
            CatalogueUnavailable: it does not answer.
        """
        if self._replica is None:
            return None
        with plain_errors(str(self._replica.url)), self._replica.connect() as connection:
            behind = connection.execute(text(_LAG)).scalar()
        return float(behind or 0)

    def ping(self) -> None:
        """Ask it something small.

        Raises:
            CatalogueUnavailable: it does not answer, and neither does its replica.
        """
        with self.read() as connection:
            connection.exec_driver_sql("select count(*) from alembic_version").scalar()

    def describe(self) -> str:
        """Engine and version in a few words, for ``doctor``; never the password."""
        with self.read() as connection:
            if not self.is_sqlite:
                return f"PostgreSQL {connection.exec_driver_sql('show server_version').scalar()}"
            mode = connection.exec_driver_sql("pragma journal_mode").scalar()
            version = connection.exec_driver_sql("select sqlite_version()").scalar()
            return f"SQLite {version}, journal {mode}"

    def problems(self) -> list[str]:
        """What the database itself says is wrong; empty when nothing is."""
        with self.read() as connection:
            if not self.is_sqlite:
                return []
            rows = connection.exec_driver_sql("pragma quick_check(5)").scalars().all()
            return [str(row) for row in rows if row != "ok"]

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        if self._replica is not None:
            self._replica.dispose()


#: what was received is shown at once; only what is still to be shown has an age
_LAG = """
    select case when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() then 0
    else extract(epoch from now() - pg_last_xact_replay_timestamp()) end
"""


def _open(url: str) -> Engine:
    """The connections to a database; none is made yet.

    Raises:
        BadSettings: its driver is not installed.
    """
    if url.startswith(SQLITE):
        module = sqlite_module()
        engine = create_engine(url, module=module, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        _set_up_sqlite(engine, module)
        return engine
    try:
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=POOL,
            max_overflow=POOL_BESIDE,
            pool_timeout=POOL_WAIT_S,
            connect_args=connect_arguments(url),
        )
    except ImportError as error:
        raise BadSettings(
            "The driver of PostgreSQL is not installed.",
            hint='Run: pip install "radio-archive[postgresql]".',
        ) from error


def _set_up_sqlite(engine: Engine, module: Any) -> None:
    """Durable commits, foreign keys, and transactions that begin when we say so."""
    journal = "wal" if is_wal_safe(tuple(module.sqlite_version_info)) else "delete"

    @event.listens_for(engine, "connect")
    def _connect(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.isolation_level = None  # the driver must not begin behind our back
        cursor = dbapi_connection.cursor()
        cursor.execute(f"pragma busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute(f"pragma journal_mode = {journal}")
        cursor.execute("pragma synchronous = full")
        cursor.execute("pragma foreign_keys = on")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        is_write = connection.get_execution_options().get("radio_archive_write", False)
        connection.exec_driver_sql("begin immediate" if is_write else "begin")

"""The database behind the catalogue and the jobs: connection, transactions, migrations.

SQLite on one machine, PostgreSQL when there are several; the same SQLAlchemy Core code on both.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import ColumnElement, Connection, Engine, create_engine, event, func
from sqlalchemy.exc import DBAPIError

from radio_archive.db.changes import last_change, watch
from radio_archive.errors import CatalogueError

#: SQLite releases that carry the fix of the WAL-reset race (sqlite.org, release history):
#: two connections that write and checkpoint at the same instant could lose committed data.
WAL_SAFE_FROM = (3, 51, 3)
WAL_SAFE_BACKPORTS = {(3, 50): 7, (3, 44): 6}

#: how long a connection waits for another one's write, in milliseconds
BUSY_TIMEOUT_MS = 30_000

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

    def __init__(self, url: str) -> None:
        """Open without touching the tables; see `migrate`.

        Args:
            url: an SQLAlchemy address: ``sqlite:///path`` or ``postgresql+psycopg://…``.
        """
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        options: dict[str, Any] = {"pool_pre_ping": not self.is_sqlite}
        if self.is_sqlite:
            options["module"] = sqlite_module()
            options["connect_args"] = {"timeout": BUSY_TIMEOUT_MS / 1000}
        self._engine: Engine = create_engine(url, **options)
        if self.is_sqlite:
            _set_up_sqlite(self._engine, sqlite_module())

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state and writes nothing."""
        with _plain_errors(self.url), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed on leaving, rolled back on any exception.

        On SQLite the write lock is taken at the start, so that what was read is still true
        when it is written.
        """
        engine = self._engine.execution_options(radio_archive_write=True)
        with _plain_errors(self.url), engine.begin() as connection:
            yield connection

    def day_of(self, seconds: ColumnElement[Any]) -> ColumnElement[str | None]:
        """The day of a moment in UTC, ``2014-10-16``, in the database's dialect.

        Args:
            seconds: since 1970, as the tables keep moments.
        """
        if self.is_sqlite:
            return func.date(seconds, "unixepoch")
        return func.to_char(func.timezone("UTC", func.to_timestamp(seconds)), "YYYY-MM-DD")

    def migrate(self, revision: str = "head") -> None:
        """Bring the tables to this version's shape, or an earlier one; done already, do nothing."""
        with self.write() as connection:
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            watch(connection)

    def last_change(self) -> int:
        """A number that differs after every change of what is counted; see `changes`."""
        with self.read() as connection:
            return last_change(connection)

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


@contextmanager
def _plain_errors(url: str) -> Iterator[None]:
    """Say in our words that the database refuses, without its password."""
    place = re.sub(r"//[^@/]*@", "//", url)
    try:
        yield
    except DBAPIError as error:
        raise CatalogueError(
            f"The catalogue at {place} cannot be used: {error.orig}.",
            hint="Run `radio-archive doctor`.",
        ) from error

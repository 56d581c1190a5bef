"""A whole catalogue into another database, row by row: all of it or nothing.

The copy is one transaction of the new database. Killed anywhere, it leaves that empty, and is
simply begun anew; what was copied is read back and compared before it is committed. Meanwhile
nobody can write to either of the two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import BigInteger, Connection, Integer, Table, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from radio_archive.databases import first_line, shown
from radio_archive.db import Database
from radio_archive.db.outages import is_passing
from radio_archive.db.schema import changes, metadata, workers
from radio_archive.errors import MoveRefused
from radio_archive.model import CatalogueMove, TableSum

OnTable = Callable[[str, int, int], None]
"""Told the table, its rows copied so far, and how many it has."""

#: every table but the count of changes, which each database keeps of its own, and who works on it
TABLES = tuple(table for table in metadata.sorted_tables if table not in (changes, workers))

#: rows and bytes sent together, at most
BATCH_ROWS = 1_000
BATCH_BYTES = 8_000_000
#: rows fetched together; one may hold a transcript of hours
FETCH_ROWS = 100

#: what ``integer`` holds in PostgreSQL, where SQLite holds 64 bits
_LARGEST = 2**31 - 1
_NUL, _REPLACED = "\0", "\N{REPLACEMENT CHARACTER}"

Row = Mapping[str, Any]


class _Sum:
    """Rows, added up."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows, self._total = 0, 0

    def add(self, row: Row) -> None:
        digest = hashlib.sha256()
        for column in self._table.columns:
            mark, content = _canonical(row[column.name])
            digest.update(b"%b%d:" % (mark, len(content)))
            digest.update(content)
        self._rows += 1
        self._total = (self._total + int.from_bytes(digest.digest())) % 2**256

    @property
    def value(self) -> TableSum:
        return TableSum(name=self._table.name, rows=self._rows, digest=f"{self._total:064x}")


def move(source: Database, target: Database, on_table: OnTable) -> CatalogueMove:
    """Copy every table; both databases have this version's tables.

    Raises:
        MoveRefused: the target holds something, or a row does not fit; nothing was changed.
        CatalogueUnavailable: one of the two went away; nothing was changed.
    """
    with source.alone() as old:
        return _move(old, target, on_table)


def copy_out(source: Database, target: Database, on_table: OnTable) -> CatalogueMove:
    """The same, without holding up those who write to the source: its state of one moment."""
    with source.snapshot() as old:
        return _move(old, target, on_table)


def _move(old: Connection, target: Database, on_table: OnTable) -> CatalogueMove:
    with target.alone() as new:
        _require_empty(new, target)
        here, replaced = [], 0
        for table in TABLES:
            copy = _Copy(table, target)
            here.append(copy.run(old, new, on_table))
            replaced += copy.replaced
            _go_on_counting(new, table)
        there = [_sum_of(new, table, is_mended=False) for table in TABLES]
        done = CatalogueMove(
            here=tuple(here), there=tuple(there), address=target.url, replaced=replaced
        )
        if done.differences:
            raise MoveRefused(
                f"What arrived at {shown(target.url)} is not what was sent: "
                f"{', '.join(done.differences)}.",
                hint="Nothing was changed. Please report this.",
            )
    return done


def compare(source: Database, target: Database) -> CatalogueMove:
    """Add up both catalogues, table by table; nothing is changed."""
    is_mended = not (source.is_sqlite and target.is_sqlite)
    sums = []
    for database in (source, target):
        with database.alone() as connection:
            sums.append(tuple(_sum_of(connection, each, is_mended) for each in TABLES))
    return CatalogueMove(here=sums[0], there=sums[1], address=target.url)


class _Copy:
    """One table on its way."""

    def __init__(self, table: Table, target: Database) -> None:
        self._table = table
        self._target = target
        #: of PostgreSQL, columns that hold less than SQLite's
        self._narrow = [
            column.name
            for column in table.columns
            if isinstance(column.type, Integer) and not isinstance(column.type, BigInteger)
        ]
        self.replaced = 0

    def run(self, old: Connection, new: Connection, on_table: OnTable) -> TableSum:
        """Copy all rows; their sum, as they were sent."""
        total = old.execute(select(func.count()).select_from(self._table)).scalar_one()
        added = _Sum(self._table)
        done = 0
        on_table(self._table.name, done, total)
        for batch in _batches(self._fitting(_rows(old, self._table))):
            for row in batch:
                added.add(row)
            self._insert(new, batch)
            done += len(batch)
            on_table(self._table.name, done, total)
        return added.value

    def _fitting(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows as the target takes them."""
        for row in rows:
            if self._target.is_sqlite:
                yield row
                continue
            for name in self._narrow:
                if row[name] is not None and abs(row[name]) > _LARGEST:
                    raise self._refusal(row, f"its {name} is {row[name]}, more than 32 bits hold")
            mended, count = _without_nul(row)
            self.replaced += count
            yield mended

    def _insert(self, new: Connection, batch: list[Row]) -> None:
        try:
            new.execute(self._table.insert(), batch)
        except DBAPIError as error:
            if is_passing(error):
                raise
            where = f"or one of the {len(batch) - 1} after it: {first_line(error.orig)}"
            raise self._refusal(batch[0], where) from error

    def _refusal(self, row: Row, reason: str) -> MoveRefused:
        key = ", ".join(str(row[column.name]) for column in self._table.primary_key)
        return MoveRefused(
            f"The row {key} of the table {self._table.name} cannot be moved to "
            f"{shown(self._target.url)}: {reason}.",
            hint="Nothing was changed. Mend that row, or report this.",
        )


def require_empty(target: Database) -> None:
    """Make sure that a database holds nothing of an archive; its tables may be of any version.

    Raises:
        MoveRefused: it holds something.
        CatalogueUnavailable: it does not answer.
    """
    with target.read() as connection:
        _require_empty(connection, target)


def _require_empty(new: Connection, target: Database) -> None:
    there = set(inspect(new).get_table_names())
    for table in (each for each in TABLES if each.name in there):
        count = new.execute(select(func.count()).select_from(table)).scalar_one()
        if count:
            raise MoveRefused(
                f"The catalogue at {shown(target.url)} is not empty: "
                f"{table.name} has {count} rows.",
                hint="Give an empty database; with --verify-only the two are compared.",
            )


def _go_on_counting(new: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows from the last one on, as SQLite does by itself."""
    column = table.autoincrement_column
    if column is None or new.dialect.name != "postgresql":
        return
    last = new.execute(select(func.max(column))).scalar()
    if last is not None:
        new.execute(
            text("select setval(pg_get_serial_sequence(:table, :column), :last)"),
            {"table": table.name, "column": column.name, "last": last},
        )


def _sum_of(connection: Connection, table: Table, is_mended: bool) -> TableSum:
    added = _Sum(table)
    for row in _rows(connection, table):
        added.add(_without_nul(row)[0] if is_mended else row)
    return added.value


def _rows(connection: Connection, table: Table) -> Iterator[Row]:
    statement = select(table).order_by(*table.primary_key)
    streamed = connection.execution_options(yield_per=FETCH_ROWS).execute(statement)
    return (dict(row._mapping) for row in streamed)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row.values() if isinstance(value, str | bytes))
        if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _without_nul(row: Row) -> tuple[Row, int]:
    """The row without U+0000, and in how many texts it stood.

    One character takes the place of one, so that what counts characters stays true.
    """
    found = [name for name, value in row.items() if isinstance(value, str) and _NUL in value]
    if not found:
        return row, 0
    return {**row, **{name: row[name].replace(_NUL, _REPLACED) for name in found}}, len(found)


def _canonical(value: object) -> tuple[bytes, bytes]:
    """A value in bytes, the same from either database."""
    match value:
        case None:
            return b"n", b""
        case bool():
            return b"b", b"1" if value else b"0"
        case int():
            return b"i", str(value).encode()
        case float():
            return b"f", value.hex().encode()
        case str():
            return b"s", value.encode("utf-8", "surrogatepass")
        case bytes() | memoryview():
            return b"x", bytes(value)
    raise TypeError(f"a value of the type {type(value).__name__} in the catalogue")

"""Counting changes of what pages count, so that each process knows when its figures are old.

Triggers count, not the code that writes: nobody can forget it, and a change counts in the very
transaction that makes it, whichever process that is. Only columns that figures depend on count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, inspect, select

from radio_archive.db.schema import changes

#: table -> the columns whose new values count
WATCHED: Mapping[str, tuple[str, ...]] = {
    "programmes": ("title", "language", "description", "homepage"),
    "broadcasts": ("programme_id", "language", "aired_at", "recording_key", "problem"),
    "recordings": ("duration_ms",),
    "transcripts": ("is_current", "trust"),
    "withdrawals": ("undone_at",),
}

_COUNT = "insert into changes (id, number) values (1, 1) on conflict (id) do update set"

#: on PostgreSQL: once per transaction and at its end, so that nobody waits for another's row
_FUNCTION = f"""
create or replace function count_change() returns trigger language plpgsql as $$
begin
    {_COUNT} number = changes.number + 1, made_by = txid_current()
    where changes.made_by is distinct from txid_current();
    return null;
end $$
"""


def last_change(connection: Connection) -> int:
    """A number that differs after every change; 0 before the first."""
    return connection.execute(select(changes.c.number)).scalar_one_or_none() or 0


def watch(connection: Connection) -> None:
    """Add the triggers that are missing; a table that was copied to alter it has lost its own."""
    if not inspect(connection).has_table(changes.name):
        return  # an earlier shape
    is_sqlite = connection.dialect.name == "sqlite"
    known = set(
        connection.exec_driver_sql(
            "select name from sqlite_master where type = 'trigger'"
            if is_sqlite
            else "select tgname from pg_trigger"
        ).scalars()
    )
    held = set(inspect(connection).get_table_names())
    missing = {name: made for name, made in _triggers(is_sqlite, held) if name not in known}
    if missing and not is_sqlite:
        connection.exec_driver_sql(_FUNCTION)
    for statement in missing.values():
        connection.exec_driver_sql(statement)


def _triggers(is_sqlite: bool, held: set[str]) -> Iterator[tuple[str, str]]:
    """Name of each trigger, and the statement that makes it; an earlier shape has fewer tables."""
    for table, columns in WATCHED.items():
        if table not in held:
            continue
        for event in ("insert", f"update of {', '.join(columns)}", "delete"):
            name = f"count_{table}_{event.split()[0]}"
            if is_sqlite:
                yield (
                    name,
                    f"create trigger {name} after {event} on {table} begin "
                    f"{_COUNT} number = number + 1; end",
                )
            else:
                yield (
                    name,
                    f"create constraint trigger {name} after {event} on {table} "
                    "deferrable initially deferred for each row execute function count_change()",
                )

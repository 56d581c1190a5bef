"""The catalogue, moved to another database or compared with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from radio_archive.db import Database
from radio_archive.db.moving import OnTable, compare, move, require_empty
from radio_archive.errors import MoveRefused, StorageError
from radio_archive.jobs import Jobs
from radio_archive.model import CatalogueMove
from radio_archive.settings import Settings, sqlite_address

SQLITE_FILE = "sqlite:///"


def move_catalogue(settings: Settings, to: str, on_table: OnTable) -> CatalogueMove:
    """Copy the whole catalogue to an empty database: all of it, or nothing.

    Raises:
        BadSettings: ``to`` is no address of a database we know.
        MoveRefused: the other database is not empty, the same, or none that lasts; a worker runs;
            a row does not fit.
        CatalogueError: one of the two cannot be used.
    """
    with _both(settings, to) as (source, target):
        _require_no_work(source)
        require_empty(target)
        target.migrate()
        return move(source, target, on_table)


def compare_catalogues(settings: Settings, to: str) -> CatalogueMove:
    """Compare the catalogue with one it was moved to; nothing is changed.

    Raises:
        BadSettings: ``to`` is no address of a database we know.
        CatalogueError: one of the two cannot be used, or is of another version.
    """
    with _both(settings, to) as (source, target):
        target.require_current()
        return compare(source, target)


@contextmanager
def _both(settings: Settings, to: str) -> Iterator[tuple[Database, Database]]:
    source, target = Database(settings.catalogue_url), Database(_absolute(to))
    try:
        if _absolute(source.url) == target.url:
            raise MoveRefused(
                "The catalogue already is where it is to be moved.", hint="Give another address."
            )
        source.migrate()
        yield source, target
    finally:
        source.close()
        target.close()


def _absolute(address: str) -> str:
    """The address of a file from the root on, its folder made.

    Raises:
        MoveRefused: it is no file, but the memory of one process.
        StorageError: its folder cannot be made.
    """
    if not address.startswith("sqlite:"):
        return address
    name, mark, options = address.removeprefix(SQLITE_FILE).partition("?")
    if not address.startswith(SQLITE_FILE) or name in ("", ":memory:") or "mode=memory" in options:
        raise MoveRefused(
            f"{address} is kept in memory, and gone when this command ends.",
            hint="Give the path of a file: sqlite:///media/catalogue.sqlite.",
        )
    path = Path(unquote(name)).resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {path.parent} cannot be made: {error.strerror}.",
            hint="Choose another place for the catalogue.",
        ) from error
    return f"{sqlite_address(path)}{mark}{options}"


def _require_no_work(source: Database) -> None:
    jobs = Jobs(source)
    # one that waits for work would go on waiting at the old catalogue, and never say so
    running = {*jobs.holders(), *(each.name for each in jobs.workers.all())}
    if running:
        raise MoveRefused(
            f"A worker is at work: {', '.join(sorted(running))}.",
            hint="Stop `radio-archive work` and `serve`, with a worker or without, on every "
            "machine, then try again.",
        )

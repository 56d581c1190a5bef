"""What a database refuses, in our words: it is away, or something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFree

from radio_archive.databases import first_line, refused_entry, shown
from radio_archive.errors import CatalogueError, CatalogueUnavailable, CatalogueUnwritable

#: PostgreSQL's codes (its documentation, appendix A) of what passes: connection lost, shut down or
#: starting, out of resources, a system error, a conflict with others, too slow, only to be read
_PASSING = ("08", "53", "57", "58", "40001", "40P01", "55P03", "25006")
#: SQLite's (sqlite.org/rescode.html): busy, locked, cannot be written, input and output, full,
#: cannot be opened. A disk is mounted read-only after an error
_SQLITE_PASSING = frozenset({5, 6, 8, 10, 13, 14})
_SQLITE_READONLY, _SQLITE_FULL, _SQLITE_CANNOT_OPEN = 8, 13, 14

_WAIT = "It is tried again by itself; if this lasts, look after the database."
_LOOK = (
    "Look at its address, database_url (or --to): the database, the account and the password; "
    "or make them."
)
#: what cannot be done to a file, and what to do about it
_FILE = {
    _SQLITE_READONLY: (
        "written",
        "Look whether its file, folder and disk can be written; a disk may have been mounted "
        "read-only after an error.",
    ),
    _SQLITE_CANNOT_OPEN: (
        "opened",
        "Look whether its folder exists and can be read and written, and whether its disk is "
        "mounted read-only.",
    ),
}


def is_passing(error: DBAPIError) -> bool:
    """Whether the database is away rather than the question wrong."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_PASSING)
    code = _sqlite_code(error)
    if code is not None:
        return code in _SQLITE_PASSING
    # PostgreSQL did not answer, hence no code
    return isinstance(error, OperationalError) and hasattr(error.orig, "sqlstate")


def is_away(error: SQLAlchemyError) -> bool:
    """Likewise, of whatever connecting raises: a connection that nobody gives back counts too."""
    return isinstance(error, NoneFree) or (isinstance(error, DBAPIError) and is_passing(error))


@contextmanager
def plain_errors(address: str) -> Iterator[None]:
    """Say in our words what the database refuses, without its password.

    Raises:
        CatalogueUnavailable: it is away, or cannot be written at the moment.
        CatalogueError: it refuses for another reason.
    """
    try:
        yield
    except NoneFree as error:
        raise CatalogueUnavailable(
            f"The catalogue at {shown(address)} is busy: no connection was free.", hint=_WAIT
        ) from error
    except DBAPIError as error:
        raise _told(error, shown(address)) from error


def _told(error: DBAPIError, place: str) -> CatalogueError:
    """What a database refuses, as our error.

    A wrong name or password counts as an outage too: a worker that runs waits until it is mended.
    """
    entry = refused_entry(error.orig)
    reason = entry or first_line(error.orig)
    if not is_passing(error):
        return CatalogueError(
            f"The catalogue at {place} cannot be used: {reason}.",
            hint="Run `radio-archive doctor`.",
        )
    if entry:
        return CatalogueUnavailable(
            f"The catalogue at {place} lets nobody in: {reason}.", hint=_LOOK
        )
    code = _sqlite_code(error)
    if code in _FILE:
        what, hint = _FILE[code]
        return CatalogueUnwritable(
            f"The catalogue at {place} cannot be {what}: {reason}.", hint=hint
        )
    return CatalogueUnavailable(
        f"The catalogue at {place} does not answer: {reason}.",
        hint="Make room on its disk." if code == _SQLITE_FULL else _WAIT,
    )


def _sqlite_code(error: DBAPIError) -> int | None:
    """SQLite's code without what it adds to it; None of another database."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF

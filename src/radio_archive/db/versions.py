"""Which shape the tables have, and how they get the one this version expects."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from radio_archive import __version__
from radio_archive.databases import shown
from radio_archive.errors import WrongSchema

#: of PostgreSQL's advisory lock that one migration at a time holds: "radio" in ASCII
_LOCK = 0x726164696F


def find_revision(connection: Connection) -> str | None:
    """The migration the tables stand at; None for a database without tables."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(found: str | None, address: str, revision: str = "head") -> bool:
    """Whether the tables have the wanted shape.

    Args:
        found: the migration they stand at.
        address: of the database, for the message.
        revision: the migration wanted.

    Raises:
        WrongSchema: a newer version of this program made them.
    """
    scripts = ScriptDirectory.from_config(_config())
    head = scripts.get_current_head()
    if found is not None:
        try:
            scripts.get_revision(found)
        except CommandError as error:
            raise WrongSchema(
                f"The catalogue at {shown(address)} was made by a newer version: its tables stand "
                f"at migration {found}, and radio-archive {__version__} knows those up to {head}.",
                hint="Start the newer version; nothing was changed.",
            ) from error
    return found == (head if revision == "head" else revision)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a shape, inside the transaction of the connection.

    Of processes that start together one migrates, and the others find it done.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("set local statement_timeout = 0"))  # a long table takes its time
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def pending(found: str | None, address: str) -> WrongSchema:
    """What to say where the tables are of an older version and may not be changed."""
    return WrongSchema(
        f"The catalogue at {shown(address)} is of an older version (migration {found or 'none'}), "
        "and is only read here.",
        hint="Run `radio-archive status` once while the database can be written; it changes the "
        "tables. Nothing was changed.",
    )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config

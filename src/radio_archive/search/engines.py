"""Which engine stands behind ``SearchIndex``."""

from __future__ import annotations

from pathlib import Path

from radio_archive.errors import BadInput
from radio_archive.search import SearchIndex

POSTGRESQL = "postgresql"
ENGINES = ("auto", "whoosh", POSTGRESQL)


def open_index(folder: Path, engine: str = "auto", url: str = "") -> SearchIndex:
    """Open the search index of an archive; nothing is read or made yet.

    Args:
        folder: the archive's ``index/``.
        engine: a name of ``ENGINES``; ``auto`` takes what suits an archive of this size.
        url: address of the database, for ``postgresql``.

    Raises:
        BadInput: there is no engine of this name.
        BadSettings: the engine needs a database, and there is no such address.
    """
    if engine not in ENGINES:
        raise BadInput(
            f"There is no search engine {engine!r}.", hint=f"Engines: {', '.join(ENGINES)}."
        )
    if engine == POSTGRESQL:
        from radio_archive.search.postgresql_index import PostgresqlIndex

        return PostgresqlIndex(url)
    from radio_archive.search.whoosh_index import WhooshIndex

    return WhooshIndex(folder)

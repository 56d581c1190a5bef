"""Which engine stands behind ``SearchIndex``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from radio_archive.errors import BadInput
from radio_archive.search.chosen_index import AUTO, POSTGRESQL, TANTIVY, WHOOSH, ChosenIndex

ENGINES = (AUTO, WHOOSH, TANTIVY, POSTGRESQL)


def open_index(
    folder: Path,
    engine: str = AUTO,
    size: Callable[[], int] | None = None,
    url: str = "",
    replica_url: str = "",
) -> ChosenIndex:
    """Open the search index of an archive; nothing is read or made yet.

    Args:
        folder: the archive's ``index/``.
        engine: a name of ``ENGINES``; ``auto`` takes what suits an archive of this size.
        size: counts the passages there are to index; None: those that are indexed.
        url: address of the database, for ``postgresql``.
        replica_url: of its replica, searched while it is away; empty: there is none.

    Raises:
        BadInput: there is no engine of this name.
    """
    if engine not in ENGINES:
        raise BadInput(
            f"There is no search engine {engine!r}.", hint=f"Engines: {', '.join(ENGINES)}."
        )
    return ChosenIndex(folder, engine, size, url, replica_url)

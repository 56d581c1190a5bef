"""What adds names and translations to queries, with the station's own table of names."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from radio_archive.errors import BadTable
from radio_archive.languages.lexicon import Lexicon
from radio_archive.languages.names import Names
from radio_archive.model import Query
from radio_archive.search.expansion import expand

_Stamp = tuple[int, int] | None


class Expander:
    """Adds names and translations; a table changed while the archive runs counts at once.

    A table that cannot be read is left out, so that a slip of the pen stops no search; `doctor`
    and `names --check` say what is wrong with it.
    """

    def __init__(self, table: Path) -> None:
        """Name the station's table, which need not exist."""
        self._table = table
        self._read: tuple[_Stamp, Names] | None = None

    def __call__(self, query: Query, without: Collection[str] = ()) -> Query:
        """The query with what is added to it, but for the expansions whose ids are given."""
        return expand(query, self.names, self._lexicon, without) if query.has_terms else query

    @property
    def names(self) -> Names:
        """All names, without the station's where its table cannot be read."""
        stamp = self._stamp()
        if self._read is None or self._read[0] != stamp:
            try:
                names = self.load_names()
            except BadTable:
                names = Names.load()
            self._read = (stamp, names)
        return self._read[1]

    def load_names(self) -> Names:
        """All names, read anew.

        Raises:
            BadTable: the station's table cannot be read.
        """
        return Names.load([self._table] if self._stamp() else [])

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon.load()

    def _stamp(self) -> _Stamp:
        """When the table was last written, in nanoseconds, and its size; None without a table."""
        try:
            facts = self._table.stat()
        except FileNotFoundError:
            return None
        except OSError:
            return (0, 0)
        return facts.st_mtime_ns, facts.st_size

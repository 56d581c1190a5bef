"""What adds names and translations to queries, with the station's own table and its glossary."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from radio_archive.errors import BadQuery, BadTable
from radio_archive.languages.lexicon import Lexicon
from radio_archive.languages.names import Names
from radio_archive.model import LanguageTag, Query, SpokenName, Term
from radio_archive.search.expansion import expand, spoken_names, terms_of

_Stamp = tuple[int, int] | None
Misheard = tuple[tuple[LanguageTag, str, str], ...]
"""Accepted entries of the glossary: language, wrong form, right form."""


class Expander:
    """Adds names and translations; what changes while the archive runs counts at once.

    A table that cannot be read is left out, so that a slip of the pen stops no search; `doctor`
    and `names --check` say what is wrong with it.
    """

    def __init__(self, table: Path, glossary: Callable[[], Misheard] = tuple) -> None:
        """Name the station's table, which need not exist, and what tells its glossary."""
        self._table = table
        self._glossary = glossary
        self._read: tuple[_Stamp, Names] | None = None
        self._joined: tuple[Names, Misheard, Names] | None = None
        self._spoken: tuple[Names, tuple[SpokenName, ...]] | None = None

    def __call__(self, query: Query, without: Collection[str] = ()) -> Query:
        """The query with what is added to it, but for the expansions whose ids are given.

        Raises:
            BadQuery: it filters by a name that no table holds, or that is an ordinary word.
        """
        if query.names:
            query = replace(query, mentions=tuple(map(self._terms_of, query.names)))
        return expand(query, self.names, self._lexicon, without) if query.has_terms else query

    @property
    def names(self) -> Names:
        """All names, without the station's where its table cannot be read."""
        table, heard = self.table_names, self._glossary()
        if self._joined is None or self._joined[:2] != (table, heard):
            self._joined = (table, heard, table.with_misheard(heard))
        return self._joined[2]

    @property
    def table_names(self) -> Names:
        """The same without what the glossary adds."""
        stamp = self._stamp()
        if self._read is None or self._read[0] != stamp:
            try:
                names = self._load_tables()
            except BadTable:
                names = Names.load()
            self._read = (stamp, names)
        return self._read[1]

    @property
    def spoken_names(self) -> tuple[SpokenName, ...]:
        """The names to be counted in what is found; the same tuple until a table changes."""
        names = self.names
        if self._spoken is None or self._spoken[0] is not names:
            self._spoken = (names, spoken_names(names))
        return self._spoken[1]

    def load_names(self) -> Names:
        """All names, read anew.

        Raises:
            BadTable: the station's table cannot be read.
        """
        return self._load_tables().with_misheard(self._glossary())

    def _load_tables(self) -> Names:
        return Names.load([self._table] if self._stamp() else [])

    def _terms_of(self, typed: str) -> tuple[Term, ...]:
        """All that says a name; where several are meant, the one so written."""
        names = self.names.find(typed)
        names = tuple(each for each in names if each.name == typed) or names
        if not names:
            raise BadQuery(
                f"{typed!r} is in no table of names.",
                hint="Search for it as a word; `radio-archive names` lists the names.",
            )
        terms = dict.fromkeys(term for each in names for term in terms_of(each, self.names))
        if not terms:
            raise BadQuery(
                f"{typed!r} is an ordinary word as well: nobody can tell what mentions the name.",
                hint="Search for it as a word.",
            )
        return tuple(terms)

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

"""What an archive gets without rules for its languages: two engines as they come.

Both read the same passages and answer the same queries; all words must be in a passage, and the
best twenty are their first page. Neither groups by broadcast, which can only help them here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Protocol

import regex

from radio_archive.model import Passage
from tests.relevance.station import PassageKey, key_of

#: passages on the first page
PAGE = 20

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*")


class Baseline(Protocol):
    """An engine that ranks passages for a query."""

    @property
    def name(self) -> str:
        """As the report calls it."""
        ...

    def search(self, text: str, language: str) -> list[PassageKey]:
        """The first page for a query in one language, best first."""
        ...


class WhooshDefault:
    """Whoosh's ``StandardAnalyzer`` with the accent map it brings."""

    name = "Whoosh, accent map"

    def __init__(self, passages: Iterable[Passage]) -> None:
        from whoosh.analysis import CharsetFilter, StandardAnalyzer
        from whoosh.fields import ID, STORED, TEXT, Schema
        from whoosh.filedb.filestore import RamStorage
        from whoosh.support.charset import accent_map

        analyzer = StandardAnalyzer() | CharsetFilter(accent_map)
        schema = Schema(key=STORED, language=ID, text=TEXT(analyzer=analyzer))
        self._index = RamStorage().create_index(schema)
        writer = self._index.writer(limitmb=64)
        for passage in passages:
            writer.add_document(
                key=key_of(passage), language=str(passage.language), text=passage.text
            )
        writer.commit()
        self._searcher = self._index.searcher()

    def search(self, text: str, language: str) -> list[PassageKey]:
        """The first page."""
        from whoosh.qparser import QueryParser
        from whoosh.query import Term

        # quoted, so that nothing typed is an operator
        words = " ".join(f'"{word}"' for word in _WORD.findall(text))
        query = QueryParser("text", self._index.schema).parse(words)
        results = self._searcher.search(query, limit=PAGE, filter=Term("language", language))
        return [tuple(hit["key"]) for hit in results]


class SqliteFts5:
    """SQLite FTS5 with ``unicode61 remove_diacritics 2``."""

    name = "SQLite FTS5"

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(text, broadcast UNINDEXED, number UNINDEXED,"
            ' language UNINDEXED, tokenize = "unicode61 remove_diacritics 2")'
        )
        self._database.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?)",
            ((each.text, *key_of(each), str(each.language)) for each in passages),
        )

    def search(self, text: str, language: str) -> list[PassageKey]:
        """The first page."""
        words = " ".join(f'"{word}"' for word in _WORD.findall(text))
        rows = self._database.execute(
            "SELECT broadcast, number FROM passages WHERE passages MATCH ? AND language = ?"
            " ORDER BY rank LIMIT ?",
            (words, language, PAGE),
        )
        return [(broadcast, number) for broadcast, number in rows]

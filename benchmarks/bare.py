"""Search engines as they come, given the same tokens: what the archive's own are compared with.

`BareTantivy` answers with all that the archive's engines do: total, broadcasts, three facets and
the hits of the best twenty broadcasts. The others, and `PlainTantivy`, give the total and the best
twenty passages, in the order asked for and within the filters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import tantivy
from benchmarks.asked import Asked
from benchmarks.tokens import beginnings_for, tokens_for, tokens_of
from tantivy import Occur

from radio_archive.db import sqlite_module
from radio_archive.model import Passage, Sort

#: passages of one answer, and broadcasts
BEST = 20
#: passages looked at until they are of so many broadcasts, then four times as many, and so on
_FETCHED = 100
_FACETS = {
    name: {"terms": {"field": name, "size": 100}} for name in ("language", "programme", "year")
}
_HEAP_BYTES = 256_000_000


class Contestant(Protocol):
    """An engine that can be filled once and asked."""

    def build(self, passages: Iterable[Passage]) -> None:
        """Index everything."""
        ...

    def search(self, asked: Asked) -> int:
        """Answer one search; returns how many passages it found."""
        ...

    def add(self, passages: Iterable[Passage]) -> None:
        """Index one more broadcast, durably."""
        ...


def words_of(passage: Passage) -> str:
    """Its tokens with blanks between them."""
    return " ".join(tokens_of(passage.text, passage.language))


def _seconds(year: int) -> int:
    """The first second of a year, since 1970."""
    days = (year - 1970) * 365 + (year - 1969) // 4
    return days * 86_400


def _span(asked: Asked) -> tuple[int, int] | None:
    """The seconds a search is narrowed to; the second one is the first after it."""
    if asked.first_year is None and asked.last_year is None:
        return None
    return _seconds(asked.first_year or 1970), _seconds((asked.last_year or 2098) + 1)


class BareTantivy:
    """Tantivy with totals, facets and grouping, through its Python binding."""

    is_whole = True

    def __init__(self, folder: Path) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("words", tokenizer_name="whitespace")
        schema.add_text_field("language", tokenizer_name="raw", fast=True)
        schema.add_text_field("programme", tokenizer_name="raw", fast=True)
        for name in ("broadcast", "aired", "year"):
            schema.add_integer_field(name, indexed=name != "year", fast=True)
        self._schema = schema.build()
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(self._schema, str(folder))
        self._index.reload()

    def build(self, passages: Iterable[Passage]) -> None:
        """Index everything, with the threads of the machine."""
        writer = self._index.writer(_HEAP_BYTES)
        for passage in passages:
            writer.add_document(self._document(passage))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def add(self, passages: Iterable[Passage]) -> None:
        """Index one more broadcast."""
        writer = self._index.writer(15_000_000, 1)
        for passage in passages:
            writer.add_document(self._document(passage))
        writer.commit()
        self._index.reload()

    def search(self, asked: Asked) -> int:
        """The best broadcasts' passages, facets and totals."""
        query, searcher = self._query(asked), self._index.searcher()
        found = self._look(searcher, query, asked, _FETCHED if self.is_whole else BEST)
        if not self.is_whole:
            return int(found.count or 0)
        fetched = _FETCHED
        while True:
            places = [place for _, place in found.hits]
            broadcasts = searcher.fast_field_values("broadcast", places)
            if len(set(broadcasts)) >= BEST or len(places) < fetched:
                break
            fetched *= 4
            found = self._look(searcher, query, asked, fetched)
        searcher.aggregate(query, _FACETS)
        searcher.cardinality(query, "broadcast")
        return int(found.count or 0)

    def _look(
        self, searcher: tantivy.Searcher, query: tantivy.Query, asked: Asked, limit: int
    ) -> Any:
        order = {} if asked.sort is Sort.RELEVANCE else {"order_by_field": "aired"}
        return searcher.search(query, limit=limit, **order)  # type: ignore[arg-type]

    def _document(self, passage: Passage) -> tantivy.Document:
        document = tantivy.Document()
        document.add_text("words", words_of(passage))
        document.add_text("language", passage.language)
        document.add_text("programme", passage.programme_id or "")
        document.add_integer("broadcast", int(passage.broadcast_id[:12], 16))
        aired = passage.aired_at
        document.add_integer("aired", 0 if aired is None else int(aired.timestamp()))
        document.add_integer("year", 0 if aired is None else aired.year)
        return document

    def _query(self, asked: Asked) -> tantivy.Query:
        parts = [(Occur.Must, self._any(group, asked)) for group in asked.groups]
        if asked.excluded:
            parts.append((Occur.MustNot, self._any((asked.excluded,), asked)))
        if asked.language:
            parts.append((Occur.Must, self._term("language", asked.language)))
        if span := _span(asked):
            kind = tantivy.FieldType.Integer
            within = tantivy.Query.range_query(
                self._schema, "aired", kind, span[0], span[1], include_upper=False
            )
            parts.append((Occur.Must, tantivy.Query.const_score_query(within, 0.0)))
        return parts[0][1] if len(parts) == 1 else tantivy.Query.boolean_query(parts)

    def _term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value)

    def _any(self, group: tuple[str, ...], asked: Asked) -> tantivy.Query:
        ways = [(Occur.Should, way) for term in group for way in self._ways(term, asked)]
        return tantivy.Query.boolean_query(ways)

    def _ways(self, term: str, asked: Asked) -> Iterator[tantivy.Query]:
        make = tantivy.Query
        if term.endswith("*"):
            for start in beginnings_for(term[:-1]):
                yield make.regex_query(self._schema, "words", f"{start}.*")
            return
        for tokens in tokens_for(term):
            if len(tokens) > 1:
                yield make.phrase_query(self._schema, "words", list(tokens))
            elif asked.is_close:
                yield make.fuzzy_term_query(self._schema, "words", tokens[0], 1)
            else:
                yield self._term("words", tokens[0])


class PlainTantivy(BareTantivy):
    """The same index, asked for its best twenty passages and the total alone."""

    is_whole = False


class BareWhoosh:
    """Whoosh 2.7.4 with ready tokens."""

    def __init__(self, folder: Path) -> None:
        from whoosh import analysis, fields, index

        self._schema = fields.Schema(
            words=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer()),
            language=fields.ID(sortable=True),
            programme=fields.ID(sortable=True),
            broadcast=fields.ID(stored=True),
            aired=fields.NUMERIC(int, bits=64, sortable=True),
        )
        folder.mkdir(parents=True, exist_ok=True)
        exists = index.exists_in(folder)
        self._index = index.open_dir(folder) if exists else index.create_in(folder, self._schema)
        self._searcher: Any = None

    def build(self, passages: Iterable[Passage]) -> None:
        """Index everything."""
        self._write(passages, limitmb=256)

    def add(self, passages: Iterable[Passage]) -> None:
        """Index one more broadcast."""
        self._write(passages)

    def _write(self, passages: Iterable[Passage], **options: int) -> None:
        writer = self._index.writer(**options)
        for passage in passages:
            writer.add_document(
                words=words_of(passage),
                language=passage.language,
                programme=passage.programme_id,
                broadcast=passage.broadcast_id,
                aired=0 if passage.aired_at is None else int(passage.aired_at.timestamp()),
            )
        writer.commit()
        self._searcher = None

    def search(self, asked: Asked) -> int:
        """The best passages and the total."""
        from whoosh import query as make

        if self._searcher is None:
            self._searcher = self._index.searcher()
        parts = [
            make.Or([way for term in group for way in self._ways(term, asked)])
            for group in asked.groups
        ]
        narrowed = [make.Term("language", asked.language)] if asked.language else []
        if span := _span(asked):
            narrowed.append(make.NumericRange("aired", span[0], span[1] - 1))
        wanted = make.And(parts or narrowed)
        if asked.excluded:
            wanted = make.AndNot(wanted, make.Or(list(self._ways(asked.excluded, asked))))
        options: dict[str, Any] = {"filter": make.And(narrowed)} if parts and narrowed else {}
        if asked.sort is not Sort.RELEVANCE:
            options |= {"sortedby": "aired", "reverse": True}
        return len(self._searcher.search(wanted, limit=BEST, **options))

    def _ways(self, term: str, asked: Asked) -> Iterator[Any]:
        from whoosh import query as make

        if term.endswith("*"):
            yield from (make.Prefix("words", start) for start in beginnings_for(term[:-1]))
            return
        for tokens in tokens_for(term):
            if len(tokens) > 1:
                yield make.Phrase("words", tokens)
            elif asked.is_close:
                yield make.FuzzyTerm("words", tokens[0], maxdist=1, prefixlength=1)
            else:
                yield make.Term("words", tokens[0])


class Fts5:
    """SQLite's full text search: an index without text, and a table of what is filtered by."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite_module().connect(folder / "fts5.sqlite")
        self._connection.executescript(
            """
            pragma journal_mode = wal;
            create virtual table if not exists found using fts5(
                words, content='', tokenize="unicode61 remove_diacritics 0");
            create table if not exists passages (id integer primary key, broadcast text,
                language text, programme text, aired integer);
            """
        )

    def build(self, passages: Iterable[Passage]) -> None:
        """Index everything."""
        self.add(passages)
        self._connection.execute("insert into found(found) values ('optimize')")
        self._connection.execute("create index if not exists by_date on passages (language, aired)")
        self._connection.commit()

    def add(self, passages: Iterable[Passage]) -> None:
        """Index one more broadcast."""
        rest, ask = iter(passages), self._connection
        last = ask.execute("select coalesce(max(id), 0) from passages").fetchone()[0]
        while block := list(islice(rest, 10_000)):
            numbered = list(enumerate(block, last + 1))
            ask.executemany(
                "insert into found(rowid, words) values (?, ?)",
                [(number, words_of(each)) for number, each in numbered],
            )
            ask.executemany(
                "insert into passages values (?, ?, ?, ?, ?)",
                [(number, *facts_of(each)) for number, each in numbered],
            )
            last += len(block)
        ask.commit()

    def search(self, asked: Asked) -> int:
        """The best passages and the total."""
        wanted = " AND ".join(f"({self._any(group)})" for group in asked.groups)
        if asked.excluded:
            wanted = f"({wanted}) NOT ({self._any((asked.excluded,))})"
        where, values = ["found match ?"] if wanted else [], [wanted] if wanted else []
        narrowed, given = narrowing(asked, "?")
        where, values = [*where, *narrowed], [*values, *given]
        source = "found cross join passages on passages.id = found.rowid" if wanted else "passages"
        if wanted and not narrowed and asked.sort is Sort.RELEVANCE:
            source = "found"
        order = "passages.aired desc" if asked.sort is not Sort.RELEVANCE else "found.rank"
        key = "found.rowid" if wanted else "passages.id"
        rest = f"from {source} where {' and '.join(where)}"
        ask = self._connection.execute
        ask(f"select {key} {rest} order by {order} limit {BEST}", values).fetchall()
        return int(ask(f"select count(*) {rest}", values).fetchone()[0])

    def _any(self, group: tuple[str, ...]) -> str:
        ways = []
        for term in group:
            if term.endswith("*"):
                ways += [f'"{start}"*' for start in beginnings_for(term[:-1])]
            else:
                ways += [f'"{" ".join(tokens)}"' for tokens in tokens_for(term)]
        return " OR ".join(ways)


def facts_of(passage: Passage) -> tuple[str, str, str, int]:
    """What passages are filtered by and grouped under."""
    aired = 0 if passage.aired_at is None else int(passage.aired_at.timestamp())
    return passage.broadcast_id, passage.language, passage.programme_id or "", aired


def narrowing(asked: Asked, mark: str) -> tuple[list[str], list[Any]]:
    """The filters of a search as conditions of SQL, with their values."""
    where: list[str] = []
    values: list[Any] = []
    if asked.language:
        where.append(f"passages.language = {mark}")
        values.append(asked.language)
    if span := _span(asked):
        where += [f"passages.aired >= {mark}", f"passages.aired < {mark}"]
        values += [*span]
    return where, values


BARE: Mapping[str, Callable[[Path], Contestant]] = {
    "tantivy": BareTantivy,
    "tantivy, best 20": PlainTantivy,
    "whoosh": BareWhoosh,
    "fts5": Fts5,
}

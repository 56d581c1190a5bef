"""PostgreSQL's own full text search with the same tokens: a column of words and a GIN index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import psycopg
from benchmarks.asked import Asked
from benchmarks.bare import BEST, facts_of, narrowing
from benchmarks.tokens import beginnings_for, tokens_for, tokens_of

from radio_archive.model import Passage, Sort


class PostgresqlText:
    """Totals and the best twenty passages from one table."""

    def __init__(self, url: str) -> None:
        """Connect to a server; ``url`` as SQLAlchemy writes it."""
        self._connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        self._ask(
            "create table if not exists passages (id bigserial primary key, broadcast text, "
            "language text, programme text, aired bigint, words tsvector)"
        )

    def build(self, passages: Iterable[Passage]) -> None:
        """Copy everything in, then index it."""
        self.add(passages)
        self._ask("create index if not exists by_words on passages using gin (words)")
        self._ask("create index if not exists by_date on passages (language, aired)")
        self._ask("vacuum analyze passages")

    def add(self, passages: Iterable[Passage]) -> None:
        """Copy passages in."""
        into = "copy passages (broadcast, language, programme, aired, words) from stdin"
        with self._connection.cursor() as cursor, cursor.copy(into) as rows:
            for passage in passages:
                rows.write_row((*facts_of(passage), _vector(passage)))

    def search(self, asked: Asked) -> int:
        """The best passages and the total."""
        wanted = " & ".join(f"({_any(group)})" for group in asked.groups)
        if asked.excluded:
            wanted = f"({wanted}) & !({_any((asked.excluded,))})"
        where, values = narrowing(asked, "%s")
        source, order = "passages", "aired desc"
        if wanted:
            source, where = "passages, to_query", ["words @@ to_query.asked", *where]
            values = [wanted, *values]
            if asked.sort is Sort.RELEVANCE:
                order = "ts_rank(words, to_query.asked) desc"
        begin = "with to_query as (select %s::tsquery as asked) " if wanted else ""
        rest = f"from {source} where {' and '.join(where)}"
        self._ask(f"{begin}select id {rest} order by {order} limit {BEST}", values)
        return int(self._ask(f"{begin}select count(*) {rest}", values)[0][0])

    def size_bytes(self) -> int:
        """Of the table with its indexes."""
        return int(self._ask("select pg_total_relation_size('passages')")[0][0])

    def close(self) -> None:
        """Let the server go."""
        self._connection.close()

    def _ask(self, statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


def _vector(passage: Passage) -> str:
    """The tokens as a literal of ``tsvector``, each with its places."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(tokens_of(passage.text, passage.language), 1):
        places.setdefault(token, []).append(str(place))
    return " ".join(f"{_quoted(token)}:{','.join(each)}" for token, each in places.items())


def _any(group: tuple[str, ...]) -> str:
    ways = []
    for term in group:
        if term.endswith("*"):
            ways += [f"{_quoted(start)}:*" for start in beginnings_for(term[:-1])]
        else:
            ways += [f"({' <-> '.join(map(_quoted, tokens))})" for tokens in tokens_for(term)]
    return " | ".join(ways)


def _quoted(token: str) -> str:
    doubled = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"

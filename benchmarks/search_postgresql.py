"""How fast is search in PostgreSQL?

Builds an index of made passages in a server of its own, or in a database, and prints p50 and p95
of each kind of search: the first time, when PostgreSQL is asked how rare the words are, and
again. Every search gives totals, facets and hits grouped by broadcast.

    python benchmarks/search_postgresql.py [--passages 100000] [--queries 25] [--url ADDRESS]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import make_passages  # noqa: E402 - the line above makes it importable
from benchmarks.search import Kinds, choose_queries, measure, p95  # noqa: E402
from sqlalchemy import create_engine  # noqa: E402
from tests.support.postgresql import PostgresqlServer  # noqa: E402

from radio_archive.errors import BadQuery  # noqa: E402
from radio_archive.model import BroadcastId  # noqa: E402
from radio_archive.search.expander import Expander  # noqa: E402
from radio_archive.search.postgresql_index import PostgresqlIndex  # noqa: E402
from radio_archive.search.query import parse_query  # noqa: E402

#: broadcasts replaced one by one
REPLACED = 20


def main() -> int:
    """Build, search, and replace."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=25)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    with ExitStack() as stack:
        url = options.url
        if not url:
            server = PostgresqlServer.find()
            if server is None:
                print("PostgreSQL is not installed: give --url.")
                return 1
            url = stack.enter_context(server).url
        index = PostgresqlIndex(url, time_limit_s=60)
        stack.callback(index.close)
        started = time.perf_counter()
        count = index.rebuild(make_passages(options.passages))
        took = time.perf_counter() - started
        size = table_bytes(url) / 1e6
        print(f"{count:,} passages, {count / took:,.0f} passages/s, {size:,.0f} MB")
        sample = list(islice(make_passages(options.passages), 20_000))
        print_searches(
            index, {k: v for k, v in choose_queries(sample, options.queries).items() if v}
        )
        print_names(index)
        print_replacing(index, options.passages)
    return 0


def print_searches(index: PostgresqlIndex, kinds: Kinds) -> None:
    """The times of each kind."""

    def search(text: str) -> object:
        try:
            return index.search(parse_query(text))
        except BadQuery:
            return None

    started = time.perf_counter()
    search("absent")
    print(f"opened in {time.perf_counter() - started:.2f} s")
    everything = {**kinds, "no words": [""] * 5}
    first, again = measure(search, everything), measure(search, everything)
    for kind in everything:
        times = [f"{statistics.median(t[kind]):6.1f} {p95(t[kind]):6.1f}" for t in (first, again)]
        print(f"{kind:35} first {times[0]}   again {times[1]} ms")


def print_names(index: PostgresqlIndex) -> None:
    """What it takes to look all names up, and to count them in what is found."""
    expander = Expander(Path("no table of the station"))
    query, names = expander(parse_query("mali")), expander.spoken_names
    took = []
    for _ in range(20):
        started = time.perf_counter()
        index.search(query, names)
        took.append((time.perf_counter() - started) * 1000)
    first, *again = took
    print(
        f"mali with {len(names)} names: first {first:.0f} ms, again {statistics.median(again):.1f}"
    )


def print_replacing(index: PostgresqlIndex, size: int) -> None:
    """How long a new broadcast takes until it is found."""
    names = Expander(Path("no table of the station")).spoken_names
    passages = list(islice(make_passages(size, seed=7), 200))
    one = passages[0].broadcast_id
    cut = [each for each in passages if each.broadcast_id == one]
    took = []
    for _ in range(REPLACED):
        started = time.perf_counter()
        index.replace(BroadcastId(one), cut)
        index.search(parse_query("mali"), names)
        took.append((time.perf_counter() - started) * 1000)
    times = f"{statistics.median(took):.0f} {p95(took):.0f} ms"
    print(f"{len(cut)} passages replaced and found, names counted: {times}")


def table_bytes(url: str) -> int:
    """Bytes of the index in a database: its tables, and their own indexes."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "select sum(pg_total_relation_size((schemaname || '.' || tablename)::regclass))"
            " from pg_tables where schemaname = 'radio_archive_search'"
        ).scalar()
    engine.dispose()
    return int(found or 0)


if __name__ == "__main__":
    sys.exit(main())

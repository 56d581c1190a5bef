"""What does the engine of large archives cost beside bare Tantivy doing the same query?

Over the index of an archive whose passages ``corpus.py`` made, in one run: the engine answers a
search it was never asked, then the same one again; then Tantivy alone answers the very query the
engine wrote for it, with the best twenty passages, their total and three facets. Printed are
p50/p95 in milliseconds, and how many times as long as bare Tantivy the engine takes.

    python benchmarks/search_scale.py --sizes 1700000 --only tantivy --keep ../bench
    python benchmarks/written.py --home ../bench/1700000/home-tantivy [--queries 50]
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from tantivy import Query as Written

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.asked import PROMISED, Asked, choose  # noqa: E402 - importable from here on
from benchmarks.corpus import make_broadcasts  # noqa: E402

from radio_archive.search.postings import Deadline  # noqa: E402
from radio_archive.search.tantivy_counts import buckets  # noqa: E402
from radio_archive.search.tantivy_index import TantivyIndex  # noqa: E402

#: passages that words are chosen from, and searches before the first that is measured
SAMPLE, BEFORE = 100_000, 15
FACETS = ["language", "programme", "year"]
SHOWN = 20


def main() -> None:
    """Ask, and print a line for each kind of search whose time is promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="the archive's folder")
    parser.add_argument("--queries", type=int, default=50)
    options = parser.parse_args()
    kinds = choose(make_broadcasts(SAMPLE), BEFORE + options.queries)
    print(
        f"{'p50/p95 ms':36}{'new':>14}{'again':>14}{'bare':>14}{'new/bare':>10}{'again/bare':>12}"
    )
    with closing(TantivyIndex(options.home / "index")) as index:
        for kind in PROMISED:
            for asked in kinds[kind][:BEFORE]:
                index.search(asked.query)
            times = list(_ask(index, kinds[kind][BEFORE:]))
            new, again, bare = (sorted(each) for each in zip(*times, strict=True))
            print(
                f"{kind:36}{_told(new):>14}{_told(again):>14}{_told(bare):>14}"
                f"{_middle(new) / _middle(bare):10.1f}{_middle(again) / _middle(bare):12.1f}"
            )


def _ask(index: TantivyIndex, searches: Sequence[Asked]) -> Iterator[tuple[float, float, float]]:
    """Milliseconds of a new search, of the same again, and of bare Tantivy, each in turn."""
    for asked in searches:
        query = asked.query
        new = _timed(partial(index.search, query))
        again = _timed(partial(index.search, query))
        written = index._snapshot()._write(query, Deadline(math.inf))
        if written is not None:
            yield new, again, _timed(partial(_answer, index, written))


def _answer(index: TantivyIndex, written: Written) -> None:
    searcher = index._snapshot()._searcher
    searcher.search(written, limit=SHOWN, count=True)
    buckets(searcher, written, FACETS)


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def _middle(times: list[float]) -> float:
    return statistics.median(times)


def _told(times: list[float]) -> str:
    return f"{_middle(times):.1f}/{times[min(len(times) - 1, int(len(times) * 0.95))]:.1f}"


if __name__ == "__main__":
    main()

"""What does counting names cost a search?

Builds an index of made-up passages (``benchmarks/corpus.py``) and times searches with and without
the facet of names: the first one, which looks all names up, those after it, the first one after a
new broadcast, and the first one after the table of names has changed.

    python benchmarks/names.py [--sizes 10000,100000] [--runs 50]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import PASSAGES_PER_BROADCAST, make_passages  # noqa: E402 - as in search.py

from radio_archive.languages.name_table import COLUMNS, FILE_NAME  # noqa: E402
from radio_archive.model import BroadcastId  # noqa: E402
from radio_archive.search.expander import Expander  # noqa: E402
from radio_archive.search.query import parse_query  # noqa: E402
from radio_archive.search.whoosh_index import WhooshIndex  # noqa: E402

#: the promise at 10,000 passages: what the facet adds to a search, median
TARGET_MS = 2.0
#: new broadcasts indexed one after the other
BROADCASTS = 9
SEARCHES = ("mali", "de", "prix du riz", "language:fr", "")


def timed(action: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def compare(index: WhooshIndex, expander: Expander, runs: int) -> float:
    """Print each search with and without names, in turns; returns the most that is added."""
    names, most = expander.spoken_names, 0.0
    for text in SEARCHES:
        query = expander(parse_query(text))
        without, counted = [], []
        for _ in range(runs):
            without.append(timed(partial(index.search, query)))
            counted.append(timed(partial(index.search, query, names)))
        few, many = statistics.median(without), statistics.median(counted)
        most = max(most, many - few)
        total = index.search(query).total
        print(f"  {text or '(everything)':14} {total:7,} hits {few:7.2f} {many:7.2f} ms")
    return most


def after_broadcasts(index: WhooshIndex, expander: Expander) -> float:
    """What the first search after a new broadcast takes longer for the names, median."""
    query, names = expander(parse_query("mali")), expander.spoken_names
    passages = list(make_passages(BROADCASTS * PASSAGES_PER_BROADCAST, seed=1))
    took = []
    for number in range(BROADCASTS):
        new = BroadcastId(f"new{number}")
        first = number * PASSAGES_PER_BROADCAST
        cut = passages[first : first + PASSAGES_PER_BROADCAST]
        index.replace(new, [replace(passage, broadcast_id=new) for passage in cut])
        index.search(query)
        took.append(timed(lambda: index.search(query, names)) - timed(lambda: index.search(query)))
    return statistics.median(took)


def run_size(size: int, runs: int) -> float:
    """Build one index and print what names cost there; returns the most added to a warm search."""
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        table = Path(folder) / FILE_NAME
        index, expander = WhooshIndex(Path(folder) / "index"), Expander(table)
        index.rebuild(make_passages(size))
        query = expander(parse_query("mali"))
        index.search(query)
        first = timed(lambda: index.search(query, expander.spoken_names))
        print(f"\n{size:,} passages, {len(expander.spoken_names)} names; without, with names:")
        most = compare(index, expander, runs)
        print(f"  first time {first:.0f} ms,", end=" ")
        print(f"after a new broadcast {after_broadcasts(index, expander):.1f} ms,", end=" ")
        table.write_text("\t".join(COLUMNS) + "\nplace\tDiafarabé\t\tJafarabe\t\n", "utf-8")
        changed = timed(lambda: index.search(query, expander.spoken_names))
        print(f"after a change of the table {changed:.0f} ms")
    return most


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 when the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", default="10000")
    parser.add_argument("--runs", type=int, default=50)
    options = parser.parse_args(arguments)
    most = [run_size(int(size), options.runs) for size in options.sizes.split(",")]
    print(f"most added at the first size: {most[0]:.2f} ms (promise at 10,000: {TARGET_MS:g} ms)")
    return int(most[0] > TARGET_MS)


if __name__ == "__main__":
    sys.exit(main())

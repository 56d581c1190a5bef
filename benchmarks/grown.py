"""What does a search cost on Whoosh in an archive that grew broadcast by broadcast?

An index that grew holds many parts, for one merge rewrites a few passages only; one that was built
anew holds one; a worker builds an index anew as soon as it is scattered. All three are asked the
same new searches; printed are how many parts they have, and the milliseconds of processor time a
search takes, p50/p95/p99.

    python benchmarks/grown.py [--passages 30000] [--queries 30]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import closing
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.asked import Asked, choose  # noqa: E402 - importable from here on
from benchmarks.corpus import make_broadcasts, make_passages  # noqa: E402
from benchmarks.timing import Times  # noqa: E402

from radio_archive.model import Passage  # noqa: E402
from radio_archive.search.whoosh_index import WhooshIndex  # noqa: E402

KINDS = ("rare word", "common word", "common AND mid", "phrase of 2")
#: searches of a kind before the first that is measured
BEFORE = 5


def grow(folder: Path, passages: int) -> WhooshIndex:
    """An index that got one broadcast after the other."""
    index = WhooshIndex(folder)
    index.rebuild([])
    for broadcast_id, cut in groupby(make_passages(passages), lambda each: each.broadcast_id):
        index.replace(broadcast_id, list(cut))
    return index


def keep(folder: Path, passages: int) -> WhooshIndex:
    """The same, built anew whenever a worker would."""
    index, known = WhooshIndex(folder), list[Passage]()
    index.rebuild([])
    for broadcast_id, cut in groupby(make_passages(passages), lambda each: each.broadcast_id):
        known += (new := list(cut))
        index.replace(broadcast_id, new)
        if index.is_scattered:
            parts = len(index._snapshot().segments)
            print(f"  built anew at {len(known):,} passages in {parts} parts", flush=True)
            index.rebuild(known)
    return index


def build(folder: Path, passages: int) -> WhooshIndex:
    """The same built anew."""
    index = WhooshIndex(folder)
    index.rebuild(make_passages(passages))
    return index


def processor_ms(index: WhooshIndex, asked: Asked) -> float:
    """Of one search."""
    started = time.process_time()
    index.search(asked.query)
    return 1000 * (time.process_time() - started)


def main() -> int:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--passages", type=int, default=30_000)
    parser.add_argument("--queries", type=int, default=30)
    options = parser.parse_args()
    kinds = choose(make_broadcasts(options.passages), BEFORE + options.queries)
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        for name, made in (("grown", grow), ("kept by a worker", keep), ("built anew", build)):
            with closing(made(Path(folder) / name, options.passages)) as index:
                parts = len(index._snapshot().segments)
                print(f"{name}, {options.passages:,} passages, {parts} parts, p50/p95/p99 ms")
                for kind in KINDS:
                    for asked in kinds[kind][:BEFORE]:
                        index.search(asked.query)
                    times = [processor_ms(index, asked) for asked in kinds[kind][BEFORE:]]
                    print(f"  {kind:24}{Times.of(times)!s:>20}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How long does the whole ``/search`` page take, and how heavy is it?

Fills an archive's catalogue with generated passages (``benchmarks/corpus.py``), indexes them, and
asks the web application itself for result pages: parsing, index, catalogue, highlighting, template,
compression. Printed: p50 and p95 per kind of search for the page and for the JSON answer, and of
the page of months, which searches up to sixty times; the size of the pages on the wire and
unpacked.

    python benchmarks/search_page.py [--sizes 10000,100000] [--queries 25] [--runs 5]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from starlette.testclient import TestClient

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import make_broadcasts, make_passages  # noqa: E402 - importable from here on
from benchmarks.filling import fill  # noqa: E402
from benchmarks.search import choose_queries  # noqa: E402

from radio_archive.archive import open_archive  # noqa: E402
from radio_archive.db import Database  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.web import create_app  # noqa: E402

#: the promises at 10,000 passages
TARGET_P95_MS = 60.0
TARGET_BYTES = 50_000


def measure(client: TestClient, path: str, queries: Sequence[str], runs: int) -> list[float]:
    """Milliseconds of every request, the first of each query left out as warming up."""
    times = []
    for query in queries:
        for run in range(runs + 1):
            started = time.perf_counter()
            answer = client.get(path, params={"q": query})
            elapsed = (time.perf_counter() - started) * 1000
            assert answer.status_code == 200, (path, query, answer.text[:200])
            if run:
                times.append(elapsed)
    return times


def weigh(client: TestClient, queries: Sequence[str]) -> tuple[int, int]:
    """Bytes of the heaviest page: on the wire, and unpacked."""
    answers = [client.get("/search", params={"q": query}) for query in queries]
    wire = [int(answer.headers["content-length"]) for answer in answers]
    return max(wire), max(len(answer.content) for answer in answers)


def p95(times: Sequence[float]) -> float:
    """The time that 95 % of the requests stay under."""
    return sorted(times)[min(len(times) - 1, round(0.95 * len(times)))]


def run_size(size: int, options: argparse.Namespace) -> None:
    """Build one archive and print its table."""
    passages = list(make_passages(size))
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        home = Path(folder)
        with open_archive(Settings(home=home, min_free_bytes=0)) as archive:
            database = Database(f"sqlite:///{home / 'media' / 'catalogue.sqlite'}")
            fill(database, make_broadcasts(size))
            database.close()
            archive.reindex()
            print(f"\n{size:,} passages")
            print(f"{'search':28} {'page p50':>9} {'p95':>7} {'JSON p50':>9} {'p95':>7}  ms")
            client = TestClient(create_app(archive))
            worst = 0.0
            asked: list[str] = []
            for kind, queries in choose_queries(passages, options.queries).items():
                if not queries:
                    continue
                page = measure(client, "/search", queries, options.runs)
                answer = measure(client, "/api/v1/search", queries, options.runs)
                worst, asked = max(worst, p95(page)), [*asked, *queries]
                print(
                    f"{kind:28} {statistics.median(page):9.1f} {p95(page):7.1f} "
                    f"{statistics.median(answer):9.1f} {p95(answer):7.1f}"
                )
            wire, unpacked = weigh(client, asked)
            trend = measure(client, "/search/trend", asked[:: max(1, len(asked) // 10)], 1)
    print(f"worst p95 {worst:.1f} ms (promise at 10,000: {TARGET_P95_MS:.0f} ms)")
    print(f"month by month: p50 {statistics.median(trend):.1f}, p95 {p95(trend):.1f} ms")
    print(f"heaviest page {wire:,} bytes on the wire, {unpacked:,} unpacked ", end="")
    print(f"(promise: {TARGET_BYTES:,})")


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--queries", type=int, default=25)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    for size in options.sizes.split(","):
        run_size(int(size), options)
    return 0


if __name__ == "__main__":
    sys.exit(main())

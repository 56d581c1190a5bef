"""How fast is search at the size of a whole archive, beside bare engines on the same tokens?

For each size, in one run: passages are made (``corpus.py``) and indexed by every engine of the
archive and by Tantivy, Whoosh, SQLite FTS5 and PostgreSQL as they come (``bare.py``), each in a
process of its own; then all are asked the same searches in turns. Printed are p50/p95/p99 in
milliseconds, medians of the runs, and how often p95 fits into that of bare Tantivy answering the
same: totals, facets and the best twenty broadcasts. Then the whole site is measured over a filled
catalogue: `site_load.py`.

    make bench-search [SEARCH="--sizes 1700000 --only tantivy --keep ../bench"]
    python benchmarks/search_scale.py [--sizes 10000,100000] [--queries 25] [--runs 5]

Whoosh as it comes and PostgreSQL are left out above ``--slow-up-to`` passages: building takes them
an hour there. ``--busy`` counts the least of the runs of each search, for a machine that has other
work. ``--keep`` leaves what was built in a folder, and finds it there the next time.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.asked import Asked, Kinds, choose  # noqa: E402 - importable from here on
from benchmarks.bare import BARE, Contestant  # noqa: E402
from benchmarks.bare_postgresql import PostgresqlText  # noqa: E402
from benchmarks.corpus import PASSAGES_PER_BROADCAST, make_broadcasts, make_passages  # noqa: E402
from benchmarks.search_postgresql import table_bytes  # noqa: E402
from benchmarks.site_load import SiteOptions, measure_site, searches_needed  # noqa: E402
from benchmarks.timing import Times, clock  # noqa: E402
from tests.support.postgresql import PostgresqlServer  # noqa: E402

from radio_archive.errors import BadQuery  # noqa: E402
from radio_archive.model import Passage  # noqa: E402
from radio_archive.search.chosen_index import POSTGRESQL  # noqa: E402
from radio_archive.search.engines import ENGINES, open_index  # noqa: E402

#: the archive's engines, by the names the settings know
OURS = tuple(name for name in ENGINES if name != "auto")
#: what the archive's engines are measured against
YARDSTICK = "tantivy"
#: contestants that only small corpora are built for, unless asked otherwise
SLOW = ("whoosh", "postgresql")
SLOW_UP_TO = 100_000
#: passages whose words are looked at to choose searches
SAMPLE = 100_000
#: broadcasts added one by one
ADDED = 20
#: numbers of broadcasts that no corpus reaches
FIRST_ADDED = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What building an index took."""

    seconds: float
    size_bytes: int
    peak_bytes: int  #: of memory, beyond what the process had before


class Ours:
    """An engine of the archive, asked for all that it always answers."""

    def __init__(self, folder: Path, name: str, url: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._index = open_index(folder, name, url=url)

    def build(self, passages: Iterable[Passage]) -> None:
        """Index everything."""
        self._index.rebuild(passages)

    def add(self, passages: Iterable[Passage]) -> None:
        """Index one more broadcast."""
        cut = list(passages)
        self._index.replace(cut[0].broadcast_id, cut)

    def search(self, asked: Asked) -> int:
        """Totals, facets and the hits of the best twenty broadcasts; -1: it was refused."""
        try:
            return self._index.search(asked.query).total
        except BadQuery:
            return -1


def open_contestant(name: str, folder: Path, url: str) -> Contestant:
    """Open what is called so on the screen; its data lie in ``folder``, or at ``url``."""
    if name == "postgresql":
        return PostgresqlText(url)
    if name.startswith("ours, "):
        return Ours(folder, name.removeprefix("ours, "), url)
    return BARE[name](folder)


def folder_of(name: str, place: Path) -> Path:
    """Where a contestant keeps its index; two ways to ask one index share it."""
    return place / name.split(", best")[0].replace(", ", "-")


def build(name: str, place: Path, size: int, url: str) -> Built:
    """Build in a process of its own, so that its memory is its own too; once per folder."""
    done = place / f"{folder_of(name, place).name}.json"
    if not done.exists():
        answer = subprocess.run(
            [sys.executable, __file__, "--build", name, str(place), str(size), url],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        done.write_text(answer.stdout, "utf-8")
    return Built(**json.loads(done.read_text("utf-8")))


def build_here(name: str, place: Path, size: int, url: str) -> None:
    """What that process does: build, and print what it took."""
    folder = folder_of(name, place)
    next(make_passages(1))  # the words are learnt
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    contestant = open_contestant(name, folder, url)
    seconds = clock(lambda: contestant.build(make_passages(size))) / 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if isinstance(contestant, PostgresqlText):
        size_bytes = contestant.size_bytes()
    elif name == f"ours, {POSTGRESQL}":
        size_bytes = table_bytes(url)
    else:
        size_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(json.dumps(asdict(Built(seconds=seconds, size_bytes=size_bytes, peak_bytes=peak * 1024))))


def measure(search: Callable[[Asked], int], kinds: Kinds) -> Mapping[str, list[float]]:
    """Milliseconds of all searches, kind by kind."""
    return {kind: [clock(search, each) for each in asked] for kind, asked in kinds.items()}


def compare(
    contestants: Mapping[str, Contestant], kinds: Kinds, runs: int, *, is_busy: bool
) -> None:
    """Ask all in turns and print what they took.

    Args:
        contestants: by name.
        kinds: the searches.
        runs: how often everything is asked.
        is_busy: whether the machine has other work: of each search the least of its runs counts,
            instead of the medians of what runs took.
    """
    for contestant in contestants.values():
        measure(contestant.search, kinds)  # files read, words looked up
    taken: dict[str, list[Mapping[str, list[float]]]] = {name: [] for name in contestants}
    for _ in range(runs):
        for name, contestant in contestants.items():
            taken[name].append(measure(contestant.search, kinds))
    head = "".join(f"{name:>22}" for name in contestants)
    print(f"{'p50/p95/p99 ms':36}{head}   x {YARDSTICK}")
    for kind in kinds:
        times = {}
        for name, asked in taken.items():
            each = [run[kind] for run in asked]
            least = Times.of([min(same) for same in zip(*each, strict=True)])
            times[name] = least if is_busy else Times.median([Times.of(run) for run in each])
        ratios = [
            f"{times[name].p95 / times[YARDSTICK].p95:.1f}"
            for name in times
            if name.startswith("ours, ") and YARDSTICK in times
        ]
        row = "".join(f"{times[name]!s:>22}" for name in contestants)
        print(f"{kind:36}{row}   {' '.join(ratios)}", flush=True)
    print_totals(contestants, kinds)


def print_totals(contestants: Mapping[str, Contestant], kinds: Kinds) -> None:
    """How much each found, so that nobody is fast for finding nothing; -1: refused."""
    print(f"{'passages found, mean':36}" + "".join(f"{name:>22}" for name in contestants))
    for kind, asked in kinds.items():
        found = [[each.search(one) for one in asked] for each in contestants.values()]
        print(f"{kind:36}" + "".join(f"{sum(each) / len(each):22,.0f}" for each in found))


def add_broadcasts(contestants: Mapping[str, Contestant]) -> None:
    """Add broadcasts one by one, and print what each took until it could be found."""
    print(f"one more broadcast of {PASSAGES_PER_BROADCAST} passages, {ADDED} times, ms:")
    for name, contestant in contestants.items():
        times = []
        for number in range(ADDED):
            cut = list(make_passages(PASSAGES_PER_BROADCAST, first=FIRST_ADDED + number))
            times.append(clock(contestant.add, cut))
        print(f"  {name:34}{Times.of(times)!s:>22}", flush=True)


def run_size(size: int, options: argparse.Namespace, place: Path, url: str) -> None:
    """Build, ask, add and measure the site at one size."""
    names = [f"ours, {name}" for name in OURS if url or name != POSTGRESQL]
    names += [*BARE, *(["postgresql"] if url else [])]
    if size > options.slow_up_to:
        names = [name for name in names if name not in SLOW]
    if options.only:
        names = [name for name in names if any(name.endswith(one) for one in options.only)]
    kinds = choose(make_broadcasts(min(size, SAMPLE)), options.queries)
    print(f"\n{size:,} passages, {options.queries} searches a kind, {options.runs} runs in turns")
    for name in names:
        facts = build(name, place, size, url)
        print(
            f"  {name:24}{size / facts.seconds:9,.0f} passages/s {facts.size_bytes / 1e6:9.1f} MB"
            f" {facts.peak_bytes / 1e6:7.0f} MB of memory",
            flush=True,
        )
    contestants = {name: open_contestant(name, folder_of(name, place), url) for name in names}
    compare(contestants, kinds, options.runs, is_busy=options.busy)
    add_broadcasts({name: each for name, each in contestants.items() if ", best" not in name})
    for each in contestants.values():
        if isinstance(each, PostgresqlText):
            each.close()
    if not options.no_site:
        needed = searches_needed(options.queries, options.runs)
        kinds = choose(make_broadcasts(min(size, SAMPLE)), needed)
        wanted = [name for name in OURS if name != POSTGRESQL]  # the site is measured in a folder
        wanted = [name for name in wanted if not options.only or name in options.only]
        for name in wanted:
            measure_site(SiteOptions(place=place, size=size, engine=name), kinds, options.runs)


@contextmanager
def _server(is_wanted: bool) -> Iterator[str]:
    """The address of a PostgreSQL server, or nothing where none is installed."""
    server = PostgresqlServer.find() if is_wanted else None
    if server is None:
        yield ""
        return
    with server:
        yield server.url


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--queries", type=int, default=25)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", nargs="+", metavar="ENGINE", default=[])
    parser.add_argument("--slow-up-to", type=int, default=SLOW_UP_TO)
    parser.add_argument("--keep", type=Path, default=None, metavar="FOLDER")
    parser.add_argument("--busy", action="store_true", help="count the least of the runs")
    parser.add_argument("--no-site", action="store_true")
    parser.add_argument("--build", nargs=4, metavar=("NAME", "PLACE", "SIZE", "URL"), default=None)
    options = parser.parse_args(arguments)
    if options.build:
        name, place, size, url = options.build
        build_here(name, Path(place), int(size), url)
        return 0
    started = time.perf_counter()
    for size in map(int, options.sizes.split(",")):
        with ExitStack() as stack:
            is_wanted = size <= options.slow_up_to and options.only in ([], ["postgresql"])
            url = stack.enter_context(_server(is_wanted))
            if options.keep is None:
                kept = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            else:
                kept = options.keep / str(size)
                kept.mkdir(parents=True, exist_ok=True)
            run_size(size, options, kept, url)
    print(f"\n{(time.perf_counter() - started) / 60:.1f} minutes in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())

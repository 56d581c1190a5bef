"""The whole site over a filled catalogue: the application asked alone, and a server under load.

`measure_site` fills a catalogue (``filling.py``), has the archive index it, asks the application
itself for ``/api/v1/search`` and ``/search``, kind by kind, and for the other pages; then it starts
``radio-archive serve`` and lets twenty users ask it at once.
"""

from __future__ import annotations

import http.client
import os
import random
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
from benchmarks.asked import PROMISED, PROMISED_SLOWER, Asked, Kinds
from benchmarks.corpus import make_broadcasts
from benchmarks.filling import fill
from benchmarks.timing import Times, clock
from starlette.testclient import TestClient

from radio_archive.archive import Archive, open_archive
from radio_archive.cli.warming import warmed_up
from radio_archive.db import Database
from radio_archive.search.engines import open_index
from radio_archive.settings import Settings
from radio_archive.web import create_app

USERS, REQUESTS_PER_USER = 20, 25
#: seconds that somebody looks at a page of results before the next search: less than anybody does
READING_S = 2.0
#: the promises at 1.7 million passages, in milliseconds and bytes
TARGET_P95_MS, TARGET_SLOWER_P95_MS, TARGET_LOAD_P95_MS = 50, 150, 250
TARGET_MEMORY_BYTES = 2 * 1024**3
#: other pages: what they are, and their addresses, the id of a broadcast where there is a place
PAGES = {
    "home": "/",
    "programme": "/programmes/journal",
    "programme, page 50": "/programmes/journal?page=50",
    "language": "/languages/fr",
    "broadcast": "/broadcasts/{}?t=60&q=mali",
    "coverage by month": "/api/v1/coverage",
    "broadcast, JSON": "/api/v1/broadcasts/{}",
    "ready?": "/readyz",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOptions:
    """Which archive is measured."""

    place: Path  #: folder of this size's archives
    size: int  #: passages
    engine: str  #: that searches it

    @property
    def home(self) -> Path:
        """Home folder of the archive; all engines' share one catalogue."""
        return self.place / f"home-{self.engine}"


def measure_site(options: SiteOptions, kinds: Kinds, runs: int) -> None:
    """Fill, index, ask, and print; what lies there already is used."""
    prepare(options)
    print(f"the site with {options.engine}, {options.size:,} passages")
    archive = open_archive(Settings(home=options.home, min_free_bytes=0))
    with archive:
        if archive.status().index_is_stale:
            took = clock(archive.reindex) / 1000
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            rate = options.size / took
            print(f"  rebuilt in {took:,.0f} s, {rate:,.0f} passages/s, {peak:,.0f} MB at most")
        ask_alone(archive, kinds, runs)
    with serving(options.home) as (port, first_page_s, process):
        print(f"  first page {first_page_s:.1f} s after the start")
        load(port, kinds)
        load(port, kinds, reading_s=READING_S)
        print_memory(process)


def prepare(options: SiteOptions) -> None:
    """Make the catalogue, once for all engines."""
    media = options.place / "media"
    if not media.exists():
        unfinished = options.place / "media.unfinished"
        unfinished.mkdir(parents=True)
        database = Database(f"sqlite:///{unfinished / 'catalogue.sqlite'}")
        database.migrate()
        fingerprint = open_index(options.place / "none", options.engine).fingerprint
        took = clock(lambda: fill(database, make_broadcasts(options.size), fingerprint)) / 1000
        database.close()
        unfinished.rename(media)
        rate = options.size / took
        print(f"the catalogue: {rate:,.0f} passages/s, ", end="")
        print(f"{(media / 'catalogue.sqlite').stat().st_size / 1e6:,.0f} MB")
    options.home.mkdir(exist_ok=True)
    if not (options.home / "media").exists():
        (options.home / "media").symlink_to(media.resolve())
        settings = f'search_engine = "{options.engine}"\n' if _can_choose() else ""
        (options.home / "radio-archive.toml").write_text(settings, "utf-8")


def _can_choose() -> bool:
    return hasattr(Settings(), "search_engine")


def ask_alone(archive: Archive, kinds: Kinds, runs: int) -> None:
    """One request after the other, in this process: what an answer itself takes.

    Every search is one that nobody asked before, for an engine remembers what it counted; then
    those of the API are asked again.

    Args:
        archive: a filled one.
        kinds: of each as many searches as `searches_needed` says.
        runs: of which the medians are printed.
    """
    with warmed_up(archive):
        pass  # as `serve` does
    groups = {kind: _groups(asked, 2 * runs + 1) for kind, asked in kinds.items()}
    with TestClient(create_app(archive)) as client:
        for first, *_ in groups.values():  # a server that has answered others before
            _ask(client, "/api/v1/search", first)
        print(f"  {'p50/p95/p99 ms':36}{'/api/v1/search':>18}{'again':>18}{'/search':>18}")
        for kind, (_, *others) in groups.items():
            answer = Times.median([_ask(client, "/api/v1/search", each) for each in others[:runs]])
            again = Times.median([_ask(client, "/api/v1/search", each) for each in others[:runs]])
            page = Times.median([_ask(client, "/search", each) for each in others[runs:]])
            line = f"{answer!s:>18}{again!s:>18}{page!s:>18}"
            print(f"  {kind:36}{line}  {_verdict(kind, answer)}", flush=True)
        some = [each.id for each in archive.recent_broadcasts(20)]
        for name, address in PAGES.items():
            if client.get(address.format(some[0])).status_code == 404:
                continue  # a small archive has no such page
            times = [clock(_get, client, address.format(one)) for one in some]
            print(f"  {name:36}{Times.of(times)!s:>22}", flush=True)


def searches_needed(each_run: int, runs: int) -> int:
    """How many searches of a kind `ask_alone` wants, so that so many are new in each run."""
    return each_run * (2 * runs + 1)


def _groups(asked: Sequence[Asked], number: int) -> list[Sequence[Asked]]:
    size = len(asked) // number
    return [asked[first : first + size] for first in range(0, size * number, size)]


def _ask(client: TestClient, path: str, asked: Sequence[Asked]) -> Times:
    addresses = [f"{path}?{urlencode(each.parameters)}" for each in asked]
    return Times.of([clock(_get, client, each) for each in addresses])


def _get(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.text[:300])


def _verdict(kind: str, times: Times) -> str:
    target = TARGET_P95_MS if kind in PROMISED else TARGET_SLOWER_P95_MS
    if kind not in (*PROMISED, *PROMISED_SLOWER):
        return ""
    return "" if times.p95 <= target else f"more than {target} ms"


@contextmanager
def serving(home: Path) -> Iterator[tuple[int, float, subprocess.Popen[str]]]:
    """A server as a station starts it: its port, seconds until its first page, its process."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "radio_archive", "serve", "--home", str(home), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        port = urlsplit(process.stdout.readline().strip()).port
        assert port is not None, "the server has not started"
        _request(http.client.HTTPConnection("127.0.0.1", port, timeout=600), "/search?q=paix")
        yield port, time.perf_counter() - started, process
    finally:
        process.terminate()
        process.wait(60)


def load(port: int, kinds: Kinds, reading_s: float = 0.0) -> None:
    """Twenty users, each asking one search after the other, most of them for pages.

    Args:
        port: of the server.
        kinds: the searches.
        reading_s: seconds between an answer and the next search, on average.
    """
    everything = [each for asked in kinds.values() for each in asked]
    taken: list[float] = []

    def use(number: int) -> None:
        chance = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        for _ in range(REQUESTS_PER_USER):
            path = chance.choice(("/search", "/search", "/api/v1/search"))
            asked = chance.choice(everything)
            address = f"{path}?{urlencode(asked.parameters)}"
            time.sleep(chance.uniform(0.0, 2 * reading_s))
            taken.append(clock(_request, connection, address))

    users = [threading.Thread(target=use, args=(number,)) for number in range(USERS)]
    took = clock(lambda: _run(users)) / 1000
    times = Times.of(taken)
    name = f"{USERS} users, {reading_s:g} s between searches"
    print(f"  {name:36}{times!s:>22}  {len(taken) / took:.0f} a second", end="")
    print("" if times.p95 <= TARGET_LOAD_P95_MS else f", more than {TARGET_LOAD_P95_MS} ms")


def _run(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _request(connection: http.client.HTTPConnection, address: str) -> None:
    connection.request("GET", address)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (address, body[:300])


def print_memory(process: subprocess.Popen[str]) -> None:
    """What the processes of a server hold now, and what they have read of files and not let go of.

    Pages of files are shared by all that read them, and the system takes them back when it needs
    memory; what the processes hold themselves it cannot.
    """
    first = psutil.Process(process.pid)
    maps = [each.memory_maps() for each in (first, *first.children())]
    taken = sum(part.anonymous for parts in maps for part in parts)
    files: dict[str, int] = {}
    for parts in maps:
        for part in parts:
            files[part.path] = max(files.get(part.path, 0), part.rss - part.anonymous)
    held, at_hand = f"{taken / 1e6:,.0f} MB", f"{sum(files.values()) / 1e6:,.0f} MB"
    line = f"  {len(maps)} processes hold {held}, files at hand {at_hand}, {os.cpu_count()} cores"
    print(line if taken <= TARGET_MEMORY_BYTES else f"{line}, more than 2 GiB")

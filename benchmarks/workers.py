"""Workers on two machines, killed a hundred times, and how much each of them adds.

The machines are played on one (setting `worker_host`): what one holds, the other takes over only
when the lease runs out. Recordings are of two seconds, and the engine takes a given time without
computing, as if it waited for a GPU (``--engine-s`` while workers are killed, ``--paced-s`` while
they are counted): the queue is measured, until the rest of the work fills the cores.

    python benchmarks/workers.py [--broadcasts 1000] [--kills 100] [--engine-s 1] [--paced-s 4]
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.fleet import Fleet, Reclaiming, Watch, stock  # noqa: E402
from tests.support.postgresql import PostgresqlServer  # noqa: E402

from radio_archive.db import Database  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402

LOOK_S = 0.1
WARM_UP = 2
"""Broadcasts for each worker that are not counted: the first loads what it needs."""

COUNTED = 12
"""Broadcasts for each worker that are."""


def settings_of(home: Path, url: str) -> Settings:
    """An archive of its own for each measurement."""
    return Settings(home=home, database_url=url, min_free_bytes=0)


def open_watch(settings: Settings) -> Watch:
    """Look into the archive's database."""
    url = settings.database_url or f"sqlite:///{settings.media_dir / 'catalogue.sqlite'}"
    return Watch(Database(url))


def kill(settings: Settings, options: argparse.Namespace, folder: Path) -> bool:
    """Kill and replace workers all the time, and at the end a whole machine; what came of it."""
    ids = stock(settings, options.broadcasts, folder)
    watch, chance = open_watch(settings), random.Random(20141016)
    reclaiming, kills, started = Reclaiming(watch), 0, time.monotonic()
    fleet = Fleet(settings=settings, engine_s=options.engine_s)
    fleet.start(options.workers)
    is_lost = False
    try:
        while reclaiming.look() or watch.searchable() < len(ids):
            done = len(watch.transcripts())
            if kills < options.kills and done >= 0.8 * len(ids) * kills / options.kills:
                # a job that killed its workers three times would be given up, as it should
                spared = {process for process, tries in watch.held().values() if tries > 1}
                reclaiming.note({fleet.kill(chance, spared)})
                kills += 1
            if not is_lost and kills == options.kills and done >= 0.9 * len(ids):
                reclaiming.note(fleet.lose_machine("two"))
                is_lost = True
            time.sleep(LOOK_S)
    finally:
        fleet.stop()
    counts = watch.transcripts()
    twice = sum(count > 1 for count in counts.values())
    longest = max(reclaiming.seconds, default=0.0)
    print(
        f"  {len(ids)} broadcasts, {options.workers} workers, {kills} times kill -9, then machine "
        f"two: {time.monotonic() - started:.0f} s\n"
        f"  written down {len(counts)}, lost {len(ids) - len(counts)}, twice {twice}; "
        f"{len(reclaiming.seconds)} jobs taken over, the slowest after {longest:.1f} s",
        flush=True,
    )
    return len(counts) == len(ids) and not twice and longest <= 90


def throughput(settings: Settings, workers: int, options: argparse.Namespace) -> float:
    """Broadcasts written down in a second once all workers are at it."""
    total = workers * (WARM_UP + COUNTED + 2)
    stock(settings, total, settings.home.parent)
    watch = open_watch(settings)
    fleet = Fleet(settings=settings, engine_s=options.paced_s)
    fleet.start(workers)
    try:
        while (first := len(watch.transcripts())) < workers * WARM_UP:
            time.sleep(LOOK_S)
        started = time.monotonic()
        while (last := len(watch.transcripts())) < workers * (WARM_UP + COUNTED):
            time.sleep(LOOK_S)
        return (last - first) / (time.monotonic() - started)
    finally:
        fleet.stop()


def measure(name: str, server: PostgresqlServer | None, options: argparse.Namespace) -> bool:
    """All figures of one database; each measurement has a home, and a database, of its own."""
    print(f"{name}, {os.cpu_count()} cores")
    alone = 0.0
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        for workers in options.throughput:
            home = Path(folder) / f"home-{workers}"
            url = server.create(f"workers{workers}") if server else ""
            speed = throughput(settings_of(home, url), workers, options)
            alone = alone or speed / workers
            print(
                f"  {options.paced_s:g} s of engine, {workers} workers: {speed:.2f} broadcasts a "
                f"second, {speed / (alone * workers):.0%} of linear",
                flush=True,
            )
        url = server.create("killed") if server else ""
        return kill(settings_of(Path(folder) / "killed", url), options, Path(folder))


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--broadcasts", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--engine-s", type=float, default=1.0)
    parser.add_argument("--paced-s", type=float, default=4.0)
    parser.add_argument("--throughput", type=int, nargs="*", default=[1, 2, 4, 8])
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default=None)
    options = parser.parse_args()
    is_fine = True
    with ExitStack() as stack:
        if options.database != "postgresql":
            is_fine &= measure("SQLite", None, options)
        server = PostgresqlServer.find()
        if server is None or options.database == "sqlite":
            return 0 if is_fine else 1
        stack.enter_context(server)
        is_fine &= measure("PostgreSQL", server, options)
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())

"""How long a worker waits for its next job, and for the look at what a catalogue lacks.

Claims with half a million jobs waiting, beside the plainest queue there is: a table of numbers in
the same database, the least taken first, one update, one commit. Planning of a catalogue with
85,000 broadcasts, whole and after one job. SQLite, and PostgreSQL where it is installed.

    python benchmarks/jobs.py [--broadcasts 85000]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.jobs_material import INDEX_FINGERPRINT, id_of, stock  # noqa: E402
from tests.support.postgresql import PostgresqlServer  # noqa: E402

from radio_archive.archive import open_archive  # noqa: E402
from radio_archive.db import Database  # noqa: E402
from radio_archive.jobs import Jobs  # noqa: E402
from radio_archive.jobs.queue import every_need  # noqa: E402
from radio_archive.model import BroadcastId, Job, JobKind, LanguageTag, need_of  # noqa: E402
from radio_archive.pipeline import Parts, plan, plan_after  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.testing import MemoryIndex  # noqa: E402

ROUNDS = 7
CLAIMS = 100

#: a machine with Whisper and one more engine
ABLE = every_need(kind for kind in JobKind if kind is not JobKind.TRANSCRIBE) | {
    need_of(JobKind.TRANSCRIBE, LanguageTag(tag)) for tag in ("fr", "en", "ar", "bm")
}


def p95(times: list[float]) -> float:
    """The time that 95 of 100 keep."""
    return statistics.quantiles(times, n=20)[-1]


def timed(work: Callable[[], object]) -> float:
    """Milliseconds a call takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1_000


def measure_claims(database: Database, broadcasts: int) -> None:
    """Fill the queue, and claim from it and from a plain one in turns."""
    jobs = Jobs(database)
    ids = [BroadcastId(id_of(number)) for number in range(broadcasts)]
    kinds = [kind for kind in JobKind if kind is not JobKind.INDEX]
    started = time.perf_counter()
    waiting = sum(jobs.put(kind, ids) for kind in kinds)
    print(f"  {waiting:,} jobs put in {time.perf_counter() - started:.1f} s")
    _fill_plain(database, waiting)
    ours: list[list[float]] = []
    plain: list[list[float]] = []
    for _ in range(ROUNDS):
        ours.append([timed(lambda: jobs.claim(ABLE)) for _ in range(CLAIMS)])
        plain.append([timed(lambda: _claim_plain(database)) for _ in range(CLAIMS)])
        _give_all_back(database)
    for name, measure in (("p50", statistics.median), ("p95", p95)):
        mine = statistics.median(measure(each) for each in ours)
        other = statistics.median(measure(each) for each in plain)
        print(f"  claim {name}: {mine:.2f} ms, plain {other:.2f} ms, ratio {mine / other:.2f}")


def _fill_plain(database: Database, count: int) -> None:
    with database.write() as connection:
        connection.exec_driver_sql(
            "create table plain (id integer primary key, is_taken boolean not null)"
        )
        connection.exec_driver_sql(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < "
            f"{count}) insert into plain select i, false from n"
        )
        connection.exec_driver_sql("create index plain_order on plain (is_taken, id)")
    if not database.is_sqlite:
        with database.write() as connection:
            connection.exec_driver_sql("analyze")


def _claim_plain(database: Database) -> None:
    lock = "" if database.is_sqlite else " for update skip locked"
    with database.write() as connection:
        found = connection.exec_driver_sql(
            f"select id from plain where not is_taken order by id limit 1{lock}"
        ).scalar_one()
        connection.exec_driver_sql(f"update plain set is_taken = true where id = {found}")


def _give_all_back(database: Database) -> None:
    """As many workers as claims were made are not measured: a machine has tens."""
    with database.write() as connection:
        connection.exec_driver_sql(
            "update jobs set state = 'waiting', token = null where state = 'held'"
        )


class _MeasuredIndex(MemoryIndex):
    """An index that holds what the made-up catalogue says it holds."""

    @property
    def fingerprint(self) -> str:
        """See ``SearchIndex.fingerprint``."""
        return INDEX_FINGERPRINT


def measure_planning(parts: Parts) -> None:
    """Look at the whole catalogue, and at one broadcast of it."""
    index = _MeasuredIndex()
    parts = replace(parts, index=lambda: index)
    whole = [timed(lambda: plan(parts)) for _ in range(ROUNDS)]
    one = [timed(partial(plan_after, parts, _ended(number))) for number in range(10 * ROUNDS)]
    print(
        f"  planning: all {statistics.median(whole):.0f} ms, after one job "
        f"{statistics.median(one):.1f} ms, p95 {p95(one):.1f} ms"
    )


def _ended(number: int) -> Job:
    return Job(
        id=0, kind=JobKind.MAP, broadcast_id=BroadcastId(id_of(number)), token="", attempts=1
    )


def measure(name: str, url: str, broadcasts: int, home: Path) -> None:
    """All figures of one database."""
    with open_archive(Settings(home=home, database_url=url)) as archive:
        database = archive._database
        started = time.perf_counter()
        stock(database, broadcasts)
        print(
            f"{name} ({database.describe()}): {broadcasts:,} broadcasts, made in "
            f"{time.perf_counter() - started:.0f} s",
            flush=True,
        )
        measure_planning(archive._parts)
        measure_claims(database, broadcasts)


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--broadcasts", type=int, default=85_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder, ExitStack() as stack:
        if options.database != "postgresql":
            measure("SQLite", "", options.broadcasts, Path(folder) / "sqlite")
        if options.database == "sqlite":
            return 0
        server = PostgresqlServer.find()
        if server is None:
            print("PostgreSQL: skipped, it is not installed")
            return 0
        url = stack.enter_context(server).url
        measure("PostgreSQL", url, options.broadcasts, Path(folder) / "postgresql")
    return 0


if __name__ == "__main__":
    sys.exit(main())

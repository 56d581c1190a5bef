"""What a listener and a worker wait for, with recordings in a folder and in an object store.

Saves, reads and ranges of one rendition (4 MB, 17 minutes at 32 kbit/s) and one recording (60 MB),
in turns in one run: the folder, the store without copies, the store with a copy on this machine,
and the library of the store by itself, which shows what our part costs. Each figure is the median
of the runs; the ratio is to the folder. The store is moto's server on this machine, in Python and
with its files in memory: its own speed, not that of a real store, bounds what is measured. Another
one is named by ``--url`` and the usual ``AWS_…`` variables; what was put there is removed again.

    python benchmarks/media_store.py [--runs 5] [--url s3://bucket/prefix]
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.object_store import BUCKET, KEYS, ObjectServer  # noqa: E402 - as above

from radio_archive.media import Area, LocalMediaStore, MediaStore, StoredFile  # noqa: E402
from radio_archive.media.cache import MediaCache  # noqa: E402
from radio_archive.media.object_client import ObjectClient  # noqa: E402
from radio_archive.media.object_store import ObjectMediaStore  # noqa: E402
from radio_archive.media.places import ObjectPlace  # noqa: E402

RENDITION_BYTES, RECORDING_BYTES = 4_000_000, 60_000_000
RANGE_BYTES = 100_000
SEEKS = 40

Read = Callable[[StoredFile, int, int], object]


class Contestant(NamedTuple):
    """Somebody who keeps files."""

    name: str
    store: MediaStore
    read: Read | None = None  #: reads in its own way; None: as the store does


def first_byte(contestant: Contestant, stored: StoredFile, chance: random.Random) -> float:
    """Seconds until the first bytes of a place far inside are there."""
    started = time.perf_counter()
    for _ in range(SEEKS):
        start = chance.randrange(stored.size_bytes - RANGE_BYTES)
        if contestant.read is not None:
            contestant.read(stored, start, start + 65_536)
        else:
            next(contestant.store.read(stored.area, stored.key, stored.extension, start))
    return (time.perf_counter() - started) / SEEKS


def ranges(contestant: Contestant, stored: StoredFile, chance: random.Random) -> float:
    """Seconds for a range of `RANGE_BYTES`."""
    started = time.perf_counter()
    for _ in range(SEEKS):
        start = chance.randrange(stored.size_bytes - RANGE_BYTES)
        read_all(contestant, stored, start, start + RANGE_BYTES)
    return (time.perf_counter() - started) / SEEKS


def whole(contestant: Contestant, stored: StoredFile, _chance: random.Random) -> float:
    """Seconds for all of it."""
    started = time.perf_counter()
    read_all(contestant, stored, 0, stored.size_bytes)
    return time.perf_counter() - started


def read_all(contestant: Contestant, stored: StoredFile, start: int, end: int) -> None:
    """Read a part of a file to its end."""
    if contestant.read is not None:
        contestant.read(stored, start, end)
        return
    for _ in contestant.store.read(stored.area, stored.key, stored.extension, start, end):
        pass


def contestants(place: ObjectPlace, folder: Path) -> list[Contestant]:
    """Who is measured, in this order; the first is what the others are compared with."""
    client = ObjectClient(place)

    def bare(stored: StoredFile, start: int, end: int) -> object:
        key = stored.key
        name = f"{stored.area}/{key[:2]}/{key[2:4]}/{key}{stored.extension}"
        return client._library.get_range(client._reads, name, start=start, end=end)

    copies = MediaCache(folder / "copies", max_bytes=1_000_000_000)
    without = ObjectMediaStore(place, MediaCache(folder / "none", max_bytes=0))
    return [
        Contestant("folder", LocalMediaStore(folder / "media")),
        Contestant("store", without),
        Contestant("store, a copy here", ObjectMediaStore(place, copies)),
        Contestant("library alone", without, bare),
    ]


def measure(place: ObjectPlace, folder: Path, runs: int) -> dict[str, dict[str, list[float]]]:
    """Seconds by what was done and by whom."""
    chance = random.Random(7)
    found: dict[str, dict[str, list[float]]] = {}
    everybody = contestants(place, folder)
    for size, extension in ((RENDITION_BYTES, ".opus"), (RECORDING_BYTES, ".wav")):
        label = f"{size // 1_000_000} MB"
        for run in range(runs):
            content = chance.randbytes(size)
            chunks = [content[at : at + 65_536] for at in range(0, size, 65_536)]
            for each in everybody[run % 2 :] + everybody[: run % 2]:
                seconds = found.setdefault(f"{label}: save", {}).setdefault(each.name, [])
                started = time.perf_counter()
                stored = each.store.save(Area.RENDITIONS, chunks, extension)
                if each.read is None:  # the library alone is only read with
                    seconds.append(time.perf_counter() - started)
                for name, act in (("first byte", first_byte), ("100 kB", ranges), ("all", whole)):
                    took = act(each, stored, random.Random(run))
                    found.setdefault(f"{label}: {name}", {}).setdefault(each.name, []).append(took)
            for each in everybody:
                each.store.delete(stored.area, stored.key, stored.extension)
    return found


def show(found: dict[str, dict[str, list[float]]]) -> None:
    """Medians and ratios."""
    names = list(next(iter(found.values())))
    order = ["folder", *(name for name in names if name != "folder")]
    print(f"{'ms, median (x folder)':22}" + "".join(f"{name:>26}" for name in order))
    for what, by_name in found.items():
        base = statistics.median(by_name["folder"])
        cells = ""
        for name in order:
            seconds = by_name[name]
            if not seconds:
                cells += f"{'':>26}"
                continue
            median = statistics.median(seconds)
            cells += f"{median * 1000:16.2f} ({median / base:6.1f})"
        print(f"{what:22}{cells}")


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="radio-archive-") as folder,
        nullcontext() if options.url else ObjectServer() as server,
    ):
        endpoint = ""
        if server is not None:
            os.environ.update(KEYS)
            server.make_bucket(BUCKET)
            endpoint = server.endpoint
        place = ObjectPlace.parse(options.url or f"s3://{BUCKET}/bench", endpoint=endpoint)
        show(measure(place, Path(folder), options.runs))
    return 0


if __name__ == "__main__":
    sys.exit(main())

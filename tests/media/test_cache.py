"""Copies of what lies elsewhere: bounded, whole, and never taken away from who reads them."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from radio_archive.errors import FetchError, StorageError
from radio_archive.media import Area, StoredFile
from radio_archive.media.cache import MediaCache
from radio_archive.model import RecordingKey
from tests.support.disks import files_under, small_disk

SIZE = 20_000


def content_of(number: int) -> bytes:
    return random.Random(number).randbytes(SIZE)


def file_of(number: int) -> StoredFile:
    key = RecordingKey(hashlib.sha256(content_of(number)).hexdigest())
    return StoredFile(area=Area.RECORDINGS, key=key, extension=".mp3", size_bytes=SIZE)


def lend(
    cache: MediaCache, number: int, fetch: Callable[[], tuple[int, Iterator[bytes]]]
) -> AbstractContextManager[Path]:
    wanted = file_of(number)
    return cache.lend(wanted.area, wanted.key, wanted.extension, fetch)


class Source:
    """Where the files come from; counts how often they are fetched."""

    def __init__(self) -> None:
        self.fetched: list[int] = []

    def lend(self, cache: MediaCache, number: int) -> bytes:
        """Borrow a file and read it."""

        def fetch() -> tuple[int, Iterator[bytes]]:
            self.fetched.append(number)
            return SIZE, iter([content_of(number)])

        with lend(cache, number, fetch) as path:
            return path.read_bytes()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def source() -> Source:
    return Source()


def bytes_under(root: Path) -> int:
    return sum(path.stat().st_size for path in files_under(root))


def test_what_is_here_is_not_fetched_again(root: Path, source: Source) -> None:
    cache = MediaCache(root, max_bytes=10 * SIZE)
    for _ in range(3):
        assert source.lend(cache, 1) == content_of(1)
    assert source.fetched == [1]


def test_what_was_not_used_for_longest_goes_first(root: Path, source: Source) -> None:
    cache = MediaCache(root, max_bytes=3 * SIZE)
    for number in (1, 2, 3, 1, 4):
        source.lend(cache, number)
        time.sleep(0.01)  # a coarse clock of the file system would see one moment
    assert bytes_under(root) == 3 * SIZE
    source.fetched.clear()
    for number in (1, 3, 4):
        source.lend(cache, number)
    assert source.fetched == [], "only 2 had to go"


def test_a_part_that_is_read_counts_as_use(root: Path, source: Source) -> None:
    cache = MediaCache(root, max_bytes=2 * SIZE)
    for number in (1, 2):
        source.lend(cache, number)
        time.sleep(0.01)
    first = file_of(1)
    blocks = cache.read(first.area, first.key, first.extension, 10, 20)
    assert blocks is not None
    assert b"".join(blocks) == content_of(1)[10:20]
    source.lend(cache, 3)
    assert cache.read(first.area, first.key, first.extension, 0, None) is not None


def test_the_limit_holds_however_much_passes_through(root: Path, source: Source) -> None:
    cache = MediaCache(root, max_bytes=5 * SIZE + 1)
    for number in range(40):
        source.lend(cache, number)
        assert bytes_under(root) <= 5 * SIZE + 1


def test_what_comes_in_unasked_is_bounded_too(root: Path) -> None:
    cache = MediaCache(root, max_bytes=5 * SIZE)
    for number in range(20):
        with cache.receive(Area.RECORDINGS, [content_of(number)], ".mp3") as arrived:
            cache.keep(arrived)
        assert bytes_under(root) <= 5 * SIZE


def test_a_file_larger_than_the_limit_is_lent_and_not_kept(root: Path, source: Source) -> None:
    cache = MediaCache(root, max_bytes=SIZE // 2)
    assert source.lend(cache, 1) == content_of(1)
    assert bytes_under(root) == 0


def test_a_file_that_is_lent_stays_until_it_is_given_back(root: Path, source: Source) -> None:
    cache, other = MediaCache(root, max_bytes=2 * SIZE), MediaCache(root, max_bytes=2 * SIZE)
    source.lend(cache, 1)
    with ExitStack() as lent:
        paths = [
            lent.enter_context(lend(cache, 1, lambda: (0, iter([])))),
            lent.enter_context(lend(other, 1, lambda: (0, iter([])))),
        ]
        for number in range(2, 12):
            source.lend(other, number)
        assert [path.read_bytes() for path in paths] == [content_of(1)] * 2
        with cache.receive(Area.RECORDINGS, [content_of(1)], ".mp3") as arrived:
            cache.keep(arrived)  # the same once more does not take the place of what is held
        for number in range(2, 12):
            source.lend(other, number)
        assert paths[0].read_bytes() == content_of(1)
    source.lend(cache, 20)
    source.lend(cache, 21)
    assert not paths[0].exists()


def test_a_reader_of_a_part_is_not_disturbed_by_its_going(root: Path, source: Source) -> None:
    cache = MediaCache(root, max_bytes=SIZE)
    source.lend(cache, 1)
    first = file_of(1)
    blocks = cache.read(first.area, first.key, first.extension, 0, None)
    assert blocks is not None
    source.lend(cache, 2)
    assert b"".join(blocks) == content_of(1)


def test_a_fetch_that_breaks_off_leaves_nothing(root: Path, source: Source) -> None:
    cache = MediaCache(root, max_bytes=10 * SIZE)

    def break_off() -> Iterator[bytes]:
        yield content_of(1)[: SIZE // 2]
        raise FetchError("The line dropped.")

    with pytest.raises(FetchError), lend(cache, 1, lambda: (SIZE, break_off())):
        pass
    assert bytes_under(root) == 0
    assert source.lend(cache, 1) == content_of(1)


@pytest.mark.parametrize("content", [b"", content_of(1)[:-1], content_of(2)])
def test_what_is_not_the_file_is_never_lent(root: Path, content: bytes) -> None:
    cache = MediaCache(root, max_bytes=10 * SIZE)
    with (
        pytest.raises(StorageError, match="not what was saved"),
        lend(cache, 1, lambda: (SIZE, iter([content]))),
    ):
        pass
    assert bytes_under(root) == 0


def test_two_who_want_the_same_file_fetch_it_once(root: Path, source: Source) -> None:
    caches = [MediaCache(root, max_bytes=10 * SIZE) for _ in range(8)]
    got: list[bytes] = []
    threads = [
        threading.Thread(target=lambda cache=cache: got.append(source.lend(cache, 1)))
        for cache in caches
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [content_of(1)] * 8
    assert source.fetched == [1]


BORROWER = """
import random, sys
from pathlib import Path
from radio_archive.media.cache import MediaCache
from tests.media.test_cache import SIZE, content_of, lend

root, seed = Path(sys.argv[1]), int(sys.argv[2])
chance = random.Random(seed)
cache = MediaCache(root, max_bytes=4 * SIZE)

def fetch(number):
    content = content_of(number)
    for at in range(0, SIZE, 1000):
        yield content[at : at + 1000]

print("ready", flush=True)
for _ in range(int(sys.argv[3])):
    number = chance.randrange(12)
    with lend(cache, number, lambda: (SIZE, fetch(number))) as path:
        assert path.read_bytes() == content_of(number), "half a file"
        assert path.exists(), "thrown out while lent"
"""


def borrow(root: Path, seed: int, times: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", BORROWER, str(root), str(seed), str(times)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def test_processes_that_are_killed_leave_neither_locks_nor_halves(
    root: Path, source: Source
) -> None:
    steady = [borrow(root, seed, 300) for seed in (1, 2)]
    for seed in range(10, 16):
        with borrow(root, seed, 1_000_000) as doomed:
            assert doomed.stdout is not None
            doomed.stdout.readline()
            time.sleep(random.Random(seed).uniform(0.01, 0.1))
            doomed.send_signal(signal.SIGKILL)
    assert [process.wait(120) for process in steady] == [0, 0]
    for process in steady:
        assert process.stdout is not None
        process.stdout.close()
    cache = MediaCache(root, max_bytes=4 * SIZE)
    for number in range(12):
        assert source.lend(cache, number) == content_of(number)
    for path in root.glob("*/.incoming/*"):
        os.utime(path, (0, 0))
    cache.sweep()
    assert bytes_under(root) <= 4 * SIZE


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk") as folder:
        yield folder


def test_on_a_disk_that_fills_up_copies_make_room(disk: Path, source: Source) -> None:
    cache = MediaCache(disk / "cache", max_bytes=1_000_000_000)
    for number in range(40):
        assert source.lend(cache, number) == content_of(number)


def test_a_disk_too_small_for_a_file_is_a_clear_error(disk: Path, source: Source) -> None:
    cache = MediaCache(disk / "cache", max_bytes=1_000_000_000)
    (disk / "others").write_bytes(b"x" * 200_000)
    with (
        pytest.raises(StorageError, match="No space left") as caught,
        lend(cache, 1, lambda: (100 * SIZE, iter([content_of(1)] * 100))),
    ):
        pass
    assert "Make room" in caught.value.hint
    assert bytes_under(disk / "cache") == 0
    assert source.lend(cache, 1) == content_of(1)

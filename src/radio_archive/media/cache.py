"""Copies on this machine of what lies in an object store: bounded, and safe among processes.

Beside the files of a ``LocalMediaStore``, which never shows half a file, there are locks::

    cache/media/recordings/ab/cd/abcd….mp3    shared while it is lent, exclusive to throw it out
    cache/media/.locks/ab                     held by whoever fetches a file of these two digits
    cache/media/.locks/room                   held by whoever makes room

All are ``flock`` locks: the system lets go of them when a process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from radio_archive.errors import StorageError
from radio_archive.media.disk import blocks_between, make_folder, writing
from radio_archive.media.files import Area
from radio_archive.media.local import Arrived, LocalMediaStore
from radio_archive.model import RecordingKey

STEP_BYTES = 16 * 1024 * 1024
"""How much is taken in between two looks at the room: so far may each writer exceed the limit."""


class MediaCache:
    """Files by the SHA-256 of their content; those not used for longest make room for others.

    Files that are lent or being written may exceed the limit, for as long as they are.
    """

    def __init__(self, root: Path, *, max_bytes: int, min_free_bytes: int = 0) -> None:
        """Use ``root``, which is made when first needed.

        Args:
            root: a folder of its own.
            max_bytes: what the files may take together.
            min_free_bytes: room to leave on the disk; copies are thrown out for it.
        """
        self._root = root
        self._max_bytes = max_bytes
        self._min_free_bytes = min_free_bytes
        self._files = LocalMediaStore(root, min_free_bytes=min_free_bytes)

    @contextmanager
    def receive(
        self, area: Area, chunks: Iterable[bytes], extension: str, max_bytes: int | None = None
    ) -> Iterator[Arrived]:
        """Write bytes aside, as ``LocalMediaStore.receive``, and make room for them."""
        chunks = self._making_room(chunks)
        with self._files.receive(area, chunks, extension, max_bytes) as arrived:
            yield arrived

    def keep(self, arrived: Arrived) -> None:
        """Hold on to what arrived, as long as there is room."""
        self._place(arrived)
        self.make_room()

    @contextmanager
    def lend(
        self,
        area: Area,
        key: RecordingKey,
        extension: str,
        fetch: Callable[[], tuple[int, Iterator[bytes]]],
    ) -> Iterator[Path]:
        """Lend a file that stays where it is meanwhile, fetching it when it is not here.

        Args:
            area: what the file is.
            key: its SHA-256.
            extension: with the dot.
            fetch: gives its size and content; its errors pass through.

        Raises:
            StorageError: the disk refuses, or what was fetched is not what was saved.
        """
        path = self._files.path_of(area, key, extension)
        held = self._hold(path)
        while held is None:
            with _locked(self._root / ".locks" / key[:2]):
                held = self._hold(path)  # somebody else may have fetched it while we waited
                if held is None:
                    size, chunks = fetch()
                    self.make_room(size)
                    with self._files.receive(area, chunks, extension) as arrived:
                        held = self._take(arrived, key)
        try:
            yield path
        finally:
            os.close(held)
            self.make_room()

    def read(
        self, area: Area, key: RecordingKey, extension: str, start: int, end: int | None
    ) -> Iterator[bytes] | None:
        """The bytes from ``start`` up to ``end`` when the file is here; None when it is not."""
        path = self._files.path_of(area, key, extension)
        with writing(path.name, self._root):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                return None
            size = os.fstat(file.fileno()).st_size
        _was_used(path)
        return blocks_between(file, path, start, size if end is None else min(end, size))

    def is_worth(self, size: int) -> bool:
        """Whether a file of this size can be here without throwing out most of the others."""
        return size * 10 <= self._max_bytes

    def drop(self, area: Area, key: RecordingKey, extension: str) -> None:
        """Forget a file, lent or not."""
        self._files.delete(area, key, extension)

    def sweep(self) -> int:
        """Remove what writers that died left behind; answers how many."""
        return self._files.sweep()

    def make_room(self, wanted: int = 0) -> None:
        """Throw out what was not used for longest until ``wanted`` bytes more are within bounds."""
        with _locked(self._root / ".locks" / "room"), writing("Making room", self._root):
            files = sorted(_files_in(self._root), key=lambda each: each[0])
            total = sum(size for _, size, _ in files) + wanted
            for _, size, path in files:
                if total <= self._max_bytes and self._has_free(wanted):
                    return
                if path.parent.name != ".incoming" and _throw_out(path):
                    total -= size

    def _hold(self, path: Path) -> int | None:
        with writing(path.name, self._root):
            return _hold(path)

    def _take(self, arrived: Arrived, key: RecordingKey) -> int | None:
        """Keep what was fetched and hold it; None when it went away at once, to be tried again."""
        stored = arrived.stored
        if stored.key != key:
            raise StorageError(
                f"The stored file {key}{stored.extension} is not what was saved.",
                hint="Put it back from a backup, or add the recording again.",
            )
        ours = self._hold(arrived.path)  # before anybody can see it and throw it out
        try:
            self._place(arrived)
            return self._hold(self._files.path_of(stored.area, key, stored.extension))
        finally:
            if ours is not None:
                os.close(ours)

    def _place(self, arrived: Arrived) -> None:
        stored = arrived.stored
        path = self._files.path_of(stored.area, stored.key, stored.extension)
        # one that is lent is left in its place: only that one is held
        with _locked(self._root / ".locks" / "room"), writing(path.name, self._root):
            if _throw_out(path):
                self._files.keep(arrived)

    def _making_room(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        size, promised = 0, 0
        for chunk in chunks:
            size += len(chunk)
            if size > promised:
                self.make_room(STEP_BYTES)
                promised = size + STEP_BYTES
            yield chunk

    def _has_free(self, wanted: int) -> bool:
        return shutil.disk_usage(self._root).free - wanted >= self._min_free_bytes


def _files_in(root: Path) -> Iterator[tuple[int, int, Path]]:
    """When each file was last used (ns), its bytes, its path; half-written ones included."""
    for pattern in ("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*", ".incoming/*"):
        for area in Area:
            for path in (root / area).glob(pattern):
                with suppress(FileNotFoundError):
                    facts = path.stat()
                    yield facts.st_mtime_ns, facts.st_size, path


def _was_used(path: Path) -> None:
    with suppress(OSError):
        os.utime(path)


def _hold(path: Path) -> int | None:
    """Keep a file from being thrown out until the descriptor is closed; None: it is not there."""
    while True:
        try:
            held = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        fcntl.flock(held, fcntl.LOCK_SH)
        try:
            if os.path.samestat(os.fstat(held), path.stat()):
                _was_used(path)
                return held
        except FileNotFoundError:
            pass
        os.close(held)  # thrown out, or put there anew, between opening and locking


def _throw_out(path: Path) -> bool:
    """Remove a file that nobody holds; whether it is gone."""
    try:
        opened = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    finally:
        os.close(opened)
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Be the only one, among threads and processes."""
    with writing(path.name, path.parent):
        make_folder(path.parent)
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        with writing(path.name, path.parent):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)

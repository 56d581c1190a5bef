"""The files of a Whoosh index: durable writes, one writer, and a folder that is swapped whole.

::

    index/CURRENT              name of the folder in use, replaced by rename
    index/WRITER.lock          locked by the writing process; the kernel frees it when that dies
    index/whoosh-000001/       Whoosh's files, and FINGERPRINT
"""

from __future__ import annotations

import os
import shutil
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.util.filelock import FileLock

from radio_archive.errors import IndexBusy, SearchIndexError

CURRENT = "CURRENT"
LOCK = "WRITER.lock"
FINGERPRINT = "FINGERPRINT"
PREFIX = "whoosh-"

REINDEX = "Run: radio-archive reindex"

#: what a compound file begins with: where its directory starts (it ends the file), and its length
_HEADER = struct.Struct("!qi")

#: seconds between two looks at a lock somebody else holds
_LOCK_STEP_S = 0.05


def sync_file(path: Path) -> None:
    """Have the disk confirm a file's bytes, or a folder's names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class DurableStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's files in a folder, safe against power loss, read into memory.

    Whoosh never calls fsync. Here everything new is on disk before the table of contents that
    names it is. Segments are read whole, not mapped: a mapped file that somebody truncates kills
    the process.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), supports_mmap=False)
        self._path = folder

    def open_file(self, name: str, **_options: object) -> Any:
        """A file's bytes."""
        return BufferFile((self._path / name).read_bytes(), name=name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename durably; Whoosh does so once per commit, with its table of contents."""
        for path in self._path.iterdir():
            if path.is_file():
                sync_file(path)
        super().rename_file(oldname, newname, safe=safe)
        sync_file(self._path)

    def temp_storage(self, name: str | None = None) -> FileStorage:
        """A folder for a commit's intermediate files, emptied of what a killed writer left."""
        path = self._path / (name or "commit.tmp")
        path.mkdir(exist_ok=True)
        return FileStorage(str(path))


def clear_leftovers(folder: Path) -> None:
    """Remove the unfinished table of contents of a killed or failed commit.

    Whoosh's next commit removes what else is left of it.
    """
    for path in folder.glob("*.toc.*"):
        path.unlink()


def is_whole(segment_file: Path) -> bool:
    """Whether a segment's file is there and as long as its first bytes say."""
    try:
        with segment_file.open("rb") as file:
            directory_start, directory_length = _HEADER.unpack(file.read(_HEADER.size))
        return bool(segment_file.stat().st_size == directory_start + directory_length)
    except (OSError, struct.error):
        return False


@contextmanager
def writer_lock(folder: Path, timeout_s: float) -> Iterator[None]:
    """Be the only writer.

    Raises:
        IndexBusy: somebody else still was after ``timeout_s`` seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(str(folder / LOCK))
    end = time.monotonic() + timeout_s
    while not lock.acquire():
        if time.monotonic() >= end:
            raise IndexBusy(
                f"Somebody else has been writing the search index for {timeout_s:g} s.",
                hint="Try again later, or stop the other worker.",
            )
        time.sleep(_LOCK_STEP_S)
    try:
        yield
    finally:
        lock.release()


def find_current(folder: Path) -> Path | None:
    """The folder in use; None when there is none."""
    try:
        name = (folder / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    path = folder / name
    return path if name.startswith(PREFIX) and path.is_dir() else None


def condemn(folder: Path) -> None:
    """Have everybody take the index in use for one of another version: it is to be rebuilt."""
    path = find_current(folder)
    if path is not None:
        with suppress(OSError):
            (path / FINGERPRINT).unlink(missing_ok=True)


def get_current(folder: Path) -> Path:
    """The folder in use.

    Raises:
        SearchIndexError: there is none.
    """
    path = find_current(folder)
    if path is None:
        raise SearchIndexError("There is no search index yet, or it was deleted.", hint=REINDEX)
    return path


def make_next(folder: Path) -> Path:
    """A fresh folder beside the one in use, after clearing away what a killed rebuild left."""
    current = find_current(folder)
    numbers = [0]
    for path in folder.glob(f"{PREFIX}*"):
        if path != current:
            shutil.rmtree(path, ignore_errors=True)
        numbers.append(int(path.name.removeprefix(PREFIX)) if path.name[-6:].isdigit() else 0)
    fresh = folder / f"{PREFIX}{max(numbers) + 1:06d}"
    fresh.mkdir()
    return fresh


def swap_in(folder: Path, fresh: Path) -> None:
    """Make a finished folder the one in use, durably, and remove the others."""
    sync_file(fresh)
    pointer = folder / f"{CURRENT}.tmp"
    pointer.write_text(f"{fresh.name}\n", "utf-8")
    sync_file(pointer)
    pointer.replace(folder / CURRENT)
    sync_file(folder)
    for path in folder.glob(f"{PREFIX}*"):
        if path != fresh:
            shutil.rmtree(path, ignore_errors=True)

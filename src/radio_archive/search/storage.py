"""The folder of a search index: one writer, one builder, and a new index swapped in whole.

::

    index/CURRENT              name of the folder in use, replaced by rename
    index/WRITER.lock          locked by the writing process; the kernel frees it when that dies
    index/BUILDER.lock         likewise, by the process that builds a new index beside that in use
    index/whoosh-000001/       the files of one engine, and FINGERPRINT
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from radio_archive.errors import IndexBusy, SearchIndexError

CURRENT = "CURRENT"
LOCK = "WRITER.lock"
BUILDER = "BUILDER.lock"
FINGERPRINT = "FINGERPRINT"
#: engines whose folders may stand in an index; a folder is named for its engine
STORED_ENGINES = ("whoosh", "tantivy")

REINDEX = "Run: radio-archive reindex"

#: seconds between two looks at a lock somebody else holds
_LOCK_STEP_S = 0.05


def sync_file(path: Path) -> None:
    """Have the disk confirm a file's bytes, or a folder's names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writer_lock(folder: Path, timeout_s: float) -> Iterator[None]:
    """Be the only one who changes the index in use.

    Raises:
        IndexBusy: somebody else still was after ``timeout_s`` seconds.
    """
    with _locked(folder / LOCK, timeout_s, "writing the search index"):
        yield


@contextmanager
def builder_lock(folder: Path) -> Iterator[None]:
    """Be the only one who builds a new index; the one in use may be changed meanwhile.

    Raises:
        IndexBusy: somebody else is at it.
    """
    with _locked(folder / BUILDER, 0, "building a new search index"):
        yield


@contextmanager
def _locked(path: Path, timeout_s: float, doing: str) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + timeout_s
    with path.open("ab") as file:
        while not _try_to_lock(file):
            if time.monotonic() >= end:
                waited = f" for {timeout_s:g} s" if timeout_s else ""
                raise IndexBusy(
                    f"Somebody else has been {doing}{waited}.",
                    hint="Try again later, or stop the other worker.",
                )
            time.sleep(_LOCK_STEP_S)
        yield  # closing the file frees the lock


if sys.platform == "win32":
    import msvcrt

    def _try_to_lock(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_to_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def engine_of(folder: Path) -> str:
    """The engine whose files a folder holds, by its name; empty when it is none of ours."""
    name, _, _ = folder.name.partition("-")
    return name if name in STORED_ENGINES else ""


def find_current(folder: Path, engine: str | None = None) -> Path | None:
    """The folder in use, of an engine or of any; None when there is none."""
    try:
        name = (folder / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    path = folder / name
    stands = bool(engine_of(path)) and engine in (None, engine_of(path))
    return path if stands and path.is_dir() else None


def condemn(folder: Path) -> None:
    """Have everybody take the index in use for one of another version: it is to be rebuilt."""
    path = find_current(folder)
    if path is not None:
        with suppress(OSError):
            (path / FINGERPRINT).unlink(missing_ok=True)


def get_current(folder: Path, engine: str) -> Path:
    """The folder in use.

    Raises:
        SearchIndexError: there is none of this engine.
    """
    path = find_current(folder, engine)
    if path is None:
        raise SearchIndexError("There is no search index yet, or it was deleted.", hint=REINDEX)
    return path


def find_build(folder: Path) -> str | None:
    """The engine for which somebody is building a new index at this moment; None: nobody is."""
    try:
        with builder_lock(folder):
            return None
    except IndexBusy:
        current = find_current(folder)
        fresh = [path for path in _folders(folder) if path != current]
        return engine_of(max(fresh, key=_number)) if fresh else None


@contextmanager
def built_beside(folder: Path, engine: str, timeout_s: float) -> Iterator[Path]:
    """A fresh folder to be filled inside, and swapped in at the end; gone when anything fails.

    Raises:
        IndexBusy: somebody else is building an index, or still wrote the one in use after
            ``timeout_s`` seconds.
    """
    with builder_lock(folder):
        fresh = make_next(folder, engine)
        try:
            yield fresh
            with writer_lock(folder, timeout_s):
                swap_in(folder, fresh)
        except BaseException:
            if find_current(folder) != fresh:
                shutil.rmtree(fresh, ignore_errors=True)
            raise


def make_next(folder: Path, engine: str) -> Path:
    """A fresh folder beside the one in use, after clearing away what a killed rebuild left."""
    current = find_current(folder)
    numbers = [0]
    for path in _folders(folder):
        numbers.append(_number(path))
        if path != current:
            shutil.rmtree(path, ignore_errors=True)
    fresh = folder / f"{engine}-{max(numbers) + 1:06d}"
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
    for path in _folders(folder):
        if path != fresh:
            shutil.rmtree(path, ignore_errors=True)


def write_fingerprint(path: Path, fingerprint: str) -> None:
    """Say in a finished folder what it was built by."""
    (path / FINGERPRINT).write_text(fingerprint, "utf-8")
    sync_file(path / FINGERPRINT)


def has_fingerprint(path: Path, fingerprint: str) -> bool:
    """Whether a folder was built by just this."""
    try:
        return (path / FINGERPRINT).read_text("utf-8") == fingerprint
    except (OSError, ValueError):
        return False


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*-*") if engine_of(path) and path.is_dir()]


def _number(path: Path) -> int:
    return int(path.name[-6:]) if path.name[-6:].isdigit() else 0

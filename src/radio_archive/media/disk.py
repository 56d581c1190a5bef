"""Files written and read so that no crash, full disk or power cut leaves anything half done."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from radio_archive.errors import NotFound, StorageError
from radio_archive.media.files import BLOCK_BYTES, require_size
from radio_archive.model import RecordingKey

ROOM_CHECK_BYTES = 8 * 1024 * 1024
"""How much is written between two looks at the free room: one for every block would double the
calls."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_flushed(
    path: Path, chunks: Iterable[bytes], *, max_bytes: int | None = None, min_free_bytes: int = 0
) -> tuple[RecordingKey, int]:
    """Write a new file and flush it; answers its SHA-256 and size.

    Errors of ``chunks`` itself stay as they are. What was written until then is left to the caller.

    Raises:
        BadAudio: there is more than ``max_bytes``.
        StorageError: the disk refuses, or would have less than ``min_free_bytes`` left.
    """
    digest, size, next_check = hashlib.sha256(), 0, 0
    with writing("The incoming file", path.parent):
        # unbuffered: with a buffer, closing after an error would fail a second time
        file = path.open("xb", buffering=0)
    with file:
        for chunk in chunks:
            size += len(chunk)
            require_size(size, max_bytes)
            digest.update(chunk)
            with writing("The incoming file", path.parent):
                if size >= next_check:
                    _require_room(path.parent, len(chunk), min_free_bytes)
                    next_check = size + ROOM_CHECK_BYTES
                _write_all(file, chunk)
        with writing("The incoming file", path.parent):
            os.fsync(file.fileno())
    return RecordingKey(digest.hexdigest()), size


def blocks_of(path: Path) -> Iterator[bytes]:
    """All of a file, in blocks.

    Raises:
        NotFound: it is not there.
        StorageError: the disk refuses.
    """
    with reading(path.name, path.parent), path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block


def blocks_between(file: BinaryIO, path: Path, start: int, stop: int) -> Iterator[bytes]:
    """The bytes of an open file from ``start`` up to ``stop``, in blocks; closes it.

    Raises:
        StorageError: the disk refuses.
    """
    with file:
        file.seek(start)
        left = stop - start
        while left > 0:
            with reading(path.name, path.parent):
                block = file.read(min(BLOCK_BYTES, left))
            if not block:
                return
            left -= len(block)
            yield block


def make_folder(folder: Path) -> None:
    """Make a folder and its parents so that they survive a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    flush_folder(folder.parent)


def flush_folder(folder: Path) -> None:
    """Put the names in a folder safely on the disk."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(what: str, where: Path) -> Iterator[None]:
    """Name in our own words what the system refuses.

    Raises:
        StorageError: it refused.
    """
    try:
        yield
    except OSError as error:
        is_full = error.errno in _FULL
        raise StorageError(
            f"{what} in {where}: {error.strerror or error}.",
            hint="Make room on that disk." if is_full else "Check the disk and its permissions.",
        ) from error


@contextmanager
def reading(what: str, where: Path) -> Iterator[None]:
    """Likewise, where an absent file is an answer.

    Raises:
        NotFound: it is not there.
        StorageError: the disk refuses.
    """
    with writing(what, where):
        try:
            yield
        except FileNotFoundError as error:
            raise NotFound(
                f"{what} is not in {where}.", hint="radio-archive doctor lists what is missing."
            ) from error


def _require_room(folder: Path, wanted: int, min_free_bytes: int) -> None:
    if not min_free_bytes:
        return
    free = shutil.disk_usage(folder).free
    if free - wanted < min_free_bytes:
        raise StorageError(
            f"The disk of {folder} has {free:,} bytes left, and {min_free_bytes:,} are kept free.",
            hint="Make room, or lower min_free_bytes in radio-archive.toml.",
        )


def _write_all(file: FileIO, chunk: bytes) -> None:
    left = memoryview(chunk)
    while left:
        left = left[file.write(left) :]

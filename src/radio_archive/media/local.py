"""Media in a folder of this machine."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

from radio_archive.errors import NotFound, StorageError
from radio_archive.media.files import (
    BLOCK_BYTES,
    EXTENSIONS,
    Area,
    StoredFile,
    is_key,
    media_type_of,
    require_name,
    require_range,
    require_size,
)
from radio_archive.model import RecordingKey

_STALE_SECONDS = 3600
_ROOM_CHECK_BYTES = 8 * 1024 * 1024  # asking the disk for every block would double the calls
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class LocalMediaStore:
    """A ``MediaStore`` in a folder of this machine."""

    def __init__(self, root: Path, *, min_free_bytes: int = 0) -> None:
        """Use ``root``, which is made when first needed.

        Args:
            root: the folder ``media``.
            min_free_bytes: room to leave on the disk for the catalogue; no save goes below.
        """
        self._root = root
        self._min_free_bytes = min_free_bytes

    def save(
        self,
        area: Area,
        chunks: Iterable[bytes],
        extension: str,
        *,
        max_bytes: int | None = None,
    ) -> StoredFile:
        """See ``MediaStore.save``."""
        media_type_of(extension)
        with _writing(f"A file in {area}", self._root):
            folder = self._root / area / ".incoming"
            _make_folder(folder)
            incoming = folder / f"{os.getpid()}-{secrets.token_hex(8)}"
        try:
            key, size = self._write(incoming, chunks, max_bytes)
            with _writing(f"{key}{extension}", self._root):
                final = self._path(area, key, extension)
                _make_folder(final.parent)
                incoming.replace(final)
                _flush_folder(final.parent)
        finally:
            with suppress(OSError):
                incoming.unlink(missing_ok=True)
        return StoredFile(area=area, key=key, extension=extension, size_bytes=size)

    def save_file(self, area: Area, path: Path, extension: str) -> StoredFile:
        """See ``MediaStore.save_file``."""
        return self.save(area, _blocks_of(path), extension)

    def exists(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """See ``MediaStore.exists``."""
        return self._path(area, key, extension).is_file()

    def size(self, area: Area, key: RecordingKey, extension: str) -> int:
        """See ``MediaStore.size``."""
        with _reading(f"{key}{extension}", self._root):
            return self._path(area, key, extension).stat().st_size

    def read(
        self, area: Area, key: RecordingKey, extension: str, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        """See ``MediaStore.read``."""
        require_range(start, end)
        size = self.size(area, key, extension)
        stop = size if end is None else min(end, size)
        return self._read(self._path(area, key, extension), start, stop)

    @contextmanager
    def local_path(self, area: Area, key: RecordingKey, extension: str) -> Iterator[Path]:
        """See ``MediaStore.local_path``."""
        self.size(area, key, extension)
        yield self._path(area, key, extension)

    def verify(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """See ``MediaStore.verify``."""
        digest = hashlib.sha256()
        for block in self.read(area, key, extension):
            digest.update(block)
        return digest.hexdigest() == key

    def delete(self, area: Area, key: RecordingKey, extension: str) -> None:
        """See ``MediaStore.delete``."""
        path = self._path(area, key, extension)
        with _writing(f"{key}{extension}", self._root), suppress(FileNotFoundError):
            path.unlink()
            _flush_folder(path.parent)

    def keys(self, area: Area) -> Iterator[StoredFile]:
        """See ``MediaStore.keys``."""
        for path in sorted((self._root / area).glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if is_key(path.stem) and path.suffix in EXTENSIONS:
                with suppress(FileNotFoundError):  # deleted since it was listed
                    yield StoredFile(
                        area=area,
                        key=RecordingKey(path.stem),
                        extension=path.suffix,
                        size_bytes=path.stat().st_size,
                    )

    def sweep(self) -> int:
        """See ``MediaStore.sweep``."""
        # a save in progress touches its file all the time; a process number proves nothing, since
        # the writer may run on another machine or in another container
        oldest = time.time() - _STALE_SECONDS
        removed = 0
        for path in self._root.glob("*/.incoming/*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()
                    removed += 1
        return removed

    def _path(self, area: Area, key: RecordingKey, extension: str) -> Path:
        require_name(key, extension)
        return self._root / area / key[:2] / key[2:4] / f"{key}{extension}"

    def _write(
        self, path: Path, chunks: Iterable[bytes], max_bytes: int | None
    ) -> tuple[RecordingKey, int]:
        """Write aside and flush; the errors of ``chunks`` itself stay as they are."""
        digest, size, next_check = hashlib.sha256(), 0, 0
        with _writing("The incoming file", self._root):
            # unbuffered: with a buffer, closing after an error would fail a second time
            file = path.open("xb", buffering=0)
        with file:
            for chunk in chunks:
                size += len(chunk)
                require_size(size, max_bytes)
                digest.update(chunk)
                with _writing("The incoming file", self._root):
                    if size >= next_check:
                        self._require_room(len(chunk))
                        next_check = size + _ROOM_CHECK_BYTES
                    _write_all(file, chunk)
            with _writing("The incoming file", self._root):
                os.fsync(file.fileno())
        return RecordingKey(digest.hexdigest()), size

    def _require_room(self, wanted: int) -> None:
        if not self._min_free_bytes:
            return
        free = shutil.disk_usage(self._root).free
        if free - wanted < self._min_free_bytes:
            raise StorageError(
                f"The disk of {self._root} has {free:,} bytes left, and {self._min_free_bytes:,} "
                "are kept free.",
                hint="Make room, or lower min_free_bytes in radio-archive.toml.",
            )

    def _read(self, path: Path, start: int, stop: int) -> Iterator[bytes]:
        with _reading(path.name, self._root):
            file = path.open("rb")
        with file:
            file.seek(start)
            left = stop - start
            while left > 0:
                with _reading(path.name, self._root):
                    block = file.read(min(BLOCK_BYTES, left))
                if not block:
                    return
                left -= len(block)
                yield block


def _blocks_of(path: Path) -> Iterator[bytes]:
    with _reading(path.name, path.parent), path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block


def _write_all(file: FileIO, chunk: bytes) -> None:
    left = memoryview(chunk)
    while left:
        left = left[file.write(left) :]


def _make_folder(folder: Path) -> None:
    """Make a folder and its parents so that they survive a power cut."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _writing(what: str, where: Path) -> Iterator[None]:
    """Name in our own words what the system refuses."""
    try:
        yield
    except OSError as error:
        is_full = error.errno in _FULL
        raise StorageError(
            f"{what} in {where}: {error.strerror or error}.",
            hint="Make room on that disk." if is_full else "Check the disk and its permissions.",
        ) from error


@contextmanager
def _reading(what: str, where: Path) -> Iterator[None]:
    """Likewise, where an absent file is an answer."""
    with _writing(what, where):
        try:
            yield
        except FileNotFoundError as error:
            raise NotFound(
                f"{what} is not in {where}.", hint="radio-archive doctor lists what is missing."
            ) from error

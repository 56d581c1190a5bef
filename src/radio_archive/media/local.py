"""Media in a folder of this machine."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from radio_archive.errors import StorageError
from radio_archive.media.disk import (
    blocks_between,
    blocks_of,
    flush_folder,
    make_folder,
    reading,
    write_flushed,
    writing,
)
from radio_archive.media.files import (
    EXTENSIONS,
    Area,
    StoredFile,
    is_key,
    media_type_of,
    require_name,
    require_range,
)
from radio_archive.model import RecordingKey

STALE_SECONDS = 3600
"""After so long without a byte, a file half written is one whose writer died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A file written aside, whole and flushed, that nobody can see yet."""

    path: Path  #: where it lies meanwhile
    stored: StoredFile  #: what it is once it is kept


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
        with self.receive(area, chunks, extension, max_bytes) as arrived:
            return self.keep(arrived)

    @contextmanager
    def receive(
        self, area: Area, chunks: Iterable[bytes], extension: str, max_bytes: int | None = None
    ) -> Iterator[Arrived]:
        """Write bytes aside; they are gone afterwards, unless `keep` was asked meanwhile.

        For what it raises see ``MediaStore.save``.
        """
        media_type_of(extension)
        with writing(f"A file in {area}", self._root):
            folder = self._root / area / ".incoming"
            make_folder(folder)
            incoming = folder / f"{os.getpid()}-{secrets.token_hex(8)}"
        try:
            key, size = write_flushed(
                incoming, chunks, max_bytes=max_bytes, min_free_bytes=self._min_free_bytes
            )
            stored = StoredFile(area=area, key=key, extension=extension, size_bytes=size)
            yield Arrived(path=incoming, stored=stored)
        finally:
            with suppress(OSError):
                incoming.unlink(missing_ok=True)

    def keep(self, arrived: Arrived) -> StoredFile:
        """Put what arrived under its name.

        Raises:
            StorageError: the disk refuses.
        """
        stored = arrived.stored
        with writing(f"{stored.key}{stored.extension}", self._root):
            final = self.path_of(stored.area, stored.key, stored.extension)
            make_folder(final.parent)
            arrived.path.replace(final)
            flush_folder(final.parent)
        return stored

    def save_file(self, area: Area, path: Path, extension: str) -> StoredFile:
        """See ``MediaStore.save_file``."""
        return self.save(area, blocks_of(path), extension)

    def exists(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """See ``MediaStore.exists``."""
        return self.path_of(area, key, extension).is_file()

    def size(self, area: Area, key: RecordingKey, extension: str) -> int:
        """See ``MediaStore.size``."""
        with reading(f"{key}{extension}", self._root):
            return self.path_of(area, key, extension).stat().st_size

    def read(
        self, area: Area, key: RecordingKey, extension: str, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        """See ``MediaStore.read``."""
        require_range(start, end)
        size = self.size(area, key, extension)
        stop = size if end is None else min(end, size)
        return self._read(self.path_of(area, key, extension), start, stop)

    @contextmanager
    def local_path(self, area: Area, key: RecordingKey, extension: str) -> Iterator[Path]:
        """See ``MediaStore.local_path``."""
        self.size(area, key, extension)
        yield self.path_of(area, key, extension)

    def verify(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """See ``MediaStore.verify``."""
        digest = hashlib.sha256()
        for block in self.read(area, key, extension):
            digest.update(block)
        return digest.hexdigest() == key

    def delete(self, area: Area, key: RecordingKey, extension: str) -> None:
        """See ``MediaStore.delete``."""
        path = self.path_of(area, key, extension)
        with writing(f"{key}{extension}", self._root), suppress(FileNotFoundError):
            path.unlink()
            flush_folder(path.parent)

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
        oldest = time.time() - STALE_SECONDS
        removed = 0
        for path in self._root.glob("*/.incoming/*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()
                    removed += 1
        return removed

    def examine(self) -> str:
        """See ``MediaStore.examine``."""
        with self.receive(Area.RECORDINGS, [b"tried by doctor"], ".bin") as arrived:
            came_back = b"".join(blocks_of(arrived.path))
        if came_back != b"tried by doctor":
            raise StorageError(
                f"{self._root} gives back other bytes than it took.", hint="Check the disk."
            )
        return f"{self._root} takes and gives files."

    def path_of(self, area: Area, key: RecordingKey, extension: str) -> Path:
        """Where a file lies, or would lie.

        Raises:
            BadInput: ``key`` is no SHA-256, or ``extension`` is not in ``EXTENSIONS``.
        """
        require_name(key, extension)
        return self._root / area / key[:2] / key[2:4] / f"{key}{extension}"

    def _read(self, path: Path, start: int, stop: int) -> Iterator[bytes]:
        with reading(path.name, self._root):
            file = path.open("rb")
        yield from blocks_between(file, path, start, stop)

"""What every place for media promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from radio_archive.media.files import Area, StoredFile
from radio_archive.model import RecordingKey


class MediaStore(Protocol):
    """Holds files by the SHA-256 of their content.

    Every method raises ``BadInput`` for a key that is no SHA-256 or an extension that is not in
    ``EXTENSIONS``, and ``StorageError`` when the medium refuses.
    """

    def save(
        self,
        area: Area,
        chunks: Iterable[bytes],
        extension: str,
        *,
        max_bytes: int | None = None,
    ) -> StoredFile:
        """Keep bytes as they come; nothing can be seen before all are there.

        Saving what is held already changes nothing (and mends it if it was damaged). Errors of
        ``chunks`` pass through and leave nothing behind.

        Args:
            area: what the file is.
            chunks: the content.
            extension: with the dot, one of ``EXTENSIONS``.
            max_bytes: refuse to take more.

        Raises:
            BadAudio: there is more than ``max_bytes``.
            StorageError: the disk is full or refuses.
        """
        ...

    def save_file(self, area: Area, path: Path, extension: str) -> StoredFile:
        """Keep a copy of a file; as ``save``."""
        ...

    def exists(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """Whether the file is held."""
        ...

    def size(self, area: Area, key: RecordingKey, extension: str) -> int:
        """Size in bytes.

        Raises:
            NotFound: it is not held.
        """
        ...

    def read(
        self, area: Area, key: RecordingKey, extension: str, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        """Read the bytes from ``start`` up to, not including, ``end``, in blocks of 64 KiB.

        Beyond the end of the file there is nothing, and no error.

        Raises:
            NotFound: it is not held; at once, not at the first block.
            BadInput: ``start`` or ``end`` is negative.
        """
        ...

    def local_path(
        self, area: Area, key: RecordingKey, extension: str
    ) -> AbstractContextManager[Path]:
        """Lend a path under which other programs can read the file, never write it.

        Raises:
            NotFound: it is not held.
        """
        ...

    def verify(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """Read all of it and compare with its key: False when it is not what was saved.

        Raises:
            NotFound: it is not held.
        """
        ...

    def delete(self, area: Area, key: RecordingKey, extension: str) -> None:
        """Remove it; nothing happens when it is not held."""
        ...

    def keys(self, area: Area) -> Iterator[StoredFile]:
        """List everything held, in the order of the keys."""
        ...

    def sweep(self) -> int:
        """Remove what saves that died left behind, an hour later at least; answers how many."""
        ...

    def examine(self) -> str:
        """Try to write and to read; answers in a sentence what the place is and is good for.

        Raises:
            StorageError: it cannot be used; the message says why.
        """
        ...

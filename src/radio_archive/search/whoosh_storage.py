"""Whoosh's files: durable writes, read into memory."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile

from radio_archive.search.storage import sync_file

#: what a compound file begins with: where its directory starts (it ends the file), and its length
_HEADER = struct.Struct("!qi")


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

"""Parts without a disk or a model, for tests of this package and of those built on it.

Each fulfils its Protocol in full: the same contract tests run on it and on the real ones.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from radio_archive.errors import NotFound
from radio_archive.media import (
    BLOCK_BYTES,
    Area,
    StoredFile,
    media_type_of,
    require_name,
    require_range,
    require_size,
)
from radio_archive.model import RecordingKey


class MemoryMediaStore:
    """A ``MediaStore`` that forgets everything with the process."""

    def __init__(self) -> None:
        #: content by area, key and extension; tests may damage it
        self.files: dict[tuple[Area, RecordingKey, str], bytes] = {}

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
        content = bytearray()
        for chunk in chunks:
            content += chunk
            require_size(len(content), max_bytes)
        key = RecordingKey(hashlib.sha256(content).hexdigest())
        self.files[area, key, extension] = bytes(content)
        return StoredFile(area=area, key=key, extension=extension, size_bytes=len(content))

    def save_file(self, area: Area, path: Path, extension: str) -> StoredFile:
        """See ``MediaStore.save_file``."""
        if not path.is_file():
            raise NotFound(f"{path.name} is not in {path.parent}.", hint="Check the path.")
        return self.save(area, [path.read_bytes()], extension)

    def exists(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """See ``MediaStore.exists``."""
        require_name(key, extension)
        return (area, key, extension) in self.files

    def size(self, area: Area, key: RecordingKey, extension: str) -> int:
        """See ``MediaStore.size``."""
        return len(self._content(area, key, extension))

    def read(
        self, area: Area, key: RecordingKey, extension: str, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        """See ``MediaStore.read``."""
        require_range(start, end)
        part = self._content(area, key, extension)[start:end]
        return (part[at : at + BLOCK_BYTES] for at in range(0, len(part), BLOCK_BYTES))

    @contextmanager
    def local_path(self, area: Area, key: RecordingKey, extension: str) -> Iterator[Path]:
        """See ``MediaStore.local_path``."""
        content = self._content(area, key, extension)
        with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
            path = Path(folder) / f"{key}{extension}"
            path.write_bytes(content)
            yield path

    def verify(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """See ``MediaStore.verify``."""
        return hashlib.sha256(self._content(area, key, extension)).hexdigest() == key

    def delete(self, area: Area, key: RecordingKey, extension: str) -> None:
        """See ``MediaStore.delete``."""
        require_name(key, extension)
        self.files.pop((area, key, extension), None)

    def keys(self, area: Area) -> Iterator[StoredFile]:
        """See ``MediaStore.keys``."""
        for (held_in, key, extension), content in sorted(self.files.items()):
            if held_in == area:
                yield StoredFile(area=area, key=key, extension=extension, size_bytes=len(content))

    def sweep(self) -> int:
        """See ``MediaStore.sweep``: memory keeps no half-written files."""
        return 0

    def _content(self, area: Area, key: RecordingKey, extension: str) -> bytes:
        require_name(key, extension)
        try:
            return self.files[area, key, extension]
        except KeyError:
            raise NotFound(f"{key}{extension} is not in {area}.", hint="Save it first.") from None

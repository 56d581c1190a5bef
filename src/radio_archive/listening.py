"""What listeners hear: a rendition in the store, readable in ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from radio_archive.errors import NotFound, StorageError
from radio_archive.media import Area, MediaStore
from radio_archive.model import Rendition


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSound:
    """A `Sound` over a stored rendition."""

    media: MediaStore
    rendition: Rendition

    @property
    def size_bytes(self) -> int:
        """Length of the whole."""
        return self.rendition.size_bytes

    @property
    def etag(self) -> str:
        """SHA-256 of the bytes."""
        return self.rendition.key

    @property
    def media_type(self) -> str:
        """For the Content-Type header."""
        return self.rendition.media_type

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Blocks of bytes from ``start`` up to, not including, ``end``.

        Raises:
            StorageError: the catalogue knows this sound, and the store does not give it.
        """
        stored = self.rendition
        try:
            return self.media.read(Area.RENDITIONS, stored.key, stored.extension, start, end)
        except NotFound as error:
            raise StorageError(
                "This sound is not in the media store at the moment.", hint=error.message
            ) from error

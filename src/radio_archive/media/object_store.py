"""Media in a bucket of an S3-compatible store, under the names they have in a folder.

What comes in is first written aside on this machine, so that its SHA-256, and with it its name, is
known before the first byte is sent. It is then sent in parts, each with a checksum that the store
verifies, and becomes visible all at once when the last has arrived.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from radio_archive.errors import NotFound, StorageError, StoreAway
from radio_archive.media.cache import MediaCache
from radio_archive.media.disk import blocks_of
from radio_archive.media.files import (
    BLOCK_BYTES,
    EXTENSIONS,
    Area,
    StoredFile,
    is_key,
    media_type_of,
    require_name,
    require_range,
)
from radio_archive.media.local import Arrived
from radio_archive.media.object_client import PART_BYTES, ObjectClient
from radio_archive.media.often_asked import OftenAsked
from radio_archive.media.places import ObjectPlace, find_credentials
from radio_archive.media.s3_requests import S3Requests
from radio_archive.model import RecordingKey

FIRST_WINDOW_BYTES = 4 * BLOCK_BYTES
"""What is asked for first when reading: little, so that it is there soon."""

LARGEST_WINDOW_BYTES = 64 * BLOCK_BYTES
"""What is asked for at most. Each window is twice the one before, so that a listener who goes away
never made the store send more than twice what was heard, and no slow listener holds a connection
open."""

WHOLE_WINDOW_BYTES = 128 * BLOCK_BYTES
"""What is asked for at once when all of a file is wanted: fewer requests, and still one that ends
within its time limit at 0.3 MB/s."""

UNFINISHED_SECONDS = 86_400
"""After a day an upload that has not ended is one whose sender died. The store tells when it began,
not when its last part came: 2 GB need less than a day at 0.2 Mbit/s."""


class ObjectMediaStore:
    """A ``MediaStore`` in a bucket, with copies of what is used on this machine."""

    def __init__(self, place: ObjectPlace, cache: MediaCache) -> None:
        """Use a bucket; nothing is asked of it yet.

        Args:
            place: which one.
            cache: where files lie that other programs read, and those that are read again.

        Raises:
            BadSettings: the extra ``s3`` is not installed.
        """
        self._place = place
        self._cache = cache
        self._client = ObjectClient(place)
        self._often_asked = OftenAsked(self._fetch)

    def save(
        self,
        area: Area,
        chunks: Iterable[bytes],
        extension: str,
        *,
        max_bytes: int | None = None,
    ) -> StoredFile:
        """See ``MediaStore.save``."""
        with self._cache.receive(area, chunks, extension, max_bytes) as arrived:
            self._send(arrived)
            self._cache.keep(arrived)
        return arrived.stored

    def save_file(self, area: Area, path: Path, extension: str) -> StoredFile:
        """See ``MediaStore.save_file``."""
        return self.save(area, blocks_of(path), extension)

    def exists(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """See ``MediaStore.exists``."""
        try:
            self.size(area, key, extension)
        except NotFound:
            return False
        return True

    def size(self, area: Area, key: RecordingKey, extension: str) -> int:
        """See ``MediaStore.size``."""
        return self._client.size(_name(area, key, extension))

    def read(
        self, area: Area, key: RecordingKey, extension: str, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        """See ``MediaStore.read``; from the copy on this machine where there is one."""
        require_range(start, end)
        held = self._cache.read(area, key, extension, start, end)
        if held is not None:
            return held
        blocks = self._read(_name(area, key, extension), start, end)
        if area is Area.RENDITIONS:
            self._often_asked.note((key, extension))
        return blocks

    @contextmanager
    def local_path(self, area: Area, key: RecordingKey, extension: str) -> Iterator[Path]:
        """See ``MediaStore.local_path``; a copy that is here is lent without asking the store."""
        name = _name(area, key, extension)

        def fetch() -> tuple[int, Iterator[bytes]]:
            return self._client.size(name), self._read_all(name)

        with self._cache.lend(area, key, extension, fetch) as path:
            yield path

    def verify(self, area: Area, key: RecordingKey, extension: str) -> bool:
        """See ``MediaStore.verify``; the store's bytes, not the copy's."""
        digest = hashlib.sha256()
        for block in self._read_all(_name(area, key, extension)):
            digest.update(block)
        return digest.hexdigest() == key

    def delete(self, area: Area, key: RecordingKey, extension: str) -> None:
        """See ``MediaStore.delete``."""
        self._client.delete(_name(area, key, extension))
        self._cache.drop(area, key, extension)

    def keys(self, area: Area) -> Iterator[StoredFile]:
        """See ``MediaStore.keys``; the store lists by name, a page at a time."""
        for name, size in self._client.list(area):
            stem, dot, ending = name.rpartition("/")[2].partition(".")
            key, extension = RecordingKey(stem), dot + ending
            is_ours = is_key(key) and extension in EXTENSIONS
            if is_ours and name == _name(area, key, extension):
                yield StoredFile(area=area, key=key, extension=extension, size_bytes=size)

    def sweep(self) -> int:
        """See ``MediaStore.sweep``; parts in the store too, where keys are in the environment."""
        self._client.require_bucket()
        removed = self._cache.sweep()
        requests = self._requests()
        if requests is None:
            return removed
        oldest = time.time() - UNFINISHED_SECONDS
        for upload in requests.unfinished_uploads():
            if upload.begun_at < oldest:
                requests.abort(upload)
                removed += 1
        return removed

    def examine(self) -> str:
        """See ``MediaStore.examine``."""
        name, content = f".doctor/{secrets.token_hex(8)}", secrets.token_bytes(16)
        self._client.require_bucket()  # sooner given up than a put
        began = time.monotonic()
        self._client.put(name, content, media_type_of(".bin"))
        _, came_back = self._client.get(name, 0, len(content))
        self._client.delete(name)
        if came_back != content:
            raise StorageError(
                f"{self._place} gives back other bytes than it took.",
                hint="Do not use this store.",
            )
        took_ms = (time.monotonic() - began) * 1000
        return f"{self._place} takes and gives files ({took_ms:.0f} ms). {self._on_versions()}"

    def _on_versions(self) -> str:
        requests = self._requests()
        if requests is None:
            return "Have the bucket keep versions, and a rule that ends unfinished uploads."
        if requests.keeps_versions():
            return "It keeps versions: what is deleted stays until the bucket's rule removes it."
        return "It keeps no versions: what somebody deletes there is gone."

    def _requests(self) -> S3Requests | None:
        credentials = find_credentials()
        return S3Requests(self._place, credentials) if credentials else None

    def _send(self, arrived: Arrived) -> None:
        stored = arrived.stored
        name = _name(stored.area, stored.key, stored.extension)
        blocks = _unchanged(arrived)
        is_small = stored.size_bytes <= PART_BYTES
        content = b"".join(blocks) if is_small else blocks
        self._client.put(name, content, media_type_of(stored.extension))

    def _fetch(self, rendition: tuple[RecordingKey, str]) -> None:
        key, extension = rendition
        if self._cache.is_worth(self.size(Area.RENDITIONS, key, extension)):
            with self.local_path(Area.RENDITIONS, key, extension):
                pass

    def _read_all(self, name: str) -> Iterator[bytes]:
        return self._read(name, 0, None, WHOLE_WINDOW_BYTES)

    def _read(
        self, name: str, start: int, end: int | None, step: int = FIRST_WINDOW_BYTES
    ) -> Iterator[bytes]:
        """Ask for the first window at once, and for each other one when it is wanted."""
        stop = start + step if end is None else min(end, start + step)
        size, first = self._client.get(name, start, stop) if stop > start else (0, b"")
        if not first:
            self._client.size(name)  # nothing there to be read, or no such file?
            return iter(())
        return self._windows(name, first, start, size if end is None else min(end, size))

    def _windows(self, name: str, first: bytes, start: int, stop: int) -> Iterator[bytes]:
        window, step = first, len(first)
        while True:
            for at in range(0, len(window), BLOCK_BYTES):
                yield window[at : at + BLOCK_BYTES]
            start += len(window)
            if start >= stop:
                return
            step = max(len(first), min(step * 2, LARGEST_WINDOW_BYTES))
            _, window = self._client.get(name, start, min(start + step, stop))
            if not window:
                raise StoreAway(
                    f"{name} in {self._place} became shorter while it was read.", hint="Try again."
                )


def _name(area: Area, key: RecordingKey, extension: str) -> str:
    require_name(key, extension)
    return f"{area}/{key[:2]}/{key[2:4]}/{key}{extension}"


def _unchanged(arrived: Arrived) -> Iterator[bytes]:
    """The bytes that arrived, hashed again on their way out.

    Raises:
        StorageError: the disk does not give back what was written; nothing becomes visible then.
    """
    digest = hashlib.sha256()
    since_touched = 0
    for block in blocks_of(arrived.path):
        digest.update(block)
        since_touched += len(block)
        if since_touched >= PART_BYTES:
            os.utime(arrived.path)  # or it would be swept away as left behind
            since_touched = 0
        yield block
    if digest.hexdigest() != arrived.stored.key:
        raise StorageError(
            f"{arrived.path} changed while it was sent.", hint="Check the disk of this machine."
        )

"""The library behind the object store, with our errors, limits and patience."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from radio_archive.errors import BadSettings, NotFound, StoreAway
from radio_archive.media.outage import Outage
from radio_archive.media.places import ObjectPlace
from radio_archive.media.refusals import as_ours, is_beyond_end, is_missing_bucket, status_of

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Store

PART_BYTES = 8 * 1024 * 1024
"""Size of the parts in which a file is sent; S3 takes none below 5 MiB but the last, and 10,000."""

PARTS_AT_ONCE = 2
"""Parts on their way at the same time: with `PART_BYTES` what bounds the memory of a save."""

_READ_TIMEOUTS: ClientConfig = {
    "connect_timeout": "3s",
    "read_timeout": "10s",
    "timeout": "30s",
}
#: nothing comes back before a part is sent, so only the whole can be bounded: 70 kB/s will do
_WRITE_TIMEOUTS: ClientConfig = {"connect_timeout": "5s", "timeout": "120s"}
#: seconds after which nothing is tried again: a listener waits for an answer, a job has time
_READ_RETRY_S, _WRITE_RETRY_S = 8, 30


class ObjectClient:
    """Objects of one bucket by name.

    Every method raises ``StoreAway`` when there is no answer, ``StoreRefuses`` when the answer is
    no; each request is tried a few times, and none waits for ever.
    """

    def __init__(self, place: ObjectPlace) -> None:
        """Connect; nothing is asked yet.

        Raises:
            BadSettings: the extra ``s3`` is not installed.
        """
        try:
            import obstore
        except ImportError as error:
            raise BadSettings(
                "media_url names a store, and the library for it is not installed.",
                hint='pip install "radio-archive[s3]"',
            ) from error
        self._library = obstore
        self._place = place
        # two, for they differ in patience
        self._reads = _connect(place, _READ_TIMEOUTS, _READ_RETRY_S)
        self._writes = _connect(place, _WRITE_TIMEOUTS, _WRITE_RETRY_S)
        self._outage = Outage(place)
        self._is_bucket_seen = False

    def size(self, name: str) -> int:
        """Size in bytes.

        Raises:
            NotFound: there is no such object.
        """
        with self._asking(name):
            return self._library.head(self._reads, name)["size"]

    def get(self, name: str, start: int, stop: int) -> tuple[int, bytes]:
        """Size of the whole, and the bytes from ``start`` up to ``stop``.

        Where the object ends before ``start`` both are nothing.

        Raises:
            NotFound: there is no such object.
        """
        try:
            with self._asking(name):
                found = self._library.get(self._reads, name, options={"range": (start, stop)})
                size, content = found.meta["size"], bytes(found.bytes())
        except _BeyondEnd:
            return 0, b""
        if len(content) != min(stop, size) - start:
            raise StoreAway(f"{name} in {self._place} broke off.", hint="Try again.")
        return size, content

    def put(self, name: str, content: bytes | Iterator[bytes], media_type: str) -> None:
        """Put an object in its place, all at once.

        Args:
            name: its name.
            content: all of it, or pieces to be sent in parts; an error of theirs passes through and
                nothing becomes visible.
            media_type: for those who look at it there.
        """
        is_whole = isinstance(content, bytes)
        with self._asking(name):
            self._library.put(
                self._writes,
                name,
                content,
                attributes={"Content-Type": media_type},
                use_multipart=not is_whole,
                chunk_size=PART_BYTES,
                max_concurrency=PARTS_AT_ONCE,
            )

    def delete(self, name: str) -> None:
        """Remove an object; nothing happens when there is none."""
        try:
            with self._asking(name):
                self._library.delete(self._reads, name)
        except NotFound:  # some servers say so, S3 does not
            pass

    def list(self, folder: str) -> Iterator[tuple[str, int]]:
        """Names and sizes of the objects below a folder, in the order of their names."""
        pages = iter(self._library.list(self._reads, prefix=folder))
        while True:
            with self._asking(f"The list of {folder}"):
                page = next(pages, None)
            if page is None:
                return
            for entry in page:
                yield entry["path"], entry["size"]

    def require_bucket(self) -> None:
        """Find out whether the bucket can be used at all: the answer to a HEAD does not say."""
        next(self.list(".doctor"), None)
        self._is_bucket_seen = True

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        """Say in our own words what the store refuses, and remember whether it answers."""
        errors = self._library.exceptions
        self._outage.require_turn(what)
        try:
            yield
        except (FileNotFoundError, errors.NotFoundError) as error:
            self._outage.note(is_away=False)
            if is_missing_bucket(str(error)):
                raise as_ours(self._place, what, str(error)) from error
            if not self._is_bucket_seen:
                self.require_bucket()
            raise NotFound(
                f"{what} is not in {self._place}.",
                hint="radio-archive doctor lists what is missing.",
            ) from error
        except errors.BaseError as error:
            text = str(error)
            ours = as_ours(self._place, what, text)
            self._outage.note(is_away=isinstance(ours, StoreAway) and status_of(text) is None)
            if is_beyond_end(text):
                raise _BeyondEnd from error
            raise ours from error
        self._outage.note(is_away=False)


class _BeyondEnd(Exception):
    """The object ends before the range."""


def _connect(place: ObjectPlace, timeouts: ClientConfig, retry_s: int) -> S3Store:
    from obstore.store import S3Store

    return S3Store(
        place.bucket,
        prefix=place.prefix or None,
        config={
            "region": place.region,
            "checksum_algorithm": "SHA256",
            "disable_bulk_delete": True,  # not every compatible server has it
            **({"endpoint": place.endpoint} if place.endpoint else {}),
        },
        client_options={**timeouts, "allow_http": place.endpoint.startswith("http://")},
        retry_config={
            "max_retries": 3,
            "retry_timeout": timedelta(seconds=retry_s),
            "backoff": {
                "init_backoff": timedelta(milliseconds=200),
                "max_backoff": timedelta(seconds=2),
                "base": 2,
            },
        },
    )

"""What listeners hear: a rendition in the store, or a copy of it for players, read in ranges.

Players get the same Opus in WebM, made when it is first asked for: to find a moment in an Ogg file
of an hour, Chromium reads eleven places of it, on a line of 50 kbit/s half a minute; WebM says in
front where each moment lies.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from radio_archive.audio import PLAYED, Audio, RenditionSpec
from radio_archive.errors import NotFound, RadioArchiveError, StorageError
from radio_archive.media import Area, MediaStore
from radio_archive.media.disk import blocks_between, make_folder, reading, writing
from radio_archive.model import Rendition, Sound

KEPT_BYTES = 2_000_000_000
"""Copies for players on the disk: some 200 hours; those not asked for longest make room."""

#: seconds after which a copy in the making is nobody's any more
_STALE_S = 3_600
#: how folders begin in which copies are made
_ASIDE = "incoming-"
#: a copy is at most so much larger than what it is made from: measured, 4 %
_GROWTH = 1.2

log = logging.getLogger(__name__)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedSound:
    """A `Sound` over a copy for players."""

    path: Path
    size_bytes: int  #: length of the whole
    etag: str  #: key of what it is a copy of, and its own length
    media_type: str  #: for the Content-Type header

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Blocks of bytes from ``start`` up to, not including, ``end``.

        Raises:
            StorageError: the disk refuses, or it was removed this moment.
        """
        with writing(
            self.path.name, self.path.parent
        ):  # not there is no answer: it was a moment ago
            file = self.path.open("rb")
        return blocks_between(file, self.path, start, self.size_bytes if end is None else end)


class Copies:
    """Makes copies for players, and keeps as many as there is room for. Safe between processes."""

    def __init__(
        self,
        folder: Path,
        media: MediaStore,
        audio: Callable[[], Audio],
        *,
        max_bytes: int = KEPT_BYTES,
        min_free_bytes: int = 0,
    ) -> None:
        """Use a folder of its own, which is made when first needed.

        Args:
            folder: where they lie.
            media: the renditions.
            audio: ffmpeg.
            max_bytes: what they may take together.
            min_free_bytes: room to leave on the disk.
        """
        self._folder = folder
        self._media = media
        self._audio = audio
        self._max_bytes = max_bytes
        self._min_free_bytes = min_free_bytes

    def open(self, rendition: Rendition, name: str) -> Sound:
        """The copy of a rendition, made if need be; the rendition itself where none can be made.

        Args:
            rendition: what is to be heard.
            name: what it becomes, the name of one of ``PLAYED``.
        """
        spec = _spec_of(name)
        try:
            if not self._is_there(rendition, spec):
                self._make(rendition, spec, self._path_of(rendition, spec))
            return self._copy(rendition, spec)
        except (RadioArchiveError, OSError) as error:  # who plays the one plays the other too
            log.warning("no copy for players", extra={"error": str(error)})
            return StoredSound(media=self._media, rendition=rendition)

    def find(self, rendition: Rendition, name: str) -> Sound | None:
        """The copy of a rendition that was made before; None where it has to be made first.

        Args:
            rendition: what is to be heard.
            name: as for `open`.
        """
        spec = _spec_of(name)
        with suppress(RadioArchiveError):  # removed this moment: it is made again
            if self._is_there(rendition, spec):
                return self._copy(rendition, spec)
        return None

    def _path_of(self, rendition: Rendition, spec: RenditionSpec) -> Path:
        return self._folder / f"{rendition.key}{spec.extension}"

    def _is_there(self, rendition: Rendition, spec: RenditionSpec) -> bool:
        """Whether there is a copy; those asked for last stay longest."""
        try:
            os.utime(self._path_of(rendition, spec))
        except OSError:
            return False
        return True

    def _copy(self, rendition: Rendition, spec: RenditionSpec) -> CopiedSound:
        path = self._path_of(rendition, spec)
        with reading(path.name, path.parent):
            size = path.stat().st_size
        etag = f"{rendition.key}-{size}"
        return CopiedSound(path=path, size_bytes=size, etag=etag, media_type=spec.media_type)

    def _make(self, rendition: Rendition, spec: RenditionSpec, path: Path) -> None:
        """Write a copy aside and move it into its place: two at once make the same one."""
        with writing(path.name, self._folder):
            make_folder(self._folder)
        self._require_room(rendition)
        with (
            self._media.local_path(Area.RENDITIONS, rendition.key, rendition.extension) as source,
            tempfile.TemporaryDirectory(prefix=_ASIDE, dir=self._folder) as aside,
        ):
            made = Path(aside) / path.name
            self._audio().rewrap(source, made, spec)
            with writing(path.name, self._folder):
                made.replace(path)
        self._make_room(path)

    def _require_room(self, rendition: Rendition) -> None:
        left = shutil.disk_usage(self._folder).free - int(rendition.size_bytes * _GROWTH)
        if left < self._min_free_bytes:
            raise StorageError(
                f"The disk of {self._folder} is nearly full.", hint="Make room on that disk."
            )

    def _make_room(self, new: Path) -> None:
        """Remove copies not asked for longest, and what those that were killed left behind."""
        found = []
        for path in self._folder.iterdir():
            with suppress(OSError):
                facts = path.stat()
                if path.is_file():
                    found.append((facts.st_mtime, facts.st_size, path))
                elif facts.st_mtime < time.time() - _STALE_S:
                    shutil.rmtree(path, ignore_errors=True)
        left = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if left <= self._max_bytes:
                return
            if path != new:
                with suppress(OSError):  # somebody else did
                    path.unlink()
                left -= size


def _spec_of(name: str) -> RenditionSpec:
    return next(each for each in PLAYED.values() if each.name == name)

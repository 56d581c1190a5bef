"""Moving recordings from one place to another, and reading back what a place holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from radio_archive.errors import BadInput, BadSettings, StorageError
from radio_archive.media import Area, MediaStore, StoredFile
from radio_archive.model import Kept, KeptFile, Recording
from radio_archive.settings import Settings
from radio_archive.wiring import open_media


def move_media(settings: Settings, target: str, *, is_deleting: bool) -> Iterator[KeptFile]:
    """Copy everything to ``target``; for the rest see `Archive.move_media`."""
    if not target and not settings.media_url:
        raise BadSettings(
            "There is no store to copy from.", hint="media_url in radio-archive.toml names it."
        )
    if is_deleting and target.rstrip("/") != settings.media_url.rstrip("/"):
        raise BadInput(
            "The archive still reads from the place that would be emptied.",
            hint=f'Write media_url = "{target}" into radio-archive.toml first.',
        )
    source = open_media(settings, "" if target else settings.media_url)
    return copy_all(source, open_media(settings, target), is_deleting=is_deleting)


def copy_all(
    source: MediaStore, target: MediaStore, *, is_deleting: bool = False
) -> Iterator[KeptFile]:
    """Copy what the target does not hold, reading each file back there.

    A file appears in the target only whole: one that is there in its full size was copied before.
    """
    for area in Area:
        held = {(each.key, each.extension): each.size_bytes for each in target.keys(area)}
        for stored in source.keys(area):
            if held.get((stored.key, stored.extension)) != stored.size_bytes:
                outcome = _copy(source, target, stored)
                yield _looked_at(stored, outcome)
                if outcome is not Kept.COPIED:
                    continue
            elif not is_deleting:
                yield _looked_at(stored, Kept.HELD)
            if is_deleting:
                yield _looked_at(stored, _delete(source, target, stored))


def verify_all(media: MediaStore, recordings: Iterable[Recording]) -> Iterator[KeptFile]:
    """Read back all that a place holds; then name the recordings it should hold and does not."""
    held = set()
    for area in Area:
        for stored in media.keys(area):
            held.add((stored.key, stored.extension))
            is_whole = media.verify(area, stored.key, stored.extension)
            yield _looked_at(stored, Kept.HELD if is_whole else Kept.DAMAGED)
    for recording in recordings:
        if (recording.key, recording.extension) not in held:
            wanted = StoredFile(
                area=Area.RECORDINGS,
                key=recording.key,
                extension=recording.extension,
                size_bytes=recording.size_bytes,
            )
            yield _looked_at(wanted, Kept.MISSING)


class _Damaged(Exception):
    """What was read is not what was saved."""


def _copy(source: MediaStore, target: MediaStore, stored: StoredFile) -> Kept:
    try:
        target.save(stored.area, _whole(source, stored), stored.extension)
    except _Damaged:
        return Kept.DAMAGED
    _read_back(target, stored)
    return Kept.COPIED


def _delete(source: MediaStore, target: MediaStore, stored: StoredFile) -> Kept:
    _read_back(target, stored)
    source.delete(stored.area, stored.key, stored.extension)
    return Kept.DELETED


def _whole(source: MediaStore, stored: StoredFile) -> Iterator[bytes]:
    """The bytes of a file; an error after the last one when they are not what was saved."""
    digest = hashlib.sha256()
    for block in source.read(stored.area, stored.key, stored.extension):
        digest.update(block)
        yield block
    if digest.hexdigest() != stored.key:
        raise _Damaged


def _read_back(target: MediaStore, stored: StoredFile) -> None:
    if not target.verify(stored.area, stored.key, stored.extension):
        raise StorageError(
            f"{stored.key}{stored.extension} came back changed from the place it was copied to.",
            hint="Nothing was deleted. Look at that place before going on.",
        )


def _looked_at(stored: StoredFile, outcome: Kept) -> KeptFile:
    name = f"{stored.area}/{stored.key}{stored.extension}"
    return KeptFile(name=name, size_bytes=stored.size_bytes, outcome=outcome)

"""Moving recordings from one place to another, and reading back what a place holds."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from radio_archive.catalogue.made_sound import MadeSound
from radio_archive.errors import BadInput, BadSettings, NotFound, StorageError
from radio_archive.media import Area, MediaStore, StoredFile
from radio_archive.model import JobKind, Kept, KeptFile, Recording, RecordingKey
from radio_archive.pipeline import Parts
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


def verify_all(parts: Parts) -> Iterator[KeptFile]:
    """Read back all that the place holds; then name what it should hold and does not.

    Renditions that are missing or damaged are forgotten, and asked for again, where their recording
    is whole; forgotten they are not where the place has none of them at all. Recordings are never
    touched.
    """
    # read before the files: what comes in meanwhile is not taken for missing
    recordings, made = parts.catalogue.recordings.all(), parts.catalogue.made_sounds.all()
    found = _Found()
    for area in Area:
        for stored in parts.media.keys(area):
            is_whole = parts.media.verify(area, stored.key, stored.extension)
            (found.whole if is_whole else found.damaged)[_name_of(stored)] = stored
            yield _looked_at(stored, Kept.HELD if is_whole else Kept.DAMAGED)
    files = [_recording_file(each) for each in recordings]
    for wanted in _each_once([*files, *map(_rendition_file, made)]):
        if not found.holds(wanted):
            yield _looked_at(wanted, Kept.MISSING)
    whole = frozenset(each.key for each in files if found.is_whole(each))
    yield from _make_again(parts, found, made, whole)


@dataclass(frozen=True, slots=True)
class _Found:
    """The files of a place, by their names."""

    whole: dict[str, StoredFile] = field(default_factory=dict)
    damaged: dict[str, StoredFile] = field(default_factory=dict)

    @property
    def has_renditions(self) -> bool:
        """Whether there is any rendition, in whatever state."""
        files = (*self.whole.values(), *self.damaged.values())
        return any(each.area is Area.RENDITIONS for each in files)

    def is_whole(self, file: StoredFile) -> bool:
        return _name_of(file) in self.whole

    def holds(self, file: StoredFile) -> bool:
        return self.is_whole(file) or _name_of(file) in self.damaged


def _make_again(
    parts: Parts, found: _Found, made: Sequence[MadeSound], recordings: Collection[RecordingKey]
) -> Iterator[KeptFile]:
    """Ask for renditions that are missing or damaged, of recordings that are whole.

    What is left of any other stays: it may be the last of that sound.
    """
    sounds = parts.catalogue.made_sounds
    lost = [each for each in made if not found.is_whole(_rendition_file(each))]
    ours = [each for each in lost if each.recording_key in recordings]
    heard = sounds.heard_in(ours)
    # where there is none at all, their disk may be away: whoever makes them looks again
    if found.has_renditions:
        sounds.forget(ours)  # before the files go: what the catalogue knows can be heard
    left = (each for each in lost if each.recording_key not in recordings)
    kept = {_name_of(_rendition_file(each)) for each in left}
    asked = {_name_of(each): each for each in (_rendition_file(each) for each, _ in heard)}
    for name, file in found.damaged.items():
        if file.area is Area.RENDITIONS and name not in kept:
            _remove(parts.media, file)
            if name not in asked:  # nothing is made from it any more
                yield _looked_at(file, Kept.DELETED)
    # also of those whose text could not be made: their sound is listened to
    parts.jobs.put_again(JobKind.PREPARE, [broadcast_id for _, broadcast_id in heard])
    for file in asked.values():
        yield _looked_at(file, Kept.AGAIN)


def _remove(media: MediaStore, file: StoredFile) -> None:
    """Remove a damaged file, unless somebody mended it meanwhile."""
    with suppress(NotFound):
        if not media.verify(file.area, file.key, file.extension):
            media.delete(file.area, file.key, file.extension)


def _each_once(files: Iterable[StoredFile]) -> Iterable[StoredFile]:
    return {_name_of(each): each for each in files}.values()


def _recording_file(recording: Recording) -> StoredFile:
    return StoredFile(
        area=Area.RECORDINGS,
        key=recording.key,
        extension=recording.extension,
        size_bytes=recording.size_bytes,
    )


def _rendition_file(made: MadeSound) -> StoredFile:
    return StoredFile(
        area=Area.RENDITIONS,
        key=made.rendition.key,
        extension=made.rendition.extension,
        size_bytes=made.rendition.size_bytes,
    )


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
    return KeptFile(name=_name_of(stored), size_bytes=stored.size_bytes, outcome=outcome)


def _name_of(file: StoredFile) -> str:
    return f"{file.area}/{file.key}{file.extension}"

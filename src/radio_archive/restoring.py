"""An archive made anew from a backup: all of it or nothing.

Everything is unpacked aside, compared with the manifest, and put in its place by one rename.
Killed anywhere before that, the home is what it was.
"""

from __future__ import annotations

import hashlib
import lzma
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from radio_archive.backing_up import BLOCK_BYTES, OnFile, writing
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.db.moving import move
from radio_archive.errors import BadBackup, BadInput, MoveRefused
from radio_archive.languages.names import FILE_NAME as NAMES_FILE
from radio_archive.media import Area, LocalMediaStore, MediaStore
from radio_archive.model.backups import (
    CATALOGUE,
    MANIFEST,
    MEDIA,
    NAMES,
    SETTINGS,
    BackedUpFile,
    Backup,
)
from radio_archive.settings import FILE_NAME, Settings, sqlite_address
from radio_archive.wiring import open_media

_ASIDE = ".restoring"

#: what reading a ZIP file raises where bytes of it were changed: they ask for a compression, an
#: encryption or a version that nobody wrote, for places outside of the file, for names of no script
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)


def restore(
    settings: Settings,
    source: Path,
    *,
    is_replacing: bool = False,
    on_file: OnFile = lambda _name: None,
) -> Backup:
    """Make the archive of a home folder what it was when a backup was made.

    Args:
        settings: of the home; where they name a database or a store, that is filled.
        source: the backup.
        is_replacing: put aside what the home holds; it is renamed, not deleted.
        on_file: told what is being read.

    Raises:
        BadBackup: the file is no backup, or damaged; nothing was changed.
        BadInput: the home holds an archive, and that was not to be replaced.
        StorageError: the disk is full or refuses; nothing was changed.
        MoveRefused: the database the settings name holds a catalogue.
    """
    home = settings.home
    if not is_replacing and _is_inhabited(settings.media_dir):
        raise BadInput(
            f"{home} holds an archive already.",
            hint="Give another --home, or --replace to put aside what is there.",
        )
    if settings.database_url:
        _require_empty(settings)
    staged = home / _ASIDE
    with writing(home), _opened(source) as packed:
        home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(staged, ignore_errors=True)
        try:
            told = _manifest_of(packed)
            _unpack(packed, told, settings, staged / "media", on_file)
            _check(staged / "media" / CATALOGUE, told)
            _settle(settings, packed, told, staged / "media")
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return told


def read_manifest(source: Path) -> Backup:
    """What a backup says it holds; its files are not read.

    Raises:
        BadBackup: it is none.
    """
    with _opened(source) as packed:
        return _manifest_of(packed)


def _is_inhabited(media: Path) -> bool:
    return media.is_dir() and any(media.iterdir())


def _require_empty(settings: Settings) -> None:
    target = Database(settings.catalogue_url)
    try:
        target.migrate()
        held = Catalogue(target).broadcasts.count_all()
    finally:
        target.close()
    if held:
        raise MoveRefused(
            f"The database that the settings name holds {held:,} broadcasts.",
            hint="Name an empty one in radio-archive.toml, or none.",
        )


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {source}.", hint="Give the file of a backup.") from error
    except (PermissionError, IsADirectoryError) as error:
        raise BadInput(
            f"{source} cannot be read: {error.strerror}.", hint="Give the file of a backup."
        ) from error
    except _UNREADABLE as error:
        raise BadBackup(
            f"{source} is no backup, or its end is missing.", hint="Take another copy of it."
        ) from error


def _manifest_of(packed: zipfile.ZipFile) -> Backup:
    try:
        return Backup.load(packed.read(MANIFEST))
    except KeyError as error:
        raise BadBackup("The file holds no manifest: it is no backup of an archive.") from error
    except _UNREADABLE as error:
        raise BadBackup(
            "The manifest of the backup is damaged: nothing was restored.",
            hint="Take another copy of the backup.",
        ) from error


def _unpack(
    packed: zipfile.ZipFile, told: Backup, settings: Settings, media_dir: Path, on_file: OnFile
) -> None:
    """Write every file where it is not seen yet, and compare it with the manifest."""
    media_dir.mkdir(parents=True)
    store: MediaStore = LocalMediaStore(media_dir, min_free_bytes=settings.min_free_bytes)
    if settings.media_url:  # named by what they hold: they harm nobody if the rest fails
        store = open_media(settings, settings.media_url)
    for each in told.files:
        on_file(each.name)
        if each.name == CATALOGUE:
            with (media_dir / CATALOGUE).open("xb") as file:
                for block in _whole(packed, each):
                    file.write(block)
        elif each.name.startswith(MEDIA):
            area, _, name = each.name.removeprefix(MEDIA).partition("/")
            stored = store.save(Area(area), _whole(packed, each), Path(name).suffix)
            if stored.key != Path(name).stem:
                raise _damaged(each)


def _whole(packed: zipfile.ZipFile, wanted: BackedUpFile) -> Iterator[bytes]:
    """The bytes of a member; an error after the last one when they are not what was written."""
    digest, size = hashlib.sha256(), 0
    try:
        with packed.open(wanted.name) as member:
            while block := member.read(BLOCK_BYTES):
                digest.update(block)
                size += len(block)
                yield block
    except (KeyError, *_UNREADABLE) as error:
        raise _damaged(wanted) from error
    if (digest.hexdigest(), size) != (wanted.sha256, wanted.size_bytes):
        raise _damaged(wanted)


def _damaged(wanted: BackedUpFile) -> BadBackup:
    return BadBackup(
        f"{wanted.name} in the backup is damaged: nothing was restored.",
        hint="Take another copy of the backup.",
    )


def _check(catalogue: Path, told: Backup) -> None:
    if not catalogue.exists():
        raise BadBackup("The backup holds no catalogue.")
    database = Database(sqlite_address(catalogue))
    try:
        problems = database.problems()
        database.migrate()
        held = Catalogue(database).broadcasts.count_all()
    finally:
        database.close()
    if problems or held != told.broadcasts:
        reason = problems[0] if problems else "broadcasts are missing"
        raise BadBackup(f"The catalogue in the backup is damaged: {reason}.")


def _settle(settings: Settings, packed: zipfile.ZipFile, told: Backup, staged: Path) -> None:
    """Put everything in its place: one rename makes it visible."""
    small = {each.name: each for each in told.files}
    for name, place in ((SETTINGS, FILE_NAME), (NAMES, NAMES_FILE)):
        path = settings.home / place
        if name in small and not path.exists():
            path.write_bytes(b"".join(_whole(packed, small[name])))
    if settings.media_dir.exists():
        if any(settings.media_dir.iterdir()):
            now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
            settings.media_dir.rename(settings.home / f"media.before-{now}")
        else:
            settings.media_dir.rmdir()
    staged.rename(settings.media_dir)
    if settings.database_url:  # killed here, the home holds the catalogue in a file
        _fill(settings, settings.media_dir / CATALOGUE)


def _fill(settings: Settings, catalogue: Path) -> None:
    """Copy the catalogue into the database that the settings name."""
    source, target = Database(sqlite_address(catalogue)), Database(settings.catalogue_url)
    try:
        target.migrate()
        move(source, target, lambda _table, _done, _total: None)
    finally:
        source.close()
        target.close()
    catalogue.unlink()

"""One file that holds an archive: its catalogue of one moment, and its sound where that is wanted.

The file is a ZIP, written aside and seen only when it is whole. Its last member is the manifest
with the SHA-256 of every other one. The index is not in it: it is made anew.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from radio_archive import __version__
from radio_archive.catalogue import Catalogue
from radio_archive.databases import holds_password
from radio_archive.db import Database
from radio_archive.db.moving import copy_out
from radio_archive.errors import BadInput, StorageError
from radio_archive.languages.names import FILE_NAME as NAMES_FILE
from radio_archive.media import Area, MediaStore, StoredFile
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

BLOCK_BYTES = 1 << 20

#: settings that nobody who gets the backup needs to know
_SECRETS = frozenset({"session_secret"})

#: settings that name a place: an archive restored elsewhere must not reach for the one it is of
_PLACES = frozenset(
    {
        "database_url",
        "database_replica_url",
        "search_database_url",
        "media_url",
        "media_endpoint",
        "media_region",
    }
)

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

OnFile = Callable[[str], None]
"""Told the name of each file as it is begun."""


def back_up(
    settings: Settings, target: Path, *, with_media: bool, on_file: OnFile = lambda _name: None
) -> Backup:
    """Write a backup, while everything goes on.

    Args:
        settings: of the archive.
        target: the file; it must not be there.
        with_media: whether recordings and renditions go with it.
        on_file: told what is being written.

    Raises:
        BadInput: the file is there already, or its folder is not.
        StorageError: the disk is full or refuses; nothing is left behind.
        CatalogueError: the catalogue cannot be read.
    """
    if target.exists() or not target.parent.is_dir():
        raise BadInput(
            f"{target} is there already, or its folder is not.",
            hint="Give the name of a new file in a folder that exists.",
        )
    aside = target.with_name(f".{target.name}.part")
    copy = target.with_name(f".{target.name}.catalogue")
    with writing(target):
        copy.unlink(missing_ok=True)  # of a backup that was killed
        try:
            broadcasts = _copy_catalogue(settings, copy)
            media = open_media(settings, settings.media_url) if with_media else None
            _require_room(target, copy.stat().st_size + _size_of(media))
            with aside.open("wb") as file:
                writer = _Writer(file, on_file)
                writer.add(CATALOGUE, _blocks(copy), is_packed=True)
                _add_settings(writer, settings)
                damaged = () if media is None else _add_media(writer, media)
                done = Backup(
                    made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                    version=__version__,
                    broadcasts=broadcasts,
                    has_media=with_media,
                    files=tuple(writer.files),
                    damaged=damaged,
                )
                writer.finish(done)
            aside.replace(target)
        finally:
            aside.unlink(missing_ok=True)
            copy.unlink(missing_ok=True)
    return done


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Say in our words what a disk refuses."""
    try:
        yield
    except OSError as error:
        what = "The disk is full" if error.errno in _FULL else str(error.strerror or error)
        raise StorageError(
            f"{target} cannot be written: {what}.",
            hint="Nothing was changed. Make room, or choose another place.",
        ) from error


class _Writer:
    """Writes members and remembers what they are."""

    def __init__(self, file: Any, on_file: OnFile) -> None:
        self._file = file
        self._zip = zipfile.ZipFile(file, "w", allowZip64=True)
        self._on_file = on_file
        self.files: list[BackedUpFile] = []

    def add(self, name: str, blocks: Iterable[bytes], *, is_packed: bool = False) -> str:
        """Write one member; answers its SHA-256."""
        self._on_file(name)
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
        with self._zip.open(info, "w", force_zip64=True) as member:
            for block in blocks:
                digest.update(block)
                size += len(block)
                member.write(block)
        found = digest.hexdigest()
        self.files.append(BackedUpFile(name=name, size_bytes=size, sha256=found))
        return found

    def finish(self, manifest: Backup) -> None:
        """Write the manifest, and see all of it safely on the disk."""
        self._zip.writestr(MANIFEST, manifest.dump())
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())


def _copy_catalogue(settings: Settings, copy: Path) -> int:
    """Put the catalogue of this moment into a file; answers how many broadcasts it holds."""
    source = Database(settings.catalogue_url)
    try:
        source.migrate()
        if source.is_sqlite:
            source.copy_file(copy)
        else:
            target = Database(sqlite_address(copy))
            try:
                target.migrate()
                copy_out(source, target, lambda _table, _done, _total: None)
            finally:
                target.close()
    finally:
        source.close()
    copied = Database(sqlite_address(copy))
    try:
        problems = copied.problems()
        if problems:
            raise StorageError(
                f"The copy of the catalogue is damaged: {problems[0]}.",
                hint="Run `radio-archive doctor`: the catalogue itself may be.",
            )
        return Catalogue(copied).broadcasts.count_all()
    finally:
        copied.close()


def _add_settings(writer: _Writer, settings: Settings) -> None:
    path = settings.home / FILE_NAME
    if path.exists():
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        writer.add(SETTINGS, [_without_secrets(told).encode()])
    names = settings.home / NAMES_FILE
    if names.exists():
        writer.add(NAMES, _blocks(names))


def _without_secrets(told: Mapping[str, Any]) -> str:
    """Settings as TOML again, without passwords, keys and places."""
    lines, tables = [], []
    for name, value in told.items():
        if isinstance(value, Mapping):
            tables.append(f"[{name}]")
            tables += [f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()]
        elif name in _PLACES:
            lines.append(f"# {name} names a place, and is not in the backup")
        elif name in _SECRETS or (isinstance(value, str) and holds_password(value)):
            lines.append(f"# {name} holds a secret, and is not in the backup")
        else:
            lines.append(f"{name} = {_toml(value)}")
    return "\n".join([*lines, *tables, ""])


def _toml(value: object) -> str:
    """Text, numbers, booleans and lists are written alike in JSON and TOML."""
    return json.dumps(value, ensure_ascii=False)


def _add_media(writer: _Writer, media: MediaStore) -> tuple[str, ...]:
    """Write every stored file; answers which were damaged already."""
    damaged = []
    for area in Area:
        for stored in media.keys(area):
            name = f"{MEDIA}{area}/{stored.key}{stored.extension}"
            blocks = media.read(area, stored.key, stored.extension)
            if writer.add(name, blocks) != stored.key:
                writer.files.pop()
                damaged.append(name)
    return tuple(damaged)


def _size_of(media: MediaStore | None) -> int:
    if media is None:
        return 0
    held: Iterator[StoredFile] = (each for area in Area for each in media.keys(area))
    return sum(each.size_bytes for each in held)


def _require_room(target: Path, wanted: int) -> None:
    free = shutil.disk_usage(target.parent).free
    if free < wanted:
        raise OSError(errno.ENOSPC, f"{wanted:,} bytes are needed and {free:,} are free")


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block

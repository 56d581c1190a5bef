"""Recordings that lie in a folder: which files they are, and what is known of each.

What is known comes from a JSON sidecar with the same stem, as the samples have it, else from the
file's name, in the manner of the sister station (``JOURNAL_TAMASHEQ_-_2016-08-02.mp3``).
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from radio_archive.errors import IngestError, UnknownLanguage
from radio_archive.feeds.identity import make_slug
from radio_archive.feeds.markup import collapse
from radio_archive.languages.dates import find_file_date, find_moment
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import LanguageTag, NewBroadcast, Programme, ProgrammeId, RecordingKey
from radio_archive.model.text import readable
from radio_archive.sources.labels import (
    bulletin_programme,
    bulletin_time,
    bulletin_title,
    find_edition,
    find_spoken_language,
    fold,
)

__all__ = ["SOURCE", "describe_file", "find_recordings", "is_stored"]

SOURCE = "file"
"""The ``source`` of every broadcast that came as a file; its ``guid`` is the file's SHA-256."""

#: endings under which recordings are looked for; the sound itself is judged when it is decoded
_SUFFIXES = frozenset(
    (
        *(".mp3", ".mp2", ".mpga", ".m4a", ".m4b", ".mp4", ".aac", ".ogg", ".oga", ".opus"),
        *(".spx", ".wav", ".w64", ".flac", ".aif", ".aiff", ".caf", ".wma", ".webm", ".mka"),
        *(".3gp", ".amr"),
    )
)
#: seconds after the last write during which a file may still be being copied
_SETTLING_SECONDS = 2.0
#: seconds between the two looks at such a file
_LOOK_SECONDS = 0.2
_MAX_SIDECAR_BYTES = 1_000_000
#: what a file's name can only make guess at; a sidecar may tell
_GUESSED = frozenset({"title", "programme", "language", "aired_at", "is_synthetic"})
#: where an archive's store and its caches hold a file that is named by its SHA-256
_STORED = re.compile(
    r".*/(?:(?P<a>[0-9a-f]{2})/(?P<b>[0-9a-f]{2})/(?P=a)(?P=b)[0-9a-f]{60}|played/[0-9a-f]{64})\."
    r"[^/]*",
    re.DOTALL,
)


def find_recordings(
    folder: Path,
    *,
    settling_seconds: float = _SETTLING_SECONDS,
    on_unreadable: Callable[[OSError], None] = lambda _: None,
) -> Iterator[Path]:
    """Find the recordings in a folder and its subfolders, in the order of their names.

    Left out: hidden and temporary files (a name that begins with a dot or a tilde; ``.part`` and
    the like have no sound's ending), links that lead out of the folder, empty files, and files
    written to within the last seconds that are still growing: the next reading finds them whole;
    and what archives themselves hold (see `is_stored`).

    Args:
        folder: where to look.
        settling_seconds: how young a file must be to be looked at twice.
        on_unreadable: told of each folder or file that cannot be read; its name is in the error.
    """
    root = _real(folder)
    for parent, folders, names in os.walk(folder, onerror=on_unreadable):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for name in sorted(names):
            path = Path(parent, name)
            if path.suffix.lower() not in _SUFFIXES or _is_hidden(name):
                continue
            try:
                is_wanted = (
                    _real(path).is_relative_to(root)
                    and not is_stored(path)
                    and _is_settled(path, settling_seconds)
                )
            except OSError as error:
                on_unreadable(error)
            else:
                if is_wanted:
                    yield path


def is_stored(path: Path) -> bool:
    """Whether a file lies in the store of an archive, or in its caches.

    Such a file is never a new broadcast: it may hold what was withdrawn. It is known by its place,
    ``ab/cd/abcd….mp3``, so that the stores of other archives and of earlier times count as well.
    """
    return _STORED.fullmatch(str(_real(path))) is not None


def describe_file(path: Path, sha256: RecordingKey) -> NewBroadcast:
    """Say what is known of a recording.

    Args:
        path: the file; its sidecar, if any, lies beside it.
        sha256: of its bytes; the broadcast's identity.

    Raises:
        IngestError: the sidecar is not what a sidecar should be.
    """
    name = " ".join(readable(path.stem).replace("_", " ").split())
    day, edition = find_file_date(path.stem), find_edition(name)
    language = find_spoken_language(name)
    is_bulletin = fold(name).startswith("journal")
    guessed = NewBroadcast(
        source=SOURCE,
        guid=sha256,
        title=bulletin_title(language, day, edition) if is_bulletin else collapse(name) or sha256,
        programme=bulletin_programme(language) if is_bulletin else None,
        language=language,
        aired_at=bulletin_time(day, edition),
        guessed=_GUESSED,
    )
    sidecar = path.with_suffix(".json")
    # its name may be too long where the recording's is not, which is an error for Path.is_file
    is_there = os.path.isfile(sidecar)  # noqa: PTH113
    return _Sidecar(sidecar).applied_to(guessed) if is_there else guessed


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~"))


def _is_settled(path: Path, settling_seconds: float) -> bool:
    try:
        first = path.stat()
        if first.st_size and time.time() - first.st_mtime < settling_seconds:
            time.sleep(_LOOK_SECONDS)
            second = path.stat()
            return (first.st_size, first.st_mtime_ns) == (second.st_size, second.st_mtime_ns)
    except FileNotFoundError:
        return False
    return path.is_file() and first.st_size > 0


def _real(path: Path) -> Path:
    """Where a path leads; a link that leads to itself stays, and is found out when it is read."""
    return Path(os.path.realpath(path))


def _lines(text: str) -> str:
    return "\n".join(filter(None, map(collapse, text.splitlines())))


class _Sidecar:
    """The JSON file beside a recording. Unknown keys are left alone; wrong values are errors."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            if path.stat().st_size > _MAX_SIDECAR_BYTES:
                raise self._bad("is larger than a megabyte")
            values = json.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError, RecursionError) as error:
            raise self._bad(f"cannot be read: {error}") from error
        if not isinstance(values, dict):
            raise self._bad("is not a JSON object")
        self._values: dict[str, Any] = values

    def applied_to(self, guessed: NewBroadcast) -> NewBroadcast:
        """What the sidecar says, and the guess where it says nothing."""
        title, programme = collapse(self._text(self._values, "title")), self._programme()
        language, aired_at = self._language(), self._aired_at()
        told = {"title": title, "programme": programme, "language": language, "aired_at": aired_at}
        told_fields = {name for name, value in told.items() if value}
        if isinstance(self._values.get("synthetic"), bool):
            told_fields.add("is_synthetic")
        return replace(
            guessed,
            title=title or guessed.title,
            programme=programme or guessed.programme,
            language=language or guessed.language,
            aired_at=aired_at or guessed.aired_at,
            guests=self._guests(),
            summary=_lines(self._text(self._values, "summary")),
            source_url=self._source_url(),
            is_synthetic=self._values.get("synthetic") is True,
            guessed=guessed.guessed - told_fields,
        )

    def _programme(self) -> Programme | None:
        stated = self._values.get("programme")
        if stated is None:
            return None
        if not isinstance(stated, dict):
            raise self._bad('gives "programme" as something else than an object')
        title = collapse(self._text(stated, "title"))
        slug = make_slug(self._text(stated, "id") or title)
        if not slug:
            raise self._bad('gives a "programme" without "id" and "title"')
        description = _lines(self._text(stated, "description"))
        return Programme(id=ProgrammeId(slug), title=title or slug, description=description)

    def _language(self) -> LanguageTag | None:
        tag = self._text(self._values, "language")
        try:
            return normalise_tag(tag) if tag else None
        except UnknownLanguage as error:
            raise self._bad(f"names a language nobody knows, {tag!r}") from error

    def _aired_at(self) -> datetime | None:
        text = self._text(self._values, "aired_at")
        moment = find_moment(text) if text else None
        if text and moment is None:
            raise self._bad(f'gives "aired_at" as {text!r}, which is no date')
        return moment

    def _source_url(self) -> str | None:
        address = self._text(self._values, "source_url").strip()
        if address and not address.lower().startswith(("http://", "https://")):
            raise self._bad(f'gives "source_url" as {address!r}, which is no web address')
        return address or None

    def _guests(self) -> tuple[str, ...]:
        stated = self._values.get("guests") or []
        if not isinstance(stated, list) or not all(isinstance(name, str) for name in stated):
            raise self._bad('gives "guests" as something else than a list of names')
        return tuple(dict.fromkeys(filter(None, map(collapse, stated))))

    def _text(self, values: dict[str, Any], key: str) -> str:
        text = values.get(key)
        if text is not None and not isinstance(text, str):
            raise self._bad(f'gives "{key}" as something else than text')
        return text or ""

    def _bad(self, reason: str) -> IngestError:
        return IngestError(
            f"{self._path.name} {reason}.", hint="Mend it, or remove it to go by the file's name."
        )

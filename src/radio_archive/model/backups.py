"""What a backup holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from radio_archive.errors import BadBackup

FORMAT = 1
"""Of the file: another one cannot be read."""

MANIFEST = "manifest.json"
CATALOGUE = "catalogue.sqlite"
SETTINGS = "radio-archive.toml"
NAMES = "names.csv"
MEDIA = "media/"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUpFile:
    """One file inside a backup."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds, as its manifest says."""

    made_at: str  #: RFC 3339
    version: str  #: of the program that made it
    broadcasts: int
    has_media: bool
    files: tuple[BackedUpFile, ...]
    damaged: tuple[str, ...] = ()  #: stored files that were damaged already, and are left out

    @property
    def size_bytes(self) -> int:
        """Bytes of all files, unpacked."""
        return sum(each.size_bytes for each in self.files)

    def dump(self) -> bytes:
        """As it is written."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode()

    @classmethod
    def load(cls, content: bytes) -> Backup:
        """Read a manifest.

        Raises:
            BadBackup: it is none, or of another version.
        """
        try:
            told: Mapping[str, Any] = json.loads(content)
            if told["format"] != FORMAT:
                raise BadBackup(
                    f"The backup has the format {told['format']}, and {FORMAT} is read here.",
                    hint="Restore it with the version that made it.",
                )
            return cls(
                made_at=str(told["made_at"]),
                version=str(told["version"]),
                broadcasts=int(told["broadcasts"]),
                has_media=bool(told["has_media"]),
                files=tuple(BackedUpFile(**each) for each in told["files"]),
                damaged=tuple(told["damaged"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise BadBackup("The manifest of the backup cannot be read.") from error

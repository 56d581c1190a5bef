"""What lies in the file of vectors: whose rows they are, and made from which version of a text.

``index/meaning.json`` is replaced as a whole, by rename. Rows that it does not name do not exist.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from radio_archive.errors import SearchIndexError
from radio_archive.model import BroadcastId, LanguageTag, ProgrammeId, Query, TranscriptId

MANIFEST = "meaning.json"
PREFIX = "meaning-"
REINDEX = "Run: radio-archive reindex"

TextVersion = tuple[TranscriptId, int]
"""The newest transcript searched of a broadcast, and the revision of what is known about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The passages of one broadcast in one language."""

    broadcast_id: BroadcastId
    language: LanguageTag
    programme_id: ProgrammeId | None
    aired_at: int | None  #: seconds since 1970
    row: int  #: of its first passage
    numbers: tuple[int, ...]  #: of the passages, row by row

    def answers(self, query: Query) -> bool:
        """Whether a query's filters let these passages in."""
        return (
            query.language in (None, self.language)
            and query.programme_id in (None, self.programme_id)
            and (query.aired_from is None or self._is_aired(query.aired_from, None))
            and (query.aired_before is None or self._is_aired(None, query.aired_before))
        )

    def _is_aired(self, first: datetime | None, before: datetime | None) -> bool:
        if self.aired_at is None:
            return False
        return (first is None or first.timestamp() <= self.aired_at) and (
            before is None or self.aired_at < before.timestamp()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything that counts in the file of one generation."""

    fingerprint: str  #: of the encoder, and of what is encoded
    generation: int = 0  #: names the file
    rows: int = 0  #: passages written, those of replaced texts included
    versions: Mapping[BroadcastId, TextVersion] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()

    @property
    def passages(self) -> int:
        """Passages that can be found."""
        return sum(len(entry.numbers) for entry in self.entries)

    def without(self, broadcast_id: BroadcastId) -> Manifest:
        """The same but for one broadcast."""
        return Manifest(
            fingerprint=self.fingerprint,
            generation=self.generation,
            rows=self.rows,
            versions={key: value for key, value in self.versions.items() if key != broadcast_id},
            entries=tuple(each for each in self.entries if each.broadcast_id != broadcast_id),
        )

    @property
    def file_name(self) -> str:
        """The file of vectors."""
        return f"{PREFIX}{self.generation:06d}.f16"


def read_manifest(folder: Path) -> Manifest | None:
    """What is there; None when nothing was ever built.

    Raises:
        SearchIndexError: the file cannot be read.
    """
    try:
        told = json.loads((folder / MANIFEST).read_text("utf-8"))
        return Manifest(
            fingerprint=str(told["fingerprint"]),
            generation=int(told["generation"]),
            rows=int(told["rows"]),
            versions={
                BroadcastId(key): (TranscriptId(int(one)), int(two))
                for key, (one, two) in told["versions"].items()
            },
            entries=tuple(_entry(row) for row in told["entries"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SearchIndexError(
            f"The list of what is searched by meaning ({MANIFEST}) cannot be read: {error}.",
            hint=REINDEX,
        ) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a new list in the place of the old one, durably."""
    told = {
        "fingerprint": manifest.fingerprint,
        "generation": manifest.generation,
        "rows": manifest.rows,
        "versions": manifest.versions,
        "entries": [
            [
                each.broadcast_id,
                each.language,
                each.programme_id,
                each.aired_at,
                each.row,
                each.numbers,
            ]
            for each in manifest.entries
        ],
    }
    path = folder / f"{MANIFEST}.new"
    with path.open("w", encoding="utf-8") as file:
        json.dump(told, file, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    path.replace(folder / MANIFEST)


def _entry(row: Any) -> Entry:
    broadcast_id, language, programme_id, aired_at, first, numbers = row
    return Entry(
        broadcast_id=BroadcastId(broadcast_id),
        language=LanguageTag(language),
        programme_id=None if programme_id is None else ProgrammeId(programme_id),
        aired_at=None if aired_at is None else int(aired_at),
        row=int(first),
        numbers=tuple(int(number) for number in numbers),
    )

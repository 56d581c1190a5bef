"""The vectors beside the index: appended to a flat file, mapped for reading, searched exactly.

Why no graph of neighbours: a flat file takes a new broadcast without being written anew, a filter
leaves rows out before the search and not after it, nothing near is missed, and damaged numbers
give a poor answer where a damaged graph would end the process.
The only module that imports ``numkong`` (of the extra ``meaning``), whose products of
half-precision numbers are seven times as fast as numpy's.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from radio_archive.errors import SearchIndexError
from radio_archive.model import BroadcastId, LanguageTag, Passage, Query, TranscriptKind
from radio_archive.search.meaning import Encoder
from radio_archive.search.meaning.manifest import (
    MANIFEST,
    PREFIX,
    REINDEX,
    Entry,
    Manifest,
    TextVersion,
    read_manifest,
    write_manifest,
)

#: raised when the file is written in another way
FORMAT = 1
#: seconds to wait for another writer
LOCK_S = 10.0
#: broadcasts made between two commits of `catch_up`
BLOCK = 32
#: rows of replaced texts that one search looks past
_MOST_DEAD = 1_000

_Rows = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A passage that is close in meaning."""

    broadcast_id: BroadcastId
    version: TextVersion  #: of the text it was made from
    number: int  #: the passage's number
    likeness: float  #: inner product with what was asked: 1 is the same, 0 unlike


@dataclass(frozen=True, slots=True)
class _Opened:
    """One state of the file, mapped."""

    manifest: Manifest
    stamp: tuple[int, int]
    rows: _Rows
    firsts: list[int]  #: first row of each entry, ascending
    entries: list[Entry]  #: in that order


class VectorStore:
    """Passages as vectors, found by likeness. Derived data: `catch_up` restores it."""

    def __init__(self, folder: Path, encoder: Encoder, languages: Sequence[LanguageTag]) -> None:
        """Name the archive's ``index/``; nothing is read or made yet."""
        self._folder = folder
        self._encoder = encoder
        self._languages = frozenset(languages)
        self._opened: _Opened | None = None

    @property
    def fingerprint(self) -> str:
        """Encoder, languages and format; a change means that all is made anew."""
        tags = "+".join(sorted(self._languages))
        return f"{FORMAT}; {self._encoder.fingerprint}; {tags}"

    def find_manifest(self) -> Manifest | None:
        """What can be found; None when nothing is there or it is of another version.

        Raises:
            SearchIndexError: the file is damaged.
        """
        opened = self._open()
        return None if opened is None else opened.manifest

    # writing

    def put(
        self, broadcast_id: BroadcastId, version: TextVersion, passages: Sequence[Passage]
    ) -> None:
        """Make these the only passages of a broadcast: all or nothing.

        Raises:
            IndexBusy: another process is writing.
            SearchIndexError: what is there is damaged.
        """
        made = _Made.of(passages, self._languages, self._encoder)
        with self._writing() as manifest:
            self._commit(manifest, {broadcast_id: (version, made)})

    def catch_up(
        self,
        versions: Mapping[BroadcastId, TextVersion],
        passages_of: Callable[[BroadcastId], Sequence[Passage]],
        *,
        afresh: bool = False,
    ) -> int:
        """Make what is missing, forget what is gone; killed, it goes on from there next time.

        Args:
            versions: of every broadcast with text.
            passages_of: gives a broadcast's passages.
            afresh: begin with an empty file, as after damage or another version.

        Returns:
            How many broadcasts were made anew.

        Raises:
            IndexBusy: another process is writing.
        """
        with self._writing(afresh=afresh) as found:
            manifest = found
            for gone in [key for key in found.versions if key not in versions]:
                manifest = manifest.without(gone)
            if manifest is not found or not (self._folder / MANIFEST).exists() or afresh:
                self._commit(manifest, {})
        wanted = [key for key, version in versions.items() if manifest.versions.get(key) != version]
        for first in range(0, len(wanted), BLOCK):
            made = {
                key: (versions[key], _Made.of(passages_of(key), self._languages, self._encoder))
                for key in wanted[first : first + BLOCK]
            }
            with self._writing() as manifest:
                self._commit(manifest, made)
        return len(wanted)

    @contextmanager
    def _writing(self, *, afresh: bool = False) -> Iterator[Manifest]:
        from radio_archive.search.storage import writer_lock

        with writer_lock(self._folder, LOCK_S):
            try:
                found = read_manifest(self._folder)
                is_whole = found is not None and self._has_all(found)
            except SearchIndexError:
                found, is_whole = None, False
            if found is None or afresh or not is_whole or found.fingerprint != self.fingerprint:
                found = Manifest(
                    fingerprint=self.fingerprint, generation=_next_generation(self._folder)
                )
            yield found

    def _commit(
        self, manifest: Manifest, added: Mapping[BroadcastId, tuple[TextVersion, _Made]]
    ) -> None:
        """Append rows, have the disk confirm them, then name them."""
        path = self._folder / manifest.file_name
        for broadcast_id, (version, made) in added.items():
            manifest = manifest.without(broadcast_id)
            entries = tuple(made.entries(manifest.rows))
            _append(path, manifest.rows, made.rows)
            manifest = replace(
                manifest,
                rows=manifest.rows + len(made.rows),
                versions={**manifest.versions, broadcast_id: version},
                entries=(*manifest.entries, *entries),
            )
        write_manifest(self._folder, manifest)
        for other in self._folder.glob(f"{PREFIX}*"):
            if other.name != manifest.file_name:
                other.unlink(missing_ok=True)

    # reading

    def nearest(self, text: str, query: Query, limit: int) -> tuple[Near, ...]:
        """The passages closest in meaning, best first.

        Args:
            text: what they should be like.
            query: its filters leave passages out.
            limit: so many at most.

        Raises:
            SearchIndexError: the files are damaged.
        """
        opened = self._open()
        if opened is None or not opened.entries:
            return ()
        entries = [entry for entry in opened.entries if entry.answers(query)]
        if not entries:
            return ()
        wanted = self._encoder.encode([text])[0].astype(np.float16)
        if len(entries) < len(opened.entries):
            places = np.concatenate(
                [np.arange(entry.row, entry.row + len(entry.numbers)) for entry in entries]
            )
            chosen = np.ascontiguousarray(opened.rows[places])
            found = [(int(places[row]), like) for row, like in _search(chosen, wanted, limit)]
        else:
            dead = len(opened.rows) - opened.manifest.passages
            found = _search(opened.rows, wanted, limit + min(dead, _MOST_DEAD))
        near = (_find_near(opened, row, likeness) for row, likeness in found)
        return tuple(each for each in near if each is not None)[:limit]

    def _open(self) -> _Opened | None:
        """The newest state of the file; None without any, or of another version."""
        try:
            facts = (self._folder / MANIFEST).stat()
        except OSError:
            return None
        stamp = facts.st_mtime_ns, facts.st_ino
        if self._opened is None or self._opened.stamp != stamp:
            manifest = read_manifest(self._folder)
            if manifest is None or manifest.fingerprint != self.fingerprint:
                return None
            if not self._has_all(manifest):
                raise SearchIndexError(
                    "The vectors for searching by meaning are shorter than they should be.",
                    hint=REINDEX,
                )
            entries = sorted(manifest.entries, key=lambda entry: entry.row)
            self._opened = _Opened(
                manifest,
                stamp,
                self._map(self._folder / manifest.file_name, manifest.rows),
                [entry.row for entry in entries],
                entries,
            )
        return self._opened

    def _map(self, path: Path, rows: int) -> _Rows:
        shape = (rows, self._encoder.dimensions)
        if not rows:
            return np.empty(shape, np.float16)
        try:
            return np.memmap(path, dtype=np.float16, mode="r", shape=shape)
        except (OSError, ValueError) as error:
            raise SearchIndexError(
                f"The vectors for searching by meaning ({path.name}) cannot be read: {error}.",
                hint=REINDEX,
            ) from error

    def _has_all(self, manifest: Manifest) -> bool:
        """Whether the file holds every row the manifest names; it may hold more."""
        wanted = manifest.rows * self._encoder.dimensions * np.dtype(np.float16).itemsize
        try:
            return not wanted or (self._folder / manifest.file_name).stat().st_size >= wanted
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class _Made:
    """The passages of one broadcast that are searched by meaning, encoded."""

    passages: tuple[Passage, ...]  #: those of one language after those of another
    rows: _Rows

    @classmethod
    def of(
        cls, passages: Sequence[Passage], languages: frozenset[LanguageTag], encoder: Encoder
    ) -> _Made:
        """Encode what was said in these languages; a translation is not what was said."""
        said = [
            passage
            for passage in passages
            if passage.language in languages and passage.kind is not TranscriptKind.TRANSLATION
        ]
        said.sort(key=lambda passage: (passage.language, passage.number))
        rows = encoder.encode([passage.text for passage in said])
        return cls(tuple(said), rows.astype(np.float16))

    def entries(self, row: int) -> Iterator[Entry]:
        """One per language, their rows one after another from the one given."""
        for language in dict.fromkeys(passage.language for passage in self.passages):
            mine = [passage for passage in self.passages if passage.language == language]
            aired_at = mine[0].aired_at
            yield Entry(
                broadcast_id=mine[0].broadcast_id,
                language=language,
                programme_id=mine[0].programme_id,
                aired_at=None if aired_at is None else int(aired_at.timestamp()),
                row=row,
                numbers=tuple(passage.number for passage in mine),
            )
            row += len(mine)


def _search(rows: _Rows, wanted: _Rows, limit: int) -> list[tuple[int, float]]:
    """Rows with the largest inner products, best first; the earlier row first where equal."""
    import numkong

    products = np.asarray(numkong.cdist(rows, wanted[np.newaxis], "dot")).ravel()
    largest = np.argpartition(-products, min(limit, len(rows)) - 1)[:limit]
    best = largest[np.lexsort((largest, -products[largest]))]
    return [(int(row), float(products[row])) for row in best]


def _find_near(opened: _Opened, row: int, likeness: float) -> Near | None:
    """The passage of a row; None where its text was replaced."""
    entry = opened.entries[max(0, bisect_right(opened.firsts, row) - 1)]
    if not 0 <= row - entry.row < len(entry.numbers):
        return None
    return Near(
        broadcast_id=entry.broadcast_id,
        version=opened.manifest.versions[entry.broadcast_id],
        number=entry.numbers[row - entry.row],
        likeness=likeness,
    )


def _append(path: Path, rows: int, added: _Rows) -> None:
    """Write rows after the first so many; what a killed writer left there is written over."""
    if not len(added):
        return
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.seek(rows * added.shape[1] * added.itemsize)
        file.write(np.ascontiguousarray(added).tobytes())
        file.flush()
        os.fsync(file.fileno())


def _next_generation(folder: Path) -> int:
    """A number no file has, so that a reader of old files never sees new rows in them."""
    numbers = [
        int(path.stem.removeprefix(PREFIX))
        for path in folder.glob(f"{PREFIX}*")
        if path.stem.removeprefix(PREFIX).isdecimal()
    ]
    return max(numbers, default=0) + 1

"""Search with Whoosh 2.7.4: the engine of small archives, with nothing to run beside it.

What was learnt about Whoosh, each with its measurement in ``docs/search.md``, and kept to here:
never ``refresh()``, ``BufferedWriter`` or ``reader(reuse=)``; the schema is given, not unpickled;
a failed commit leaves nothing locked, for the lock is ours; segment names are ours; index files are
pickles, so only our own are ever opened.
"""

from __future__ import annotations

import hashlib
import pickle
import struct
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import whoosh
from whoosh.index import TOC, FileIndex
from whoosh.index import EmptyIndexError as WhooshEmpty
from whoosh.writing import SegmentWriter

from radio_archive.errors import NotIndexable, SearchIndexError
from radio_archive.languages.analysis import ANALYZERS, VERSION, analyze, analyzer_name
from radio_archive.model import BroadcastId, IndexPage, Passage, Query, SpokenName
from radio_archive.model.bands import floor_of
from radio_archive.search import Meanwhile
from radio_archive.search.postings import Deadline, Matches
from radio_archive.search.ranking import NO_DATE, rank
from radio_archive.search.storage import (
    REINDEX,
    built_beside,
    condemn,
    find_current,
    get_current,
    has_fingerprint,
    write_fingerprint,
    writer_lock,
)
from radio_archive.search.suggestions import suggest
from radio_archive.search.whoosh_codec import (
    FlatCodec,
    count_words,
    describe_schema,
    make_schema,
    words_field,
)
from radio_archive.search.whoosh_merging import (
    is_scattered,
    merge_nothing,
    merge_small_segments,
)
from radio_archive.search.whoosh_snapshot import INDEX_NAME, Snapshot
from radio_archive.search.whoosh_storage import DurableStorage, clear_leftovers, is_whole

#: the name of its folders
ENGINE = "whoosh"
#: seconds one search may take
TIME_LIMIT_S = 2.0
#: seconds a writer waits for another one
LOCK_TIMEOUT_S = 10.0
#: passages of a segment of a new index at most: a tag column holds 65,535 different broadcasts
SEGMENT_PASSAGES = 50_000

#: what reading a missing, cut off or foreign file raises, in Whoosh and below
_DAMAGE = (
    OSError,
    WhooshEmpty,
    pickle.UnpicklingError,
    struct.error,
    zlib.error,
    EOFError,
    AssertionError,
    AttributeError,
    ImportError,
    IndexError,
    KeyError,
    NameError,
    TypeError,
    ValueError,
)
#: looks at a folder that a writer may be replacing at this moment
_ATTEMPTS = 5
_ATTEMPT_STEP_S = 0.05


class WhooshIndex:
    """A ``SearchIndex`` in a folder.

    May be used by several threads; other processes may search while one writes. Searching a
    folder without an index is an error, for an empty answer would be a lie: ``rebuild`` first.
    """

    def __init__(
        self,
        folder: Path,
        *,
        time_limit_s: float = TIME_LIMIT_S,
        lock_timeout_s: float = LOCK_TIMEOUT_S,
    ) -> None:
        self._folder = folder
        self._time_limit_s = time_limit_s
        self._lock_timeout_s = lock_timeout_s
        self._schema = make_schema()
        self._guard = Lock()
        self._state: tuple[tuple[Path, int, int], Snapshot] | None = None
        self._is_closed = False

    @property
    def fingerprint(self) -> str:
        """Engine, its version, and a digest of schema and analyzers."""
        described = f"{describe_schema(self._schema)}/{VERSION}/{sorted(ANALYZERS)}"
        digest = hashlib.sha256(described.encode()).hexdigest()[:12]
        return f"whoosh-{'.'.join(map(str, whoosh.__version__))}-{digest}"

    @property
    def is_stale(self) -> bool:
        """Whether the folder holds no index, one of another fingerprint, or a damaged one."""
        self._require_open()
        path = find_current(self._folder, ENGINE)
        if path is None or not has_fingerprint(path, self.fingerprint):
            return True
        try:
            names = self._snapshot().segments
        except SearchIndexError:
            return True
        return not all(is_whole(path / f"{name}.seg") for name in names)

    @property
    def is_scattered(self) -> bool:
        """Whether it grew into so many segments that a search is slow until it is built anew."""
        return is_scattered(each.size for each in self._snapshot().segments.values())

    def replace(self, broadcast_id: BroadcastId, passages: Sequence[Passage]) -> None:
        """Make these the broadcast's only passages: all or nothing, idempotent, durable.

        Raises:
            IndexBusy: another process is writing.
            SearchIndexError: there is no index, or it is damaged or of another version, or the
                disk refuses.
            NotIndexable: the index is whole, and these passages do not go in.
        """
        with self._writing(broadcast_id) as path, _writer(path, self._schema) as writer:
            # the writer numbers passages as the snapshot of the last commit does
            for number in self._snapshot().table.find_broadcast(broadcast_id):
                writer.delete_document(number)
            for passage in passages:
                writer.add_document(**_document(passage))

    def remove(self, broadcast_id: BroadcastId) -> None:
        """Forget a broadcast; nothing happens when it is not there."""
        if broadcast_id in self._snapshot().table.broadcast_ids:
            self.replace(broadcast_id, ())

    def rebuild(self, passages: Iterable[Passage]) -> int:
        """Build a new index beside the old one and swap it in; returns the passages indexed.

        Until the swap the old one answers and may be changed; when ``passages`` fails, it stays.

        Raises:
            IndexBusy: another process is building an index, or is writing when it is swapped in.
            SearchIndexError: the disk is full or refuses.
        """
        self._require_open()
        with (
            _disk_errors("rebuilt"),
            built_beside(self._folder, ENGINE, self._lock_timeout_s) as path,
        ):
            count = _build(path, self._schema, passages)
            write_fingerprint(path, self.fingerprint)
        return count

    def search(
        self,
        query: Query,
        names: tuple[SpokenName, ...] = (),
        meanwhile: Meanwhile | None = None,
    ) -> IndexPage:
        """Find passages.

        Args:
            query: what is searched.
            names: to be counted in all that is found; the same tuple again costs least.
            meanwhile: called with the hits.

        Raises:
            BadQuery: it would cost more than the limits allow.
            SearchIndexError: there is no index, or it is damaged.
        """
        snapshot = self._snapshot()
        try:
            found = _find(snapshot, query, Deadline(self._time_limit_s, time.thread_time))
            mentions = snapshot.mentions(names) if names else None
        except (pickle.UnpicklingError, struct.error, zlib.error, EOFError) as error:
            condemn(self._folder)  # so that whoever mends the index learns of it
            raise _damaged(self._folder) from error
        page = rank(snapshot.table, query, found, mentions)
        if meanwhile is not None:
            meanwhile(page.hits)
        return page

    def suggest(self, query: Query) -> tuple[str, ...]:
        """What to search instead of something that found nothing.

        Raises:
            SearchIndexError: there is no index, or it is damaged.
        """
        return suggest(query, self._snapshot().spoken(query))

    def count(self) -> int:
        """Passages in the index."""
        return int(self._snapshot().table.is_live.sum())

    def close(self) -> None:
        """Let go of what was read; the index cannot be used afterwards."""
        with self._guard:
            self._state = None
            self._is_closed = True

    def _snapshot(self) -> Snapshot:
        """The latest committed state."""
        self._require_open()
        for attempt in range(_ATTEMPTS):
            path = get_current(self._folder, ENGINE)
            try:
                return self._read(path)
            except _DAMAGE as error:
                # a rebuild may have removed the folder, a merge the segment, just now
                if attempt == _ATTEMPTS - 1:
                    raise _damaged(self._folder) from error
                time.sleep(_ATTEMPT_STEP_S)
        raise _damaged(self._folder)

    def _read(self, path: Path) -> Snapshot:
        storage = DurableStorage(path)
        generation = TOC._latest_generation(storage, INDEX_NAME)
        # a folder that was deleted and made anew has the same name, and counts from the start
        written = (path / TOC._filename(INDEX_NAME, generation)).stat().st_mtime_ns
        commit = (path, generation, written)
        with self._guard:
            if self._state is not None and self._state[0] == commit:
                return self._state[1]
            known = {} if self._state is None else self._state[1].segments
            snapshot = Snapshot(storage, self._schema, known)
            self._state = (commit, snapshot)
            return snapshot

    @contextmanager
    def _writing(self, broadcast_id: BroadcastId) -> Iterator[Path]:
        """The folder in use, locked, when it is one we may add to."""
        self._require_open()
        with _disk_errors("written"), writer_lock(self._folder, self._lock_timeout_s):
            if self.is_stale:
                raise SearchIndexError(
                    f"Broadcast {broadcast_id} was not indexed: the search index is missing, "
                    "damaged or of another version.",
                    hint=REINDEX,
                )
            try:
                yield get_current(self._folder, ENGINE)
            except OSError:
                raise
            except _DAMAGE as error:
                kind = SearchIndexError if self.is_stale else NotIndexable
                raise kind(
                    f"Broadcast {broadcast_id} could not be indexed: {error}", hint=REINDEX
                ) from error

    def _require_open(self) -> None:
        if self._is_closed:
            raise SearchIndexError("The search index was closed.", hint="Open it again.")


@contextmanager
def _disk_errors(done: str) -> Iterator[None]:
    """Name in our own words what the disk refuses; what was there goes on answering."""
    try:
        yield
    except OSError as error:
        raise SearchIndexError(
            f"The search index could not be {done}: {error.strerror or error}.",
            hint="Make room on the disk of index/, or look after it; then it goes on by itself.",
        ) from error


def _find(snapshot: Snapshot, query: Query, deadline: Deadline) -> Matches:
    """What answers a query and passes its filters."""
    keep = snapshot.table.filter(query)
    if query.mentions:
        keep &= snapshot.mentioning(query)
    if not query.has_terms:
        docs = np.flatnonzero(keep)
        return Matches(docs, np.zeros(len(docs)))
    matches = snapshot.match(query, deadline)
    kept = keep[matches.docs]
    return Matches(matches.docs[kept], matches.scores[kept])


def _damaged(folder: Path) -> SearchIndexError:
    return SearchIndexError(
        f"The search index in {folder} is damaged; nothing but the index is lost.", hint=REINDEX
    )


def _document(passage: Passage) -> dict[str, object]:
    tokens = analyze(passage.text, passage.language)
    return {
        "broadcast": passage.broadcast_id,
        "language": passage.language.encode(),
        "programme": (passage.programme_id or "").encode(),
        "trust": passage.trust.encode(),
        "kind": passage.kind.encode(),
        "floor": (floor_of(passage) or "").encode(),
        "number": passage.number,
        "length": count_words(tokens),
        "aired": NO_DATE if passage.aired_at is None else int(passage.aired_at.timestamp()),
        words_field(analyzer_name(passage.language)): tokens,
    }


@contextmanager
def _writer(path: Path, schema: Any, *, is_merging: bool = True) -> Iterator[Any]:
    """A writer that commits at the end, or leaves nothing behind."""
    clear_leftovers(path)
    index = FileIndex(DurableStorage(path), schema=schema, indexname=INDEX_NAME)
    # our own lock is held already, and the kernel frees it even when a commit fails
    writer = SegmentWriter(index, codec=FlatCodec(), _lk=False)
    try:
        yield writer
        writer.commit(mergetype=merge_small_segments if is_merging else merge_nothing)
    except BaseException:
        if not writer.is_closed:
            _cancel(writer)
        raise


def _cancel(writer: Any) -> None:
    """Close the files of a broken commit; the next one clears them away."""
    for part in (writer.perdocwriter, writer.fieldwriter):
        for name in ("_tindex", "_postfile"):
            file = getattr(part, name, None)
            if file is not None and not getattr(file, "is_closed", True):
                file.close()
    writer.is_closed = True


def _build(path: Path, schema: Any, passages: Iterable[Passage]) -> int:
    """Fill a fresh folder, one full segment at a time."""
    FileIndex.create(DurableStorage(path), schema, INDEX_NAME)
    count = 0
    rest = iter(passages)
    while block := list(islice(rest, 1)):
        with _writer(path, schema, is_merging=False) as writer:
            for passage in block:
                writer.add_document(**_document(passage))
            for passage in islice(rest, SEGMENT_PASSAGES - 1):
                writer.add_document(**_document(passage))
            count += writer.doc_count()
    return count

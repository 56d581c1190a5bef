"""Search with Tantivy: the engine of large archives, inside this process, in compiled code.

What was learnt about tantivy-py, each in ``docs/search.md``, and kept to here: integers go in by
``Document.from_dict`` with the schema; one writer at a time, opened anew for each commit; readers
reload when the list of segments changed; a mapped file is looked at before it is opened.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import tantivy

from radio_archive.errors import SearchIndexError
from radio_archive.languages.analysis import ANALYZERS, VERSION
from radio_archive.model import BroadcastId, IndexPage, Passage, Query, SpokenName
from radio_archive.search import Meanwhile
from radio_archive.search.storage import (
    REINDEX,
    built_beside,
    condemn,
    find_current,
    get_current,
    has_fingerprint,
    sync_file,
    write_fingerprint,
    writer_lock,
)
from radio_archive.search.suggestions import suggest
from radio_archive.search.tantivy_files import (
    META,
    PASSAGES,
    WORDS,
    forget_deletions,
    require_sound,
    require_whole,
)
from radio_archive.search.tantivy_names import KeptMentions
from radio_archive.search.tantivy_schema import SCHEMA_VERSION, make_document, make_schema
from radio_archive.search.tantivy_snapshot import Opened, Snapshot, closed
from radio_archive.search.tantivy_words import NewWords, make_words_schema, writing

#: the name of its folders
ENGINE = "tantivy"
#: seconds one search may take
TIME_LIMIT_S = 2.0
#: seconds a writer waits for another one
LOCK_TIMEOUT_S = 10.0
#: memory of a writer in bytes: of one that adds a broadcast, and of each thread of a rebuild
HEAP, BUILDING_HEAP = 30_000_000, 100_000_000
#: threads that build an index, beside the one that analyses text in Python
BUILDING_THREADS = 2

#: what reading a missing, cut off or foreign file raises
_DAMAGE = (OSError, ValueError, KeyError, TypeError)
_FULL = "Check that the disk is not full."
#: looks at a folder that a writer may be replacing at this moment
_ATTEMPTS = 5
_ATTEMPT_STEP_S = 0.05

_Stamp = tuple[int, int, int]


class TantivyIndex:
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
        self._words_schema = make_words_schema()
        self._mentions = KeptMentions()
        self._counters = ThreadPoolExecutor(os.cpu_count(), "counting")
        self._guard = Lock()
        self._state: tuple[Path, _Stamp, Snapshot] | None = None
        self._sound: tuple[Path, _Stamp] | None = None
        self._is_closed = False

    @property
    def fingerprint(self) -> str:
        """Engine, its version, and a digest of schema and analyzers."""
        described = f"{SCHEMA_VERSION}/{VERSION}/{list(ANALYZERS)}"
        digest = hashlib.sha256(described.encode()).hexdigest()[:12]
        return f"{ENGINE}-{_version()}-{digest}"

    @property
    def is_stale(self) -> bool:
        """Whether the folder holds no index, one of another fingerprint, or a damaged one."""
        self._require_open()
        path = find_current(self._folder, ENGINE)
        if path is None or not has_fingerprint(path, self.fingerprint):
            return True
        try:
            self._snapshot()
            require_whole(path)
        except (SearchIndexError, *_DAMAGE):
            return True
        return False

    @property
    def is_scattered(self) -> bool:
        """Never: Tantivy merges its segments by itself."""
        return False

    def replace(self, broadcast_id: BroadcastId, passages: Sequence[Passage]) -> None:
        """Make these the broadcast's only passages: all or nothing, idempotent, durable.

        Raises:
            IndexBusy: another process is writing.
            SearchIndexError: there is no index, or it is damaged or of another version.
        """
        with self._writing(broadcast_id) as path:
            build = _Build(path, self._schema, self._words_schema)
            build.commit(passages, instead_of=broadcast_id)

    def remove(self, broadcast_id: BroadcastId) -> None:
        """Forget a broadcast; nothing happens when it is not there."""
        if self._snapshot().holds(broadcast_id):
            self.replace(broadcast_id, ())

    def rebuild(self, passages: Iterable[Passage]) -> int:
        """Build a new index beside the old one and swap it in; returns the passages indexed.

        Until the swap the old one answers and may be changed; when ``passages`` fails, it stays.

        Raises:
            IndexBusy: another process is building an index, or is writing when it is swapped in.
            SearchIndexError: it cannot be written.
        """
        self._require_open()
        with built_beside(self._folder, ENGINE, self._lock_timeout_s) as path:
            build = _Build(path, self._schema, self._words_schema)
            with _told_from_tantivy("The search index could not be built"):
                build.prepare()
                count = build.commit(passages, heap=BUILDING_HEAP, threads=BUILDING_THREADS)
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
            meanwhile: called with the hits while others are counted, in another thread.

        Raises:
            BadQuery: it would cost more than the limits allow.
            SearchIndexError: there is no index, or it is damaged.
        """
        snapshot = self._snapshot()
        with self._reading():
            found = snapshot.find(query, names, self._time_limit_s)
        if meanwhile is not None:
            meanwhile(found.hits)
        with self._reading():
            return found.page()

    def suggest(self, query: Query) -> tuple[str, ...]:
        """What to search instead of something that found nothing.

        Raises:
            SearchIndexError: there is no index, or it is damaged.
        """
        snapshot = self._snapshot()
        with self._reading():
            return suggest(query, snapshot.spoken(query))

    def count(self) -> int:
        """Passages in the index."""
        return self._snapshot().size

    def close(self) -> None:
        """Let go of what was read; the index cannot be used afterwards."""
        with self._guard:
            self._state = None
            self._is_closed = True
        self._counters.shutdown(wait=False)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say what could not be read, and have a damaged index built anew."""
        try:
            with _told_from_tantivy("The search failed", REINDEX):
                yield
        except (SearchIndexError, TypeError, LookupError) as error:
            if self._is_rotten():
                condemn(self._folder)
                raise _damaged(self._folder) from error
            raise

    def _is_rotten(self) -> bool:
        """Whether some file does not hold what was written; all are read, once for each state."""
        try:
            path = get_current(self._folder, ENGINE)
            state = path, _stamp(path)
            if state == self._sound:
                return False
            if not has_fingerprint(path, self.fingerprint):
                return True  # condemned already
            require_sound(path)
        except (ValueError, LookupError, TypeError):
            return True
        except (OSError, SearchIndexError):
            return False  # a rebuild has just taken its place
        self._sound = state
        return False

    def _snapshot(self) -> Snapshot:
        """The latest committed state."""
        self._require_open()
        for attempt in range(_ATTEMPTS):
            path = get_current(self._folder, ENGINE)
            try:
                return self._read(path)
            except BaseException as error:
                if not (isinstance(error, _DAMAGE) or _is_panic(error)):
                    raise
                # a rebuild may have removed the folder, a merge the segment, just now
                if attempt == _ATTEMPTS - 1:
                    raise _damaged(self._folder) from error
                time.sleep(_ATTEMPT_STEP_S)
        raise _damaged(self._folder)

    def _read(self, path: Path) -> Snapshot:
        stamp = _stamp(path)
        state = self._state
        if state is not None and state[:2] == (path, stamp):
            return state[2]
        with self._guard:
            state = self._state
            if state is not None and state[:2] == (path, stamp):
                return state[2]
            require_whole(path)
            # words are committed before the passages that hold them, so they are opened after
            passages = tantivy.Index.open(str(path / PASSAGES))
            words = tantivy.Index.open(str(path / WORDS))
            snapshot = Snapshot(
                Opened(self._schema, passages.searcher()),
                Opened(self._words_schema, words.searcher()),
                self._mentions,
                self._counters,
            )
            self._state = (path, stamp, snapshot)
            return snapshot

    @contextmanager
    def _writing(self, broadcast_id: BroadcastId) -> Iterator[Path]:
        """The folder in use, locked, when it is one we may add to."""
        self._require_open()
        with writer_lock(self._folder, self._lock_timeout_s):
            if self.is_stale:
                raise SearchIndexError(
                    f"Broadcast {broadcast_id} was not indexed: the search index is missing, "
                    "damaged or of another version.",
                    hint=REINDEX,
                )
            with _told_from_tantivy(f"Broadcast {broadcast_id} could not be indexed"):
                yield get_current(self._folder, ENGINE)

    def _require_open(self) -> None:
        if self._is_closed:
            raise closed()


class _Build:
    """Writes into one folder."""

    def __init__(self, path: Path, schema: tantivy.Schema, words_schema: tantivy.Schema) -> None:
        self._path = path
        self._schema = schema
        self._words_schema = words_schema

    def prepare(self) -> None:
        """Make an empty index."""
        for name, schema in ((PASSAGES, self._schema), (WORDS, self._words_schema)):
            (self._path / name).mkdir()
            tantivy.Index(schema, path=str(self._path / name), reuse=False)
            sync_file(self._path / name)

    def commit(
        self,
        passages: Iterable[Passage],
        *,
        instead_of: BroadcastId | None = None,
        heap: int = HEAP,
        threads: int = 1,
    ) -> int:
        """Add passages, in the place of those of a broadcast, and have the disk confirm it."""
        forget_deletions(self._path / PASSAGES)
        index = tantivy.Index(self._schema, path=str(self._path / PASSAGES))
        words, count = NewWords(), 0
        with writing(index, heap * threads, threads) as writer:
            if instead_of is not None:
                writer.delete_documents_by_term("broadcast", instead_of)
            for passage in passages:
                document, terms = make_document(self._schema, passage)
                writer.add_document(document)
                words.add(passage.language, terms)
                count += 1
            words.write(self._path / WORDS, self._words_schema)
        return count


def _stamp(path: Path) -> _Stamp:
    """Changes with every commit: the list of segments is replaced by rename."""
    facts = (path / PASSAGES / META).stat()
    return facts.st_ino, facts.st_mtime_ns, facts.st_size


@contextmanager
def _told_from_tantivy(what: str, hint: str = _FULL) -> Iterator[None]:
    """Say what Tantivy could not do; it raises ValueError, or its own panic."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise SearchIndexError(f"{what}: {error}", hint=hint) from error
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise SearchIndexError(f"{what}: {error}", hint=hint) from error


def _is_panic(error: BaseException) -> bool:
    """Whether Tantivy gave up; its bindings name the class nowhere."""
    return type(error).__name__ == "PanicException"


def _damaged(folder: Path) -> SearchIndexError:
    return SearchIndexError(
        f"The search index in {folder} is damaged; nothing but the index is lost.", hint=REINDEX
    )


def _version() -> str:
    """Tantivy's version and the format of its files."""
    version = str(vars(tantivy)["__version__"])  # "tantivy v0.27.0, index_format v7"
    return version.replace("tantivy v", "").replace(", index_format ", "-")

"""The index of an archive, whatever engine stands in its folder, and the move to another engine.

Small archives are served by Whoosh, which needs nothing compiled; large ones by Tantivy. Which one
answers is read from the folder at every use, so a process that did not take part in a move answers
from the new engine as soon as it stands. Until then the old one answers, and is kept up to date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TypeVar

from radio_archive.errors import SearchIndexError
from radio_archive.model import BroadcastId, IndexPage, Passage, Query, SpokenName
from radio_archive.search import Meanwhile, SearchIndex
from radio_archive.search.storage import engine_of, find_build, find_current

AUTO, WHOOSH, TANTIVY, POSTGRESQL = "auto", "whoosh", "tantivy", "postgresql"

#: passages from which Tantivy serves an archive: at 100,000 Whoosh answers phrases of very common
#: words in 130 ms (p95), and it takes time and memory in proportion (docs/search.md)
MOVE_AT = 100_000
#: passages under which an index that is rebuilt anyway goes back to Whoosh: far enough below for
#: an archive near the border to stay where it is
BACK_AT = MOVE_AT // 2

#: times that an engine may be replaced while it is being asked
_ATTEMPTS = 3

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """Which engine answers, and which one is to."""

    engine: str  #: empty when there is no index
    moves_to: str  #: the engine that is wanted instead; empty: none
    builds: str  #: the engine for which an index is being built now; empty: none


class ChosenIndex:
    """A ``SearchIndex`` of the engine that stands in a folder. Safe between threads."""

    def __init__(
        self,
        folder: Path,
        engine: str = AUTO,
        size: Callable[[], int] | None = None,
        url: str = "",
        replica_url: str = "",
    ) -> None:
        """Open nothing yet.

        Args:
            folder: the archive's ``index/``.
            engine: what the next rebuild is to make: ``auto`` goes by the size.
            size: counts the passages there are to index; None: those that are indexed.
            url: address of the database of ``postgresql``, which stands in no folder.
            replica_url: of its replica, searched while it is away; empty: there is none.
        """
        self._folder = folder
        self._engine = engine
        self._url = url
        self._replica_url = replica_url
        self._size = size or self._indexed
        self._guard = Lock()
        self._opened: tuple[str, SearchIndex] | None = None
        self._is_closed = False

    @property
    def fingerprint(self) -> str:
        """That of the engine in the folder, or of the one to be built where there is none."""
        return self._ask(lambda index: index.fingerprint)

    @property
    def is_stale(self) -> bool:
        """See ``SearchIndex.is_stale``; an engine that is to be replaced is not stale by that."""
        return self._ask(lambda index: index.is_stale)

    @property
    def state(self) -> IndexState:
        """Which engine answers, and which one is to."""
        standing = self._standing()
        return IndexState(
            engine=standing, moves_to=self._moves_to(), builds=find_build(self._folder) or ""
        )

    @property
    def is_to_move(self) -> bool:
        """Whether another engine is to take the place of the one that stands."""
        return bool(self._moves_to())

    @property
    def is_scattered(self) -> bool:
        """See ``SearchIndex.is_scattered``; none at all is not scattered."""
        try:
            return bool(self._standing()) and self._ask(lambda index: index.is_scattered)
        except SearchIndexError:
            return False

    def replace(self, broadcast_id: BroadcastId, passages: Sequence[Passage]) -> None:
        """See ``SearchIndex.replace``."""
        self._ask(lambda index: index.replace(broadcast_id, passages))

    def remove(self, broadcast_id: BroadcastId) -> None:
        """See ``SearchIndex.remove``."""
        self._ask(lambda index: index.remove(broadcast_id))

    def rebuild(self, passages: Iterable[Passage]) -> int:
        """See ``SearchIndex.rebuild``: with the engine that is wanted."""
        self._require_open()
        index = self._open(self._wanted())
        try:
            return index.rebuild(passages)
        finally:
            index.close()

    def search(
        self,
        query: Query,
        names: tuple[SpokenName, ...] = (),
        meanwhile: Meanwhile | None = None,
    ) -> IndexPage:
        """See ``SearchIndex.search``."""
        return self._ask(lambda index: index.search(query, names, meanwhile))

    def suggest(self, query: Query) -> tuple[str, ...]:
        """See ``SearchIndex.suggest``."""
        return self._ask(lambda index: index.suggest(query))

    def count(self) -> int:
        """See ``SearchIndex.count``."""
        return self._ask(lambda index: index.count())

    def close(self) -> None:
        """See ``SearchIndex.close``."""
        with self._guard:
            if self._opened is not None:
                self._opened[1].close()
            self._opened, self._is_closed = None, True

    def _ask(self, what: Callable[[SearchIndex], Answer]) -> Answer:
        """Ask the engine that stands; the new one when it was replaced meanwhile."""
        for attempt in range(_ATTEMPTS):
            engine = self._standing() or self._wanted()
            try:
                return what(self._get(engine))
            except SearchIndexError:
                if self._standing() in ("", engine) or attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("the last attempt answers or raises")

    def _get(self, engine: str) -> SearchIndex:
        with self._guard:
            self._require_open()
            if self._opened is None or self._opened[0] != engine:
                # the old one may be answering another thread: it is let go of, not closed
                self._opened = (engine, self._open(engine))
            return self._opened[1]

    def _require_open(self) -> None:
        if self._is_closed:
            raise SearchIndexError("The search index was closed.", hint="Open it again.")

    def _standing(self) -> str:
        """The engine in the folder; empty when there is none."""
        if self._engine == POSTGRESQL:
            return POSTGRESQL
        path = find_current(self._folder)
        return "" if path is None else engine_of(path)

    def _wanted(self) -> str:
        """The engine of the next rebuild."""
        if self._engine != AUTO:
            return self._engine
        border = BACK_AT if self._standing() == TANTIVY else MOVE_AT
        return TANTIVY if self._size() >= border else WHOOSH

    def _moves_to(self) -> str:
        """The engine that is to take the place of the one that stands; empty: none."""
        standing = self._standing()
        if not standing:
            return ""
        if self._engine != AUTO:
            return "" if standing == self._engine else self._engine
        return TANTIVY if standing == WHOOSH and self._indexed() >= MOVE_AT else ""

    def _indexed(self) -> int:
        try:
            return self.count() if self._standing() else 0
        except SearchIndexError:
            return 0

    def _open(self, engine: str) -> SearchIndex:
        # an engine is loaded when it is needed: most commands need none
        if engine == POSTGRESQL:
            from radio_archive.search.postgresql_index import PostgresqlIndex

            return PostgresqlIndex(self._url, self._replica_url)
        if engine == TANTIVY:
            from radio_archive.search.tantivy_index import TantivyIndex

            return TantivyIndex(self._folder)
        from radio_archive.search.whoosh_index import WhooshIndex

        return WhooshIndex(self._folder)

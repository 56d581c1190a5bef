"""Search: our query language, passages, highlighting, and the engines behind one Protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from radio_archive.model import BroadcastId, IndexHit, IndexPage, Passage, Query, SpokenName

Meanwhile = Callable[[tuple[IndexHit, ...]], None]
"""What is done with the hits of a page while the engine may still be counting."""


class SearchIndex(Protocol):
    """Where passages are found. Derived data: losing it costs a rebuild, never a word.

    One process writes, many read; a reader sees a commit at its next search.
    """

    @property
    def fingerprint(self) -> str:
        """Schema, analyzers and engine in one string; a change means rebuild."""
        ...

    @property
    def is_stale(self) -> bool:
        """Whether what lies on disk was built under another fingerprint, or is damaged."""
        ...

    @property
    def is_scattered(self) -> bool:
        """Whether it grew into so many parts that a search is slow until it is built anew.

        Always false of an engine that puts its parts together by itself.
        """
        ...

    def replace(self, broadcast_id: BroadcastId, passages: Sequence[Passage]) -> None:
        """Make these the broadcast's only passages: all or nothing, idempotent, durable.

        Raises:
            IndexBusy: another process is writing.
        """
        ...

    def remove(self, broadcast_id: BroadcastId) -> None:
        """Forget a broadcast; nothing happens when it is not there."""
        ...

    def rebuild(self, passages: Iterable[Passage]) -> int:
        """Build a new index beside the old one and swap it in; returns the passages indexed."""
        ...

    def search(
        self,
        query: Query,
        names: tuple[SpokenName, ...] = (),
        meanwhile: Meanwhile | None = None,
    ) -> IndexPage:
        """Find passages.

        Args:
            query: what is searched.
            names: to be counted in all that is found: the facet ``name`` then holds those that
                most passages mention. What is looked up for it once, for all searches to come,
                does not count against the limits of one.
            meanwhile: called in this thread with the hits of the page, before it is returned; more
                than once where an index was replaced just then, and the last call counts. What it
                raises is passed on.

        Raises:
            BadQuery: it would cost more than the limits allow.
        """
        ...

    def suggest(self, query: Query) -> tuple[str, ...]:
        """What to search instead of something that found nothing.

        Returns:
            Searches with the closest spellings that do occur, best first; empty when every word
            occurs, or none is close.
        """
        ...

    def count(self) -> int:
        """Passages in the index."""
        ...

    def close(self) -> None:
        """Let go of files; the index cannot be used afterwards."""
        ...

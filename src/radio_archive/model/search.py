"""Queries and what answers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from radio_archive.model.broadcasts import Broadcast
from radio_archive.model.units import (
    BroadcastId,
    LanguageTag,
    Match,
    Milliseconds,
    ProgrammeId,
    Trust,
)


class Sort(StrEnum):
    """Order of the results."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing a passage must (or must not) hold: a word, the start of a word, or a phrase."""

    words: tuple[str, ...]  #: one word, or the words of a phrase, as typed
    is_prefix: bool = False  #: ``word*``: only with a single word of three letters or more


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parsed search. Engines receive this, never what the user typed."""

    text: str = ""  #: as typed, for display
    required: tuple[tuple[Term, ...], ...] = ()  #: AND of ORs
    excluded: tuple[Term, ...] = ()
    language: LanguageTag | None = None
    programme_id: ProgrammeId | None = None
    aired_from: datetime | None = None  #: inclusive, UTC
    aired_before: datetime | None = None  #: exclusive, UTC
    sort: Sort = Sort.RELEVANCE
    page: int = 1  #: 1-based
    page_size: int = 20  #: broadcasts per page

    @property
    def has_terms(self) -> bool:
        """Whether words are searched; False when filters alone list passages."""
        return bool(self.required)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexHit:
    """One passage an engine found."""

    broadcast_id: BroadcastId
    number: int  #: the passage's number
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount:
    """How many hits carry one value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """What an engine answers: the hits of the broadcasts of one page, and the counts."""

    hits: tuple[IndexHit, ...]  #: grouped: broadcasts in result order, then passages by score
    total: int  #: hits in all
    total_broadcasts: int
    facets: Mapping[str, tuple[FacetCount, ...]]  #: keys ``language``, ``programme``, ``year``


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result: the moment, and the words around it."""

    broadcast_id: BroadcastId
    language: LanguageTag
    start_ms: Milliseconds  #: where the first matched word begins
    end_ms: Milliseconds  #: where the passage ends
    text: str  #: as spoken
    highlights: tuple[tuple[int, int], ...]  #: character spans in ``text``
    match: Match
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastHits:
    """The hits of one broadcast."""

    broadcast: Broadcast
    trust: Trust
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What share of one language's broadcasts can be searched."""

    language: LanguageTag
    broadcasts: int
    hours: float
    transcribed_hours: float
    checked_hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of results, as the API and the web page show it."""

    query: Query
    total: int
    total_broadcasts: int
    took_ms: float
    facets: Mapping[str, tuple[FacetCount, ...]]
    coverage: tuple[Coverage, ...]
    broadcasts: tuple[BroadcastHits, ...]
    suggestions: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total_broadcasts // self.query.page_size))

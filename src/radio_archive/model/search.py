"""Queries and what answers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from radio_archive.model.broadcasts import Broadcast
from radio_archive.model.dossiers import DocumentHits
from radio_archive.model.transcripts import TranscriptChoice, is_rough_translation
from radio_archive.model.units import (
    Band,
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


class Origin(StrEnum):
    """Where a term of a query comes from."""

    TYPED = "typed"
    ALIAS = "alias"  #: another name of what was typed
    TRANSLATION = "translation"  #: what was typed, said in another language
    MEANING = "meaning"  #: what is close in meaning, whatever its words
    TRANSLATED_TEXT = "translated_text"  #: what was typed, in a translation of what was said
    AIRED = "aired"  #: what was aired on the date typed, whatever its words


@dataclass(frozen=True, slots=True, kw_only=True)
class AirDate:
    """A day or a month on which something was aired, in UTC, which is Mali's own time."""

    month: int
    day: int | None = None  #: None: the whole month; then there is a year
    year: int | None = None  #: None: that day of any year

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """First moment, and first moment after it; None without a year."""
        if self.year is None:
            return None
        start = datetime(self.year, self.month, self.day or 1, tzinfo=UTC)
        if self.day is not None:
            return start, start + timedelta(days=1)
        return start, (start + timedelta(days=31)).replace(day=1)

    def holds(self, moment: datetime | None) -> bool:
        """Whether a moment is of this date; None, when nobody knows it, is not."""
        if moment is None:
            return False
        known = moment.astimezone(UTC)
        pairs = ((self.year, known.year), (self.month, known.month), (self.day, known.day))
        return all(wanted in (None, given) for wanted, given in pairs)

    def __str__(self) -> str:
        """ISO 8601, as XML Schema writes what it lacks: 2014-10-16, 2014-10, --10-16."""
        year = "-" if self.year is None else f"{self.year}"
        day = "" if self.day is None else f"-{self.day:02d}"
        return f"{year}-{self.month:02d}{day}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing a passage must (or must not) hold: a word, the start of a word, or a phrase."""

    words: tuple[str, ...]  #: one word, or the words of a phrase, as typed
    is_prefix: bool = False  #: ``word*``: only with a single word of three letters or more
    origin: Origin = Origin.TYPED
    language: LanguageTag | None = None  #: counts only in texts of this language; None: in any


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Another full reading of a query.

    For words that only together have another name or a translation: ``organised crime`` is
    "crime organisé". And for words that are a date, which need not be said in what was aired then.
    """

    required: tuple[tuple[Term, ...], ...]  #: AND of ORs; empty only with a date
    origin: Origin  #: of its words
    aired: AirDate | None = None  #: answers only in what was aired then


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenName:
    """A name, and all that says it: a passage that holds one of its terms mentions it."""

    name: str  #: as pages show it
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What was searched beside the words typed, for display and for switching it off."""

    typed: str  #: what it stands for; empty where it is the whole search
    added: tuple[str, ...]  #: what was searched as well; nothing where it was no words
    origin: Origin
    id: str  #: names it in an address, so that one click removes it
    aired: AirDate | None = None  #: the date it was taken for


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
    floor: Band | None = None  #: the least trust, see `bands.floor_of`; None: any
    names: tuple[str, ...] = ()  #: as typed or chosen; all must be mentioned
    mentions: tuple[tuple[Term, ...], ...] = ()  #: what says each of ``names``; a filter, no rank
    sort: Sort = Sort.RELEVANCE
    page: int = 1  #: 1-based
    page_size: int = 20  #: broadcasts per page
    variants: tuple[Variant, ...] = ()  #: any of them answers as well as ``required``
    expansions: tuple[Expansion, ...] = ()  #: what the added terms and variants are, for display
    is_exact_only: bool = False  #: only the spelling typed, case aside
    is_close: bool = False  #: words spelt much alike answer in every text, not in weak ones only
    is_said_only: bool = False  #: texts that are translations are left out

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
    #: keys ``language``, ``programme``, ``year``; ``name`` where names were to be counted
    facets: Mapping[str, tuple[FacetCount, ...]]
    in_translations: int = 0  #: hits in texts that are translations


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSentence:
    """What is said around a hit, sentence by sentence, for people to read and to listen to."""

    text: str  #: as spoken; what is cut off of a long one is an ellipsis
    start_ms: Milliseconds
    end_ms: Milliseconds
    highlights: tuple[tuple[int, int], ...] = ()  #: character spans in ``text``
    is_near: bool = False  #: beside what was found, shown to understand it


@dataclass(frozen=True, slots=True, kw_only=True)
class Airing:
    """Another broadcast that holds the same words in the same sound."""

    broadcast: Broadcast
    start_ms: Milliseconds  #: where they begin there


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
    trust: Trust = Trust.MACHINE
    band: Band | None = None  #: the passage's
    #: the text it stands in; nothing chosen for the current transcript
    choice: TranscriptChoice = field(default_factory=TranscriptChoice)
    #: the same words with a sentence on either side; empty where nobody asked for them
    sentences: tuple[SpokenSentence, ...] = ()
    also_aired: tuple[Airing, ...] = ()  #: likewise: where else the same sound was aired

    @property
    def is_rough_translation(self) -> bool:
        """Whether it stands in what a machine translated: see `is_rough_translation`."""
        return is_rough_translation(self.choice.kind, self.trust)


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
    suggestions: tuple[str, ...] = ()  #: spellings near those typed that do occur
    #: broadcasts, with text or without, whose title, guests, summary or date answer the query
    titles: tuple[Broadcast, ...] = ()
    is_close: bool = False  #: nothing was found as typed: these hits are spelt much alike
    elsewhere: tuple[FacetCount, ...] = ()  #: other languages with hits, when the filter has none
    documents: tuple[DocumentHits, ...] = ()  #: of public dossiers; first page only

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total_broadcasts // self.query.page_size))

"""The nouns of the archive: frozen, slotted, keyword-only records.

Times inside a recording are integer milliseconds from its start; datetimes are aware and in UTC.
Nothing here reads a file, a database or the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

from radio_archive.errors import BadInput, BadTranscript

Milliseconds = NewType("Milliseconds", int)
"""Whole milliseconds from the start of a recording, or a length in milliseconds."""

LanguageTag = NewType("LanguageTag", str)
"""A BCP 47 tag of the language registry (``fr``, ``bm``, ``ffm``); ``und`` when nobody said."""

UNDETERMINED = LanguageTag("und")
"""The BCP 47 tag for a language nobody has stated; such a broadcast waits for a person."""

ProgrammeId = NewType("ProgrammeId", str)
"""Slug of a programme: lower-case ASCII letters, digits and hyphens."""

BroadcastId = NewType("BroadcastId", str)
"""Stable id of a broadcast: 16 lower-case hexadecimal digits."""

TranscriptId = NewType("TranscriptId", int)
"""Number of a transcript in the catalogue."""

RecordingKey = NewType("RecordingKey", str)
"""SHA-256 of the recording's bytes, 64 lower-case hexadecimal digits."""


def require_aware(moment: datetime | None, name: str) -> None:
    """Refuse a datetime without a time zone.

    Raises:
        BadInput: ``moment`` is naive.
    """
    if moment is not None and moment.tzinfo is None:
        raise BadInput(f"{name} {moment.isoformat()} has no time zone.", hint="Add Z or +00:00.")


class BroadcastState(StrEnum):
    """Where a broadcast stands; shown to people, derived work follows from it."""

    NO_RECORDING = "no_recording"  #: the page names it, the sound is gone or was never there
    BAD_RECORDING = "bad_recording"  #: there is a file, and it cannot be used
    LANGUAGE_UNKNOWN = "language_unknown"  #: language ``und``: waits for a person
    WAITING = "waiting"  #: to be transcribed
    TRANSCRIBED = "transcribed"  #: has a current transcript
    NOT_TRANSCRIBED = "not_transcribed"  #: no configured engine knows the language
    FAILED = "failed"  #: transcription was tried and given up; a person should look


class TranscriptKind(StrEnum):
    """Where a transcript comes from."""

    MACHINE = "machine"
    IMPORTED = "imported"
    CORRECTED = "corrected"
    TRANSLATION = "translation"
    REDACTED = "redacted"


class Trust(StrEnum):
    """How far a transcript may be believed; printed beside every hit."""

    CHECKED = "checked"  #: a person listened and corrected
    IMPORTED = "imported"  #: came from people outside, not checked here
    MACHINE = "machine"  #: an engine that knows the language well
    MACHINE_WEAK = "machine-weak"  #: an engine that often errs in this language or on this sound


class Match(StrEnum):
    """Which spelling of a word was found, best first."""

    EXACT = "exact"  #: the very spelling, case aside
    FOLDED = "folded"  #: the same word by the language's spelling rules
    ALIAS = "alias"  #: another name of the same thing
    CLOSE = "close"  #: shares most letters
    TRANSLATED = "translated"  #: said in another language


class GapReason(StrEnum):
    """Why a stretch of a recording has no text."""

    OTHER_LANGUAGE = "other_language"  #: somebody speaks, in no language the engine was asked for
    NO_WORDS = "no_words"  #: sounded like speech, the engine heard no words


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The continuing title that groups broadcasts."""

    id: ProgrammeId
    title: str  #: as the station writes it
    language: LanguageTag | None = None  #: default for its broadcasts; None when they differ
    description: str = ""
    homepage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One audio file as it came in, and its facts."""

    key: RecordingKey
    extension: str  #: with the dot, lower case, from an allow-list: ``.mp3``
    media_type: str  #: ``audio/mpeg``
    size_bytes: int
    duration_ms: Milliseconds  #: decoded, never the header's word
    original_name: str = ""  #: file name it arrived with; shown, never used as a path


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A seek-safe copy of a recording that listeners get."""

    name: str  #: ``mp3`` (48 kbit/s constant), ``opus`` (24 kbit/s), ``low`` (Opus 16 kbit/s)
    key: RecordingKey  #: SHA-256 of its own bytes; the strong ETag
    extension: str  #: ``.mp3`` or ``.opus``
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """One airing with one recording; the unit of ingest."""

    id: BroadcastId
    title: str
    programme: Programme | None = None
    language: LanguageTag = UNDETERMINED
    aired_at: datetime | None = None  #: aware, UTC; None when nobody knows
    guests: tuple[str, ...] = ()
    summary: str = ""
    source_url: str | None = None  #: page it was read from
    recording: Recording | None = None
    state: BroadcastState = BroadcastState.NO_RECORDING
    state_reason: str = ""  #: one sentence for ``bad_recording``, ``not_transcribed``, ``failed``
    is_synthetic: bool = False  #: a sample with synthetic voices, to be labelled everywhere

    def __post_init__(self) -> None:
        require_aware(self.aired_at, "aired_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBroadcast:
    """What a source tells of a broadcast before the catalogue has given it an id."""

    source: str  #: stable namespace of the source: a feed address, ``studio-tamani``, ``file``
    guid: str  #: identity within ``source``; the same pair is the same broadcast for ever
    title: str
    programme: Programme | None = None
    language: LanguageTag | None = None  #: None: take the programme's, else ``und``
    aired_at: datetime | None = None
    guests: tuple[str, ...] = ()
    summary: str = ""
    source_url: str | None = None
    audio_url: str | None = None  #: where the sound can be fetched; None when the page has none
    is_synthetic: bool = False

    def __post_init__(self) -> None:
        require_aware(self.aired_at, "aired_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed the station follows."""

    url: str
    programme: ProgrammeId | None = None
    language: LanguageTag | None = None
    last_synced_at: datetime | None = None
    last_error: str = ""  #: empty when the last reading went well


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A timed word inside a segment."""

    start_ms: Milliseconds
    end_ms: Milliseconds
    text: str  #: as written, with its punctuation, without surrounding spaces
    probability: float | None = None  #: 0-1 as the engine says; None if it does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A sentence, or a few seconds of speech, as shown on one line."""

    start_ms: Milliseconds  #: from the start of the recording
    end_ms: Milliseconds  #: never before ``start_ms``
    text: str  #: as heard, trimmed; never empty
    words: tuple[Word, ...] = ()  #: empty when the source has no word times
    speaker: str | None = None  #: only from people or imports
    avg_logprob: float | None = None  #: mean token log-probability; None if unknown
    no_speech_prob: float | None = None  #: 0-1; None if unknown

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms <= self.end_ms:
            raise BadTranscript(f"A segment runs from {self.start_ms} to {self.end_ms} ms.")
        if not self.text.strip():
            raise BadTranscript(f"The segment at {self.start_ms} ms has no text.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch where somebody seems to speak and nothing is written, with the reason."""

    start_ms: Milliseconds
    end_ms: Milliseconds
    reason: GapReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was said in one recording, in one version."""

    language: LanguageTag
    segments: tuple[Segment, ...]  #: starts never go back
    kind: TranscriptKind = TranscriptKind.MACHINE
    gaps: tuple[Gap, ...] = ()
    engine: str = ""  #: ``faster-whisper/base``; empty for people
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    trust: Trust = Trust.MACHINE
    id: TranscriptId | None = None  #: given by the catalogue
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        require_aware(self.created_at, "created_at")
        starts = [segment.start_ms for segment in self.segments]
        if starts != sorted(starts):
            raise BadTranscript(f"Segment times from {self.engine or self.kind} go backwards.")

    @property
    def text(self) -> str:
        """All segments, one per line."""
        return "\n".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where in a passage's text a word starts, and when it is said."""

    char_start: int  #: offset in the passage's text
    start_ms: Milliseconds
    end_ms: Milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of segments indexed as one document: 30-40 s at most."""

    broadcast_id: BroadcastId
    number: int  #: 0-based within the broadcast's current transcript
    language: LanguageTag
    start_ms: Milliseconds
    end_ms: Milliseconds
    text: str  #: segments joined by one space, exactly as spoken
    marks: tuple[Mark, ...]  #: ascending ``char_start``; the last one at or before a
    #: character tells its time
    programme_id: ProgrammeId | None = None
    aired_at: datetime | None = None
    trust: Trust = Trust.MACHINE


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a transcription is; the same numbers on every screen."""

    done_ms: Milliseconds  #: sound dealt with
    total_ms: Milliseconds  #: length of the recording
    elapsed_s: float  #: wall-clock seconds since the start

    @property
    def speed(self) -> float:
        """Times real time; 0 before anything is done."""
        return self.done_ms / 1000 / self.elapsed_s if self.elapsed_s > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Estimate; None before anything is done."""
        if self.done_ms <= 0:
            return None
        return (self.total_ms - self.done_ms) / self.done_ms * self.elapsed_s


class JobKind(StrEnum):
    """The steps a broadcast goes through, in order."""

    DOWNLOAD = "download"  #: fetch the sound a page or feed names
    PREPARE = "prepare"  #: make the renditions listeners get
    TRANSCRIBE = "transcribe"
    INDEX = "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One claimed piece of work."""

    id: int
    kind: JobKind
    broadcast_id: BroadcastId
    token: str  #: fencing token: a write with another token is refused
    attempts: int  #: counted when claimed, so a crash counts too

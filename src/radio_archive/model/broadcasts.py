"""Programmes, broadcasts, recordings and feeds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from radio_archive.model.units import (
    UNDETERMINED,
    BroadcastId,
    BroadcastState,
    LanguageTag,
    Milliseconds,
    ProgrammeId,
    RecordingKey,
    require_aware,
)


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
    #: fields that are only guessed, from a file's name: they fill gaps and overwrite nothing
    guessed: frozenset[str] = frozenset()

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
class SameSound:
    """A stretch of one recording that another one holds as well."""

    start_ms: Milliseconds  #: in the recording looked at
    other_start_ms: Milliseconds  #: in the other one
    length_ms: Milliseconds
    bit_error: float  #: share of fingerprint bits that differ, 0-1

    @property
    def offset_ms(self) -> int:
        """What is to be added to a moment here to get it there."""
        return self.other_start_ms - self.start_ms

    @property
    def reversed(self) -> SameSound:
        """The same, looked at from the other recording."""
        return replace(self, start_ms=self.other_start_ms, other_start_ms=self.start_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Another broadcast that holds some of the same sound."""

    broadcast: Broadcast
    shared: tuple[SameSound, ...]  #: by their place in the broadcast asked for; never empty

    @property
    def longest(self) -> SameSound:
        """The longest stretch both hold."""
        return max(self.shared, key=lambda each: each.length_ms)

    @property
    def length_ms(self) -> Milliseconds:
        """Sound both hold."""
        return Milliseconds(sum(each.length_ms for each in self.shared))


@dataclass(frozen=True, slots=True, kw_only=True)
class Jingle:
    """A short sound that several broadcasts of one programme hold."""

    start_ms: Milliseconds
    end_ms: Milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A part of a broadcast that begins with a jingle."""

    start_ms: Milliseconds
    title: str = ""  #: the first words said in it; empty where nothing is written

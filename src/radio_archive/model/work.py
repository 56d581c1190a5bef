"""Jobs, progress, and the reports that commands and pages show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NewType, Protocol

from radio_archive.model.alerts import AlertReport
from radio_archive.model.condition import Trouble
from radio_archive.model.glossary import Entry
from radio_archive.model.search import Coverage
from radio_archive.model.units import (
    BroadcastId,
    LanguageTag,
    Milliseconds,
    TranscriptKind,
    Trust,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a step is; the same numbers on every screen."""

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
    MAP = "map"  #: say where there is speech, music, noise, silence
    FINGERPRINT = "fingerprint"  #: find where the same sound was aired before
    TRANSCRIBE = "transcribe"
    INDEX = "index"
    TRANSLATE = "translate"  #: say the same in English, beside the transcript


class JobState(StrEnum):
    """Where a job is; what is done has no row any more."""

    WAITING = "waiting"  #: anybody able may claim it
    LATER = "later"  #: it failed, and is tried again when its time has come
    HELD = "held"  #: a worker is at it, until its lease runs out
    PARKED = "parked"  #: given up, until somebody asks for it


Need = NewType("Need", str)
"""What a job asks of a worker: its kind, and the language where it takes an engine: ``prepare``,
``transcribe fr``."""

SPOKEN_KINDS = frozenset({JobKind.TRANSCRIBE, JobKind.TRANSLATE})
"""Steps that take an engine which knows the language."""


def need_of(kind: JobKind, language: LanguageTag) -> Need:
    """What a job of this kind asks of a worker, for a broadcast in this language."""
    return Need(f"{kind} {language}" if kind in SPOKEN_KINDS else kind.value)


def kind_of(need: Need) -> JobKind:
    """The kind of the jobs that ask for this."""
    return JobKind(need.partition(" ")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One claimed piece of work."""

    id: int
    kind: JobKind
    broadcast_id: BroadcastId
    token: str  #: fencing token: a write with another token is refused
    attempts: int  #: counted when claimed, so a crash counts too
    place: int = 0  #: where it stood in the queue; what follows it takes the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a worker can do, with its settings and on its machine."""

    needs: frozenset[Need]  #: of jobs, which it answers
    engines: tuple[str, ...] = ()  #: engine and weights: ``faster-whisper/base``
    has_gpu: bool = False
    #: languages the station trusts an engine with and this worker cannot write: why not
    lacks: Mapping[LanguageTag, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldJob:
    """What a worker is at."""

    kind: JobKind
    broadcast_id: BroadcastId
    title: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A worker that is alive."""

    name: str  #: machine and process: ``studio-1:4242``
    host: str  #: its machine
    abilities: Abilities
    started_at: datetime
    seen_at: datetime
    job: HeldJob | None = None  #: None: it waits


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedJob:
    """A job that was given up, until somebody asks for it."""

    kind: JobKind
    broadcast_id: BroadcastId
    title: str
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """Jobs that no worker alive can do."""

    need: Need
    jobs: int
    reason: str  #: one sentence with what to do


class Outcome(StrEnum):
    """What became of one thing handed in."""

    ADDED = "added"  #: a broadcast the catalogue did not have
    UPDATED = "updated"  #: known, and something about it was new
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """One line of ``add`` or ``sync``."""

    outcome: Outcome
    item: str  #: file name or address, as given
    broadcast_id: BroadcastId | None = None
    title: str = ""
    error: str = ""  #: one sentence with the remedy when ``failed``


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkResult:
    """One finished (or given up) job."""

    kind: JobKind
    broadcast_id: BroadcastId
    title: str
    is_done: bool
    error: str = ""  #: one sentence when not done
    will_retry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of ``doctor``."""

    name: str  #: ``ffmpeg``, ``weights``, ``speed``, ``disk``, ``database``, ``index``, ...
    is_ok: bool
    finding: str  #: one sentence
    remedy: str = ""  #: the command that fixes it; empty when fine


class Kept(StrEnum):
    """What became of a file when recordings were moved or read back."""

    COPIED = "copied"  #: to the other place, and read back there
    HELD = "held"  #: it is where it should be
    DAMAGED = "damaged"  #: it is not what was saved, and was not copied
    MISSING = "missing"  #: the catalogue knows it, and the place does not
    AGAIN = "again"  #: it was missing or damaged, and a worker makes it again
    DELETED = "deleted"  #: removed here: read back in the other place, or damaged and of no use


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One file of a place for recordings, looked at."""

    name: str  #: ``recordings/abcd….mp3``
    size_bytes: int
    outcome: Kept

    @property
    def is_fine(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.outcome not in (Kept.DAMAGED, Kept.MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the archive holds and what is still to be done."""

    broadcasts: int
    programmes: int
    hours: float  #: of sound held
    transcribed_hours: float
    states: Mapping[str, int]  #: broadcasts by ``BroadcastState``
    jobs_waiting: Mapping[str, int]  #: by ``JobKind``
    jobs_failed: int
    passages: int  #: in the index
    index_is_stale: bool
    index_engine: str  #: that answers searches; empty when there is no index
    index_moves_to: str  #: the engine that is to take over; empty: none
    index_builds: str  #: the engine for which an index is being built at this moment; empty: none
    coverage: tuple[Coverage, ...]
    workers: tuple[Worker, ...] = ()  #: alive, by name
    unserved: tuple[Unserved, ...] = ()  #: waiting, and no worker alive can do it
    parked: tuple[ParkedJob, ...] = ()  #: given up: the latest of them
    troubles: tuple[Trouble, ...] = ()  #: what the archive stands on and is away
    alerts: AlertReport = field(default_factory=AlertReport)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStatus:
    """A speech model we know."""

    name: str  #: ``base``
    size_bytes: int  #: about, to download
    is_here: bool  #: whether its files are on this machine
    licence: str = ""  #: as its makers state it; empty for what a station took in itself
    is_non_commercial: bool = False  #: whether the licence forbids commercial use
    source: str = ""  #: where it comes from
    languages: str = ""  #: tags it is known to write, or how many


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIn:
    """What a person says when weights come in."""

    folder: Path | None = None  #: take them from here; None asks their makers
    accepts_non_commercial: bool = False  #: has read that the licence forbids commercial use
    whisper_code: str = ""  #: for a fine-tune of Whisper: the language token it was taught with


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A transcript in one of the formats we write."""

    content: bytes
    media_type: str  #: with charset
    file_name: str  #: safe on every system


class Sound(Protocol):
    """Bytes a listener's player asks for, in ranges."""

    @property
    def size_bytes(self) -> int:
        """Length of the whole."""
        ...

    @property
    def etag(self) -> str:
        """SHA-256 of the bytes, without quotes: they never change under one address."""
        ...

    @property
    def media_type(self) -> str:
        """For the Content-Type header."""
        ...

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Blocks of bytes from ``start`` up to, not including, ``end``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedTrack:
    """One language of an imported transcript, as it was stored."""

    language: LanguageTag
    kind: TranscriptKind
    trust: Trust
    is_current: bool  #: says what was said; False: stands beside it
    segments: int
    end_ms: Milliseconds  #: where its last segment ends


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptImport:
    """What came of importing a transcript."""

    broadcast_id: BroadcastId
    title: str
    outcome: Outcome  #: ``added``, or ``unchanged`` when the same text was there
    format_name: str
    encoding: str  #: as Python names it
    tracks: tuple[ImportedTrack, ...]
    is_searchable: bool  #: False: the next ``work`` puts it into the index
    notes: tuple[str, ...] = ()  #: one sentence each: what was assumed, mended or left out
    learnt: tuple[Entry, ...] = ()  #: names that it corrects in what the machine had written

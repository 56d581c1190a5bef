"""Transcripts and the passages cut from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from radio_archive.errors import BadTranscript
from radio_archive.model.units import (
    Band,
    BroadcastId,
    GapReason,
    LanguageTag,
    Milliseconds,
    ProgrammeId,
    TranscriptId,
    TranscriptKind,
    Trust,
    require_aware,
)

ENGLISH = LanguageTag("en")
"""The only language that Whisper translates into."""

TRANSLATED_KINDS = (TranscriptKind.MACHINE, TranscriptKind.IMPORTED, TranscriptKind.CORRECTED)
"""Transcripts beside which a machine may translate the sound. Not those that passages were taken
out of: the sound would bring them back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A timed word inside a segment."""

    start_ms: Milliseconds
    end_ms: Milliseconds
    text: str  #: as written, with its punctuation, without surrounding spaces
    probability: float | None = None  #: 0-1 as the engine says; None if it does not say


class ReviewState(StrEnum):
    """What a person did with a sentence."""

    CHECKED = "checked"  #: listened to, and left as it stood
    CORRECTED = "corrected"  #: wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """That a person stands for a sentence: no machine changes it any more."""

    state: ReviewState
    by: str  #: name of the editor; empty for listeners who agreed
    at: datetime

    def __post_init__(self) -> None:
        require_aware(self.at, "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A sentence, or a few seconds of speech, as shown on one line."""

    start_ms: Milliseconds  #: from the start of the recording
    end_ms: Milliseconds  #: never before ``start_ms``
    text: str  #: as heard, trimmed; never empty
    words: tuple[Word, ...] = ()  #: empty when the source has no word times
    language: LanguageTag | None = None  #: where it is not the transcript's
    speaker: str | None = None  #: only from people or imports
    voice: str | None = None  #: ``A``, as a machine told voices apart; None where it is unsure
    avg_logprob: float | None = None  #: mean token log-probability; None if unknown
    no_speech_prob: float | None = None  #: 0-1; None if unknown
    band: Band | None = None  #: None where no machine wrote it, or nobody measured the machine
    review: Review | None = None  #: None while nobody here listened to it

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
    language: LanguageTag | None = None  #: what is spoken there; None where that is unsure


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
    made_from: TranscriptId | None = None  #: the transcript a translation of our own stands beside
    carried_from: TranscriptId | None = None  #: of a repeat: the other broadcast's transcript
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        require_aware(self.created_at, "created_at")
        starts = [segment.start_ms for segment in self.segments]
        if starts != sorted(starts):
            raise BadTranscript(f"Segment times from {self.engine or self.kind} go backwards.")

    @property
    def is_by_people(self) -> bool:
        """Whether people wrote it for this very broadcast."""
        return self.kind is not TranscriptKind.MACHINE and self.carried_from is None

    @property
    def is_machine_s(self) -> bool:
        """Whether a machine wrote it, here or elsewhere, and no person went over it."""
        is_by_machine = self.trust in (Trust.MACHINE, Trust.MACHINE_WEAK)
        return is_by_machine and self.kind in (TranscriptKind.MACHINE, TranscriptKind.IMPORTED)

    @property
    def text(self) -> str:
        """All segments, one per line."""
        return "\n".join(segment.text for segment in self.segments)

    @property
    def is_rough_translation(self) -> bool:
        """Whether a machine translated it: see `is_rough_translation`."""
        return is_rough_translation(self.kind, self.trust)


def is_rough_translation(kind: TranscriptKind | None, trust: Trust) -> bool:
    """Whether a machine translated a text: it gives the gist, and is never to be quoted."""
    is_by_machine = trust in (Trust.MACHINE, Trust.MACHINE_WEAK)
    return kind is TranscriptKind.TRANSLATION and is_by_machine


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptChoice:
    """Which version of a transcript; nothing chosen means the current one."""

    kind: TranscriptKind | None = None
    language: LanguageTag | None = None

    def __bool__(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.kind or self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One of the texts of a broadcast that are shown and searched, without its words."""

    language: LanguageTag
    kind: TranscriptKind
    is_current: bool  #: what was said; False: stands beside it
    trust: Trust = Trust.MACHINE

    @property
    def is_rough_translation(self) -> bool:
        """Whether a machine translated it: see `is_rough_translation`."""
        return is_rough_translation(self.kind, self.trust)

    @property
    def choice(self) -> TranscriptChoice:
        """What asks for it."""
        if self.is_current:
            return TranscriptChoice()
        return TranscriptChoice(kind=self.kind, language=self.language)


class Mark(NamedTuple):
    """Where in a passage's text a word starts, and when it is said."""

    char_start: int  #: offset in the passage's text
    start_ms: Milliseconds
    end_ms: Milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of segments indexed as one document: 30-40 s at most."""

    broadcast_id: BroadcastId
    number: int  #: 0-based within the broadcast's current transcripts, taken together
    language: LanguageTag
    start_ms: Milliseconds
    end_ms: Milliseconds
    text: str  #: segments joined by one space, exactly as spoken
    marks: Sequence[Mark]  #: ascending ``char_start``; the last one at or before a
    #: character tells its time
    programme_id: ProgrammeId | None = None
    aired_at: datetime | None = None
    trust: Trust = Trust.MACHINE
    band: Band | None = None  #: see `bands.band_of_all`; None as for a segment
    kind: TranscriptKind = TranscriptKind.MACHINE  #: of the transcript it was cut from
    is_track: bool = False  #: cut from a text beside the current transcript

    @property
    def choice(self) -> TranscriptChoice:
        """What asks for the text it was cut from."""
        if not self.is_track:
            return TranscriptChoice()
        return TranscriptChoice(kind=self.kind, language=self.language)

"""Who may correct, what they changed, and what is not settled yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from radio_archive.model.quotes import Excerpt
from radio_archive.model.transcripts import Segment, Transcript
from radio_archive.model.units import BroadcastId, Milliseconds, TranscriptId, require_aware

EditId = NewType("EditId", int)
"""Number of an edit in the catalogue."""

SentenceVersion = NewType("SentenceVersion", str)
"""Digest of a sentence's times and text: another one means that somebody changed it."""


class EditKind(StrEnum):
    """What somebody did to a transcript."""

    CORRECTED = "corrected"  #: a person wrote a sentence anew
    CHECKED = "checked"  #: a person listened, and the sentence is right as it stands
    RETIMED = "retimed"  #: only when a sentence begins or ends was put right
    SPLIT = "split"  #: one sentence was cut into several
    JOINED = "joined"  #: two sentences were made one
    AGREED = "agreed"  #: two persons gave the same answer, each without the other's
    UNDONE = "undone"  #: an earlier edit was taken back
    RESTORED = "restored"  #: an earlier version was brought back whole
    RENEWED = "renewed"  #: a machine wrote anew what no person had written
    #: somebody wanted it: whole; where people had written it, theirs stayed
    TRANSCRIBED_AGAIN = "transcribed_again"
    REWORDED = "reworded"  #: a name of the glossary was put right, or that was taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """A person who may correct."""

    name: str
    stamp: str  #: another one after each change of the password: sessions from before it end
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A segment of the current transcript as an editor sees it."""

    number: int  #: index in the transcript
    version: SentenceVersion
    segment: Segment
    draft: str | None = None  #: what the editor wrote and did not save


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEdit:
    """A change that is about to be stored."""

    kind: EditKind
    by: str  #: name of the editor; empty for a machine, and for listeners without an account
    start_ms: Milliseconds | None = None  #: of the sentence; None where the whole text changed
    end_ms: Milliseconds | None = None
    was_start_ms: Milliseconds | None = None  #: None where its times were not changed
    was_end_ms: Milliseconds | None = None
    before: str = ""  #: the sentence as it stood; one in each line where there were several
    after: str = ""
    undoes: EditId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(NewEdit):
    """A change that was made to a transcript."""

    id: EditId
    broadcast_id: BroadcastId
    transcript_id: TranscriptId  #: the version it made
    before_id: TranscriptId | None  #: the version it was made from
    at: datetime
    is_undone: bool = False
    is_withdrawn: bool = False  #: its sentence is hidden, and so are the words here

    def __post_init__(self) -> None:
        require_aware(self.at, "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an editor wrote and did not save."""

    version: SentenceVersion  #: of the sentence it was written over
    start_ms: Milliseconds
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants a sentence to be."""

    broadcast_id: str
    number: int  #: where they saw it
    version: str  #: which they saw
    text: str | None  #: None: it is right as it stands
    times: Excerpt | None = None  #: when it is said; None: as it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What came of saving."""

    sentence: Sentence  #: as it is now
    edit: EditId | None  #: None: nothing was changed
    is_searchable: bool = True  #: False: the next ``work`` puts it into the index


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """The current transcript of a broadcast, sentence by sentence, for an editor."""

    transcript: Transcript
    sentences: tuple[Sentence, ...]
    strays: tuple[Draft, ...]  #: drafts of sentences that were changed meanwhile

    @property
    def reviewed(self) -> int:
        """Sentences that people wrote or checked."""
        return sum(each.segment.review is not None for each in self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one person answered to a task."""

    person: str  #: a key, never shown
    origin: str  #: a digest of the address it came from
    name: str  #: of an editor; empty for anybody else
    text: str | None  #: None: passed over


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One sentence to be listened to."""

    broadcast_id: BroadcastId
    title: str
    sentence: Sentence
    language: str
    opinions: tuple[Opinion, ...] = ()  #: different answers, for an editor to decide between

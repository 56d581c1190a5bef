"""What the station's corrections taught: what the machine wrote, and what people write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from radio_archive.model.units import BroadcastId, LanguageTag, Milliseconds, require_aware

EntryId = NewType("EntryId", int)
"""Number of an entry of the glossary."""


class EntryState(StrEnum):
    """Whether an entry of the glossary is used."""

    PROPOSED = "proposed"  #: seen, and nobody has decided
    ACCEPTED = "accepted"  #: searched as well, given to the engine, offered for other broadcasts
    REFUSED = "refused"  #: kept, so that it is not proposed again


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One place where people wrote a name that the machine had not understood."""

    wrong: str  #: what the machine wrote
    right: str  #: what people write
    start_ms: Milliseconds  #: where it is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the glossary."""

    id: EntryId
    language: LanguageTag
    wrong: str  #: what the machine writes
    right: str  #: what people write
    state: EntryState
    is_decided: bool  #: by a person; evidence alone changes nothing any more
    times: int  #: places where people corrected it
    broadcasts: tuple[BroadcastId, ...]  #: in which they did
    first_seen: datetime
    last_seen: datetime

    def __post_init__(self) -> None:
        require_aware(self.first_seen, "first_seen")
        require_aware(self.last_seen, "last_seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A sentence of a machine's transcript in which the wrong form of an entry stands."""

    broadcast_id: BroadcastId
    title: str
    aired_at: datetime | None
    start_ms: Milliseconds  #: where the wrong form is said
    sentence: str  #: as it stands
    becomes: str  #: with the right form; nothing is changed before somebody applies it


@dataclass(frozen=True, slots=True, kw_only=True)
class Reworded:
    """What came of applying an entry to a broadcast, or of taking that back."""

    broadcast_id: BroadcastId
    title: str
    sentences: int  #: changed; when it was taken back, back as they were
    is_searchable: bool  #: False: the next ``work`` puts it into the index

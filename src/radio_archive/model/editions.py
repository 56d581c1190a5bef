"""Offline editions: what is wanted of one, and what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from radio_archive.model.broadcasts import Broadcast, Rendition
from radio_archive.model.transcripts import Transcript
from radio_archive.model.units import BroadcastId, LanguageTag


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionWish:
    """What an offline edition is to hold."""

    language: LanguageTag | None = None  #: only broadcasts in it; None for all
    month: str | None = None  #: ``2014-10``: only what was aired then; None for all
    sound: str | None = "low"  #: name of a rendition; None leaves the sound out
    interface: str = "fr"  #: language of the pages themselves
    max_bytes: int | None = None  #: no larger than this; the newest broadcasts are kept
    licence: str = ""  #: on what terms it may be used; empty: whoever wants to asks the station


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionItem:
    """One broadcast of an edition."""

    broadcast: Broadcast
    transcript: Transcript | None
    sound: Rendition | None  #: None where there is none, or none is wanted

    @property
    def id(self) -> BroadcastId:
        """Of the broadcast."""
        return self.broadcast.id


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPlan:
    """What an edition would hold."""

    items: tuple[EditionItem, ...]  #: newest first, without their texts
    size_bytes: int  #: about, and never too little
    left_out: int  #: broadcasts that would make it larger than it may be


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionFile:
    """One file of an edition, as its manifest names it."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionResult:
    """What became of an edition."""

    broadcasts: int
    size_bytes: int  #: of all files
    added: int  #: broadcasts that were not in it before, or are another text now
    removed: int  #: broadcasts that are not in it any more
    left_out: int  #: broadcasts that would have made it too large
    public_key: str  #: base64: whoever gets the edition compares it with what the station says


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionCheck:
    """What looking at an edition has found."""

    public_key: str  #: that it is signed with
    problems: tuple[str, ...]  #: a file or the signature, and what is wrong; empty: all is fine
    files: Mapping[str, EditionFile]

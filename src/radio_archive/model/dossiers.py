"""Dossiers: what editors gather on a theme, in an order, with a note beside each thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from radio_archive.model.broadcasts import Broadcast
from radio_archive.model.quotes import Quote, QuoteRequest, QuoteState
from radio_archive.model.units import BroadcastId, LanguageTag, Match

DossierId = NewType("DossierId", int)
"""Number of a dossier in the catalogue; addresses say its slug."""

EntryNumber = NewType("EntryNumber", int)
"""Number of an entry of a dossier, the same wherever it is moved."""

DocumentId = NewType("DocumentId", int)
"""Number of a document."""


class EntryKind(StrEnum):
    """What may stand in a dossier."""

    PASSAGE = "passage"
    BROADCAST = "broadcast"
    DOCUMENT = "document"


class DocumentState(StrEnum):
    """What became of a document's text."""

    LINK = "link"  #: only its address is kept, nothing is fetched
    READ = "read"  #: its text is searched
    PART_READ = "part_read"  #: it is longer than what is read: only its first pages are searched
    NO_TEXT = "no_text"  #: pages without letters, as a scanner makes them
    LOCKED = "locked"  #: a password is needed
    DAMAGED = "damaged"  #: no PDF, or none that can be read
    TOO_HEAVY = "too_heavy"  #: reading it takes more time or memory than it is given


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A collection on a theme."""

    id: DossierId
    slug: str  #: in its address: lower-case ASCII letters, digits and hyphens
    title: str
    summary: str
    is_public: bool  #: shown to everybody; else to editors only
    made_by: str  #: name of an editor
    made_at: datetime
    changed_by: str
    changed_at: datetime
    entries: int  #: how many it has


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A PDF that is kept, or a link."""

    id: DocumentId
    title: str
    language: LanguageTag  #: given by the editor
    url: str  #: where it comes from; of a link, what it leads to
    state: DocumentState
    original_id: DocumentId | None = None  #: the document it is a translation of
    pages: int = 0  #: that were read
    size_bytes: int = 0  #: of the PDF; 0 for a link

    @property
    def is_kept(self) -> bool:
        """Whether its bytes are in the catalogue."""
        return self.state is not DocumentState.LINK


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentText:
    """What was read out of a PDF."""

    state: DocumentState
    pages: tuple[str, ...] = ()  #: text of each page, from the first


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A document as an editor gives it."""

    title: str
    language: LanguageTag
    url: str = ""
    content: bytes = b""  #: of the PDF; empty for a link
    original_id: DocumentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """Something to be put at the end of a dossier."""

    kind: EntryKind
    note: str = ""
    broadcast_id: BroadcastId | None = None
    quoted: QuoteRequest | None = None  #: of a passage: which stretch of which version


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierEntry:
    """One thing in a dossier, as it is stored.

    A passage holds no words: it names a version of the transcript, which keeps them. So what is
    taken out of a transcript is gone from every dossier.
    """

    number: EntryNumber
    kind: EntryKind
    note: str
    added_by: str
    added_at: datetime
    broadcast_id: BroadcastId | None = None
    quoted: QuoteRequest | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierItem:
    """An entry with what it stands for now."""

    entry: DossierEntry
    broadcast: Broadcast | None = None  #: None for a document, and for what was withdrawn
    quote: Quote | None = None  #: of a passage

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back, or cannot be had any more: then nothing of it is shown."""
        if self.entry.kind is EntryKind.DOCUMENT:
            return False
        if self.entry.kind is EntryKind.PASSAGE:
            return self.quote is None or self.quote.state is QuoteState.WITHDRAWN
        return self.broadcast is None

    @property
    def note(self) -> str:
        """What readers may see of the note: nothing beside what was withdrawn, for it may quote."""
        return "" if self.is_withdrawn else self.entry.note


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPage:
    """A part of a dossier, or all of it."""

    dossier: Dossier
    groups: tuple[tuple[DossierItem, ...], ...]  #: see `group_entries`
    total: int  #: groups of the whole dossier

    @property
    def items(self) -> tuple[DossierItem, ...]:
        """All that is on it, in order."""
        return tuple(item for group in self.groups for item in group)


def group_entries(entries: Sequence[DossierEntry]) -> tuple[tuple[DossierEntry, ...], ...]:
    """What is shown side by side, in order: a document with its translations; all else alone."""
    kept = {entry.document.id for entry in entries if entry.document}
    groups: dict[tuple[bool, int], list[DossierEntry]] = {}
    for entry in entries:
        document = entry.document
        if document is None:
            groups[False, entry.number] = [entry]
            continue
        original = document.original_id if document.original_id in kept else None
        groups.setdefault((True, original or document.id), []).append(entry)
    return tuple(tuple(sorted(each, key=_is_translation)) for each in groups.values())


def _is_translation(entry: DossierEntry) -> bool:
    return entry.document is not None and entry.document.original_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHit:
    """A page of a document that answers a search."""

    page: int  #: from 1; 0 where the title answers
    text: str  #: as written
    highlights: tuple[tuple[int, int], ...]  #: character spans in ``text``
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHits:
    """A document of a public dossier that answers a search."""

    document: Document
    slug: str  #: of the dossier
    dossier_title: str
    hits: tuple[DocumentHit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Something that stands in a dossier beside a broadcast: another broadcast, or a document."""

    title: str
    language: LanguageTag
    broadcast_id: BroadcastId | None = None  #: None for a document
    document: Document | None = None  #: None for a broadcast


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierNear:
    """A public dossier that holds a broadcast, or a passage of it."""

    slug: str
    title: str
    neighbours: tuple[Neighbour, ...]  #: the first of the other things in it

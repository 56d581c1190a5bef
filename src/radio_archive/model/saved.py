"""Saved searches: what somebody searched, what it gave that day, and what it gives now."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from radio_archive.model.search import AirDate, Coverage, Expansion, Origin, Sort
from radio_archive.model.units import (
    BroadcastId,
    LanguageTag,
    Match,
    Milliseconds,
    TranscriptId,
    Trust,
)

SearchId = NewType("SearchId", str)
"""Names a saved search: 20 random letters and digits."""


_ADDED = re.compile(r"(?P<typed>.*?): (?P<added>.*) \((?P<origin>[a-z_]+)\)", re.DOTALL)
_DATE = re.compile(r"(?P<year>-|\d{1,4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search as somebody typed and chose it, without its page."""

    text: str = ""
    language: str = ""
    programme: str = ""
    aired_from: str = ""
    aired_to: str = ""
    sort: Sort = Sort.RELEVANCE
    is_exact_only: bool = False
    is_close: bool = False
    without: tuple[str, ...] = ()  #: ids of the expansions that are switched off
    names: tuple[str, ...] = ()  #: to be mentioned
    trust: str = ""  #: floor of trust


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedHit:
    """A passage as a search found it."""

    broadcast_id: BroadcastId
    title: str  #: of the broadcast
    aired_at: datetime | None
    language: LanguageTag
    start_ms: Milliseconds  #: where the first matched word begins
    end_ms: Milliseconds  #: where the passage ends
    transcript_id: TranscriptId  #: the version of the text it stood in
    trust: Trust
    match: Match
    text: str  #: as shown beside the hit; empty where it is withheld

    def is_same_place(self, other: SavedHit) -> bool:
        """Whether both are of one stretch of one broadcast, in the same language."""
        return (
            (self.broadcast_id, self.language) == (other.broadcast_id, other.language)
            and self.start_ms < other.end_ms
            and other.start_ms < self.end_ms
        )

    def says_the_same(self, other: SavedHit) -> bool:
        """Whether both are the same words at the same moment."""
        mine, theirs = (
            (each.broadcast_id, each.language, each.start_ms, each.text) for each in (self, other)
        )
        return mine == theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """What a search gave when somebody saved it: evidence, never changed afterwards."""

    id: SearchId
    asked: Asked
    added: tuple[str, ...]  #: what was searched beside the words, see `write_added`
    by: str  #: the editor
    made_at: datetime
    fingerprint: str  #: of the index that answered: engine, schema, analyzers
    coverage: tuple[Coverage, ...]  #: what could be found in each language
    total: int  #: passages found in all
    count: int  #: of them, passages kept
    digest: str  #: SHA-256 of the table of hits (`exports.hits`) as it was

    @property
    def is_whole(self) -> bool:
        """Whether every passage found was kept."""
        return self.count >= self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What became of the hits of a saved search."""

    now: tuple[SavedHit, ...]  #: what the same search finds today
    total: int  #: passages it finds today in all
    new: tuple[SavedHit, ...]
    gone: tuple[SavedHit, ...]
    changed: tuple[tuple[SavedHit, SavedHit], ...]  #: the same stretch in other words: then, now

    @property
    def is_unchanged(self) -> bool:
        """Whether the same search gives the same."""
        return not (self.new or self.gone or self.changed)


def compare_hits(then: Iterable[SavedHit], now: Iterable[SavedHit], total: int) -> Since:
    """Set what a search finds today beside what it found.

    Hits are the same where the words and the moment are, whichever version of the text they stand
    in: a sentence corrected elsewhere changes nothing here.
    """
    today = tuple(now)
    left: dict[tuple[str, str], list[SavedHit]] = {}
    for each in today:
        left.setdefault((each.broadcast_id, each.language), []).append(each)
    missing = []
    for hit in then:
        beside = left.get((hit.broadcast_id, hit.language), [])
        same = next((each for each in beside if each.says_the_same(hit)), None)
        if same is None:
            missing.append((hit, beside))
        else:
            beside.remove(same)
    gone, changed = [], []
    for hit, beside in missing:
        other = next((each for each in beside if each.is_same_place(hit)), None)
        if other is None:
            gone.append(hit)
        else:
            beside.remove(other)
            changed.append((hit, other))
    kept = {id(each) for beside in left.values() for each in beside}
    return Since(
        now=today,
        total=total,
        new=tuple(each for each in today if id(each) in kept),
        gone=tuple(gone),
        changed=tuple(changed),
    )


def write_added(expansion: Expansion) -> str:
    """What was searched beside the words typed, as it is kept: the same in every language.

    ``Mali: République du Mali (alias)``, ``16 octobre: --10-16 (aired)``.
    """
    added = ", ".join(expansion.added) or str(expansion.aired or "")
    return f"{expansion.typed}: {added} ({expansion.origin.value})"


def read_added(line: str) -> Expansion | None:
    """What `write_added` wrote, to be said in a reader's language; None for anything else."""
    parts = _ADDED.fullmatch(line)
    if parts is None or parts["origin"] not in set(Origin):
        return None
    origin = Origin(parts["origin"])
    aired = _read_date(parts["added"]) if origin is Origin.AIRED else None
    added = (parts["added"],) if parts["added"] and aired is None else ()
    return Expansion(typed=parts["typed"], added=added, origin=origin, id="", aired=aired)


def _read_date(text: str) -> AirDate | None:
    parts = _DATE.fullmatch(text)
    if parts is None:
        return None
    year, day = parts["year"], parts["day"]
    return AirDate(
        year=None if year == "-" else int(year),
        month=int(parts["month"]),
        day=None if day is None else int(day),
    )

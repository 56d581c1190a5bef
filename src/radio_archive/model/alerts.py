"""Alerts: who is told what is new in a saved search, how often, and what was found for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from radio_archive.model.broadcasts import Broadcast
from radio_archive.model.saved import SavedSearch, SearchId
from radio_archive.model.search import Hit
from radio_archive.model.units import BroadcastId, LanguageTag, Milliseconds

AlertId = NewType("AlertId", str)
"""Names an alert: 20 random letters and digits."""

#: the hour of daily letters, in UTC, which is Mali's own time: before the morning meeting
_MORNING = 6


class AlertKind(StrEnum):
    """How somebody is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class AlertState(StrEnum):
    """Where an alert is; one that was ended has no row any more."""

    ASKED = "asked"  #: its address has not said yes
    LIVE = "live"
    PARKED = "parked"  #: given up: the other side refuses


class Pace(StrEnum):
    """How often an alert tells, at most."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"

    def next_after(self, moment: datetime) -> datetime:
        """When what is found at a moment is told: then, at the next full hour, or next morning."""
        if self is Pace.AT_ONCE:
            return moment
        hour = moment.replace(minute=0, second=0, microsecond=0)
        if self is Pace.HOURLY:
            return hour + timedelta(hours=1)
        morning = hour.replace(hour=_MORNING)
        return morning if morning > moment else morning + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Somebody, or some machine, who wants to know what is new in a saved search."""

    id: AlertId
    search_id: SearchId
    kind: AlertKind
    address: str  #: of mail or of a webhook; shown to nobody but its owner
    pace: Pace
    locale: str  #: language of the letters: ``fr`` or ``en``
    key: str  #: whoever has it may confirm the alert, and end it
    state: AlertState
    made_at: datetime
    due_at: datetime | None = None  #: when something is to be sent; None: nothing is
    attempts: int = 0  #: failures in a row
    problem: str = ""  #: the last of them in a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Where a passage stands that answers a saved search, and was not there before."""

    broadcast_id: BroadcastId
    language: LanguageTag
    start_ms: Milliseconds  #: where the first matched word begins
    end_ms: Milliseconds  #: where the passage ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What one worker is to send for an alert; nobody else does meanwhile."""

    alert: Alert
    search: SavedSearch
    token: str  #: a write with another token is refused
    batch: str  #: names the letter; the same when it is tried again; empty: asks for a yes
    findings: tuple[Finding, ...]
    left: int  #: findings beyond these, for the next letter


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """A passage that is told of."""

    broadcast: Broadcast
    hit: Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What an alert tells; with no items, its address is asked whether it wants to be told."""

    alert: Alert
    search: SavedSearch
    batch: str
    items: tuple[NewsItem, ...]
    left: int = 0  #: more are told of in the next letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as somebody reads it."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedAlert:
    """An alert that was given up, and why."""

    id: AlertId
    kind: AlertKind
    attempts: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """How the alerts are, for ``status``; never an address."""

    states: Mapping[AlertState, int] = field(default_factory=dict)  #: how many in each
    waiting: int = 0  #: passages found and not told of yet
    parked: tuple[ParkedAlert, ...] = ()  #: the latest of those given up
    problem: str = ""  #: what keeps letters from being sent at the moment; empty: nothing known

"""How often something is said, month by month, beside how much is written down."""

from __future__ import annotations

from dataclasses import dataclass

from radio_archive.model.search import Query

THIN_HOURS = 1.0
"""Transcribed hours of a month below which its rate says little: one passage in it weighs more than
twenty in a month of twenty hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendMonth:
    """One month of a search."""

    month: str  #: ``2014-10``, in UTC
    passages: int  #: that answer; translations left out
    transcribed_hours: float  #: of the language and programme searched

    @property
    def per_hour(self) -> float | None:
        """Passages in a transcribed hour; None where nothing is transcribed."""
        return self.passages / self.transcribed_hours if self.transcribed_hours else None

    @property
    def is_thin(self) -> bool:
        """Whether too little is transcribed for the rate to be believed."""
        return self.transcribed_hours < THIN_HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A search over time."""

    query: Query
    months: tuple[TrendMonth, ...]  #: oldest first, without a break; empty when nothing is found
    has_earlier: bool = False  #: hits older than ``months`` are left out
    undated: int = 0  #: hits in broadcasts of which nobody knows the day

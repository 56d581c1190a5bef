"""A sound map as a page shows it: a strip of bars under the player, and a list of moments.

Kinds differ by height as well as by colour, so that the strip can be read without seeing colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from radio_archive.links import seconds_text
from radio_archive.model import (
    SPOKEN,
    Milliseconds,
    SoundKind,
    SoundMap,
    SoundStretch,
)

WIDTH = 1_000
"""Of the strip, in its own units; the page stretches it."""

HEIGHT = 20
"""Of the strip, likewise."""

HEIGHTS: Mapping[SoundKind, int] = {
    SoundKind.SPEECH: 20,
    SoundKind.TELEPHONE: 15,
    SoundKind.MUSIC: 10,
    SoundKind.NOISE: 5,
    SoundKind.SILENCE: 1,
}
"""Of each kind's bars."""

MOST_BARS = 160
"""Bars that a narrow screen can show; more only cost bytes."""

MOST_MOMENTS = 40
"""Moments in the list: as many as somebody reads."""

LEADING = SPOKEN | {SoundKind.MUSIC}
"""Kinds whose stretches somebody may want to hear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stretch as drawn."""

    stretch: SoundStretch
    left: int  #: of `WIDTH`
    width: int
    height: int  #: of `HEIGHT`, from the bottom
    seconds: str  #: its start as addresses write it; empty where nobody wants to go

    @property
    def top(self) -> int:
        """Distance from the top."""
        return HEIGHT - self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A whole map as drawn."""

    bars: tuple[Bar, ...]
    moments: tuple[Bar, ...]  #: the list of places to go to
    lengths: Mapping[SoundKind, Milliseconds]  #: how much of each kind, for the legend
    cursor: int | None  #: where the moment lies that the page opens at, of `WIDTH`
    width: int = WIDTH
    height: int = HEIGHT


def sound_strip(found: SoundMap | None, moment: Milliseconds | None) -> Strip | None:
    """Lay a map out; None where there is nothing to show.

    Args:
        found: the map; None while nobody has looked.
        moment: what the address asks for; None when it asks for nothing.
    """
    if found is None or not found.stretches:
        return None
    total = found.stretches[-1].end_ms
    listed = _bars(found.with_at_most(MOST_MOMENTS), total)
    return Strip(
        bars=_bars(found.with_at_most(MOST_BARS), total),
        moments=tuple(bar for bar in listed if bar.seconds),
        lengths=found.lengths,
        cursor=None if moment is None else min(WIDTH, moment * WIDTH // total),
    )


def _bars(found: SoundMap, total: int) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            stretch=each,
            left=(left := each.start_ms * WIDTH // total),
            width=max(1, each.end_ms * WIDTH // total - left),
            height=HEIGHTS[each.kind],
            seconds=seconds_text(each.start_ms) if each.kind in LEADING else "",
        )
        for each in found.stretches
    )

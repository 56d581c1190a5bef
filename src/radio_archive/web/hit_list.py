"""What a list of results needs to be listened to: how much sound a hit is, and where it lies."""

from __future__ import annotations

from dataclasses import dataclass

from radio_archive.archive import estimate_bytes
from radio_archive.model import BroadcastHits, Excerpt, Milliseconds

_FORMATS = ("webm-low", "webm", "mp3")

WIDTH = 1_000
"""Of the strip of a broadcast, in its own units; the page stretches it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitList:
    """How the sound of hits is offered on one page."""

    is_low: bool  #: the lightest sound, because the reader or the browser asks for it

    @property
    def sound(self) -> str:
        """Format of the clips, see `radio_archive.quoting.FORMATS`."""
        return "webm-low" if self.is_low else "webm"

    @property
    def rates(self) -> dict[str, float]:
        """Kilobytes that a second of each format is."""
        spans = [
            Excerpt(start_ms=Milliseconds(0), end_ms=Milliseconds(ms)) for ms in (1_000, 2_000)
        ]
        return {
            name: (estimate_bytes(spans[1], name) - estimate_bytes(spans[0], name)) / 1_000
            for name in _FORMATS
        }


def strip_of(group: BroadcastHits) -> str:
    """Where in a broadcast its hits lie: an SVG path of one stroke each; empty without a length."""
    recording = group.broadcast.recording
    if recording is None or not recording.duration_ms:
        return ""
    places = {min(WIDTH, hit.start_ms * WIDTH // recording.duration_ms) for hit in group.hits}
    return "".join(f"M{place} 0v9" for place in sorted(places))

"""While a store is away, one asks whether it is back and nobody else waits."""

from __future__ import annotations

import threading
import time

from radio_archive.errors import StoreAway
from radio_archive.media.places import ObjectPlace

PAUSE_S = 3.0
"""Seconds for which an outage is taken for granted. A listener waits in one of the server's few
threads: with all of them waiting for a store that says nothing, no page would be served either."""


class Outage:
    """What the last requests to a store have shown, shared by the threads of a process."""

    def __init__(self, place: ObjectPlace) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._is_away = False
        self._told_until = 0.0

    def require_turn(self, what: str) -> None:
        """Let a request pass; during an outage one now and then, to find out whether it is over.

        Raises:
            StoreAway: the store was away a moment ago.
        """
        with self._lock:
            if not self._is_away:
                return
            now = time.monotonic()
            if now >= self._told_until:
                self._told_until = now + PAUSE_S
                return
        raise StoreAway(
            f"{what} in {self._place}: the store does not answer (asked a moment ago).",
            hint=f"It may later. Look whether {self._place.endpoint or 'AWS'} can be reached.",
        )

    def note(self, *, is_away: bool) -> None:
        """A request got an answer, whatever it was, or got none."""
        with self._lock:
            self._is_away = is_away
            self._told_until = time.monotonic() + PAUSE_S

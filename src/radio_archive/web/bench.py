"""Where sound is made while a listener waits: a few at once, and whoever waits costs no thread.

Starlette answers every page from one pool of 40 threads. Clips that waited for their turn inside of
it took all of them: 45 of ten minutes held the home page up for a minute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

from radio_archive.web.errors import TooBusy

AT_ONCE = 2
"""Sounds of one kind made at the same time: each takes a core."""

MOST_WAITING = 20
"""Requests that wait for their turn, chosen: those for ordinary clips get it soon. Of clips of ten
minutes each takes seconds, and the last of twenty waits for more than a minute on two cores."""

_Made = TypeVar("_Made")


@dataclass(slots=True)
class _Places:
    """The places of one event loop: a limiter belongs to the loop that it was made in."""

    limiter: CapacityLimiter
    taken: int = 0  #: at work or waiting; counted here, for a limiter counts those a moment later


class Bench:
    """Makes one kind of sound, in threads of its own."""

    def __init__(self, what: str) -> None:
        """Make nothing yet.

        Args:
            what: is made here, for messages: ``clips``.
        """
        self._what = what
        self._places: RunVar[_Places] = RunVar(f"radio-archive-{what}")

    async def make(self, work: Callable[[], _Made]) -> _Made:
        """Do a piece of work in a thread, when it is its turn.

        Raises:
            TooBusy: ``MOST_WAITING`` wait already.
        """
        places = self._places.get(None)
        if places is None:
            places = _Places(CapacityLimiter(AT_ONCE))
            self._places.set(places)
        if places.taken >= AT_ONCE + MOST_WAITING:
            raise TooBusy(
                f"Too many {self._what} are being made at the moment.",
                hint="Try again in a moment.",
            )
        places.taken += 1
        try:
            return await to_thread.run_sync(work, limiter=places.limiter)
        finally:
            places.taken -= 1


CLIPS = Bench("clips")
"""Where stretches are cut."""

COPIES = Bench("copies for players")
"""Where whole broadcasts are put into the form that players read fastest."""

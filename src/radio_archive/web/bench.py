"""Where sound is made while a listener waits: a few at once, and whoever waits costs no thread.

Starlette answers every page from one pool of 40 threads. Clips that waited for their turn inside of
it took all of them: 45 of ten minutes held the home page up for a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

from anyio import CapacityLimiter, Event, to_thread
from anyio.lowlevel import RunVar

from radio_archive.web.errors import TooBusy

AT_ONCE = 2
"""Sounds of one kind made at the same time: each takes a core."""

MOST_WAITING = 20
"""Clips or copies that wait for their turn, chosen: ordinary clips get it soon. Of clips of ten
minutes each takes seconds, and the last of twenty waits for more than a minute on two cores."""

_Made = TypeVar("_Made")


@dataclass(slots=True)
class _Making:
    """One thing that is being made, or waits for its turn."""

    ended: Event = field(default_factory=Event)
    error: Exception | None = None  #: why it could not be made


@dataclass(slots=True)
class _Places:
    """The places of one event loop: a limiter belongs to the loop that it was made in."""

    limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))
    making: dict[Hashable, _Making] = field(default_factory=dict)


class Bench:
    """Makes one kind of sound, in threads of its own."""

    def __init__(self, kind: str) -> None:
        """Make nothing yet.

        Args:
            kind: what is made here, for messages: ``clips``.
        """
        self._kind = kind
        self._places: RunVar[_Places] = RunVar(f"radio-archive-{kind}")

    async def give(
        self, name: Hashable, find: Callable[[], _Made | None], make: Callable[[], _Made]
    ) -> _Made:
        """What was made before; else make it in a thread, when it is its turn.

        Whoever asks for what is being made waits for that, and takes no place: a stretch that a
        thousand people want is cut once.

        Args:
            name: of what is asked for, among its kind.
            find: gives it where it is there; quick.
            make: makes it; whatever it raises, all get who wait for it.

        Raises:
            TooBusy: ``MOST_WAITING`` others wait already.
        """
        places = self._here()
        while (found := await to_thread.run_sync(find)) is None:
            making = places.making.get(name)
            if making is None:
                return await self._make(places, name, make)
            await making.ended.wait()
            if making.error is not None:
                raise making.error
        return found

    async def _make(self, places: _Places, name: Hashable, make: Callable[[], _Made]) -> _Made:
        if len(places.making) >= AT_ONCE + MOST_WAITING:
            raise TooBusy(
                f"Too many {self._kind} are being made at the moment.",
                hint="Try again in a moment.",
            )
        making = places.making[name] = _Making()
        try:
            return await to_thread.run_sync(make, limiter=places.limiter)
        except Exception as error:
            making.error = error
            raise
        finally:
            del places.making[name]
            making.ended.set()

    def _here(self) -> _Places:
        """The places of this event loop."""
        places = self._places.get(None)
        if places is None:
            places = _Places()
            self._places.set(places)
        return places


CLIPS = Bench("clips")
"""Where stretches are cut."""

COPIES = Bench("copies for players")
"""Where whole broadcasts are put into the form that players read fastest."""

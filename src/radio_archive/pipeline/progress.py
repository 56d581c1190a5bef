"""How far a step is, told while it goes on: there it also learns that it is to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from radio_archive.model import Milliseconds, Progress

T = TypeVar("T")

Tell = Callable[[Progress | None], None]
"""Told how far a step is, None where it cannot say; what it raises ends the step."""

TELL_S = 0.5
"""Seconds between two numbers that are told: nobody reads more, and short steps tell none."""


def silent(_progress: Progress | None) -> None:
    """Who does not want to know, and stops nothing."""


def looking(items: Iterable[T], tell: Tell) -> Iterator[T]:
    """The same items; with each it is looked whether to stop."""
    for item in items:
        tell(None)
        yield item


class Reading:
    """A recording that a step reads, once or several times.

    Whether to stop is asked whenever it is called, which costs nothing.
    """

    def __init__(self, tell: Tell, total_ms: Milliseconds | None = None, times: int = 1) -> None:
        """Begin to read.

        Args:
            tell: told how far it is.
            total_ms: length of the recording; None while nobody knows it.
            times: how often it is read.
        """
        self._tell = tell
        self._total_ms = total_ms
        self._times = max(1, times)
        self._read = 0
        self._began = time.monotonic()
        self._due = self._began + TELL_S

    def __call__(self, done_ms: Milliseconds) -> None:
        """So much of it is read, this time."""
        now = time.monotonic()
        if self._total_ms is None or now < self._due:
            self._tell(None)
            return
        self._due = now + TELL_S
        done = self._read * self._total_ms + min(done_ms, self._total_ms)
        self._tell(
            Progress(
                done_ms=Milliseconds(done // self._times),
                total_ms=self._total_ms,
                elapsed_s=now - self._began,
            )
        )

    def again(self) -> None:
        """It is read from its beginning once more."""
        self._read += 1

"""Figures about the whole catalogue, counted once per change instead of once per page."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from radio_archive.db import Database
from radio_archive.errors import CatalogueError

log = logging.getLogger(__name__)

Found = TypeVar("Found")

#: seconds of this process, and seconds in all (a server may do the work), up to which whoever asks
#: waits for new figures; counting 85,000 broadcasts takes about half a second of a loaded core
QUICK_CPU_S, QUICK_S = 0.05, 0.5
#: while the catalogue goes on changing, counting pauses so many times as long as it took
PAUSE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer(Generic[Found]):
    found: Found
    change: int  #: the last one that is surely in it
    is_slow: bool
    next_s: float  #: monotonic moment from which it may be counted again


class Remembered(Generic[Found]):
    """The answer to one question about the catalogue, the same until the catalogue changes.

    A small archive's figures are always those of this moment. What takes long to count is counted
    anew beside the requests: until that is done, a second or so after the change, the figures
    before it are given. It makes no difference which process changed the catalogue.
    """

    def __init__(self, database: Database, find: Callable[[], Found]) -> None:
        """Ask nothing yet.

        Args:
            database: whose changes count.
            find: counts; from several threads, one at a time.
        """
        self._database = database
        self._find = find
        self._answer: _Answer[Found] | None = None
        self._guard = threading.Lock()

    def get(self) -> Found:
        """The answer; see above for how old it may be."""
        known = self._answer
        change = self._database.last_change()
        if known is not None and known.change == change:
            return known.found
        if known is None or not known.is_slow:
            with self._guard:
                return self._renew().found
        if time.monotonic() >= known.next_s and self._guard.acquire(blocking=False):
            threading.Thread(target=self._renew_beside, name="counting", daemon=True).start()
        return known.found

    def _renew(self) -> _Answer[Found]:
        """Count, unless somebody has since; the guard is held."""
        # told before counting: what changes meanwhile is counted again
        change, known = self._database.last_change(), self._answer
        if known is not None and known.change == change:
            return known
        started, worked = time.monotonic(), time.thread_time()
        found = self._find()
        took, work = time.monotonic() - started, time.thread_time() - worked
        self._answer = _Answer(
            found=found,
            change=change,
            is_slow=work > QUICK_CPU_S or took > QUICK_S,
            next_s=time.monotonic() + PAUSE * took,
        )
        return self._answer

    def _renew_beside(self) -> None:
        try:
            self._renew()
        except CatalogueError as error:
            log.warning("figures stay as they were: %s", error)
        finally:
            self._guard.release()

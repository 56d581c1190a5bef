"""What is asked for again and again is fetched once."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from radio_archive.errors import RadioArchiveError

OFTEN = 3
"""Requests after which a file is fetched: a player makes one or two to begin, then one for each
place the listener jumps to."""

REMEMBERED = 1000
"""Files whose requests are counted; the one asked for longest ago is forgotten."""

log = logging.getLogger(__name__)
Item = TypeVar("Item")


class OftenAsked(Generic[Item]):
    """Counts requests and has what is asked for often fetched, one at a time, beside them."""

    def __init__(self, fetch: Callable[[Item], None]) -> None:
        self._fetch = fetch
        self._counts: OrderedDict[Item, int] = OrderedDict()
        self._lock = threading.Lock()
        self._is_fetching = False

    def note(self, item: Item) -> None:
        """Somebody asked for this; never waits for anything."""
        with self._lock:
            count = self._counts.pop(item, 0) + 1
            self._counts[item] = count
            if len(self._counts) > REMEMBERED:
                self._counts.popitem(last=False)
            if count < OFTEN or self._is_fetching:
                return
            self._is_fetching = True
            del self._counts[item]
        threading.Thread(target=self._run, args=(item,), name="often-asked", daemon=True).start()

    def _run(self, item: Item) -> None:
        try:
            self._fetch(item)
        except RadioArchiveError as error:  # listeners are answered from where it lies
            log.warning("copy not fetched", extra={"code": error.code, "error": str(error)})
        finally:
            with self._lock:
                self._is_fetching = False

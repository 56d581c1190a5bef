"""What a process that answers reads before anybody asks."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from radio_archive.errors import RadioArchiveError

if TYPE_CHECKING:
    from radio_archive.archive import Archive

log = logging.getLogger(__name__)

#: how much is made before young, older and the oldest objects are looked at: the last takes half a
#: second where much is remembered, and what a request leaves behind is found among the young. The
#: older ones are looked at often, while they are few: 11 ms at most instead of 28, now and then
_COLLECTED = (10_000, 2, 5_000)
#: ordinary words and a date: names, news words and months are looked up, in every language
_ANY_SEARCH = "mali paix 1er mai"


@contextmanager
def warmed_up(archive: Archive) -> Iterator[None]:
    """Have the archive read what every search needs, beside whatever goes on inside.

    The tables of names, news words and months, the index, the words spelt alike: half a second, and
    longer with a large index, that the first to search would otherwise wait for. What was read
    lives as long as the process, so the garbage collector need not look at it again: some searches
    took twice as long for it.
    """
    from radio_archive.archive import SearchOptions

    def search_once() -> None:
        try:
            archive.search(_ANY_SEARCH, SearchOptions(is_close=True))
        except RadioArchiveError as error:
            log.warning("the first search will be slow: %s", error)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_COLLECTED)

    thread = threading.Thread(target=search_once, name="warm-up")
    thread.start()
    try:
        yield
    finally:
        thread.join()

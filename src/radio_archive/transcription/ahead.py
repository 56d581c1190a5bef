"""Work done ahead of whoever needs it, in a thread of its own.

While one batch is decoded, the next is read, searched for speech and heard: no core waits for
another's answer.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

TICK_S = 1.0
"""Seconds between two calls of ``while_waiting``: often enough to show that something goes on."""


@dataclass(frozen=True, slots=True)
class _End:
    """Nothing more comes: all is done, or this went wrong."""

    error: BaseException | None = None


class _Ahead(Generic[T]):
    """Items on their way from the thread that makes them."""

    def __init__(self, items: Generator[T, None, None], size: int) -> None:
        self._items = items
        self._ready: queue.Queue[T | _End] = queue.Queue(size)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._make, name="ahead", daemon=True)
        self._thread.start()

    def next(self, while_waiting: Callable[[], None]) -> T | _End:
        while True:
            try:
                return self._ready.get(timeout=TICK_S)
            except queue.Empty:
                while_waiting()

    def close(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _make(self) -> None:
        end = _End()
        try:
            for item in self._items:
                if not self._hand_over(item):
                    break
        except BaseException as error:  # noqa: BLE001 - raised again where the items are used
            end = _End(error)
        self._items.close()
        self._hand_over(end)

    def _hand_over(self, item: T | _End) -> bool:
        """Whether somebody still wants it."""
        while not self._is_over.is_set():
            try:
                self._ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False


def ahead(
    items: Generator[T, None, None], while_waiting: Callable[[], None], size: int = 1
) -> Generator[T, None, None]:
    """The same items, made in another thread before they are asked for.

    What goes wrong there is raised here. When this iterator is closed, the other thread has ended.

    Args:
        items: run in the other thread, from beginning to end.
        while_waiting: called here every second in which nothing comes; may raise.
        size: items that may lie ready, beside the one being made.
    """
    made = _Ahead(items, size)
    try:
        while not isinstance(item := made.next(while_waiting), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        made.close()

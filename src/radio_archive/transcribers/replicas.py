"""Several replicas of a model in one process, kept busy at the same time.

CTranslate2 computes outside Python's lock, and its replicas share their weights: two of them in one
process wrote 601 s of speech in 15.2 s on two cores where one with two threads took 21 s, and two
processes, each with weights of its own, 15.1 s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cached_property
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Replicas:
    """Hands tasks to so many replicas; may be used from several threads at once.

    Args:
        count: replicas; with one, everything is done in the thread that asks.
    """

    def __init__(self, count: int) -> None:
        self.count = max(1, count)

    def map(self, task: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """The task's answer for each item, in the order given.

        Where tasks fail, the first error is raised when all of them have ended: nothing goes on
        behind the caller's back.
        """
        if self.count == 1 or len(items) < 2:
            return [task(item) for item in items]
        answers = [self._threads.submit(task, item) for item in items]
        wait(answers)
        return [answer.result() for answer in answers]

    def share_out(self, items: Sequence[T], most: int) -> list[Sequence[T]]:
        """Shares of at most so many items: one per replica, or more where they would grow too big.

        Neighbours go to different shares, so that long and short ones mix; `gather` undoes it.
        """
        count = min(len(items), max(self.count, -(-len(items) // most)))
        return [items[start::count] for start in range(count)]

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        # one more than there are replicas: while it prepares, each of them has something to do
        return ThreadPoolExecutor(self.count + 1, thread_name_prefix="replica")


def gather(shares: Sequence[Sequence[T]]) -> list[T]:
    """The items of `Replicas.share_out` in their order again."""
    longest = max(map(len, shares), default=0)
    return [share[at] for at in range(longest) for share in shares if at < len(share)]

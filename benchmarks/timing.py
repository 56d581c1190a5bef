"""Times of many searches, and what is said of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Milliseconds that half, 95 % and 99 % of the searches stay under."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Times:
        """Of single measurements; there must be one."""
        ordered = sorted(milliseconds)

        def at(share: float) -> float:
            return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

        return cls(p50=statistics.median(ordered), p95=at(0.95), p99=at(0.99))

    @classmethod
    def median(cls, runs: Sequence[Times]) -> Times:
        """Each figure's median over several runs."""
        return cls(
            p50=statistics.median(run.p50 for run in runs),
            p95=statistics.median(run.p95 for run in runs),
            p99=statistics.median(run.p99 for run in runs),
        )

    def __str__(self) -> str:
        return "/".join(_shown(each) for each in (self.p50, self.p95, self.p99))


def _shown(milliseconds: float) -> str:
    return f"{milliseconds:.2f}" if milliseconds < 10 else f"{milliseconds:,.0f}"


def clock(action: Callable[..., object], *arguments: object) -> float:
    """Milliseconds an action takes."""
    started = time.perf_counter()
    action(*arguments)
    return (time.perf_counter() - started) * 1000

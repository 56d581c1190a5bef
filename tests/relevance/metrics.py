"""How good a ranking is: the four figures of the test set, for one run of judged queries."""

from __future__ import annotations

from collections.abc import Hashable, Sequence, Set
from dataclasses import dataclass

#: results looked at for recall
DEPTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One query's results against its judgements."""

    ranked: Sequence[Hashable]  #: what the first page shows, best first
    judged: Set[Hashable]  #: what answers the query; never empty
    false: int  #: how many of the results hold none of the words meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The four figures, each 0-1."""

    queries: int
    recall: float  #: share of queries with a judged passage among the first ten
    mrr: float  #: mean of 1 / rank of the first judged passage among the first ten, else 0
    zero_hits: float  #: share of queries that find nothing at all
    false_merges: float  #: share of the results shown that hold none of the words meant


def first_rank(outcome: Outcome) -> int | None:
    """Rank of the first judged result, from 1; None when it is not among the first ten."""
    for rank, key in enumerate(outcome.ranked[:DEPTH], 1):
        if key in outcome.judged:
            return rank
    return None


def measure(outcomes: Sequence[Outcome]) -> Figures:
    """Figures of a run.

    Raises:
        ValueError: there is no query, or one without a judged passage: nothing can be said then.
    """
    if not outcomes or not all(outcome.judged for outcome in outcomes):
        raise ValueError("every run needs queries, and every query a judged passage")
    ranks = [first_rank(outcome) for outcome in outcomes]
    shown = sum(len(outcome.ranked) for outcome in outcomes)
    false = sum(outcome.false for outcome in outcomes)
    count = len(outcomes)
    return Figures(
        queries=count,
        recall=sum(rank is not None for rank in ranks) / count,
        mrr=sum(1 / rank for rank in ranks if rank) / count,
        zero_hits=sum(not outcome.ranked for outcome in outcomes) / count,
        false_merges=false / shown if shown else 0.0,
    )

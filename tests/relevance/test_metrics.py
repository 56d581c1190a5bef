from __future__ import annotations

import pytest

from tests.relevance.metrics import Outcome, first_rank, measure


def test_the_rank_is_that_of_the_first_judged_result() -> None:
    assert first_rank(Outcome(ranked=["a", "b", "c"], judged={"b", "c"}, false=0)) == 2


def test_what_stands_eleventh_is_not_found() -> None:
    ranked = [str(place) for place in range(11)]
    assert first_rank(Outcome(ranked=ranked, judged={"10"}, false=0)) is None
    assert first_rank(Outcome(ranked=ranked, judged={"9"}, false=0)) == 10


def test_the_four_figures_are_those_of_a_run_reckoned_by_hand() -> None:
    figures = measure(
        [
            Outcome(ranked=["a", "b"], judged={"a"}, false=1),  # rank 1
            Outcome(ranked=["a", "b"], judged={"b"}, false=1),  # rank 2
            Outcome(ranked=["a", "b", "c", "d"], judged={"z"}, false=4),  # not found
            Outcome(ranked=[], judged={"a"}, false=0),  # nothing at all
        ]
    )
    assert figures.recall == 0.5
    assert figures.mrr == (1 + 0.5) / 4
    assert figures.zero_hits == 0.25
    assert figures.false_merges == 6 / 8


def test_queries_nobody_judged_are_refused() -> None:
    with pytest.raises(ValueError, match="judged"):
        measure([Outcome(ranked=["a"], judged=set(), false=0)])
    with pytest.raises(ValueError, match="queries"):
        measure([])

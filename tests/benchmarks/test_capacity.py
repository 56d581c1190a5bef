"""The capacity model, and the page that is computed from it."""

from __future__ import annotations

import pytest
from benchmarks.capacity import (
    PAGE,
    PLOT,
    PLOTTED,
    QUERY_TIMES,
    SHARD_PASSAGES,
    SIZES,
    needs,
    page,
    plot,
)


def test_the_page_and_its_plot_are_what_the_model_says_today() -> None:
    text = PAGE.read_text("utf-8")
    assert page(text) == text, "run python -m benchmarks.capacity"
    assert PLOT.read_text("utf-8") == plot(), "run python -m benchmarks.capacity"


@pytest.mark.parametrize("hours", SIZES)
def test_twice_the_hours_need_twice_the_room_and_work(hours: float) -> None:
    one, two = needs(hours), needs(2 * hours)
    assert two.recordings == 2 * one.recordings
    assert two.core_hours == pytest.approx(2 * one.core_hours)
    assert two.catalogue == 2 * one.catalogue


def test_no_machine_is_given_more_than_it_is_planned_for() -> None:
    for hours in SIZES:
        found = needs(hours)
        assert not found.shards or found.passages / found.shards <= SHARD_PASSAGES
    assert needs(SIZES[0]).shards == 0


def test_searches_grow_by_less_than_the_passages_do() -> None:
    for times in QUERY_TIMES.values():
        assert times[-1] / times[0] < PLOTTED[-1] / PLOTTED[0]

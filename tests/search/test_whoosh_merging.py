"""Which segments become one, told by their sizes alone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.search.whoosh_merging import (
    MERGE_FACTOR,
    MERGED_PASSAGES,
    MOST_SMALL,
    choose,
    is_scattered,
)


@dataclass(eq=False)
class Segment:
    left: int
    of: int

    def doc_count(self) -> int:
        return self.left

    def doc_count_all(self) -> int:
        return self.of


def full(*sizes: int) -> list[Segment]:
    return [Segment(size, size) for size in sizes]


def sizes(segments: list[Segment]) -> list[int]:
    return [segment.left for segment in segments]


@pytest.mark.parametrize(
    ("before", "merged"),
    [
        ([100] * (MERGE_FACTOR - 1), []),
        ([100] * MERGE_FACTOR, [100] * MERGE_FACTOR),
        ([960] * MERGE_FACTOR, [960] * 2),
        ([1_920] * 20, []),
        ([50_000, 50_000, *[10] * MERGE_FACTOR], [10] * MERGE_FACTOR),
    ],
)
def test_segments_of_one_size_become_one_of_the_next(before: list[int], merged: list[int]) -> None:
    assert sizes(choose(full(*before))) == merged


def test_a_segment_with_less_than_half_left_is_rewritten_where_that_is_quick() -> None:
    hollow, whole, large = Segment(40, 100), Segment(60, 100), Segment(20_000, 50_000)
    assert choose([large, hollow, whole]) == [hollow]


@given(st.lists(st.tuples(st.integers(1, 60_000), st.integers(1, 60_000)).map(sorted), max_size=60))
def test_no_save_rewrites_more_than_a_second_of_passages(found: list[list[int]]) -> None:
    chosen = choose([Segment(left, of) for left, of in found])
    assert sum(sizes(chosen)) <= MERGED_PASSAGES


def test_broadcasts_that_come_in_one_by_one_leave_few_segments() -> None:
    """A hundred thousand passages, 120 at a time, each merge done as it is chosen."""
    segments: list[Segment] = []
    for _ in range(833):
        chosen = choose(segments)
        rest = [segment for segment in segments if segment not in chosen]
        segments = [*rest, *full(120 + sum(sizes(chosen)))]
    assert sum(sizes(segments)) == 833 * 120
    assert len(segments) <= 100_000 // (MERGED_PASSAGES // 2) + 2 * MERGE_FACTOR


@pytest.mark.parametrize("one_by_one", [30, 120, 800])
def test_an_archive_built_anew_where_it_is_scattered_stays_quick_and_is_seldom_written(
    one_by_one: int,
) -> None:
    segments: list[Segment] = []
    written, most = 0, 0
    for _ in range(100_000 // one_by_one):
        chosen = choose(segments)
        rest = [segment for segment in segments if segment not in chosen]
        segments = [*rest, *full(one_by_one + sum(sizes(chosen)))]
        if is_scattered(sizes(segments)):
            written += sum(sizes(segments))
            segments = full(sum(sizes(segments)))
        most = max(most, len(segments))
    assert most <= 32
    assert written <= 5 * 100_000


def test_an_index_is_not_scattered_while_its_small_segments_are_few_or_hold_little() -> None:
    assert not is_scattered([])
    assert not is_scattered([120] * MOST_SMALL)
    assert is_scattered([120] * (MOST_SMALL + 1))
    assert not is_scattered([50_000, 50_000, *[120] * (MOST_SMALL + 1)])
    assert not is_scattered([50_000] * (MOST_SMALL + 1))

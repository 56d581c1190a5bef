"""Putting alike pieces together, against a plain way to do it and within its memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from radio_archive.voices.clustering import cluster
from radio_archive.voices.encoder import Embeddings
from tests.voices.making import make_heard

#: pieces of three hours of speech without a pause
THREE_HOURS = 3 * 3600 * 10 // 8


def plainly(embeddings: Embeddings, limit: float) -> list[set[int]]:
    """Average linkage as books describe it: every pair of pieces is looked at every time."""
    sets = [{number} for number in range(len(embeddings))]
    distances = 1 - embeddings.astype(np.float64) @ embeddings.T
    while len(sets) > 1:
        between = {
            (a, b): distances[np.ix_(sorted(sets[a]), sorted(sets[b]))].mean()
            for a in range(len(sets))
            for b in range(a)
        }
        (first, second), nearest = min(between.items(), key=lambda pair: pair[1])
        if nearest > limit:
            break
        sets[second] |= sets.pop(first)
    return sets


@pytest.mark.parametrize("limit", [0.1, 0.3, 0.5, 0.9])
def test_it_is_average_linkage(limit: float) -> None:
    heard = make_heard([0, 1, 2, 0, 3, 1] * 5, noise=0.05, likeness=0.6)
    labels = cluster(heard, limit)
    found = {frozenset(np.flatnonzero(labels == each).tolist()) for each in set(labels.tolist())}
    assert found == {frozenset(each) for each in plainly(heard, limit)}


def test_voices_are_numbered_as_they_appear() -> None:
    assert cluster(make_heard([2, 2, 0, 1, 0, 2]), 0.3).tolist() == [0, 0, 1, 2, 1, 0]


def test_nothing_and_one_piece_are_no_trouble() -> None:
    assert cluster(make_heard([]), 0.3).tolist() == []
    assert cluster(make_heard([0]), 0.3).tolist() == [0]


def test_three_hours_fit_into_little_memory_and_keep_their_voices() -> None:
    voices = np.random.default_rng(3).integers(0, 5, THREE_HOURS // 12 + 1).repeat(12)
    heard = make_heard(voices[:THREE_HOURS].tolist())
    tracemalloc.start()
    labels = cluster(heard, 0.3)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    pairs = set(zip(labels.tolist(), voices.tolist(), strict=False))
    assert len(pairs) == 5
    # the sums take 28 MB; a matrix of all pairs would take 1,458
    assert peak < 100_000_000


def test_three_hours_of_pieces_that_resemble_nothing_come_to_an_end() -> None:
    heard = make_heard([0] * THREE_HOURS, noise=5.0)
    assert len(set(cluster(heard, 0.3).tolist())) < 500

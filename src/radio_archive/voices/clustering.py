"""Which pieces of speech sound like one voice: average linkage, without a matrix of all pairs.

The mean of all cosines between two sets of vectors is the product of the sets' means. So a set is
kept as its sum and its size, and what was put together in one part of a recording is put together
with other parts exactly as if all had been compared with all, as far as the order allows.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from radio_archive.voices.encoder import Embeddings

Labels = NDArray[np.int64]
"""For each piece, the number of its set."""

_PART = 384
"""Sets compared with each other at once: five minutes of speech, a matrix of 1.2 MB."""

_FIRST_LIMIT = 0.2
"""Distance up to which sets are put together within a part: half of what is allowed in the end."""

_KEPT = _PART // 4
"""Sets that may be left of a part, however unlike, so that the next round has fewer parts."""


def cluster(embeddings: Embeddings, limit: float) -> Labels:
    """Put pieces together while the nearest two sets are near enough.

    Memory grows with the pieces, not with their pairs: three hours have some 13,500.

    Args:
        embeddings: one row of length 1 per piece, in order of time.
        limit: greatest mean cosine distance (1 - cosine) between two sets that are one voice.

    Returns:
        For each piece its set; sets are numbered from 0 in order of their first piece.
    """
    sums = embeddings.astype(np.float64)
    counts = np.ones(len(sums))
    labels: Labels = np.arange(len(sums))
    while len(sums) > _PART:
        step: Labels = np.zeros(len(sums), np.int64)
        found = 0
        for part in _parts(len(sums)):
            merged = _merge(sums[part], counts[part], min(limit, _FIRST_LIMIT), _KEPT)
            step[part] = merged + found
            found += int(merged.max()) + 1
        labels = step[labels]
        sums, counts = _joined(sums, step), _joined(counts, step)
    return _in_order(_merge(sums, counts, limit, 0)[labels])


def _parts(count: int) -> Iterator[slice]:
    for start in range(0, count, _PART):
        yield slice(start, start + _PART)


def _merge(
    sums: NDArray[np.float64], counts: NDArray[np.float64], limit: float, keep: int
) -> Labels:
    """Put the nearest two together until they are too far apart and at most ``keep`` are left.

    Args:
        sums: of the vectors of each set.
        counts: vectors in each set.
        limit: see `cluster`.
        keep: most sets that may be left; 0 for any number.
    """
    count = len(sums)
    sums, counts = sums.copy(), counts.copy()
    labels: Labels = np.arange(count)
    means = sums / counts[:, None]
    distances = 1 - means @ means.T
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argmin(axis=1) if count else labels
    smallest = distances.min(axis=1, initial=np.inf)
    left = count
    while left > 1:
        first = int(smallest.argmin())
        second = int(nearest[first])
        if smallest[first] > limit and not (keep and left > keep):
            break
        sums[first] += sums[second]
        counts[first] += counts[second]
        means[first] = sums[first] / counts[first]
        labels[labels == second] = first
        means[second] = 0
        distances[second, :] = distances[:, second] = np.inf
        row = 1 - means @ means[first]
        row[np.isinf(distances[first])] = np.inf
        row[first] = np.inf
        distances[first, :] = distances[:, first] = row
        lost = np.flatnonzero((nearest == first) | (nearest == second))
        lost = np.append(lost, [first, second])
        nearest[lost] = distances[lost].argmin(axis=1)
        smallest[lost] = distances[lost].min(axis=1)
        nearer = row < smallest
        nearest[nearer], smallest[nearer] = first, row[nearer]
        left -= 1
    return _in_order(labels)


def _joined(values: NDArray[np.float64], labels: Labels) -> NDArray[np.float64]:
    """The values of each set, added up."""
    total = np.zeros((int(labels.max()) + 1, *values.shape[1:]))
    np.add.at(total, labels, values)
    return total


def _in_order(labels: Labels) -> Labels:
    """The same sets, numbered from 0 in order of first appearance."""
    _, firsts, inverse = np.unique(labels, return_index=True, return_inverse=True)
    ranks = np.empty(len(firsts), np.int64)
    ranks[np.argsort(firsts)] = np.arange(len(firsts))
    ordered: Labels = ranks[inverse]
    return ordered

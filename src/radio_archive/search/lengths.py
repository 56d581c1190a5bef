"""How the length of a passage counts in BM25: the same for every engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from radio_archive.search.vocabulary import Numbers

Scores = NDArray[np.float64]

#: BM25 (Robertson and Zaragoza 2009): saturation as usual
K1 = 1.2
#: length counts three quarters, as usual, but every passage counts as so many words longer than it
#: is: with passages of 70 words, those of 35 s of speech, that is B = 0.3. Passages are cut to
#: nearly one length, and an engine whose B cannot be set can be given longer passages
B, LENGTHENED_BY = 0.75, 105
#: lengths are kept in a byte, as Lucene and Tantivy do: so many parts of a word
LENGTH_PARTS = 3


def length_factors(lengths: Numbers) -> Scores:
    """What BM25 adds to a count below the line, for passages of these lengths in words."""
    counted = LENGTH_PARTS * (lengths + LENGTHENED_BY)
    mean = float(counted.mean()) if len(counted) else 1.0
    relative: Scores = keep_length(counted).astype(np.float64) / mean
    return relative * (K1 * B) + K1 * (1 - B)


def keep_length(lengths: Numbers) -> Numbers:
    """The greatest length not above each of these that a byte can keep."""
    found: Numbers = _LENGTHS[np.searchsorted(_LENGTHS, lengths, side="right") - 1]
    return found


def _kept_lengths() -> Numbers:
    """The lengths a byte can keep: exact up to 39, then eight steps for each doubling.

    From Lucene's ``SmallFloat.byte4ToInt``, which Tantivy follows.
    """
    steps = [24 + ((number & 7 | 8) << (number >> 3) - 1) for number in range(8, 232)]
    return np.asarray([*range(32), *steps], np.int64)


_LENGTHS = _kept_lengths()

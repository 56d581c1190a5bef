"""How sure a machine was of what it wrote: from the probabilities of its words to a band.

The thresholds are those that ``python benchmarks/trust.py`` proposed on the half of the reference
recordings that it sets them on; what they are worth on the other half stands in
``docs/transcription.md``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from radio_archive.model.transcripts import Passage, Word, is_rough_translation
from radio_archive.model.units import Band, Trust

GOOD_FROM = 0.85
WEAK_FROM = 0.75
"""Scores (see `score_of`) from which a sentence is good, and weak; under both it is unsure."""

LEAST_GOOD = 0.2
"""Share of its speech in good sentences under which a transcript is weak."""

MEASURED_ENGINES = ("faster-whisper/", "openai-whisper/")
"""How the names of the engines begin whose probabilities mean what was measured, with the first of
them; the second finds them in the same weights by the same alignment. Others count in other units:
letters, or words of a language their Whisper was taught afterwards."""

FLOORS = (Band.GOOD, Band.WEAK)
"""The floors of trust that a search may ask for, the highest first."""

_GRADES = (Band.GOOD, Band.WEAK, Band.UNSURE)


def score_of(words: Sequence[Word]) -> float | None:
    """Mean probability of words, 0 to 1; None where the engine gives none.

    Of the figures that come with a decoded sentence none ranked sentences better by their errors,
    and this one is the simplest.
    """
    known = [word.probability for word in words if word.probability is not None]
    return sum(known) / len(known) if known else None


def band_of(words: Sequence[Word], engine: str) -> Band | None:
    """The band of a sentence.

    Args:
        words: its words.
        engine: what wrote it, as transcripts name it.

    Returns:
        None where the engine's probabilities were not measured, or it gives none.
    """
    score = score_of(words) if engine.startswith(MEASURED_ENGINES) else None
    if score is None:
        return None
    if score >= GOOD_FROM:
        return Band.GOOD
    return Band.WEAK if score >= WEAK_FROM else Band.UNSURE


def band_of_all(sentences: Iterable[tuple[Band | None, int]]) -> Band | None:
    """The band of sentences taken together: the mean of theirs, weighted by length.

    Half a passage good and half of it unsure is weak. Sentences without a band do not count.

    Args:
        sentences: band and length in milliseconds of each.
    """
    known = [(_GRADES.index(band), max(1, length)) for band, length in sentences if band]
    if not known:
        return None
    total = sum(length for _, length in known)
    return _GRADES[math.floor(sum(grade * length for grade, length in known) / total + 0.5)]


def is_mostly_doubtful(sentences: Iterable[tuple[Band | None, int]]) -> bool:
    """Whether a whole transcript is weak: too little of its speech is in good sentences.

    Args:
        sentences: band and length in milliseconds of each; those without a band do not count.
    """
    known = [(band, max(1, length)) for band, length in sentences if band]
    good = sum(length for band, length in known if band is Band.GOOD)
    return good < LEAST_GOOD * sum(length for _, length in known)


def floor_of(passage: Passage) -> Band | None:
    """The highest floor of trust that a passage reaches; None: it reaches none.

    Its band decides. Without a band, what people wrote reaches the highest floor; what an engine
    wrote that nobody measured reaches none, and a rough translation never does.
    """
    if is_rough_translation(passage.kind, passage.trust):
        return None
    if passage.band is None:
        is_by_people = passage.trust in (Trust.CHECKED, Trust.IMPORTED)
        return Band.GOOD if is_by_people else None
    return passage.band if passage.band in FLOORS else None


def floors_from(floor: Band) -> tuple[Band, ...]:
    """This floor and those above it: a passage passes that reaches one of them."""
    return FLOORS[: FLOORS.index(floor) + 1]

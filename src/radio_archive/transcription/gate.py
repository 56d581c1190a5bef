"""Whether a group is spoken in the broadcast's language.

Whisper turns a language it does not know into fluent nonsense, with good marks for itself. What
tells is its language identification. Over half a minute it is sure; over a few seconds it is not:
French from Benin got 0.03 to 0.43 in four of twenty-eight groups of 2-10 s heard alone, where
Maninka, Pular and Bambara get 0.00 to 0.24. Heard in the company of their neighbours three of the
four got 0.94 to 0.97, and foreign passages between French ones 0.01 to 0.73. So company decides
where it is sure. Where it is not, a group is heard alone, and for a short one its neighbours and
the catalogue's word count too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from radio_archive.model import LanguageTag, Word
from radio_archive.speech import SpeechGroup

_FULL_WEIGHT_MS = 8_000
"""From this length on a group's own probability counts in full."""

_CLEAR_MS = 4_000
"""A group of this length that reaches the threshold needs no neighbours."""

_SURE = 0.8
_SURE_IF_SHORT = 0.9
"""A group that reaches this in company is not heard alone; the higher one is for groups shorter
than ``_CLEAR_MS``: Bambara words between French sentences reached 0.72."""

_MAX_EVIDENCE = 5.0
"""Log-odds are cut here: identification is never surer than 0.993."""

_NEAR_MS = 15_000
"""Neighbours further away belong to another part of the broadcast."""

_NEIGHBOUR_WEIGHT = 0.6
_MAX_NEIGHBOUR = 2.0
"""A neighbour adds at most 1.2: two of them make up for 0.06, but not for 0.01."""

_CATALOGUE = 1.5
"""Log-odds for the language the catalogue states, counted the more the shorter the group is."""

_DOUBTFUL_LOGPROB = -0.7
"""Least mean log-probability of a doubtful group's text: real French of 2-10 s had -0.2 to -0.6,
nonsense over Maninka and Bambara -0.6 to -1.5."""

_DOUBTFUL_MS = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A group and how probable the broadcast's language is."""

    group: SpeechGroup
    probability: float  #: 0-1
    other: LanguageTag | None = None  #: the most probable of all other languages
    other_probability: float = 0.0  #: 0-1

    @property
    def length_ms(self) -> int:
        """Length of the group."""
        return self.group.end_ms - self.group.start_ms

    @property
    def weight(self) -> float:
        """How far its own probability counts, 0-1."""
        return min(1.0, self.length_ms / _FULL_WEIGHT_MS)

    @property
    def evidence(self) -> float:
        """Its own log-odds, weighted."""
        return self.weight * _log_odds(self.probability)


def is_sure(heard: Heard, threshold: float) -> bool:
    """Whether a group, heard in company, needs no second look."""
    enough = _SURE if heard.length_ms >= _CLEAR_MS else _SURE_IF_SHORT
    return heard.probability >= max(enough, threshold)


def is_in_language(heard: Heard, neighbours: Sequence[Heard], threshold: float) -> bool:
    """Whether to decode a group.

    Args:
        heard: the group.
        neighbours: the group before and the one after, where there are such.
        threshold: probability (0-1) that must be reached.
    """
    is_long = heard.length_ms >= _CLEAR_MS
    if is_sure(heard, threshold) or (is_long and heard.probability >= threshold):
        return True
    context = sum(
        max(-_MAX_NEIGHBOUR, min(_MAX_NEIGHBOUR, neighbour.evidence))
        for neighbour in neighbours
        if _distance_ms(heard.group, neighbour.group) <= _NEAR_MS
    )
    catalogue = _CATALOGUE * (1 - heard.weight)
    score = heard.evidence + _NEIGHBOUR_WEIGHT * context + catalogue
    return score >= _log_odds(threshold)


def is_surely_another(heard: Heard) -> bool:
    """Whether a group heard alone is in ``other`` and in nothing else.

    Of the shared recordings, groups of 4 s and more in English, Arabic and French got 0.76 to 1.00
    for their language; in Bambara, Maninka, Pular and Mboshi, which Whisper does not know, 0.58 at
    most for any. Shorter ones tell nothing: a Bambara word of one second got 0.96 for Korean.
    """
    return heard.length_ms >= _CLEAR_MS and heard.other_probability >= _SURE


def is_doubtful(heard: Heard, threshold: float) -> bool:
    """Whether a group that was let in might still be in another language."""
    if is_sure(heard, threshold):
        return False
    return heard.probability < threshold / 2 or is_short(heard)


def is_short(heard: Heard) -> bool:
    """Whether a group says too little to be understood without its neighbours."""
    return heard.length_ms < _DOUBTFUL_MS


def is_credible(logprob: float | None) -> bool:
    """Whether the text of a doubtful group may stand.

    Args:
        logprob: mean log-probability of its text; None: the engine does not say.
    """
    return logprob is None or logprob >= _DOUBTFUL_LOGPROB


def mean_logprob(words: Sequence[Word]) -> float | None:
    """Mean log-probability of words; None where the engine gives none."""
    known = [
        math.log(max(word.probability, 1e-6)) for word in words if word.probability is not None
    ]
    return sum(known) / len(known) if known else None


def _log_odds(probability: float) -> float:
    inside = min(max(probability, 1e-6), 1 - 1e-6)
    odds = math.log(inside / (1 - inside))
    return max(-_MAX_EVIDENCE, min(_MAX_EVIDENCE, odds))


def _distance_ms(one: SpeechGroup, other: SpeechGroup) -> int:
    return max(one.start_ms - other.end_ms, other.start_ms - one.end_ms)

"""Which groups are let in: the surer the longer, and never against their neighbours."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radio_archive.transcription.gate import (
    is_credible,
    is_doubtful,
    is_in_language,
    mean_logprob,
)
from tests.transcription.making import heard, word

THRESHOLD = 0.6


def test_a_long_group_answers_for_itself() -> None:
    foreign = [heard(0, 20_000, 0.01), heard(41_000, 20_000, 0.01)]
    assert is_in_language(heard(20_500, 20_000, 0.7), foreign, THRESHOLD)
    friends = [heard(0, 20_000, 0.99), heard(41_000, 20_000, 0.99)]
    assert not is_in_language(heard(20_500, 20_000, 0.02), friends, THRESHOLD)


def test_a_short_group_goes_with_its_neighbours() -> None:
    short = heard(20_500, 2_000, 0.2)
    french = [heard(0, 20_000, 0.98), heard(23_000, 20_000, 0.98)]
    maninka = [heard(0, 20_000, 0.01), heard(23_000, 20_000, 0.01)]
    assert is_in_language(short, french, THRESHOLD)
    assert not is_in_language(short, maninka, THRESHOLD)


def test_neighbours_far_away_have_no_say() -> None:
    short = heard(60_000, 2_000, 0.2)
    far = [heard(0, 20_000, 0.01), heard(90_000, 20_000, 0.01)]
    assert is_in_language(short, far, THRESHOLD) == is_in_language(short, [], THRESHOLD)


def test_a_short_foreign_word_heard_among_french_is_doubtful() -> None:
    assert is_doubtful(heard(0, 2_000, 0.72), THRESHOLD)
    assert not is_doubtful(heard(0, 2_000, 0.95), THRESHOLD)
    assert not is_doubtful(heard(0, 9_000, 0.7), THRESHOLD)


def test_doubtful_text_must_be_said_with_confidence() -> None:
    assert is_credible(-0.3)
    assert not is_credible(-1.05)
    assert is_credible(None)


def test_the_mean_is_over_words_that_have_a_probability() -> None:
    assert mean_logprob([]) is None
    assert mean_logprob([word("oui", 0, 100, 1.0)]) == 0
    assert (mean_logprob([word("non", 0, 100, 0.0)]) or 0) < -10


@given(
    length=st.integers(300, 28_000),
    low=st.floats(0, 1),
    more=st.floats(0, 1),
    neighbour=st.floats(0, 1),
)
def test_more_probable_is_never_worse(
    length: int, low: float, more: float, neighbour: float
) -> None:
    beside = [heard(length + 1_000, 10_000, neighbour)]
    less, greater = sorted((low, more))
    if is_in_language(heard(0, length, less), beside, THRESHOLD):
        assert is_in_language(heard(0, length, greater), beside, THRESHOLD)

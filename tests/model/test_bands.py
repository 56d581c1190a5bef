"""How sure a machine was: of a sentence, of sentences together, of a whole transcript."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.model import Band, Milliseconds, Word
from radio_archive.model.bands import (
    GOOD_FROM,
    LEAST_GOOD,
    WEAK_FROM,
    band_of,
    band_of_all,
    floors_from,
    is_mostly_doubtful,
    score_of,
)

ENGINE = "faster-whisper/base"
BANDS = st.sampled_from(Band)
SENTENCES = st.lists(st.tuples(BANDS, st.integers(0, 15_000)), min_size=1, max_size=9)


def words(*probabilities: float | None) -> tuple[Word, ...]:
    return tuple(
        Word(start_ms=Milliseconds(0), end_ms=Milliseconds(9), text="mot", probability=each)
        for each in probabilities
    )


@pytest.mark.parametrize(
    ("probability", "band"),
    [
        (1.0, Band.GOOD),
        (GOOD_FROM, Band.GOOD),
        (GOOD_FROM - 0.01, Band.WEAK),
        (WEAK_FROM, Band.WEAK),
        (WEAK_FROM - 0.01, Band.UNSURE),
        (0.0, Band.UNSURE),
    ],
)
def test_a_sentence_falls_into_the_band_of_its_mean(probability: float, band: Band) -> None:
    assert band_of(words(probability), ENGINE) is band


def test_words_without_a_probability_do_not_count() -> None:
    assert score_of(words(None, 0.5, None, 1.0)) == 0.75
    assert score_of(words(None)) is None
    assert band_of((), ENGINE) is None


@pytest.mark.parametrize("engine", ["omnilingual-ctc/300m-int8", "whisper-fine-tune/x", ""])
def test_an_engine_nobody_measured_gets_no_band(engine: str) -> None:
    assert band_of(words(0.99), engine) is None


def test_a_floor_lets_through_itself_and_what_is_above() -> None:
    assert floors_from(Band.GOOD) == (Band.GOOD,)
    assert floors_from(Band.WEAK) == (Band.GOOD, Band.WEAK)


def test_half_good_and_half_unsure_is_weak() -> None:
    assert band_of_all([(Band.GOOD, 9_000), (Band.UNSURE, 9_000)]) is Band.WEAK


def test_a_short_word_does_not_spoil_a_long_passage() -> None:
    assert band_of_all([(Band.GOOD, 30_000), (Band.UNSURE, 900)]) is Band.GOOD


def test_sentences_without_a_band_do_not_count() -> None:
    assert band_of_all([(None, 30_000), (Band.UNSURE, 900)]) is Band.UNSURE
    assert band_of_all([(None, 30_000)]) is None
    assert not is_mostly_doubtful([(None, 30_000)])


@given(SENTENCES)
def test_together_they_are_never_better_than_the_best_nor_worse_than_the_worst(
    sentences: list[tuple[Band, int]],
) -> None:
    order = list(Band)
    grades = [order.index(band) for band, _ in sentences]
    together = band_of_all(sentences)
    assert together is not None
    assert min(grades) <= order.index(together) <= max(grades)


@pytest.mark.parametrize(
    ("good", "is_weak"), [(LEAST_GOOD + 0.02, False), (LEAST_GOOD - 0.02, True)]
)
def test_a_transcript_with_little_good_speech_is_doubtful(good: float, is_weak: bool) -> None:
    length = round(good * 100_000)
    sentences = [(Band.GOOD, length), (Band.WEAK, 100_000 - length)]
    assert is_mostly_doubtful(sentences) is is_weak

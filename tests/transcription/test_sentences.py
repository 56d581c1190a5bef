"""Lines of text are cut where a speaker stops, and no word stands where nobody speaks."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from radio_archive.model import Milliseconds, Word
from radio_archive.transcription.sentences import (
    MAX_PAUSE_MS,
    MAX_SENTENCE_MS,
    cut_sentences,
    place,
    snap_to_speech,
)
from tests.transcription.making import word


def texts(words: list[Word]) -> list[str]:
    return [" ".join(word.text for word in sentence) for sentence in cut_sentences(words)]


def test_a_full_stop_ends_a_sentence() -> None:
    words = [word("Bonsoir.", 0, 400), word("Voici", 450, 700), word("Gao.", 710, 900)]
    assert texts(words) == ["Bonsoir.", "Voici Gao."]


def test_an_initial_or_a_number_does_not_end_a_sentence() -> None:
    words = [
        word("M.", 0, 100),
        word("Diarra,", 120, 400),
        word("3.", 420, 500),
        word("Oui.", 510, 600),
    ]
    assert texts(words) == ["M. Diarra, 3. Oui."]


def test_a_closing_quotation_mark_after_the_stop_belongs_to_the_sentence() -> None:
    words = [word("«Non.»", 0, 300), word("Puis", 350, 500)]
    assert texts(words) == ["«Non.»", "Puis"]


def test_a_long_pause_ends_a_sentence_and_a_short_one_does_not() -> None:
    short = [word("un", 0, 100), word("deux", 100 + MAX_PAUSE_MS - 1, 2_000)]
    long = [word("un", 0, 100), word("deux", 100 + MAX_PAUSE_MS, 2_000)]
    assert len(texts(short)) == 1
    assert len(texts(long)) == 2


def test_a_breathless_sentence_is_cut_after_a_comma() -> None:
    words = [word(f"mot{i}{',' if i == 20 else ''}", i * 500, i * 500 + 400) for i in range(40)]
    first, *_ = texts(words)
    assert first.endswith("mot20,")


def test_a_word_laid_over_a_pause_is_moved_to_where_it_is_said() -> None:
    stretches = [
        (Milliseconds(200), Milliseconds(1_000)),
        (Milliseconds(2_000), Milliseconds(3_000)),
    ]
    early, late = snap_to_speech([word("tôt", 700, 1_600), word("tard", 1_600, 2_500)], stretches)
    assert (early.start_ms, early.end_ms) == (700, 1_000)
    assert (late.start_ms, late.end_ms) == (2_000, 2_500)


spoken = st.lists(
    st.tuples(st.integers(0, 28_000), st.integers(0, 3_000), st.sampled_from(["a", "b.", "c,"])),
    max_size=60,
).map(lambda rows: [word(text, start, start + length) for start, length, text in sorted(rows)])


@given(words=spoken)
def test_cutting_loses_no_word_and_makes_none(words: list[Word]) -> None:
    assert [each for sentence in cut_sentences(words) for each in sentence] == words


@given(words=spoken)
def test_no_sentence_of_several_words_runs_on(words: list[Word]) -> None:
    for sentence in cut_sentences(words):
        assert len(sentence) == 1 or sentence[-1].end_ms - sentence[0].start_ms <= MAX_SENTENCE_MS


@given(words=spoken, start=st.integers(0, 10**8), length=st.integers(1, 28_000))
def test_placed_words_stay_in_order_inside_their_group(
    words: list[Word], start: int, length: int
) -> None:
    placed = place(words, start, start + length)
    assert all(start <= each.start_ms <= each.end_ms <= start + length for each in placed)
    assert all(a.start_ms <= b.start_ms for a, b in pairwise(placed))

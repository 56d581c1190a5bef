"""Word errors, times and coverage, on texts whose figures are known."""

from __future__ import annotations

import jiwer
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.evaluation import count_errors, evaluate
from radio_archive.languages.comparison import ComparisonRules
from radio_archive.model import (
    Evaluation,
    LanguageTag,
    Milliseconds,
    Segment,
    SpeechCoverage,
    TimedBy,
    TimingError,
    Transcript,
    Word,
)

FRENCH = LanguageTag("fr")
RULES = ComparisonRules(language=FRENCH)

words = st.lists(st.sampled_from(["le", "mali", "gao", "puits", "eau"]), max_size=12)
some_words = st.lists(st.sampled_from(["le", "mali", "gao", "puits"]), min_size=1, max_size=12)


def segment(start: int, end: int, text: str, *starts: int) -> Segment:
    """A segment; with starts, each of its words is 200 ms long."""
    timed = tuple(
        Word(start_ms=Milliseconds(at), end_ms=Milliseconds(at + 200), text=word)
        for at, word in zip(starts, text.split(), strict=bool(starts))
    )
    return Segment(start_ms=Milliseconds(start), end_ms=Milliseconds(end), text=text, words=timed)


def judged(heard: list[Segment], said: list[Segment]) -> Evaluation:
    return evaluate(Transcript(language=FRENCH, segments=tuple(heard)), said, RULES)


def timing(heard: list[Segment], said: list[Segment]) -> TimingError:
    found = judged(heard, said).timing
    assert found is not None
    return found


def coverage(heard: list[Segment], said: list[Segment]) -> SpeechCoverage:
    found = judged(heard, said).coverage
    assert found is not None
    return found


# errors


@given(words)
def test_a_text_has_no_error_beside_itself(text: list[str]) -> None:
    assert count_errors(text, text).rate == 0


@given(some_words, words)
def test_word_errors_are_those_that_jiwer_counts(said: list[str], heard: list[str]) -> None:
    ours = count_errors(said, heard)
    theirs = jiwer.process_words(" ".join(said), " ".join(heard))
    assert ours.total == theirs.substitutions + theirs.insertions + theirs.deletions
    assert ours.rate == theirs.wer


@given(words, words)
def test_what_one_has_too_much_the_other_lacks(one: list[str], other: list[str]) -> None:
    there, back = count_errors(one, other), count_errors(other, one)
    assert there.total == back.total
    assert there.insertions - there.deletions == len(other) - len(one)
    assert back.insertions - back.deletions == len(one) - len(other)


@given(words, words)
def test_errors_are_as_many_as_words_at_most(one: list[str], other: list[str]) -> None:
    counts = count_errors(one, other)
    assert abs(len(one) - len(other)) <= counts.total <= max(len(one), len(other))
    assert counts.substitutions + counts.deletions <= counts.reference == len(one)


@given(words, words, words)
def test_a_detour_is_never_shorter(one: list[str], between: list[str], other: list[str]) -> None:
    detour = count_errors(one, between).total + count_errors(between, other).total
    assert count_errors(one, other).total <= detour


def test_the_three_kinds_are_told_apart() -> None:
    counts = count_errors(
        ["le", "puits", "de", "gao", "est", "sec"],
        ["le", "puit", "de", "gao", "est", "très", "sec"],
    )
    assert (counts.substitutions, counts.insertions, counts.deletions) == (1, 1, 0)
    assert count_errors(["a", "b"], ["b"]).deletions == 1


def test_numbers_written_in_two_words_are_one_number() -> None:
    heard = [segment(0, 900, "22 000 sacs", 0, 200, 400)]
    assert judged(heard, [segment(0, 900, "vingt-deux mille sacs")]).words.total == 0


def test_errors_of_several_texts_are_taken_together() -> None:
    both = count_errors(["a"], ["b"]) + count_errors(["a", "b", "c"], ["a", "b", "c"])
    assert (both.rate, both.reference) == (0.25, 4)


# times


def test_word_times_are_compared_where_both_texts_have_them() -> None:
    said = [segment(0, 3000, "un puits à Gao", 0, 500, 1000, 1500)]
    heard = [segment(100, 3000, "un puit à Gao", 100, 600, 900, 1900)]
    found = timing(heard, said)
    assert found.timed_by is TimedBy.WORDS
    assert found.errors_ms == (100, -100, 400)  # the wrong word has no time to compare
    assert (found.median_ms, found.p95_ms, found.shift_ms) == (100, 400, 100)


def test_without_word_times_the_starts_of_segments_are_compared() -> None:
    said = [segment(1000, 3000, "un puits à Gao"), segment(5000, 6000, "il est sec")]
    heard = [segment(900, 6000, "un puits à Gao il est sec", *range(900, 4400, 500))]
    found = timing(heard, said)
    assert found.timed_by is TimedBy.SEGMENTS
    assert found.errors_ms == (-100, 2900 - 5000)


def test_of_a_text_without_word_times_only_the_starts_of_segments_are_known() -> None:
    said = [segment(1000, 3000, "un puits"), segment(5000, 6000, "il est sec")]
    heard = [segment(900, 6000, "un puits il est sec")]
    assert timing(heard, said).errors_ms == (-100,)


def test_where_no_word_is_right_there_is_no_time_to_compare() -> None:
    assert judged([segment(0, 9, "oui")], [segment(0, 9, "non")]).timing is None


@given(some_words, st.integers(0, 5000))
def test_a_text_moved_as_a_whole_is_shifted_by_just_that(text: list[str], shift: int) -> None:
    starts = [300 * number for number in range(len(text))]
    end = starts[-1] + 300
    said = [segment(0, end, " ".join(text), *starts)]
    heard = [segment(shift, end + shift, " ".join(text), *(start + shift for start in starts))]
    found = timing(heard, said)
    assert (found.shift_ms, found.p95_ms) == (shift, shift)
    assert len(found.errors_ms) == len(text)


# coverage


def test_speech_without_text_is_not_covered() -> None:
    said = [segment(0, 4000, "un deux"), segment(10_000, 16_000, "trois quatre")]
    found = coverage([segment(0, 4000, "un deux")], said)
    assert (found.speech_ms, found.covered_ms, found.share) == (10_000, 4_000, 0.4)


def test_a_breath_between_two_texts_is_covered_and_a_lost_sentence_is_not() -> None:
    said = [segment(0, 10_000, "un deux")]
    breath = [segment(0, 4000, "un"), segment(6000, 10_000, "deux")]
    lost = [segment(0, 4000, "un"), segment(6001, 10_000, "deux")]
    assert coverage(breath, said).share == 1
    assert coverage(lost, said).covered_ms == 7_999


def test_words_where_nobody_speaks_are_counted_half_a_second_from_speech() -> None:
    said = [segment(10_000, 12_000, "un deux")]
    heard = [
        segment(0, 1000, "sous-titres réalisés"),
        segment(9_600, 12_000, "un deux trois", 9_450, 11_000, 12_450),
    ]
    assert coverage(heard, said).outside_words == 4


def test_where_nobody_speaks_every_word_is_too_much() -> None:
    evaluation = judged([segment(0, 1000, "merci à tous")], [])
    assert evaluation.words.insertions == 3
    assert evaluation.coverage is not None
    assert (evaluation.coverage.outside_words, evaluation.coverage.share) == (3, 1.0)


def test_a_reference_without_times_tells_errors_alone() -> None:
    transcript = Transcript(language=FRENCH, segments=(segment(0, 1000, "un deux"),))
    evaluation = evaluate(transcript, [segment(0, 0, "un trois")], RULES, has_times=False)
    assert (evaluation.timing, evaluation.coverage) == (None, None)
    assert evaluation.words.rate == 0.5

"""Words of a rewritten sentence get the time of those they stand for."""

from __future__ import annotations

from dataclasses import replace

from tests.support.making import make_segment, ms

from radio_archive.corrections import retimed


def times(before: str, after: str) -> list[tuple[int, int, str]]:
    words = retimed(make_segment(before, 1_000), after)
    return [(word.start_ms, word.end_ms, word.text) for word in words]


def test_words_that_stay_keep_their_times_and_what_the_engine_said_of_them() -> None:
    segment = make_segment("la route de Nionau", 1_000)
    words = retimed(segment, "la route de Niono")
    assert words[:3] == segment.words[:3]
    assert (words[3].start_ms, words[3].end_ms, words[3].probability) == (2_200, 2_600, None)


def test_case_and_punctuation_change_no_time() -> None:
    assert times("bonsoir à tous", "Bonsoir, à tous !")[:3] == [
        (1_000, 1_400, "Bonsoir,"),
        (1_400, 1_800, "à"),
        (1_800, 2_200, "tous"),
    ]


def test_several_words_for_one_share_its_time_by_their_letters() -> None:
    assert times("à Tessalit demain", "à tes salés demain")[1:3] == [
        (1_400, 1_550, "tes"),
        (1_550, 1_800, "salés"),
    ]


def test_one_word_for_several_takes_all_their_time() -> None:
    assert times("vers tes salés demain", "vers Tessalit demain")[1] == (1_400, 2_200, "Tessalit")


def test_a_new_word_stands_in_the_pause_or_where_the_word_before_ends() -> None:
    assert times("à demain", "à bientôt demain")[1] == (1_400, 1_400, "bientôt")
    with_pause = make_segment("à demain", 1_000)
    late = replace(with_pause.words[1], start_ms=ms(2_000), end_ms=ms(2_400))
    paused = replace(with_pause, words=(with_pause.words[0], late), end_ms=ms(2_400))
    assert [word.start_ms for word in retimed(paused, "à bientôt demain")] == [1_000, 1_400, 2_000]


def test_a_text_without_word_times_stays_without() -> None:
    assert retimed(replace(make_segment("bonsoir"), words=()), "bonne nuit") == ()

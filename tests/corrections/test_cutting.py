"""Words keep what times they can when a sentence is moved, cut or joined."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.support.making import make_segment, ms

from radio_archive.corrections import joined, moved, split
from radio_archive.errors import BadSentence
from radio_archive.languages.tags import LanguageTag
from radio_archive.model import Excerpt, ReviewState, Segment

NOW = datetime(2026, 11, 26, 12, 0, 0, 7, tzinfo=UTC)


def at(segment: Segment, start: int, end: int) -> Segment:
    return moved(segment, Excerpt(start_ms=ms(start), end_ms=ms(end)), "Awa", NOW)


def times(segment: Segment) -> list[tuple[int, int, str]]:
    return [(word.start_ms, word.end_ms, word.text) for word in segment.words]


def test_a_sentence_that_is_moved_whole_takes_its_words_along() -> None:
    there = at(make_segment("la route de Niono", 1_000), 3_000, 4_600)
    assert times(there) == [
        (3_000, 3_400, "la"),
        (3_400, 3_800, "route"),
        (3_800, 4_200, "de"),
        (4_200, 4_600, "Niono"),
    ]
    assert there.review is not None
    assert (there.review.state, there.review.by) == (ReviewState.CORRECTED, "Awa")


def test_where_one_edge_was_wrong_the_other_words_keep_their_times() -> None:
    segment = make_segment("la route de Niono", 1_000)
    shorter = at(segment, 1_600, 2_600)
    assert times(shorter)[:2] == [(1_600, 1_600, "la"), (1_600, 1_800, "route")]
    assert shorter.words[2:] == segment.words[2:]
    assert at(segment, 500, 2_600).words == segment.words


def test_a_cut_sentence_ends_with_its_last_word_and_the_next_begins_with_its_first() -> None:
    segment = replace(make_segment("bonsoir à tous le riz", 1_000), voice="A")
    first, second = split(segment, ("Bonsoir à tous.", "Le riz."), "Awa", NOW)
    assert (first.start_ms, first.end_ms, first.text) == (1_000, 2_200, "Bonsoir à tous.")
    assert (second.start_ms, second.end_ms, second.text) == (2_200, 3_000, "Le riz.")
    assert [word.text for word in second.words] == ["Le", "riz."]
    assert {first.voice, second.voice} == {"A"}


def test_a_sentence_without_times_of_words_is_cut_by_letters() -> None:
    bare = replace(make_segment("aaaa bb", 1_000, 4_000), words=())
    first, second = split(bare, ("aaaa", "bb"), "Awa", NOW)
    assert (first.end_ms, second.start_ms, second.end_ms) == (3_000, 3_000, 4_000)
    assert first.words == second.words == ()


def test_one_line_is_no_cut() -> None:
    with pytest.raises(BadSentence, match="one line"):
        split(make_segment("bonsoir"), ("bonsoir",), "Awa", NOW)


def test_joined_sentences_have_all_their_words() -> None:
    one, other = make_segment("bonsoir à tous", 1_000), make_segment("le riz", 4_000)
    both = joined(one, other, "Awa", NOW)
    assert (both.start_ms, both.end_ms, both.text) == (1_000, 4_800, "bonsoir à tous le riz")
    assert both.words == (*one.words, *other.words)


def test_joined_sentences_name_who_speaks_only_where_both_do() -> None:
    one = replace(make_segment("bonsoir"), voice="A", speaker="Oumar")
    other = replace(make_segment("à tous", 2_000), voice="B", speaker="Oumar")
    both = joined(one, other, "Awa", NOW)
    assert (both.voice, both.speaker) == (None, "Oumar")


def test_words_of_two_who_speak_at_once_stay_in_order() -> None:
    both = joined(make_segment("bonsoir à tous", 1_000), make_segment("le riz", 1_500), "A", NOW)
    starts = [word.start_ms for word in both.words]
    assert starts == sorted(starts)
    assert both.end_ms == 2_300


def test_joined_words_without_times_share_their_sentence_s() -> None:
    bare = replace(make_segment("le riz", 4_000, 5_000), words=())
    both = joined(make_segment("bonsoir", 1_000), bare, "Awa", NOW)
    assert times(both)[1:] == [(4_000, 4_400, "le"), (4_400, 5_000, "riz")]
    assert joined(bare, bare, "Awa", NOW).words == ()


def test_two_languages_stay_two_sentences() -> None:
    other = replace(make_segment("i ni ce", 2_000), language=LanguageTag("bm"))
    with pytest.raises(BadSentence, match="two languages"):
        joined(make_segment("bonsoir"), other, "Awa", NOW)

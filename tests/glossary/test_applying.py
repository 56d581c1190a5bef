"""The right form in the place of the wrong one: text, words and times."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.glossary.making import make_entry
from tests.support.making import make_segment, make_transcript

from radio_archive.glossary.applying import apply_entry, find_places
from radio_archive.model import LanguageTag, Segment, Transcript


def becomes(sentence: str, wrong: str, right: str) -> list[str]:
    places = find_places(make_transcript(sentence), make_entry(wrong, right))
    return [place.becomes for place in places]


def applied(transcript: Transcript, wrong: str, right: str) -> Transcript:
    entry = make_entry(wrong, right)
    places = find_places(transcript, entry)
    return apply_entry(transcript, entry, {place.segment for place in places})


@pytest.mark.parametrize(
    ("sentence", "wrong", "right", "expected"),
    [
        ("On va à Seigneux, demain.", "seigneux", "Ségou", "On va à Ségou, demain."),
        ("Les axes de tes salés.", "tes salés", "Tessalit", "Les axes de Tessalit."),
        ("« C'est goût » dit-il.", "c'est goût", "Ségou", "« Ségou » dit-il."),
        ("Amopti, il pleut.", "amopti", "à Mopti", "À Mopti, il pleut."),
        ("La route d'Imazan.", "imazan", "Ménaka", "La route de Ménaka."),
        ("La route d'Imazan.", "imazan", "Ansongo", "La route d'Ansongo."),
        ("Parce qu'Imazan brûle.", "imazan", "Ménaka", "Parce que Ménaka brûle."),
        ("Seigneux et Seigneux.", "seigneux", "Ségou", "Ségou et Ségou."),
    ],
)
def test_a_sentence_shows_what_it_would_become(
    sentence: str, wrong: str, right: str, expected: str
) -> None:
    assert becomes(sentence, wrong, right) == [expected]


@pytest.mark.parametrize("sentence", ["Des seigneuxs.", "Tes sales", "tes, salés ou non : salés"])
def test_parts_of_words_and_other_words_are_left_alone(sentence: str) -> None:
    assert becomes(sentence, "seigneux", "Ségou") == []
    assert becomes(sentence.replace("salés ou", "sales ou"), "tes salés", "Tessalit") == []


def test_passages_in_another_language_are_left_alone() -> None:
    english = replace(make_segment("In Seigneux."), language=LanguageTag("en"))
    transcript = replace(make_transcript(), segments=(english,))
    assert find_places(transcript, make_entry("seigneux", "Ségou")) == ()


def test_a_place_is_the_moment_the_wrong_form_is_said() -> None:
    transcript = make_transcript("Bonsoir.", "On va à Seigneux.")
    (place,) = find_places(transcript, make_entry("seigneux", "Ségou"))
    assert place.start_ms == transcript.segments[1].words[3].start_ms
    assert place.segment == 1


def test_words_keep_their_times_and_new_ones_share_those_of_the_old() -> None:
    before = make_transcript("Selon ses coups d'hymité, tout va bien.")
    after = applied(before, "ses coups d'hymité", "Sékou Diamité").segments[0]
    old = before.segments[0].words
    assert after.text == "Selon Sékou Diamité, tout va bien."
    assert [word.text for word in after.words] == [
        "Selon",
        "Sékou",
        "Diamité,",
        "tout",
        "va",
        "bien.",
    ]
    assert (after.words[1].start_ms, after.words[2].end_ms) == (old[1].start_ms, old[3].end_ms)
    assert after.words[1].end_ms == after.words[2].start_ms
    assert [word.probability for word in after.words] == [0.9, None, None, 0.9, 0.9, 0.9]
    assert after.words[3:] == old[4:]


def test_only_the_segments_chosen_change() -> None:
    before = make_transcript("À Seigneux.", "De Seigneux.")
    after = apply_entry(before, make_entry("seigneux", "Ségou"), {1})
    assert after.text == "À Seigneux.\nDe Ségou."
    assert after.segments[0] is before.segments[0]


def test_a_segment_without_word_times_is_changed_as_well() -> None:
    segment = replace(make_segment("À Seigneux."), words=())
    after = applied(replace(make_transcript(), segments=(segment,)), "seigneux", "Ségou")
    assert after.text == "À Ségou."
    assert after.segments[0].words == ()


NAME = st.sampled_from(["Seigneux", "d'Seigneux,", "seigneux.", "«Seigneux»", "l'Seigneux"])
OTHER = st.sampled_from(["on", "va", "à", "Ségou,", "d'ici", "et", "10 000", "…"])


@given(st.lists(NAME | OTHER, min_size=1, max_size=12))
def test_nothing_wrong_is_left_and_the_words_still_tell_the_text(parts: list[str]) -> None:
    before = make_transcript(" ".join(parts))
    after = applied(before, "seigneux", "Ségou").segments[0]
    assert "seigneux" not in after.text.casefold()
    assert " ".join(word.text for word in after.words) == after.text
    check_times(before.segments[0], after)


def check_times(before: Segment, after: Segment) -> None:
    starts = [word.start_ms for word in after.words]
    assert starts == sorted(starts)
    assert all(word.start_ms <= word.end_ms for word in after.words)
    assert (after.start_ms, after.end_ms) == (before.start_ms, before.end_ms)
    assert after.words[0].start_ms == before.words[0].start_ms
    assert after.words[-1].end_ms == before.words[-1].end_ms

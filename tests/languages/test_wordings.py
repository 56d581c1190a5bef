from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.languages.tags import LanguageTag
from radio_archive.languages.wordings import find_words, key_of, without_little_words


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in find_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C'est coût d'y amitié.", ["C'", "est", "coût", "d'", "y", "amitié"]),
        ("qu’on parle de Saint-Louis", ["qu’", "on", "parle", "de", "Saint", "Louis"]),
        ("aujourd'hui", ["aujourd", "hui"]),
        ("kɔ̀rɔ, k'a", ["kɔ̀rɔ", "k'", "a"]),
    ],
)
def test_elided_words_stand_alone(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("other", ["TES SALÉS", "tes  salés,", "Tes-salés", "tes sale\u0301s"])
def test_case_spaces_punctuation_and_composition_make_no_difference(other: str) -> None:
    assert key_of(other) == key_of("tes salés")


def test_accents_do() -> None:
    assert key_of("tes sales") != key_of("tes salés")


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(text: str) -> None:
    assert key_of(key_of(text)) == key_of(text)


@pytest.mark.parametrize(
    ("wording", "name"),
    [("à Mopti", "Mopti"), ("et l'Azawad", "Azawad"), ("Ségou", "Ségou"), ("à la", "à la")],
)
def test_little_words_before_a_name_are_none_of_it(wording: str, name: str) -> None:
    assert without_little_words(wording, LanguageTag("fr")) == name

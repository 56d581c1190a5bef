"""Texts made alike before they are compared."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from radio_archive.languages.comparison import ComparisonRules, compared_words
from radio_archive.languages.french_numbers import LARGEST, spell_number

FRENCH = ComparisonRules(language="fr")


def french(text: str) -> str:
    return " ".join(compared_words(text, FRENCH))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zéro"),
        (17, "dix sept"),
        (21, "vingt et un"),
        (71, "soixante et onze"),
        (80, "quatre vingts"),
        (81, "quatre vingt un"),
        (99, "quatre vingt dix neuf"),
        (200, "deux cents"),
        (201, "deux cent un"),
        (1000, "mille"),
        (2014, "deux mille quatorze"),
        (80_000, "quatre vingt mille"),
        (200_000, "deux cent mille"),
        (1_000_000, "un million"),
        (3_400_080, "trois millions quatre cent mille quatre vingts"),
        (2_000_000_000, "deux milliards"),
    ],
)
def test_numbers_are_spelled_as_they_are_read_aloud(number: int, words: str) -> None:
    assert spell_number(number) == words


def test_no_two_numbers_are_spelled_alike() -> None:
    numbers = [*range(10_000), *range(79_990, 80_110), *range(999_900, 1_000_100), LARGEST]
    assert len({spell_number(number) for number in numbers}) == len(set(numbers))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("L’homme, AUJOURD'HUI !", "l'homme aujourd’hui"),
        ("Il y a 22 000 F", "il y a vingt-deux mille f"),
        ("22.000 et 22\u202f000", "vingt-deux mille et vingt-deux mille"),
        ("3,5 % en 2014", "trois virgule cinq pour cent en deux mille quatorze"),
        ("euh, je crois", "je crois"),
        ("e\u0301levage", "élevage"),
    ],
)
def test_what_sounds_alike_is_alike(one: str, other: str) -> None:
    assert french(one) == french(other)


def test_numbers_and_hesitations_may_stay() -> None:
    rules = ComparisonRules(language="fr", spells_numbers=False, drops_hesitations=False)
    assert compared_words("Euh, 22 000.", rules) == ["euh", "22", "000"]
    assert "numbers as written" in rules.description
    assert "hesitations counted" in rules.description


def test_french_rules_are_for_french_alone() -> None:
    rules = ComparisonRules(language="bm")
    assert compared_words("Euh, 22 kɛra", rules) == ["euh", "22", "kɛra"]
    assert compared_words("k\u03b5ra", rules) == ["kɛra"]  # a Greek letter in place of ɛ
    assert "hesitations" not in rules.description


@given(st.text())
@example("0_")
def test_what_was_made_alike_stays_as_it_is(text: str) -> None:
    once = compared_words(text, FRENCH)
    assert compared_words(" ".join(once), FRENCH) == once

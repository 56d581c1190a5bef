"""How alike wordings sound: pairs that Whisper base and the scripts of the samples really gave."""

from __future__ import annotations

import pytest

from radio_archive.languages.sounds import likeness, sound_of
from radio_archive.languages.tags import LanguageTag

FRENCH, BAMBARA = LanguageTag("fr"), LanguageTag("bm")


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("c'est goût", "Ségou"),
        ("Ses coups d'hymité", "Sékou Diamité"),
        ("tes salés", "Tessalit"),
        ("en son goût", "Ansongo"),
        ("Colicoro", "Koulikoro"),
        ("Amopti", "à Mopti"),
        ("acquidales", "à Kidal"),
        ("bohème", "Bourem"),
        ("hobin", "Robin"),
    ],
)
def test_what_was_written_for_a_name_sounds_like_it(heard: str, name: str) -> None:
    assert likeness(heard, name, FRENCH) > 0.6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("comme que mon", "bienfaiteur"),
        ("hôtes", "route"),
        ("mère", "main"),
        ("cas", "Ménaka"),
        ("16", "seize"),
        ("Imazan", "Ménaka"),
    ],
)
def test_what_stands_there_by_chance_does_not(one: str, other: str) -> None:
    assert likeness(one, other, FRENCH) < 0.6


def test_a_sound_is_like_itself_and_nothing_is_like_silence() -> None:
    assert likeness("Ségou", "segou", FRENCH) == 1
    assert likeness("Ségou", "…", FRENCH) == 0
    assert likeness("…", "", FRENCH) == 0


def test_likeness_knows_no_direction() -> None:
    assert likeness("bohème", "Bourem", FRENCH) == likeness("Bourem", "bohème", FRENCH)


def test_other_languages_are_read_by_their_own_spelling() -> None:
    assert sound_of("Kulikɔrɔ", BAMBARA) == sound_of("Koulikoro", BAMBARA)
    assert likeness("Segu", "Ségou", BAMBARA) == 1

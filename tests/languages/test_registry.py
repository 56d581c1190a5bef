from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.errors import UnknownLanguage
from radio_archive.languages import LANGUAGES, find_language, get_language, normalise_tag
from radio_archive.languages.analysis import ANALYZERS


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("fr", "fr"),
        ("fr-FR", "fr"),
        ("FR_fr", "fr"),
        ("fra", "fr"),
        ("bam", "bm"),
        ("bm-Nkoo", "bm"),
        ("ff", "ffm"),
        ("ful", "ffm"),
        ("son", "ses"),
        ("khq", "ses"),
        ("tmh", "taq"),
        ("Bambara", "bm"),
        ("Français", "fr"),
        ("peulh", "ffm"),
        ("sonrhai", "ses"),
        ("ff-Latn-ML", "ffm"),
        ("son_ML", "ses"),
        ("Koyraboro Senni", "ses"),
        ("Tamajeq", "taq"),
        ("bamana", "bm"),
        (" FULAH ", "ffm"),
        ("und", "und"),
    ],
)
def test_codes_and_names_find_their_language(typed: str, tag: str) -> None:
    assert normalise_tag(typed) == tag


@pytest.mark.parametrize(
    ("typed", "near"), [("bambra", "bm (bambara)"), ("fuc", "ffm (peulh)"), ("zz", "fr (français)")]
)
def test_an_unknown_language_names_those_that_are_known(typed: str, near: str) -> None:
    with pytest.raises(UnknownLanguage) as caught:
        normalise_tag(typed)
    assert near in caught.value.hint


@given(st.text(max_size=50))
def test_whatever_is_typed_is_a_language_of_the_registry_or_refused(text: str) -> None:
    try:
        tag = normalise_tag(text)
    except UnknownLanguage:
        return
    assert tag in LANGUAGES


def test_the_station_languages_are_there_and_every_row_is_whole() -> None:
    assert {"fr", "bm", "ffm", "taq", "ses", "snk", "dts", "mey", "ar", "en", "und"} == set(
        LANGUAGES
    )
    for tag, row in LANGUAGES.items():
        assert normalise_tag(tag) == row.tag
        assert row.analyzer in ANALYZERS
        assert row.name_fr
        assert row.name_en
        assert (row.direction == "rtl") == (row.script in {"Arab", "Nkoo", "Adlm", "Hebr"})
        assert len(set(row.keyboard)) == len(row.keyboard)
        assert set(row.keyboard) <= set(row.alphabet or row.keyboard)
        assert row.alphabet == row.alphabet.lower() or row.script != "Latn"
        assert not (row.engine and row.whisper_code)


def test_a_group_of_languages_is_searched_as_its_member() -> None:
    for row in LANGUAGES.values():
        if row.macro:
            assert normalise_tag(row.macro) == row.tag


def test_the_letters_offered_are_those_a_french_keyboard_lacks() -> None:
    for tag in ("bm", "ffm", "taq", "ses"):
        row = get_language(tag)
        assert row.keyboard
        assert not set(row.keyboard) & set("abcdefghijklmnopqrstuvwxyzéèàçù")


def test_whisper_knows_none_of_the_national_languages() -> None:
    assert {tag for tag, row in LANGUAGES.items() if row.whisper_code} == {"fr", "ar", "en"}


def test_a_row_is_found_by_its_tag_or_by_what_people_type() -> None:
    assert get_language("Hassaniya").direction == "rtl"
    assert find_language("bam") is None
    found = find_language("bm")
    assert found is not None
    assert found.name_native == "bamanankan"

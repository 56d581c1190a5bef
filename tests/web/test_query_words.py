"""The searched words are marked by the spelling rules of the transcript's language."""

from __future__ import annotations

import pytest

from radio_archive.archive import Archive
from radio_archive.model import LanguageTag


def marked_words(archive: Archive, query: str, text: str, language: str = "fr") -> list[str]:
    spans = archive.word_finder(query, LanguageTag(language))(text)
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("crime organise", "Le Crime organisé.", ["Crime", "organisé"]),
        ("état", "L'État et l'etat", ["État", "etat"]),
        ("prix du riz", "Le prix du riz et du mil.", ["prix", "riz"]),
        ('"prix du riz"', "Le prix du riz, le prix du mil.", ["prix", "du", "riz"]),
        ("vaccin*", "vacciner, vaccination, vacances", ["vacciner", "vaccination"]),
        ("riz -mil", "Le riz et le mil.", ["riz"]),
        ('riz -"mil blanc"', "Le riz et le mil blanc.", ["riz"]),
        ("riz OR mil", "Le riz et le mil.", ["riz", "mil"]),
        ("prix or", "Le prix de l'or.", ["prix", "or"]),
        ("programme:journal language:fr riz", "Le journal du riz.", ["riz"]),
        ("", "Le riz.", []),
        ("programme:journal", "Le journal.", []),
        ('"', "Le riz.", []),
    ],
)
def test_the_words_of_a_query_are_found(
    archive: Archive, query: str, text: str, expected: list[str]
) -> None:
    assert marked_words(archive, query, text) == expected


def test_bambara_is_found_without_its_letters_and_tones(archive: Archive) -> None:
    assert marked_words(archive, "sene", "sɛ̀nɛ kɛ yɔrɔ", "bm") == ["sɛ̀nɛ"]

"""What nobody said is thrown out, and what people say stays."""

from __future__ import annotations

import pytest

from radio_archive.model import LanguageTag
from radio_archive.transcribers import DecodedGroup
from radio_archive.transcription.guards import Objection, is_echo, is_phantom, objection_to
from tests.transcription.making import word


@pytest.mark.parametrize(
    "sentence",
    [
        "Sous-titres réalisés par la communauté d'Amara.org",
        "SOUS-TITRAGE ST' 501",
        "Merci d'avoir regardé cette vidéo !",
        "Thanks for watching!",
        "...",
        "♪ ♪",
        "",
    ],
)
def test_subtitle_credits_and_bare_signs_are_phantoms(sentence: str) -> None:
    assert is_phantom(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["Merci.", "Merci d'avoir écouté ce journal.", "Il a sous-titré le film.", "1960", "Oui"],
)
def test_what_a_presenter_says_is_none(sentence: str) -> None:
    assert not is_phantom(sentence)


def spoken(text: str, **figures: float) -> DecodedGroup:
    said = text.split()
    return DecodedGroup(
        words=tuple(word(each, 300 * at, 300 * at + 250) for at, each in enumerate(said)), **figures
    )


def objection(
    text: DecodedGroup, language: str = "fr", speech_ms: int = 20_000
) -> Objection | None:
    return objection_to(text, LanguageTag(language), speech_ms)


def test_text_that_loops_is_not_believed() -> None:
    assert objection(spoken("la", compression_ratio=2.5)) is Objection.LOOP
    assert objection(spoken("la", compression_ratio=2.3)) is None


@pytest.mark.parametrize("phrase", ["non", "tout à fait", "Merci, merci beaucoup à vous"])
def test_the_same_words_five_times_in_a_row_are_a_loop(phrase: str) -> None:
    assert objection(spoken(f"Bonsoir {' '.join([phrase] * 5)} voilà")) is Objection.LOOP
    assert objection(spoken(f"Bonsoir {' '.join([phrase] * 4)} voilà")) is None


def test_a_word_that_only_comes_often_is_no_loop() -> None:
    assert objection(spoken("oui mais oui et oui puis oui donc oui enfin oui")) is None


def test_silence_takes_two_witnesses() -> None:
    assert objection(spoken("oui", no_speech_prob=0.7, avg_logprob=-0.9)) is Objection.SILENCE
    assert objection(spoken("oui", no_speech_prob=0.7, avg_logprob=-0.3)) is None
    assert objection(spoken("oui", no_speech_prob=0.3, avg_logprob=-0.9)) is None


def test_what_the_engine_does_not_believe_nobody_else_needs_to() -> None:
    assert objection(spoken("oui", no_speech_prob=0.1, avg_logprob=-1.1)) is Objection.DOUBT


def test_nobody_says_a_sentence_in_half_a_second() -> None:
    sentence = spoken("les auditeurs de la radio sont tous là")
    assert objection(sentence, speech_ms=500) is Objection.HASTE
    assert objection(sentence, speech_ms=1_500) is None


def test_a_few_words_may_be_quick() -> None:
    assert objection(spoken("Et voilà, c'est tout."), speech_ms=300) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Спасибо за просмотр", "fr"),
        ("ご視聴ありがとうございました", "en"),
        ("Bonsoir à tous", "ar"),
    ],
)
def test_a_language_is_written_in_its_own_letters(text: str, language: str) -> None:
    assert objection(spoken(text), language) is Objection.SCRIPT


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le mot سلام veut dire paix, dit-elle.", "fr"),
        ("مرحبا بكم في إذاعة تمني", "ar"),
        ("1960, 22 %", "fr"),
        ("Спасибо", "ru"),
    ],
)
def test_a_name_in_its_own_letters_stands(text: str, language: str) -> None:
    assert objection(spoken(text), language) is None


def test_an_engine_that_says_nothing_of_itself_is_believed() -> None:
    assert objection(DecodedGroup(words=())) is None


def test_four_names_in_the_order_of_the_page_are_an_echo() -> None:
    prompt = "Fanta Sirébara, Ségou, Mopti, Gao, Kidal"

    def said(text: str) -> bool:
        return is_echo([word(each, 0, 1) for each in text.split()], prompt)

    assert said("Et voici : Fanta Sirebara, Ségou, Mopti, Gao")
    assert not said("Fanta Sirébara, Ségou, Mopti")
    assert not said("de Ségou à Mopti, de Gao à Kidal")
    assert not said("Kidal, Gao, Mopti, Ségou")
    assert not is_echo([word("Bonsoir", 0, 1)], "")

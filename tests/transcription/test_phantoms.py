"""What nobody said is thrown out, and what people say stays."""

from __future__ import annotations

import pytest

from radio_archive.transcribers import DecodedGroup
from radio_archive.transcription.phantoms import is_echo, is_phantom, is_unbelievable
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


def test_text_that_loops_is_not_believed() -> None:
    assert is_unbelievable(DecodedGroup(words=(), compression_ratio=2.5))
    assert not is_unbelievable(DecodedGroup(words=(), compression_ratio=2.3))


def test_silence_takes_two_witnesses() -> None:
    both = DecodedGroup(words=(), no_speech_prob=0.7, avg_logprob=-1.2)
    sure = DecodedGroup(words=(), no_speech_prob=0.7, avg_logprob=-0.3)
    assert is_unbelievable(both)
    assert not is_unbelievable(sure)


def test_an_engine_that_says_nothing_of_itself_is_believed() -> None:
    assert not is_unbelievable(DecodedGroup(words=()))


def test_four_names_in_the_order_of_the_page_are_an_echo() -> None:
    prompt = "Fanta Sirébara, Ségou, Mopti, Gao, Kidal"

    def said(text: str) -> bool:
        return is_echo([word(each, 0, 1) for each in text.split()], prompt)

    assert said("Et voici : Fanta Sirebara, Ségou, Mopti, Gao")
    assert not said("Fanta Sirébara, Ségou, Mopti")
    assert not said("de Ségou à Mopti, de Gao à Kidal")
    assert not said("Kidal, Gao, Mopti, Ségou")
    assert not is_echo([word("Bonsoir", 0, 1)], "")

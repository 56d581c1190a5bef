"""What is translated and when: on groups of known speech, with a scripted engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from radio_archive.errors import NoEngine
from radio_archive.model import (
    Gap,
    GapReason,
    Segment,
    Transcript,
    TranscriptId,
    TranscriptKind,
    Trust,
)
from radio_archive.speech import find_groups
from radio_archive.transcribers import DecodedGroup, Samples, Task
from radio_archive.transcription import (
    RecipeOptions,
    TranslationWish,
    is_wanted,
    transcribe,
    translate,
)
from tests.support.whisper import journal, silence
from tests.transcription.making import FRENCH, ScriptedEngine, word

OPTIONS = RecipeOptions(language=FRENCH, prompt="Ségou, Mopti")
LOOP = DecodedGroup(words=(word("the", 200, 900),) * 9, compression_ratio=5.0)
CREDIT = DecodedGroup(
    words=(word("Thanks", 200, 500), word("for", 500, 700), word("watching!", 700, 900))
)


@pytest.fixture(scope="module")
def sound() -> Samples:
    """Two passages, further apart than one window may bridge."""
    return np.concatenate([journal(2.8, 14.9), silence(12), journal(15.2, 25)])


@pytest.fixture(scope="module")
def said(sound: Samples) -> Transcript:
    return replace(transcribe([sound], ScriptedEngine(), OPTIONS), id=TranscriptId(7))


def times(transcript: Transcript) -> list[tuple[int, int]]:
    return [(segment.start_ms, segment.end_ms) for segment in transcript.segments]


def gap_of(segment: Segment) -> Gap:
    return Gap(start_ms=segment.start_ms, end_ms=segment.end_ms, reason=GapReason.OTHER_LANGUAGE)


def test_it_is_a_translation_into_english_by_a_machine_beside_one_transcript(
    sound: Samples, said: Transcript
) -> None:
    made = translate([sound], ScriptedEngine(parameters={"weights_sha256": "ab"}), OPTIONS, said)
    assert (made.kind, made.language) == (TranscriptKind.TRANSLATION, "en")
    assert made.trust is Trust.MACHINE_WEAK
    assert made.is_rough_translation
    assert (made.engine, made.made_from) == ("scripted/none", 7)
    assert made.parameters["task"] == "translate"
    assert made.parameters["weights_sha256"] == "ab"
    assert "task" not in said.parameters


def test_the_engine_is_asked_to_translate_without_french_words_to_expect(
    sound: Samples, said: Transcript
) -> None:
    engine = ScriptedEngine()
    translate([sound], engine, OPTIONS, said)
    assert {(each.task, each.language, each.prompt) for each in engine.asked} == {
        (Task.TRANSLATE, "fr", "")
    }


def test_the_same_groups_are_heard_in_the_same_windows(sound: Samples, said: Transcript) -> None:
    writing, translating = ScriptedEngine(), ScriptedEngine()
    transcribe([sound], writing, OPTIONS)
    translate([sound], translating, OPTIONS, said)
    assert translating.decoded_ms == writing.decoded_ms


def test_sentences_keep_their_times_and_words_have_none(sound: Samples, said: Transcript) -> None:
    made = translate([sound], ScriptedEngine(), OPTIONS, said)
    assert times(made) == times(said)
    assert all(segment.words for segment in said.segments)
    assert not any(segment.words for segment in made.segments)
    groups = list(find_groups([sound]))
    for segment in made.segments:
        assert any(g.start_ms <= segment.start_ms <= segment.end_ms <= g.end_ms for g in groups)


def test_what_comes_back_in_french_is_no_translation(sound: Samples, said: Transcript) -> None:
    first, second = said.segments
    phrase = "Le prix du riz recule à Bamako."
    beside = replace(said, segments=(replace(first, text=phrase), second))
    length = first.end_ms - first.start_ms + 400
    words = phrase.replace("recule", "recul").split()
    copied = tuple(word(each, 300 + place, 310 + place) for place, each in enumerate(words))
    engine = ScriptedEngine(answers={length: DecodedGroup(words=copied)})
    made = translate([sound], engine, OPTIONS, beside)
    assert "riz" not in made.text
    assert GapReason.NOT_TRANSLATED in {gap.reason for gap in made.gaps}


def test_what_the_transcript_left_out_is_not_translated(sound: Samples, said: Transcript) -> None:
    first, second = said.segments
    without = replace(said, segments=(second,), gaps=(gap_of(first),))
    made = translate([sound], ScriptedEngine(), OPTIONS, without)
    assert times(made) == times(without)
    assert made.gaps == without.gaps


def test_beside_a_transcript_by_people_the_gate_decides_alone(
    sound: Samples, said: Transcript
) -> None:
    by_people = replace(said, kind=TranscriptKind.CORRECTED)
    lengths = [len(group.samples) // 16 for group in find_groups([sound])]
    stranger = dict.fromkeys(set(range(30_000)) - {lengths[0]}, 0.02)
    engine = ScriptedEngine(probabilities=stranger)
    made = translate([sound], engine, OPTIONS, by_people)
    assert len(made.segments) == 1
    assert {gap.reason for gap in made.gaps} == {GapReason.OTHER_LANGUAGE}
    assert engine.decoded_ms == [lengths[0]]


@pytest.mark.parametrize("invented", [LOOP, CREDIT], ids=["loop", "credit"])
def test_loops_and_credits_are_not_taken_for_english(
    sound: Samples, said: Transcript, invented: DecodedGroup
) -> None:
    engine = ScriptedEngine(answers=dict.fromkeys(range(30_000), invented))
    assert translate([sound], engine, OPTIONS, said).segments == ()


def test_an_engine_that_cannot_translate_is_refused_before_any_work(said: Transcript) -> None:
    def sound() -> Iterator[Samples]:
        raise AssertionError("somebody listened")
        yield

    with pytest.raises(NoEngine, match="scripted/none cannot translate 'fr' into English"):
        translate(sound(), ScriptedEngine(can_translate=False), OPTIONS, said)


@pytest.mark.parametrize(
    ("model", "is_on"),
    [
        ("tiny", False),
        ("base", False),
        ("small", True),
        ("medium", True),
        ("large-v3", True),
        ("our-own", False),
    ],
)
def test_left_to_itself_it_begins_with_the_model_small(model: str, is_on: bool) -> None:
    engine = ScriptedEngine(name=f"faster-whisper/{model}")
    assert is_wanted(TranslationWish.AUTO, engine, FRENCH) is is_on
    assert is_wanted(TranslationWish.ALWAYS, engine, FRENCH)
    assert not is_wanted(TranslationWish.NEVER, engine, FRENCH)
    unable = replace(engine, can_translate=False)
    assert not any(is_wanted(wish, unable, FRENCH) for wish in TranslationWish)

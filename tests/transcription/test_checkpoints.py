"""A transcription that is broken off and started again: what is asked twice, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from radio_archive.model import LanguageTag, Transcript
from radio_archive.transcribers import DecodedGroup, DecodeOptions, Samples, Span
from radio_archive.transcription import (
    Checkpoints,
    RecipeOptions,
    RememberingTranscriber,
    transcribe,
)
from tests.support.whisper import journal, silence
from tests.transcription.making import FRENCH, ScriptedEngine, word

OPTIONS = RecipeOptions(language=FRENCH, batch_size=1)


class Killed(BaseException):
    """Stands for the end of the process: nothing in the archive may catch it."""


class MortalEngine(ScriptedEngine):
    """Dies when it is asked for the text of one group too many."""

    decodes_left: int = 1_000

    def decode(self, groups: Sequence[Samples], options: DecodeOptions) -> list[DecodedGroup]:
        self.decodes_left -= len(groups)
        if self.decodes_left < 0:
            raise Killed
        return super().decode(groups, options)

    def identify_parts(
        self, groups: Sequence[Samples], parts: Sequence[Sequence[Span]]
    ) -> list[list[Mapping[LanguageTag, float]]]:
        self.identified += sum(map(len, parts))
        return super().identify_parts(groups, parts)

    identified: int = 0


class Disk:
    """What outlives the process."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.writes = 0

    def checkpoints(self) -> Checkpoints:
        return Checkpoints(known=dict(self.answers), keep=self._keep)

    def _keep(self, new: Mapping[str, bytes]) -> None:
        self.writes += 1
        self.answers |= new


@pytest.fixture(scope="module")
def sound() -> Samples:
    """Ten passages, each in a window of its own."""
    pieces = [piece for at in range(10) for piece in (journal(3 + at, 9 + at), silence(9))]
    return np.concatenate(pieces)


def heard(sound: Samples, engine: ScriptedEngine, disk: Disk) -> Transcript:
    remembering = RememberingTranscriber(engine, disk.checkpoints())
    return transcribe([sound], remembering, OPTIONS)


def text_of(transcript: Transcript) -> object:
    return transcript.segments, transcript.gaps, dict(transcript.parameters), transcript.trust


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_killed_anywhere_it_asks_again_for_one_batch_and_writes_the_same(
    sound: Samples, share: float
) -> None:
    calm = MortalEngine()
    expected = heard(sound, calm, Disk())
    total = len(calm.decoded_ms)

    disk, victim = Disk(), MortalEngine()
    victim.decodes_left = round(total * share)
    with pytest.raises(Killed):
        heard(sound, victim, disk)
    heir = MortalEngine()
    assert text_of(heard(sound, heir, disk)) == text_of(expected)
    assert len(victim.decoded_ms) + len(heir.decoded_ms) == total
    assert heir.identified <= calm.identified - victim.identified + 2 * OPTIONS.batch_size


def test_a_finished_transcription_is_repeated_without_the_engine(sound: Samples) -> None:
    disk = Disk()
    expected = heard(sound, MortalEngine(), disk)
    silent = MortalEngine()
    silent.decodes_left = 0
    assert text_of(heard(sound, silent, disk)) == text_of(expected)
    assert not silent.identified


def test_the_answers_of_another_engine_are_not_believed(sound: Samples) -> None:
    disk = Disk()
    heard(sound, MortalEngine(), disk)
    other = MortalEngine(parameters={"weights_sha256": "another"})
    heard(sound, other, disk)
    assert other.decoded_ms


def test_a_question_in_other_words_is_another_question(sound: Samples) -> None:
    disk, engine = Disk(), ScriptedEngine()
    remembering = RememberingTranscriber(engine, disk.checkpoints())
    group = journal(3, 6)
    for prompt in ("", "Gao", "Gao"):
        remembering.decode([group], DecodeOptions(language=FRENCH, prompt=prompt))
    assert [each.prompt for each in engine.asked] == ["", "Gao"]


def test_an_answer_comes_back_bit_by_bit(sound: Samples) -> None:
    group = journal(3, 6)
    said = DecodedGroup(
        words=(word("Ségou", 100, 400, 0.123), word("ɲɛ", 400, 401, 1 / 3)),
        avg_logprob=-0.1234567890123,
        no_speech_prob=None,
        compression_ratio=1.0,
    )
    disk = Disk()
    engine = ScriptedEngine(answers={len(group) // 16: said})
    asked = DecodeOptions(language=FRENCH)
    first = RememberingTranscriber(engine, disk.checkpoints()).decode([group], asked)
    again = RememberingTranscriber(ScriptedEngine(), disk.checkpoints()).decode([group], asked)
    assert first == again == [said]


def test_what_was_asked_twice_in_one_batch_is_answered_twice(sound: Samples) -> None:
    engine = ScriptedEngine()
    remembering = RememberingTranscriber(engine, Disk().checkpoints())
    group = journal(3, 6)
    both = remembering.decode([group, group.copy()], DecodeOptions(language=FRENCH))
    assert both[0] == both[1]
    assert len(engine.decoded_ms) == 1

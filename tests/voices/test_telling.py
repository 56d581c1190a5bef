"""What is told of voices, and when nothing is: with made numbers, then with real sound."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from radio_archive.model import VoiceFinding
from radio_archive.voices import Told, Turn, VoiceEncoder, tell_voices
from radio_archive.voices.telling import tell
from tests.support.archives import SAMPLES
from tests.support.making import ms
from tests.support.whisper import sound_of
from tests.voices.making import make_heard, make_pieces, stretches_of

DEBATE = SAMPLES / "2014-10-16-grand-dialogue.mp3"


def told(
    voices: Sequence[int],
    *,
    telephone: Sequence[int] = (),
    likeness: float = 0.5,
    noise: float = 0.03,
) -> Told:
    pieces = make_pieces(len(voices), telephone=telephone)
    heard = make_heard(voices, likeness=likeness, noise=noise)
    return tell(pieces, heard, stretches_of(pieces))


def spoken(found: Told) -> str:
    """A letter per turn; a question mark where it is unsure."""
    return "".join(turn.voice if turn.is_sure else "?" for turn in found.turns)


def test_voices_are_lettered_in_the_order_they_first_speak() -> None:
    found = told([2] * 12 + [0] * 12 + [2] * 4 + [1] * 12)
    assert found.finding is VoiceFinding.TOLD_APART
    assert spoken(found) == "A" * 12 + "B" * 12 + "A" * 4 + "C" * 12


def test_one_voice_is_not_marked() -> None:
    assert told([0] * 30) == Told(finding=VoiceFinding.ONE_VOICE)


def test_a_few_odd_pieces_are_no_second_voice() -> None:
    assert told([0] * 80 + [1] * 9 + [2] * 3).finding is VoiceFinding.ONE_VOICE


def test_voices_that_are_much_alike_are_one() -> None:
    assert told([0, 0, 1, 1] * 8, likeness=0.85).finding is VoiceFinding.ONE_VOICE


def test_voices_that_run_into_each_other_are_not_marked() -> None:
    assert told([0, 0, 0, 1, 1, 1] * 10, likeness=0.75, noise=0.04) == Told(
        finding=VoiceFinding.ALIKE
    )


def test_telephone_sound_is_not_marked() -> None:
    half = range(0, 32, 2)
    assert told([0, 1] * 16, telephone=[*half, 1]) == Told(finding=VoiceFinding.TELEPHONE)


def test_a_guest_on_the_telephone_is_unsure_between_voices_that_are_sure() -> None:
    found = told([0] * 12 + [2] * 5 + [1] * 12, telephone=range(12, 17))
    assert spoken(found) == "A" * 12 + "?" * 5 + "B" * 12


def test_a_few_words_are_too_few() -> None:
    assert told([0] * 5 + [1] * 5) == Told(finding=VoiceFinding.TOO_SHORT)
    assert tell([], make_heard([]), []) == Told(finding=VoiceFinding.TOO_SHORT)


def test_a_piece_between_two_voices_is_unsure() -> None:
    voices = [0] * 12 + [1] * 12
    heard = make_heard(voices)
    heard[5] = (heard[5] + heard[20]) / np.linalg.norm(heard[5] + heard[20])
    pieces = make_pieces(len(voices))
    assert spoken(tell(pieces, heard, stretches_of(pieces))) == "A" * 5 + "?" + "A" * 6 + "B" * 12


def test_the_voice_changes_halfway_between_two_pieces_of_a_stretch() -> None:
    voices = [0] * 10 + [1] * 10
    pieces = [
        replace(piece, stretch=0, start_ms=ms(number * 800), end_ms=ms(number * 800 + 1_600))
        for number, piece in enumerate(make_pieces(len(voices)))
    ]
    found = tell(pieces, make_heard(voices), [(0, 16_800), (20_000, 40_000)])
    assert found.turns == (
        Turn(start_ms=ms(0), end_ms=ms(8_400), voice="A", is_sure=True),
        Turn(start_ms=ms(8_400), end_ms=ms(16_800), voice="B", is_sure=True),
    )


def test_the_three_voices_of_the_sample_debate_are_told_apart(voice_encoder: VoiceEncoder) -> None:
    found = tell_voices([sound_of(DEBATE)], voice_encoder)
    assert found.finding is VoiceFinding.TOLD_APART
    shared = Counter[tuple[str, str]]()
    for said in json.loads(DEBATE.with_suffix(".script.json").read_text("utf-8"))["turns"]:
        for turn in found.turns:
            if turn.is_sure:
                start = max(turn.start_ms, said["start_ms"])
                end = min(turn.end_ms, said["end_ms"])
                shared[turn.voice, said["speaker"]] += max(0, end - start)
    speaks = [max(time for (each, _), time in shared.items() if each == voice) for voice in "ABC"]
    assert {voice for voice, _ in shared} == {"A", "B", "C"}
    assert sum(speaks) > 0.98 * shared.total()


def test_a_real_telephone_talk_of_two_is_left_alone(
    voice_encoder: VoiceEncoder, shared_data: Path
) -> None:
    talk = sound_of(shared_data / "audio" / "overlap" / "pyannote_sample.wav")
    assert tell_voices([talk], voice_encoder) == Told(finding=VoiceFinding.TELEPHONE)


def test_silence_holds_no_voice(voice_encoder: VoiceEncoder) -> None:
    nothing = np.zeros(16_000 * 40, np.float32)
    assert tell_voices([nothing], voice_encoder) == Told(finding=VoiceFinding.TOO_SHORT)

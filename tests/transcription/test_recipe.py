"""What is written, what is left out, and why: on groups of known speech, with a scripted engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from radio_archive.errors import NoEngine
from radio_archive.model import Band, GapReason, LanguageTag, Progress, Transcript, Trust
from radio_archive.speech import find_groups
from radio_archive.transcribers import DecodedGroup, Samples
from radio_archive.transcription import RecipeOptions, transcribe
from tests.support.whisper import journal, silence
from tests.transcription.making import FRENCH, ScriptedEngine, word

#: an engine whose probabilities mean something
MEASURED = "faster-whisper/base"
OPTIONS = RecipeOptions(language=FRENCH)


@pytest.fixture(scope="module")
def sound() -> Samples:
    """Two passages, further apart than one window may bridge."""
    return np.concatenate([journal(2.8, 14.9), silence(12), journal(15.2, 25)])


@pytest.fixture(scope="module")
def lengths(sound: Samples) -> list[int]:
    return [len(group.samples) // 16 for group in find_groups([sound])]


def written(sound: Samples, engine: ScriptedEngine) -> Transcript:
    return transcribe([sound], engine, OPTIONS)


def test_every_passage_is_written_where_it_is_said(sound: Samples, lengths: list[int]) -> None:
    transcript = written(sound, ScriptedEngine())
    spoken = [group.start_ms + group.stretches[0][0] for group in find_groups([sound])]
    begun = [segment.start_ms for segment in transcript.segments]
    assert all(abs(said - start) < 210 for start, said in zip(begun, spoken, strict=True))
    assert not transcript.gaps
    assert len(lengths) == 2


def test_a_passage_in_another_language_is_a_gap_and_never_decoded(
    sound: Samples, lengths: list[int]
) -> None:
    stranger = dict.fromkeys(set(range(30_000)) - {lengths[0]}, 0.02)
    engine = ScriptedEngine(probabilities=stranger)
    transcript = written(sound, engine)
    assert {gap.reason for gap in transcript.gaps} == {GapReason.OTHER_LANGUAGE}
    assert engine.decoded_ms == [lengths[0]]


def test_a_loop_is_left_out(sound: Samples, lengths: list[int]) -> None:
    loop = DecodedGroup(words=(word("la", 200, 900),) * 9, compression_ratio=5.0)
    everywhere = dict.fromkeys(set(range(30_000)) - {lengths[1]}, loop)
    transcript = written(sound, ScriptedEngine(answers=everywhere))
    assert {gap.reason for gap in transcript.gaps} == {GapReason.NOT_BELIEVED}
    assert sum(gap.end_ms - gap.start_ms for gap in transcript.gaps) >= lengths[0] - 1_000
    assert len(transcript.segments) == 1


def test_a_group_that_loops_is_tried_again_in_two(sound: Samples, lengths: list[int]) -> None:
    loop = DecodedGroup(words=(word("la", 200, 900),) * 9, compression_ratio=5.0)
    engine = ScriptedEngine(answers={lengths[0]: loop})
    transcript = written(sound, engine)
    first, *_ = find_groups([sound])
    again = [length for length in engine.decoded_ms if length not in lengths]
    assert len(again) == 2
    assert not transcript.gaps
    assert len([each for each in transcript.segments if each.end_ms <= first.end_ms]) == 2


def test_speech_the_engine_passed_over_is_heard_a_second_time(
    sound: Samples, lengths: list[int]
) -> None:
    stopped_early = DecodedGroup(words=(word("Bonsoir.", 300, 900),), avg_logprob=-0.2)
    engine = ScriptedEngine(answers={lengths[0]: stopped_early})
    transcript = written(sound, engine)
    [again] = [length for length in engine.decoded_ms if length not in lengths]
    assert [each.text for each in transcript.segments][:2] == ["Bonsoir.", f"long{again}."]
    first, *_ = find_groups([sound])
    assert transcript.segments[1].end_ms == first.start_ms + first.stretches[-1][1]


def test_what_is_passed_over_twice_is_a_gap(sound: Samples, lengths: list[int]) -> None:
    nothing = dict.fromkeys(set(range(30_000)) - {lengths[1]}, DecodedGroup(words=()))
    transcript = written(sound, ScriptedEngine(answers=nothing))
    assert {gap.reason for gap in transcript.gaps} == {GapReason.NO_WORDS}
    assert len(transcript.segments) == 1


def test_what_a_second_try_passes_over_as_well_is_heard_by_itself() -> None:
    parts = [journal(2.8, 7.9), silence(3), journal(8.1, 14.9), silence(3), journal(15.2, 20)]
    sound = np.concatenate(parts)
    one, two, three = (len(group.samples) // 16 for group in find_groups([sound]))

    def only(length: int) -> DecodedGroup:
        return DecodedGroup(words=(word(f"long{length}.", 200, length - 200),), avg_logprob=-0.2)

    engine = ScriptedEngine(answers={one + two + three: only(one), two + three: only(two)})
    transcript = written(sound, engine)
    assert engine.decoded_ms == [one + two + three, two + three, three]
    assert [each.text for each in transcript.segments] == [
        f"long{length}." for length in (one, two, three)
    ]
    assert not transcript.gaps


def test_a_second_try_the_engine_doubts_is_not_written(sound: Samples, lengths: list[int]) -> None:
    stopped_early = DecodedGroup(words=(word("Bonsoir.", 300, 900),), avg_logprob=-0.2)
    guess = DecodedGroup(words=(word("eh", 300, 400),), avg_logprob=-2.0)
    answers = dict.fromkeys(set(range(30_000)) - set(lengths), guess)
    transcript = written(sound, ScriptedEngine(answers={**answers, lengths[0]: stopped_early}))
    assert "eh" not in transcript.text
    assert {gap.reason for gap in transcript.gaps} == {GapReason.NOT_BELIEVED}


def test_a_credit_is_left_out_and_the_sentence_beside_it_stays(
    sound: Samples, lengths: list[int]
) -> None:
    said = (word("Bonsoir.", 300, 900), word("Amara.org", 1_000, 1_500))
    transcript = written(sound, ScriptedEngine(answers={lengths[0]: DecodedGroup(words=said)}))
    assert transcript.segments[0].text == "Bonsoir."
    assert "Amara" not in transcript.text


def test_a_text_that_recites_the_names_to_expect_is_decoded_again_without_them(
    sound: Samples, lengths: list[int]
) -> None:
    names = ("Ségou,", "Mopti,", "Gao,", "Kidal.")
    places = enumerate(names, start=1)
    recited = tuple(word(name, 1_000 * place, 1_000 * place + 500) for place, name in places)
    engine = ScriptedEngine(answers={lengths[0]: DecodedGroup(words=recited)})
    options = replace(OPTIONS, prompt="Bamako, Ségou, Mopti, Gao, Kidal")
    transcript = transcribe([sound], engine, options)
    assert [each.prompt for each in engine.asked] == [options.prompt, "", ""]
    assert engine.decoded_ms[:3] == [*lengths, lengths[0]]
    assert "Ségou, Mopti, Gao, Kidal." in transcript.text  # said, then: heard without help


def test_a_loop_is_first_tried_without_the_names_to_expect(
    sound: Samples, lengths: list[int]
) -> None:
    loop = DecodedGroup(words=(word("Gao,", 200, 900),) * 9, compression_ratio=5.0)
    engine = ScriptedEngine(answers={lengths[0]: loop})
    transcribe([sound], engine, replace(OPTIONS, prompt="Gao, Kidal"))
    assert [each.prompt for each in engine.asked[:2]] == ["Gao, Kidal", ""]
    assert engine.decoded_ms[:3] == [*lengths, lengths[0]]


def test_a_window_that_loops_is_tried_group_by_group() -> None:
    sound = np.concatenate([journal(2.8, 7.9), silence(3), journal(8.1, 14.9)])
    one, two = (len(group.samples) // 16 for group in find_groups([sound]))
    together = DecodedGroup(words=(word("la", 0, 10),), compression_ratio=9.0)
    engine = ScriptedEngine(answers={one + two: together})
    transcript = written(sound, engine)
    assert engine.decoded_ms == [one + two, one, two]
    assert len(transcript.segments) == 2


def test_a_transcript_the_engine_doubts_is_marked_weak(sound: Samples, lengths: list[int]) -> None:
    doubtful = {
        length: DecodedGroup(words=(word("eh", 300, length - 300, 0.4),)) for length in lengths
    }
    engine = ScriptedEngine(answers=doubtful, name=MEASURED)
    assert written(sound, engine).trust is Trust.MACHINE_WEAK
    assert written(sound, ScriptedEngine(name=MEASURED)).trust is Trust.MACHINE


def test_every_sentence_says_how_sure_the_engine_was(sound: Samples, lengths: list[int]) -> None:
    doubtful = DecodedGroup(words=(word("eh", 300, lengths[1] - 300, 0.4),))
    engine = ScriptedEngine(answers={lengths[1]: doubtful}, name=MEASURED)
    bands = [segment.band for segment in written(sound, engine).segments]
    assert bands == [Band.GOOD, Band.UNSURE]


def test_nothing_is_said_of_an_engine_nobody_measured(sound: Samples) -> None:
    transcript = written(sound, ScriptedEngine())
    assert [segment.band for segment in transcript.segments] == [None, None]
    assert transcript.trust is Trust.MACHINE


def test_progress_grows_and_ends_at_the_end(sound: Samples) -> None:
    seen: list[Progress] = []
    options = replace(OPTIONS, batch_size=1)
    transcribe(np.array_split(sound, 50), ScriptedEngine(), options, seen.append)
    done = [progress.done_ms for progress in seen]
    assert done == sorted(done)
    assert done[-1] == seen[-1].total_ms == len(sound) // 16


def test_silence_gives_an_empty_transcript() -> None:
    transcript = written(silence(30), ScriptedEngine())
    assert (transcript.segments, transcript.gaps) == ((), ())


def test_a_language_the_engine_does_not_know_is_refused_before_any_work() -> None:
    with pytest.raises(NoEngine):
        transcribe([], ScriptedEngine(), RecipeOptions(language=LanguageTag("bm")))


def test_the_record_tells_all_that_shaped_the_text(sound: Samples) -> None:
    parameters = written(sound, ScriptedEngine()).parameters
    for name in ("recipe", "language_threshold", "max_gap_ms", "max_pack_ms", "batch_size"):
        assert parameters[name]

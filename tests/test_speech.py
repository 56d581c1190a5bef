"""Where somebody speaks: found alike however the sound comes in, and never in music or silence."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radio_archive.sound_map import map_sound
from radio_archive.speech import MAX_GROUP_MS, SpeechGroup, VoiceDetector, find_groups
from radio_archive.transcribers import SAMPLE_RATE, Samples
from tests.support.whisper import journal, silence, sound_of


def blocks_of(sound: Samples, size: int) -> Iterator[Samples]:
    return (sound[start : start + size] for start in range(0, len(sound), size))


def spans(groups: list[SpeechGroup]) -> list[tuple[int, int]]:
    return [(group.start_ms, group.end_ms) for group in groups]


def noise(seconds: float, level: float) -> Samples:
    random = np.random.default_rng(7)
    return (level * random.standard_normal(int(seconds * SAMPLE_RATE))).astype(np.float32)


@pytest.fixture(scope="module")
def minute() -> Samples:
    return journal(0, 60)


@pytest.fixture(scope="module")
def groups(minute: Samples) -> list[SpeechGroup]:
    return list(find_groups([minute]))


@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(0, 60 * SAMPLE_RATE), max_size=12))
def test_groups_do_not_depend_on_how_the_sound_is_cut(cuts: list[int]) -> None:
    sound = journal(0, 60)
    blocks = np.split(sound, sorted(cuts))
    whole, cut = list(find_groups([sound])), list(find_groups(blocks))
    assert spans(whole) == spans(cut)
    for one, other in zip(whole, cut, strict=True):
        assert np.array_equal(one.samples, other.samples)
        assert one.stretches == other.stretches


@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(0, 60 * SAMPLE_RATE), max_size=12))
def test_a_sound_map_spares_the_detector_and_gives_the_same_groups(cuts: list[int]) -> None:
    sound = np.concatenate([noise(3, 0.1), journal(0, 40), silence(5), journal(3, 23)])
    speech = map_sound([sound]).speech
    heard = list(find_groups([sound]))
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(VoiceDetector, "probabilities")
        known = list(find_groups(np.split(sound, sorted(cuts)), speech))
    assert spans(heard) == spans(known)
    for one, other in zip(heard, known, strict=True):
        assert np.array_equal(one.samples, other.samples)
        assert one.stretches == other.stretches


def test_speech_that_nobody_pauses_in_is_cut_alike_with_a_map() -> None:
    tight = np.concatenate([group.samples for group in find_groups([journal(2.5, 120)])])
    heard, known = list(find_groups([tight])), list(find_groups([tight], map_sound([tight]).speech))
    assert spans(heard) == spans(known)
    assert [group.stretches for group in heard] == [group.stretches for group in known]


def test_groups_follow_each_other_and_fit_into_an_engine(groups: list[SpeechGroup]) -> None:
    assert groups
    assert all(0 < len(group.samples) <= MAX_GROUP_MS * 16 for group in groups)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(groups))
    for group in groups:
        length = group.end_ms - group.start_ms
        assert all(0 <= start < end <= length for start, end in group.stretches)


def test_a_group_holds_the_very_sound_of_its_time(
    minute: Samples, groups: list[SpeechGroup]
) -> None:
    for group in groups:
        start = group.start_ms * 16
        # a start is rounded down to a millisecond: look for the sound within that
        assert any(
            np.array_equal(minute[start + i : start + i + len(group.samples)], group.samples)
            for i in range(16)
        )


def test_a_part_of_a_group_holds_the_speech_between_two_moments(groups: list[SpeechGroup]) -> None:
    whole = max(groups, key=lambda group: len(group.stretches))
    start, end = whole.stretches[0][1], whole.end_ms - whole.start_ms
    part = whole.between(start, end)
    assert len(part.samples) == (part.end_ms - part.start_ms) * 16
    assert part.end_ms <= whole.end_ms
    assert [
        (part.start_ms - whole.start_ms + a, part.start_ms - whole.start_ms + b)
        for a, b in part.stretches
    ] == [each for each in whole.stretches if each[0] >= start]


def test_speech_starts_where_the_script_says() -> None:
    """The bulletin's first sentence starts at 2.84 s, after music."""
    first = next(find_groups([journal(0, 20)]))
    start_of_speech = first.start_ms + first.stretches[0][0]
    assert abs(start_of_speech - 2_840) < 250


def test_silence_hiss_and_the_last_bit_hold_no_speech() -> None:
    assert list(find_groups([silence(20)])) == []
    assert list(find_groups([noise(20, 0.1)])) == []
    assert list(find_groups([noise(20, 0.00002)])) == []
    assert list(find_groups([])) == []


def test_speech_after_long_noise_is_found() -> None:
    """A detector that carries its memory through the noise misses what follows."""
    hiss = noise(40, 0.01)
    spoken = journal(2.6, 7.8) + noise(5.2, 0.01)[: len(journal(2.6, 7.8))]
    found = list(find_groups([np.concatenate([hiss, spoken, hiss])]))
    assert len(found) == 1
    assert 39_500 < found[0].start_ms < 40_800
    assert 44_000 < found[0].end_ms < 46_000


def test_speech_without_a_pause_is_cut_into_groups_without_losing_any() -> None:
    tight = np.concatenate([group.samples for group in find_groups([journal(2.5, 120)])])
    # pauses are shorter than what ends a stretch: only cuts can part it

    groups = list(find_groups([tight]))
    assert len(groups) >= 4
    assert max(len(group.samples) for group in groups) <= MAX_GROUP_MS * 16
    kept = sum(len(group.samples) for group in groups)
    assert kept > 0.93 * len(tight)


def test_a_recording_that_ends_in_the_middle_of_a_word_is_kept_to_its_end() -> None:
    sound = journal(2.5, 5.0)
    (group,) = find_groups([sound])
    assert group.end_ms == len(sound) * 1000 // SAMPLE_RATE


def test_memory_does_not_grow_with_the_recording() -> None:
    def peak(minutes: int) -> int:
        piece = journal(0, 60)
        tracemalloc.start()
        for _group in find_groups(piece for _ in range(minutes)):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(1)
    assert peak(12) < peak(3) + 4_000_000


@pytest.mark.parametrize(
    "name", ["moh_manolo_camp-morning_coffee.mp3", "moh_macroform-cold_day.mp3"]
)
def test_real_music_holds_no_speech(shared_data: Path, name: str) -> None:
    assert list(find_groups([sound_of(shared_data / "audio" / "nonspeech" / name)])) == []


def test_real_speech_is_nearly_all_kept(shared_data: Path) -> None:
    sound = sound_of(shared_data / "audio/fr/benin/session_200625-154904.flac")
    kept = sum(len(group.samples) for group in find_groups([sound]))
    assert 0.85 < kept / len(sound) < 0.97

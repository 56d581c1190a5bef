"""What a recording sounds like: generated sound, the sample bulletin, and real recordings."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.whisper import journal, silence, sound_of

from radio_archive.model import SoundKind, SoundMap
from radio_archive.sound_map import VERSION, map_sound
from radio_archive.transcribers import SAMPLE_RATE, Samples


def noise(seconds: float, level: float = 0.05) -> Samples:
    chance = np.random.default_rng(7)
    return (level * chance.standard_normal(int(seconds * SAMPLE_RATE))).astype(np.float32)


def tones(seconds: float, *hertz: float) -> Samples:
    """Each frequency with four overtones, as strings have."""
    moments = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    waves = [
        np.sin(2 * np.pi * pitch * number * moments) / number
        for pitch in hertz
        for number in range(1, 6)
    ]
    return np.asarray(0.05 * np.sum(waves, axis=0), np.float32)


def melody(seconds: int) -> Samples:
    """Two notes at a time, a second each, never the same ones twice in a row."""
    scale = [196.0, 220.0, 246.9, 293.7, 329.6, 392.0, 440.0]
    notes = [tones(1, scale[n * 3 % 7], scale[n * 5 % 7 - 2]) for n in range(seconds)]
    return np.concatenate(notes) + noise(seconds, 0.001)


def over_telephone(sound: Samples) -> Samples:
    """300 to 3,400 Hz (ITU-T G.712), with the gentle fall of a microphone below."""
    hertz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    gain = np.where(hertz > 3_400, 0, np.minimum(1, (hertz / 300) ** 2))
    return np.fft.irfft(np.fft.rfft(sound) * gain, len(sound)).astype(np.float32)


def kinds(found: SoundMap) -> list[str]:
    return [each.kind.value for each in found.stretches]


def share(found: SoundMap, kind: SoundKind, start_s: float, end_s: float) -> float:
    """How much of a time is of a kind."""
    inside = (
        min(each.end_ms, end_s * 1_000) - max(each.start_ms, start_s * 1_000)
        for each in found.stretches
        if each.kind is kind
    )
    return sum(max(0, each) for each in inside) / (end_s - start_s) / 1_000


@pytest.fixture(scope="module")
def mixed() -> Samples:
    """Silence to 10 s, a melody to 30 s, hiss to 45 s, the sample bulletin's reader to 65 s."""
    return np.concatenate([silence(10), melody(20), noise(15), journal(3, 23)])


def test_each_kind_is_found_where_it_is(mixed: Samples) -> None:
    found = map_sound([mixed])
    assert kinds(found) == ["silence", "music", "noise", "speech"]
    edges = [each.start_ms / 1_000 for each in found.stretches]
    assert edges == pytest.approx([0, 10, 30, 45], abs=0.8)
    assert found.version == VERSION


def test_a_map_covers_the_recording_from_start_to_end(mixed: Samples) -> None:
    sound = mixed[: 64 * SAMPLE_RATE + 4_321]
    found = map_sound([sound]).stretches
    assert found[0].start_ms == 0
    assert found[-1].end_ms == len(sound) * 1_000 // SAMPLE_RATE
    assert all(a.end_ms == b.start_ms and a.kind is not b.kind for a, b in pairwise(found))
    assert min(each.length_ms for each in found) >= 1_000


@settings(max_examples=5, deadline=None)
@given(cuts=st.lists(st.integers(0, 65 * SAMPLE_RATE), max_size=9))
def test_a_map_does_not_depend_on_how_the_sound_is_cut(mixed: Samples, cuts: list[int]) -> None:
    assert map_sound(np.split(mixed, sorted(cuts))) == map_sound([mixed])


def test_no_sound_gives_an_empty_map() -> None:
    assert map_sound([]).stretches == ()


@pytest.mark.parametrize("samples", [1, 511, 513, 8_191, 8_193])
def test_a_recording_shorter_than_anything_measured_is_one_stretch(samples: int) -> None:
    found = map_sound([noise(1)[:samples]]).stretches
    assert [each.end_ms for each in found] == (
        [samples * 1_000 // SAMPLE_RATE] if samples > 1 else []
    )


@pytest.mark.parametrize("level", [0.00002, 0.0])
def test_the_last_bit_of_a_recorder_is_silence(level: float) -> None:
    assert kinds(map_sound([noise(20, level)])) == ["silence"]


def test_hum_is_no_music_though_it_holds_tones() -> None:
    mains = tones(40, 50.0) + noise(40, 0.002)
    assert kinds(map_sound([mains])) == ["noise"]


def test_a_guest_on_the_telephone_is_told_from_the_host() -> None:
    host, guest = journal(3, 23), over_telephone(journal(23, 43))
    found = map_sound([np.concatenate([host, guest, host])])
    assert kinds(found) == ["speech", "telephone", "speech"]
    edges = [each.start_ms / 1_000 for each in found.stretches[1:]]
    assert edges == pytest.approx([20, 40], abs=2)


def test_a_recording_that_is_narrow_as_a_whole_holds_no_telephone() -> None:
    assert SoundKind.TELEPHONE not in map_sound([over_telephone(journal(3, 43))]).lengths


def test_memory_does_not_grow_with_the_recording() -> None:
    piece = journal(0, 60)

    def peak(minutes: int) -> int:
        tracemalloc.start()
        map_sound(piece for _ in range(minutes))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(1)
    assert peak(9) < peak(3) + 1_000_000


@pytest.mark.parametrize(
    ("name", "kind", "least"),
    [
        ("nonspeech/moh_manolo_camp-morning_coffee.mp3", SoundKind.MUSIC, 0.8),
        ("nonspeech/moh_macroform-cold_day.mp3", SoundKind.MUSIC, 0.88),
        ("nonspeech/laugh1.mp3", SoundKind.NOISE, 1.0),
        ("nonspeech/silence2sec.wav", SoundKind.SILENCE, 1.0),
        ("man/nicolingua_agent_joined.mp3", SoundKind.SPEECH, 0.9),
        ("ff/nicolingua_agent_joined.mp3", SoundKind.SPEECH, 0.9),
    ],
)
def test_real_recordings_of_one_kind(
    shared_data: Path, name: str, kind: SoundKind, least: float
) -> None:
    sound = sound_of(shared_data / "audio" / name)
    found = map_sound([sound])
    assert share(found, kind, 0, len(sound) / SAMPLE_RATE) > least - 0.001
    assert found.lengths.keys() <= {kind, SoundKind.NOISE, SoundKind.SILENCE}


def test_a_real_mix_of_music_noise_and_a_reader(shared_data: Path) -> None:
    """The times are those of the file's own reference."""
    found = map_sound([sound_of(shared_data / "audio/nonspeech/musanmix.wav")])
    assert share(found, SoundKind.MUSIC, 0, 22.5) > 0.95
    assert share(found, SoundKind.NOISE, 29.1, 52.8) > 0.7
    assert share(found, SoundKind.SPEECH, 63.3, 74.5) > 0.95
    assert share(found, SoundKind.SPEECH, 0, 63) == 0


def test_a_reading_at_8_khz_after_the_same_at_16_is_a_telephone(shared_data: Path) -> None:
    folder = shared_data / "audio/fr/ibm"
    wide = sound_of(folder / "fr-FR_Broadband_sample1.wav")
    narrow = sound_of(folder / "fr-FR_Narrowband_sample1.wav")
    found = map_sound([wide, narrow])
    assert kinds(found)[0] == "speech"
    turn, end = len(wide) / SAMPLE_RATE, (len(wide) + len(narrow)) / SAMPLE_RATE
    assert share(found, SoundKind.TELEPHONE, turn, end) > 0.85
    assert share(found, SoundKind.TELEPHONE, 0, turn) == 0


def test_45_minutes_of_silence_are_one_stretch(shared_data: Path) -> None:
    sound = sound_of(shared_data / "audio/long/45-minutes-of-silence.mp3")
    assert kinds(map_sound([sound])) == ["silence"]

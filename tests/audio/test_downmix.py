"""One channel out of many, without losing a voice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.support.sounds import loudness, make, noise, offset_ms, read_all, write_wav

from radio_archive.audio import (
    RENDITIONS,
    SPEECH_RATE,
    Audio,
)


def test_a_wrongly_wired_channel_does_not_silence_the_voice(
    audio: Audio, shared_data: Path, tmp_path: Path
) -> None:
    original = read_all(audio, shared_data / "audio/broken/mp3_named_wav.wav")
    inverted = shared_data / "audio/broken/stereo_phase_inverted.wav"
    assert loudness(read_all(audio, inverted)) == pytest.approx(loudness(original), rel=0.1)
    start = original[: 30 * SPEECH_RATE]
    for spec in RENDITIONS:
        target = tmp_path / f"{spec.name}{spec.extension}"
        audio.render(inverted, target, spec, end_ms=30_000)
        assert loudness(read_all(audio, target)) == pytest.approx(loudness(start), rel=0.1)


def test_a_microphone_wired_wrongly_for_a_while_is_heard_all_along(
    audio: Audio, tmp_path: Path
) -> None:
    sound = noise(12)
    right = sound.copy()
    right[5 * SPEECH_RATE + 321 : 9 * SPEECH_RATE] *= -1
    path = write_wav(tmp_path / "a.wav", [sound, right])
    mono = read_all(audio, path)
    for second in range(12):
        window = slice(second * SPEECH_RATE, (second + 1) * SPEECH_RATE)
        assert loudness(mono[window]) > 0.4 * loudness(sound[window])
    assert np.abs(np.diff(mono)).max() < 2.1 * np.abs(np.diff(sound)).max(), "no clicks"


@pytest.mark.parametrize("channels", [1, 2, 3, 6, 8])
def test_a_voice_on_any_one_channel_is_kept(audio: Audio, tmp_path: Path, channels: int) -> None:
    sound = noise(2)
    for speaking in range(channels):
        tracks = [np.zeros_like(sound) for _ in range(channels)]
        tracks[speaking] = sound
        mono = read_all(audio, write_wav(tmp_path / "a.wav", tracks))
        assert loudness(mono) == pytest.approx(loudness(sound) / channels, rel=0.02)
        assert offset_ms(sound, mono) == 0


def test_two_equal_channels_are_neither_louder_nor_softer(audio: Audio, tmp_path: Path) -> None:
    sound = noise(2)
    mono = read_all(audio, write_wav(tmp_path / "a.wav", [sound, sound]))
    assert np.abs(mono - sound).max() < 1e-3


def test_values_that_are_no_numbers_become_silence(audio: Audio, tmp_path: Path) -> None:
    sound = noise(2)
    broken = sound.copy()
    broken[1000:1010] = np.nan
    broken[2000] = np.inf
    raw = tmp_path / "a.f32"
    raw.write_bytes(broken.astype("<f4").tobytes())
    path = make(
        audio,
        tmp_path / "a.wav",
        "-f",
        "f32le",
        "-ar",
        "16000",
        "-ac",
        "1",
        "-i",
        str(raw),
        "-c:a",
        "pcm_f32le",
    )
    mono = read_all(audio, path)
    assert np.isfinite(mono).all()
    assert np.abs(mono).max() <= 1
    assert np.abs(mono[3000:] - sound[3000:]).max() < 1e-3

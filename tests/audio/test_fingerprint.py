"""Fingerprints as ffmpeg takes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.support.archives import SAMPLES
from tests.support.sounds import fake_ffmpeg, make, write_wav

from radio_archive.audio import Audio
from radio_archive.errors import BadAudio
from radio_archive.fingerprints import STEP_MS

BULLETIN = SAMPLES / "2015-03-12-journal.mp3"


def test_a_recording_has_a_number_for_each_step(audio: Audio, tmp_path: Path) -> None:
    clip = make(audio, tmp_path / "clip.wav", "-t", "30", "-i", str(BULLETIN))
    assert audio.can_fingerprint
    numbers = audio.fingerprint(clip)
    assert numbers.dtype == np.uint32
    assert len(numbers) == pytest.approx((30_000 - 2_724) / STEP_MS, abs=1.5)
    assert len(np.unique(numbers)) > 200


def test_the_same_sound_at_another_level_and_bit_rate_differs_in_few_bits(
    audio: Audio, tmp_path: Path
) -> None:
    clip = make(audio, tmp_path / "clip.wav", "-t", "30", "-i", str(BULLETIN))
    aired = ("-af", "volume=-12dB", "-b:a", "24k")
    again = make(audio, tmp_path / "again.opus", "-i", str(clip), *aired)
    one, two = audio.fingerprint(clip), audio.fingerprint(again)
    length = min(len(one), len(two))
    assert np.bitwise_count(one[:length] ^ two[:length]).mean() / 32 < 0.1


def test_sound_that_is_too_short_has_none(audio: Audio, tmp_path: Path) -> None:
    blip = write_wav(tmp_path / "blip.wav", [np.zeros(16_000, np.float32)])
    assert len(audio.fingerprint(blip)) == 0


def test_what_is_no_sound_is_refused(audio: Audio, tmp_path: Path) -> None:
    text = tmp_path / "text.mp3"
    text.write_text("nothing to hear")
    with pytest.raises(BadAudio):
        audio.fingerprint(text)


def test_an_ffmpeg_without_chromaprint_says_so(tmp_path: Path) -> None:
    bare = fake_ffmpeg(tmp_path, 'echo "  E  mp3             MP3 (MPEG audio layer 3)"')
    assert not bare.can_fingerprint

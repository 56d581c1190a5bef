"""Both kinds of ffmpeg, and sound to give them."""

from __future__ import annotations

import shutil
from pathlib import Path

import imageio_ffmpeg
import pytest
from tests.support.sounds import noise, write_wav

from radio_archive.audio import Audio


@pytest.fixture(params=["system", "packaged"])
def audio(request: pytest.FixtureRequest) -> Audio:
    if request.param == "packaged":
        return Audio.find(imageio_ffmpeg.get_ffmpeg_exe())
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed on the system; the packaged one is tested")
    return Audio.find("ffmpeg")


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Two seconds of noise."""
    return write_wav(tmp_path / "two-seconds.wav", [noise(2)])


@pytest.fixture(scope="session")
def speech(shared_data: Path) -> Path:
    """Six and a half minutes of French with a Beninese accent."""
    return shared_data / "audio/fr/benin/session_200625-154904.flac"

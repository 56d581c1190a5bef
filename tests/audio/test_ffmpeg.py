"""Finding an ffmpeg that can do the work."""

from __future__ import annotations

import sys
from pathlib import Path

import imageio_ffmpeg
import pytest
from tests.support.sounds import fake_ffmpeg

from radio_archive.audio import (
    Audio,
)
from radio_archive.errors import FfmpegMissing


def test_the_system_ffmpeg_is_preferred_and_the_packaged_one_is_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    system = fake_ffmpeg(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Audio.find().ffmpeg == system.ffmpeg
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert Audio.find().ffmpeg == imageio_ffmpeg.get_ffmpeg_exe()


def test_a_configured_ffmpeg_that_is_not_there_is_never_replaced_in_silence() -> None:
    with pytest.raises(FfmpegMissing, match="no program /nowhere/ffmpeg") as caught:
        Audio.find("/nowhere/ffmpeg")
    assert "apt install ffmpeg" in caught.value.hint


def test_no_ffmpeg_at_all_names_the_command_that_mends_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(FfmpegMissing, match="apt install ffmpeg"):
        Audio.find()


def test_a_program_that_is_no_ffmpeg_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(FfmpegMissing, match="does not answer"):
        fake_ffmpeg(tmp_path, "exit 3").version()


def test_ffmpeg_tells_its_version_and_has_the_encoders_we_need(audio: Audio) -> None:
    assert any(character.isdigit() for character in audio.version())
    assert audio.missing_encoders() == ()


def test_missing_encoders_are_named(tmp_path: Path) -> None:
    lacking = fake_ffmpeg(tmp_path, "echo ' A....D libmp3lame MP3'; echo ' A....D opus Opus'")
    assert lacking.missing_encoders() == ("libopus",)

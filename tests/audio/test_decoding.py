"""Sound as a stream: nothing lost, nothing left running, memory flat."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.sounds import fake_ffmpeg, make, noise, write_wav

from radio_archive.audio import (
    SPEECH_RATE,
    Audio,
    decoder,
    process,
)
from radio_archive.audio.process import FfmpegFailed
from radio_archive.errors import BadAudio


@pytest.mark.parametrize("block_ms", [20, 1000, 1500, 30_000])
def test_blocks_have_the_length_asked_for_and_lose_nothing(
    audio: Audio, tmp_path: Path, block_ms: int
) -> None:
    sound = noise(4.3)
    path = write_wav(tmp_path / "a.wav", [sound])
    blocks = list(audio.decode(path, block_ms=block_ms))
    assert {len(block) for block in blocks[:-1]} <= {SPEECH_RATE * block_ms // 1000}
    decoded = np.concatenate(blocks)
    assert decoded.dtype == np.float32
    assert len(decoded) == len(sound)
    assert np.abs(decoded - sound).max() < 1e-3


def test_leaving_early_ends_ffmpeg(
    audio: Audio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = make(
        audio, tmp_path / "long.flac", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=7200"
    )
    started: list[int] = []
    start = subprocess.Popen

    def remember(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        child = start(*arguments, **options)
        started.append(child.pid)
        return child

    monkeypatch.setattr(subprocess, "Popen", remember)
    blocks = audio.decode(long)
    next(blocks)
    (ffmpeg,) = started
    os.kill(ffmpeg, 0)
    blocks.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(ffmpeg, 0)


def test_an_ffmpeg_that_gets_stuck_is_ended(
    tmp_path: Path, tone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "TICK_S", 0.005)
    started = time.monotonic()
    with pytest.raises(FfmpegFailed, match="got stuck"):
        fake_ffmpeg(tmp_path, "exec sleep 60").probe(tone)
    assert time.monotonic() - started < 10


def test_an_ffmpeg_that_crashes_is_a_clear_error(tmp_path: Path, tone: Path) -> None:
    with pytest.raises(FfmpegFailed, match=r"crashed over two-seconds\.wav \(signal 11\)"):
        fake_ffmpeg(tmp_path, "kill -SEGV $$").probe(tone)


def test_sound_without_end_is_refused(
    audio: Audio, tone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder, "LONGEST_HOURS", 1.5 / 3600)
    with pytest.raises(BadAudio, match=r"two-seconds\.wav goes on for more than"):
        audio.probe(tone)


MEASURE = """
import resource, sys
from pathlib import Path
from typing import Any
from radio_archive.audio import Audio

samples = sum(len(block) for block in Audio.find(sys.argv[1]).decode(Path(sys.argv[2])))
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
ffmpeg = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(samples, own, ffmpeg)
"""


def test_memory_does_not_grow_with_the_length(audio: Audio, tmp_path: Path) -> None:
    peaks = []
    for seconds in (600, 3 * 3600):
        source = f"anullsrc=r=8000:cl=mono:d={seconds}"
        path = make(audio, tmp_path / f"{seconds}.flac", "-f", "lavfi", "-i", source)
        answer = subprocess.run(
            [sys.executable, "-c", MEASURE, audio.ffmpeg, str(path)],
            capture_output=True,
            check=True,
            text=True,
        )
        samples, own, ffmpeg = map(int, answer.stdout.split())
        assert samples == seconds * SPEECH_RATE
        peaks.append((own, ffmpeg))
    (short_own, short_ffmpeg), (long_own, long_ffmpeg) = peaks
    assert long_own - short_own < 50_000, "kilobytes"
    assert long_ffmpeg - short_ffmpeg < 50_000, "kilobytes"

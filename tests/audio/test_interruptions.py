"""An ffmpeg that somebody stops: no fault of the sound, and no part is taken for the whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray
from tests.support.sounds import fake_ffmpeg, noise, write_wav

from radio_archive.audio import RENDITIONS, Audio, process
from radio_archive.audio.decoder import Decoder
from radio_archive.audio.encoder import encode
from radio_archive.audio.process import FfmpegFailed, Interrupted, Process
from radio_archive.errors import AudioError

STOPPING = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]


def running_ffmpeg() -> psutil.Process:
    [found] = [each for each in psutil.Process().children() if "ffmpeg" in each.name()]
    return found


@pytest.fixture
def hour(tmp_path: Path) -> Path:
    """More sound than fits into a pipe."""
    return write_wav(tmp_path / "hour.wav", [np.tile(noise(10), 30)])


@pytest.mark.parametrize("number", STOPPING)
def test_what_an_interrupted_decoder_gave_is_not_the_whole_recording(
    audio: Audio, hour: Path, number: signal.Signals
) -> None:
    with Decoder(audio.ffmpeg, hour, 16_000) as decoder:
        windows = decoder.windows()
        next(windows)
        running_ffmpeg().send_signal(number)
        with pytest.raises(Interrupted, match=r"stopped from outside at hour\.wav") as caught:
            list(windows)
    assert caught.value.retryable
    assert not isinstance(caught.value, AudioError)


@pytest.mark.parametrize("number", STOPPING)
def test_an_interrupted_encoder_does_not_make_the_recording_bad(
    audio: Audio, tmp_path: Path, number: signal.Signals
) -> None:
    def sound() -> Iterator[NDArray[np.float32]]:
        for second in range(200):
            yield noise(1, seed=second)
            if second == 20:
                running_ffmpeg().send_signal(number)

    with pytest.raises(Interrupted):
        encode(audio.ffmpeg, sound(), tmp_path / "out.ogg", RENDITIONS[0])


def test_an_ffmpeg_that_crashes_by_itself_was_not_interrupted(tmp_path: Path) -> None:
    tone = write_wav(tmp_path / "tone.wav", [noise(1)])
    (tmp_path / "bin").mkdir()
    with pytest.raises(FfmpegFailed, match="signal 11"):
        fake_ffmpeg(tmp_path / "bin", "kill -SEGV $$").probe(tone)


def test_a_status_alone_does_not_say_that_somebody_stopped_ffmpeg(tmp_path: Path) -> None:
    tone = write_wav(tmp_path / "tone.wav", [noise(1)])
    said = "echo '[info] Exiting normally, received signal 15.' >&2; exit 255"
    with pytest.raises(Interrupted):
        fake_ffmpeg(tmp_path, said).probe(tone)
    with pytest.raises(AudioError):
        fake_ffmpeg(tmp_path, "exit 255").probe(tone)


def test_ctrl_c_at_the_one_who_decodes_does_not_reach_ffmpeg(hour: Path) -> None:
    # the first signal comes when ffmpeg runs: for a fraction of a millisecond, between the fork and
    # its own session, a signal would reach it, and end in one more attempt
    script = (
        "import signal, sys; from pathlib import Path; from radio_archive.audio import Audio\n"
        "from radio_archive.audio.decoder import Decoder\n"
        "signal.signal(signal.SIGINT, lambda *_: None)\n"
        "decoder = Decoder(Audio.find().ffmpeg, Path(sys.argv[1]), 16_000)\n"
        "print('begun', flush=True); print(sum(map(len, decoder.mono())))"
    )
    command = [sys.executable, "-c", script, str(hour)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    while process.poll() is None:  # as a terminal does: everybody of the group gets it
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.01)
    assert process.stdout.read() == f"{300 * 16_000}\n"


def test_a_machine_that_slept_takes_no_ffmpeg_for_stuck(tmp_path: Path) -> None:
    # in real time, so that somebody always waits for the next second
    slow = fake_ffmpeg(tmp_path, f'exec {Audio.find().ffmpeg} -re "$@"')
    tone = write_wav(tmp_path / "tone.wav", [noise(3)])
    script = (
        "import sys; from pathlib import Path; from radio_archive.audio import Audio, process\n"
        "process.TICK_S = 3 / process.STALL_TICKS\n"
        "blocks = Audio.find(sys.argv[1]).decode(Path(sys.argv[2]), block_ms=1_000)\n"
        "print(len(next(blocks)), flush=True); print(sum(map(len, blocks)))"
    )
    command = [sys.executable, "-c", script, slow.ffmpeg, str(tone)]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "16000\n"
    [ffmpeg] = psutil.Process(worker.pid).children()
    time.sleep(0.2)  # it waits for the next second by now
    for each in (psutil.Process(worker.pid), ffmpeg):
        each.suspend()
    time.sleep(4)
    worker.send_signal(signal.SIGCONT)
    time.sleep(0.5)  # it has looked at the clock before ffmpeg says a word
    ffmpeg.resume()
    assert worker.communicate(timeout=60)[0] == f"{2 * 16_000}\n"


def test_who_takes_long_over_a_second_of_sound_takes_no_ffmpeg_for_stuck(
    audio: Audio, hour: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "TICK_S", 0.05)  # three seconds, on a busy machine too
    with Decoder(audio.ffmpeg, hour, 16_000) as decoder:
        windows = decoder.windows()
        next(windows)
        time.sleep(1.3 * process.TICK_S * process.STALL_TICKS)
        assert sum(map(len, windows)) == 299 * 16_000


@pytest.mark.parametrize(
    ("script", "message"), [("kill -SEGV $$", "signal 11"), ("exec sleep 60", "got stuck")]
)
def test_an_encoder_that_fails_by_itself_may_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    monkeypatch.setattr(process, "TICK_S", 0.05)
    encoder = fake_ffmpeg(tmp_path, script)
    with pytest.raises(FfmpegFailed, match=message) as caught:
        encode(encoder.ffmpeg, iter([noise(60)]), tmp_path / "out.ogg", RENDITIONS[0])
    assert caught.value.retryable


class EnoughError(Exception):
    """Whoever is told how far it is wants no more."""


@pytest.mark.parametrize("work", ["probe", "decode", "fingerprint", "render", "render_muted"])
def test_who_is_told_of_each_second_can_end_it_there(tmp_path: Path, work: str) -> None:
    path = write_wav(tmp_path / "minute.wav", [noise(60)])
    target, spec = tmp_path / "made" / "minute.mp3", RENDITIONS[0]
    target.parent.mkdir()
    told: list[int] = []

    def tell(done_ms: int) -> None:
        told.append(done_ms)
        if len(told) == 3:
            raise EnoughError

    audio = Audio.find().telling(tell)
    doings: dict[str, Callable[[], object]] = {
        "probe": lambda: audio.probe(path),
        "decode": lambda: list(audio.decode(path)),
        "fingerprint": lambda: audio.fingerprint(path),
        "render": lambda: audio.render(path, target, spec),
        "render_muted": lambda: audio.render_muted(path, target, spec, [(0, 500)]),
    }
    with pytest.raises(EnoughError):
        doings[work]()
    assert told == [1_000, 2_000, 3_000]
    assert list(target.parent.iterdir()) == []
    assert not [each for each in psutil.Process().children() if "ffmpeg" in each.name()]


def test_leaving_ends_ffmpeg_and_what_a_script_around_it_started() -> None:
    with Process(["/bin/sh", "-c", "sleep 600 & echo $!; wait"]) as process:
        child = psutil.Process(int(_line(process)))
        assert child.is_running()
    _, alive = psutil.wait_procs([child], timeout=10)
    assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]


def _line(process: Process) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        line += process.read(1)
    return line


def test_an_ffmpeg_whose_master_is_killed_ends_too(hour: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from radio_archive.audio import Audio\n"
        "from radio_archive.audio.decoder import Decoder\n"
        "decoder = Decoder(Audio.find().ffmpeg, Path(sys.argv[1]), 16_000)\n"
        "print(decoder._process._process.pid, flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", script, str(hour)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    ffmpeg = psutil.Process(int(process.stdout.readline()))
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs([ffmpeg], timeout=20)
    assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]

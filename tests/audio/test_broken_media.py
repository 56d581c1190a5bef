"""Damaged, odd and hostile files: a right answer or a clear error, soon, and no other file read."""

from __future__ import annotations

import csv
import os
import random
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.conftest import SHARED
from tests.support.sounds import make, noise, write_wav

from radio_archive.audio import Audio
from radio_archive.errors import AudioError, BadAudio, NoSound

FOLDER = SHARED / "audio" / "broken"
FILES = sorted(FOLDER.iterdir()) if FOLDER.is_dir() else []
PATIENCE_SECONDS = 20


def expectations() -> dict[str, str]:
    with (SHARED / "audio" / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {Path(row["file"]).name: row["decoded_seconds"] for row in rows}


def test_the_broken_files_are_there(shared_data: Path) -> None:
    assert len(FILES) > 50


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_gives_a_right_answer_or_a_clear_error(audio: Audio, path: Path) -> None:
    expected = expectations().get(path.name, "unknown")
    started = time.monotonic()
    error: AudioError | None = None
    try:
        facts = audio.probe(path)
    except AudioError as caught:
        error = caught
    assert time.monotonic() - started < PATIENCE_SECONDS
    if error is not None:
        assert path.name in error.message
        assert error.hint
        assert str(FOLDER) not in str(error)
    if expected == "0.0 (ffmpeg error)":
        assert isinstance(error, BadAudio)
    elif expected == "0.0":
        assert isinstance(error, NoSound)
    elif expected != "unknown":
        assert error is None
        seconds = float(expected)
        assert facts.duration_ms / 1000 == pytest.approx(seconds, abs=max(0.1, seconds * 0.02))
    if error is None:
        decoded = sum(len(block) for block in audio.decode(path))
        assert round(decoded / 16) == facts.duration_ms > 0


class Tripwire:
    """A pipe that tells when anybody opens it for reading."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_tripped = False
        os.mkfifo(path)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._is_over.wait(0.005):
            try:
                # possible only while somebody reads
                descriptor = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                continue
            self.is_tripped = True
            os.close(descriptor)

    def __enter__(self) -> Tripwire:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()


@pytest.fixture
def tripwire(tmp_path: Path) -> Iterator[Tripwire]:
    """Another file of the machine, which nothing may open."""
    with Tripwire(tmp_path / "secret.wav") as wire:
        yield wire


DISGUISES = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{path}\n#EXT-X-ENDLIST\n",
    "hls-url": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{path}\n#EXT-X-ENDLIST\n",
    "hls-relative": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{name}\n#EXT-X-ENDLIST\n",
    "hls-master": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{path}\n",
    "hls-key": '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXT-X-KEY:METHOD=AES-128,URI="{path}"\n'
    "#EXTINF:9,\n{path}\n#EXT-X-ENDLIST\n",
    "hls-range": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXT-X-BYTERANGE:9@0\n#EXTINF:9,\n{path}\n",
    "hls-concat": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nconcat:{path}|{path}\n",
    "concat": "ffconcat version 1.0\nfile '{path}'\n",
    "concat-relative": "ffconcat version 1.0\nfile {name}\n",
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">'
    '<Period><AdaptationSet mimeType="audio/wav"><Representation id="1" bandwidth="1">'
    "<BaseURL>{path}</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
    "m3u": "{path}\n",
    "pls": "[playlist]\nFile1={path}\nNumberOfEntries=1\n",
    "asx": '<asx version="3.0"><entry><ref href="{path}"/></entry></asx>',
}


@pytest.mark.parametrize("name", ["ep.mp3", "ep.m3u8"])
@pytest.mark.parametrize("disguise", sorted(DISGUISES))
def test_a_playlist_is_refused_whatever_it_calls_itself(
    audio: Audio, tmp_path: Path, tripwire: Tripwire, disguise: str, name: str
) -> None:
    episode = tmp_path / name
    episode.write_text(
        DISGUISES[disguise].format(path=tripwire.path, name=tripwire.path.name), encoding="utf-8"
    )
    with pytest.raises(BadAudio, match=name):
        audio.probe(episode)
    with pytest.raises(BadAudio, match=name):
        next(audio.decode(episode))
    assert not tripwire.is_tripped


def test_the_tripwire_notices_a_playlist_that_is_followed(
    audio: Audio, tmp_path: Path, tripwire: Tripwire
) -> None:
    script = tmp_path / "list.txt"
    script.write_text(DISGUISES["concat"].format(path=tripwire.path, name=""))
    command = [audio.ffmpeg, "-f", "concat", "-safe", "0", "-i", str(script), "-f", "null", "-"]
    subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=20, check=False)
    assert tripwire.is_tripped


def test_a_playlist_reaches_no_network(audio: Audio, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        for disguise in ("hls", "hls-master", "concat", "dash", "m3u"):
            episode = tmp_path / "ep.mp3"
            address = f"http://127.0.0.1:{port}/x.wav"
            episode.write_text(DISGUISES[disguise].format(path=address, name=address))
            with pytest.raises(BadAudio):
                audio.probe(episode)
        with pytest.raises(TimeoutError):
            server.accept()


def test_avi_is_refused_since_it_was_used_to_carry_playlists(audio: Audio, tmp_path: Path) -> None:
    source = write_wav(tmp_path / "a.wav", [noise(1)])
    film = make(audio, tmp_path / "a.avi", "-i", str(source))
    with pytest.raises(BadAudio):
        audio.probe(film.rename(tmp_path / "a.mp3"))


def test_a_damaged_file_that_ffmpeg_may_not_open_was_not_stopped_by_anybody(
    audio: Audio, tmp_path: Path
) -> None:
    path = make(audio, tmp_path / "damaged.wma", "-f", "lavfi", "-i", "sine=400:duration=2")
    sound = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")  # says what the stream is
    content = path.read_bytes()
    assert sound in content
    path.write_bytes(content.replace(sound, bytes(16)))
    # ffmpeg 9 ends with status 255 over it, which is also that of one that was told to stop
    with pytest.raises(BadAudio, match=r"damaged\.wma cannot be read as sound"):
        audio.probe(path)


@pytest.mark.parametrize("extension", [".mp3", ".ogg", ".flac", ".m4a", ".wav", ".wma", ".opus"])
def test_random_damage_ends_in_facts_or_in_a_typed_error(
    audio: Audio, tmp_path: Path, extension: str
) -> None:
    source = write_wav(tmp_path / "source.wav", [noise(2)])
    good = make(audio, tmp_path / f"good{extension}", "-i", str(source)).read_bytes()
    chance = random.Random(11)
    for _ in range(12):
        content = bytearray(good)
        for _ in range(chance.choice([1, 5, 50])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        # the header is where parsers break
        content[chance.randrange(min(200, len(content)))] = 0xFF
        path = tmp_path / f"damaged{extension}"
        path.write_bytes(content[: chance.choice([len(content), len(content) // 2])])
        started = time.monotonic()
        with suppress(AudioError):
            assert audio.probe(path).duration_ms > 0
        assert time.monotonic() - started < PATIENCE_SECONDS

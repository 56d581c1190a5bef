"""Copies for players: made once, kept while there is room, and never missed when there is none."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path
from unittest.mock import Mock

import pytest

from radio_archive.audio import PLAYED, PLAYED_FROM, RENDITIONS, Audio
from radio_archive.errors import StorageError
from radio_archive.links import MADE_FROM
from radio_archive.listening import CopiedSound, Copies, StoredSound
from radio_archive.media import Area
from radio_archive.media.local import LocalMediaStore
from radio_archive.model import Rendition
from tests.support.sounds import noise, write_wav

SPEC = next(spec for spec in RENDITIONS if spec.name == "low")


@pytest.fixture
def media(tmp_path: Path) -> LocalMediaStore:
    return LocalMediaStore(tmp_path / "media")


def render(media: LocalMediaStore, folder: Path, seed: int = 1) -> Rendition:
    """Put a rendition of some noise into the store."""
    made = folder / f"{seed}.opus"
    source = write_wav(folder / f"{seed}.wav", [noise(3, seed)])
    Audio.find().render(source, made, SPEC)
    stored = media.save(Area.RENDITIONS, [made.read_bytes()], ".opus")
    return Rendition(
        name="low",
        key=stored.key,
        extension=".opus",
        media_type=SPEC.media_type,
        size_bytes=stored.size_bytes,
    )


@pytest.fixture
def rendition(media: LocalMediaStore, tmp_path: Path) -> Rendition:
    return render(media, tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "played"


class CountingAudio(Audio):
    """Counts how often a copy is made."""

    made = 0

    def rewrap(self, *asked: object) -> None:
        self.made += 1
        super().rewrap(*asked)  # type: ignore[arg-type]


@pytest.fixture
def audio() -> CountingAudio:
    return CountingAudio(Audio.find().ffmpeg)


@pytest.fixture
def copies(folder: Path, media: LocalMediaStore, audio: CountingAudio) -> Copies:
    return Copies(folder, media, lambda: audio)


def test_addresses_name_what_copies_are_made_from_as_the_sound_does() -> None:
    assert dict(PLAYED_FROM) == MADE_FROM
    assert set(PLAYED) <= {spec.name for spec in RENDITIONS}


def test_a_copy_is_made_once_and_read_in_parts(
    copies: Copies, rendition: Rendition, audio: CountingAudio
) -> None:
    sound = copies.open(rendition, "webm-low")
    content = b"".join(sound.read())
    assert len(content) == sound.size_bytes
    assert content.startswith(b"\x1a\x45\xdf\xa3")  # EBML, of which WebM is made
    assert b"".join(sound.read(100, 200)) == content[100:200]
    assert sound.media_type == "audio/webm; codecs=opus"
    assert copies.open(rendition, "webm-low").etag == sound.etag != rendition.key
    assert audio.made == 1


def test_those_not_asked_for_longest_make_room(
    folder: Path, media: LocalMediaStore, audio: CountingAudio, tmp_path: Path
) -> None:
    first, second, third = (render(media, tmp_path, seed) for seed in (1, 2, 3))
    room = int(first.size_bytes * 2.5)
    copies = Copies(folder, media, lambda: audio, max_bytes=room)
    for moment, each in enumerate((first, second)):
        copies.open(each, "webm-low")
        os.utime(folder / f"{each.key}.webm", (moment, moment))
    copies.open(first, "webm-low")
    assert audio.made == 2
    copies.open(third, "webm-low")
    held = {path.stem for path in folder.iterdir()}
    assert held == {first.key, third.key}


@pytest.mark.parametrize("trouble", ["disk", "ffmpeg", "folder", "aside"])
def test_where_no_copy_can_be_made_the_rendition_is_heard(
    folder: Path,
    media: LocalMediaStore,
    rendition: Rendition,
    trouble: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    least = 10**18 if trouble == "disk" else 0
    if trouble == "folder":
        folder.parent.mkdir()
        folder.write_bytes(b"")
    if trouble == "aside":  # as on a disk that was mounted to be read only
        refuse = OSError(30, "Read-only file system")
        monkeypatch.setattr(tempfile, "mkdtemp", Mock(side_effect=refuse))
    program = shutil.which("false") if trouble == "ffmpeg" else Audio.find().ffmpeg
    copies = Copies(folder, media, lambda: Audio(str(program)), min_free_bytes=least)
    sound = copies.open(rendition, "webm-low")
    assert isinstance(sound, StoredSound)
    assert len(b"".join(sound.read())) == rendition.size_bytes


def test_a_copy_removed_this_moment_is_an_outage_and_no_wrong_address(
    copies: Copies, rendition: Rendition
) -> None:
    sound = copies.open(rendition, "webm-low")
    assert isinstance(sound, CopiedSound)
    sound.path.unlink()
    with pytest.raises(StorageError):
        sound.read()
    assert len(b"".join(copies.open(rendition, "webm-low").read())) == sound.size_bytes


def test_what_a_killed_process_left_is_removed(
    copies: Copies, folder: Path, rendition: Rendition
) -> None:
    left, in_the_making = folder / "incoming-1", folder / "incoming-2"
    for each in (left, in_the_making):
        each.mkdir(parents=True)
        (each / "half.webm").write_bytes(b"half")
    os.utime(left, (0, 0))
    copies.open(rendition, "webm-low")
    assert not left.exists()
    assert in_the_making.exists()


def test_two_who_ask_at_once_hear_the_same(copies: Copies, rendition: Rendition) -> None:
    heard: list[bytes] = []

    def listen() -> None:
        sound = copies.open(rendition, "webm-low")
        assert isinstance(sound, CopiedSound)
        heard.append(b"".join(sound.read()))

    threads = [threading.Thread(target=listen) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 6
    assert len(set(heard)) == 1

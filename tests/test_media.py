"""The folder of media: what a power cut, a full disk and a flipped bit do to it."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from radio_archive.audio import BYTES_EXTENSION, CONTAINER_EXTENSIONS, RENDITIONS
from radio_archive.errors import BadInput, StorageError
from radio_archive.media import EXTENSIONS, Area, LocalMediaStore, media_type_of
from tests.support.disks import small_disk


@pytest.fixture
def store(tmp_path: Path) -> LocalMediaStore:
    return LocalMediaStore(tmp_path / "media")


def files_under(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_file_lies_under_its_hash(store: LocalMediaStore, tmp_path: Path) -> None:
    stored = store.save(Area.RECORDINGS, [b"one"], ".mp3")
    key = hashlib.sha256(b"one").hexdigest()
    expected = tmp_path / "media" / "recordings" / key[:2] / key[2:4] / f"{key}.mp3"
    assert files_under(tmp_path) == [expected]
    assert stored.key == key


def test_nothing_is_visible_while_a_file_is_being_written(store: LocalMediaStore) -> None:
    seen: list[int] = []

    def watch() -> Iterator[bytes]:
        for _ in range(3):
            yield b"x" * 100_000
            seen.append(len(list(store.keys(Area.RECORDINGS))))

    store.save(Area.RECORDINGS, watch(), ".mp3")
    assert seen == [0, 0, 0]
    assert len(list(store.keys(Area.RECORDINGS))) == 1


KILLED_WHILE_SAVING = """
import sys, time
from pathlib import Path
from radio_archive.media import Area, LocalMediaStore

def drip():
    for number in range(10_000):
        yield bytes([number % 256]) * 50_000
        print("wrote", flush=True)
        time.sleep(0.002)

LocalMediaStore(Path(sys.argv[1])).save(Area.RECORDINGS, drip(), ".mp3")
"""


def test_a_killed_save_leaves_nothing_visible_and_is_swept_an_hour_later(
    store: LocalMediaStore, tmp_path: Path
) -> None:
    root = tmp_path / "media"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED_WHILE_SAVING, str(root)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for _ in range(5):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    (left,) = files_under(root)
    assert left.stat().st_size > 0
    assert list(store.keys(Area.RECORDINGS)) == []
    assert store.sweep() == 0, "it might still be written"
    an_hour_ago = time.time() - 3700
    os.utime(left, (an_hour_ago, an_hour_ago))
    assert store.sweep() == 1
    assert files_under(root) == []


def test_a_sweep_leaves_what_is_stored_however_old(store: LocalMediaStore, tmp_path: Path) -> None:
    stored = store.save(Area.RECORDINGS, [b"one"], ".mp3")
    (path,) = files_under(tmp_path)
    os.utime(path, (0, 0))
    assert store.sweep() == 0
    assert store.verify(Area.RECORDINGS, stored.key, ".mp3")


LIMITED = """
import resource, sys
from pathlib import Path
from radio_archive.errors import StorageError
from radio_archive.media import Area, LocalMediaStore

resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    LocalMediaStore(Path(sys.argv[1])).save(Area.RECORDINGS, [b"x" * 70_000] * 100, ".mp3")
except StorageError as error:
    print(error)
"""


def test_a_write_the_system_refuses_leaves_no_part(tmp_path: Path) -> None:
    root = tmp_path / "media"
    answer = run(LIMITED, root)
    assert "File too large" in answer.stdout, answer.stderr
    assert "Make room" in answer.stdout
    assert files_under(root) == []


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk") as folder:
        yield folder


def test_a_full_disk_leaves_no_part_and_keeps_what_was_there(disk: Path) -> None:
    store = LocalMediaStore(disk)
    kept = store.save(Area.RECORDINGS, [b"x" * 50_000], ".mp3")
    with pytest.raises(StorageError, match="No space left") as caught:
        store.save(Area.RECORDINGS, [b"y" * 10_000] * 100, ".mp3")
    assert "Make room" in caught.value.hint
    assert len(files_under(disk)) == 1
    assert store.verify(Area.RECORDINGS, kept.key, ".mp3")
    store.save(Area.RECORDINGS, [b"z" * 50_000], ".mp3")


def test_room_is_left_for_the_catalogue(disk: Path) -> None:
    store = LocalMediaStore(disk, min_free_bytes=10_000_000)
    with pytest.raises(StorageError, match="10,000,000 are kept free"):
        store.save(Area.RECORDINGS, [b"x"], ".mp3")
    assert files_under(disk) == []


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"a file where the folder should be")
    with pytest.raises(StorageError, match="media"):
        LocalMediaStore(tmp_path / "media").save(Area.RECORDINGS, [b"x"], ".mp3")


def test_every_flipped_bit_is_found(store: LocalMediaStore, tmp_path: Path) -> None:
    chance = random.Random(7)
    content = chance.randbytes(20_000)
    stored = store.save(Area.RECORDINGS, [content], ".mp3")
    (path,) = files_under(tmp_path)
    for _ in range(200):
        damaged = bytearray(content)
        damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        assert not store.verify(Area.RECORDINGS, stored.key, ".mp3")
    path.write_bytes(content[:-1])
    assert not store.verify(Area.RECORDINGS, stored.key, ".mp3")


def test_saving_again_mends_a_damaged_file(store: LocalMediaStore, tmp_path: Path) -> None:
    stored = store.save(Area.RECORDINGS, [b"good"], ".mp3")
    (path,) = files_under(tmp_path)
    path.write_bytes(b"goof")
    store.save(Area.RECORDINGS, [b"good"], ".mp3")
    assert store.verify(Area.RECORDINGS, stored.key, ".mp3")


def test_files_nobody_saved_are_not_listed(store: LocalMediaStore, tmp_path: Path) -> None:
    stored = store.save(Area.RECORDINGS, [b"one"], ".mp3")
    (path,) = files_under(tmp_path)
    for name in (".DS_Store", "notes.mp3", f"{stored.key}.exe", f"{stored.key}.mp3~"):
        (path.parent / name).write_bytes(b"x")
    assert list(store.keys(Area.RECORDINGS)) == [stored]


SAVER = """
import sys
from pathlib import Path
from radio_archive.media import Area, LocalMediaStore

store = LocalMediaStore(Path(sys.argv[1]))
for number in range(50):
    store.save(Area.RECORDINGS, [bytes([number]) * 30_000] * 3, ".mp3")
"""


def test_two_processes_may_save_the_same_files(store: LocalMediaStore, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SAVER, str(tmp_path / "media")]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    held = list(store.keys(Area.RECORDINGS))
    assert len(held) == 50
    assert all(store.verify(Area.RECORDINGS, each.key, each.extension) for each in held)
    assert len(files_under(tmp_path)) == 50


def test_a_reader_is_not_disturbed_by_a_second_save(store: LocalMediaStore) -> None:
    content = random.Random(3).randbytes(300_000)
    stored = store.save(Area.RECORDINGS, [content], ".mp3")
    blocks = store.read(Area.RECORDINGS, stored.key, ".mp3")
    first = next(blocks)
    store.save(Area.RECORDINGS, [content], ".mp3")
    store.delete(Area.RECORDINGS, stored.key, ".mp3")
    assert first + b"".join(blocks) == content


def test_the_bytes_are_flushed_before_the_name_and_the_name_after(
    store: LocalMediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    flush, rename = os.fsync, Path.replace

    def seen_flush(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        steps.append(f"flush {kind}")
        flush(descriptor)

    def seen_rename(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    store.save(Area.RECORDINGS, [b"make the folders"], ".mp3")
    monkeypatch.setattr(os, "fsync", seen_flush)
    monkeypatch.setattr(Path, "replace", seen_rename)
    store.save(Area.RECORDINGS, [b"make the folders"], ".mp3")
    assert steps == ["flush file", "rename", "flush folder"]


def test_every_extension_sound_may_get_has_a_media_type() -> None:
    given = {each for extensions in CONTAINER_EXTENSIONS.values() for each in extensions}
    assert given | {BYTES_EXTENSION} == set(EXTENSIONS)


def test_renditions_have_the_media_types_of_their_extensions() -> None:
    for spec in RENDITIONS:
        assert media_type_of(spec.extension) == spec.media_type


@pytest.mark.parametrize("extension", ["", ".", ".php", ".m3u8", "mp3", ".MP3"])
def test_unknown_extensions_have_no_media_type(extension: str) -> None:
    with pytest.raises(BadInput, match="is not kept"):
        media_type_of(extension)

"""The object store: what a dropped line, a killed process and a wrong key do to it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from radio_archive.errors import StorageError, StoreAway
from radio_archive.media import BLOCK_BYTES, Area, object_store
from radio_archive.media.disk import blocks_of
from radio_archive.media.object_store import FIRST_WINDOW_BYTES, ObjectMediaStore
from radio_archive.model import RecordingKey
from tests.support import object_store as support
from tests.support.disks import files_under
from tests.support.object_store import BUCKET, Line, ObjectServer

MEGABYTE = 1_000_000

#: what is sent is read here
BLOCKS = "radio_archive.media.object_store.blocks_of"
ABSENT = RecordingKey("0" * 64)


def sound(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def names(server: ObjectServer, prefix: str) -> list[str]:
    listed = server.client().list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    return [each["Key"] for each in listed.get("Contents", [])]


def unfinished(server: ObjectServer, prefix: str) -> list[dict[str, Any]]:
    listed = server.client().list_multipart_uploads(Bucket=BUCKET, Prefix=prefix)
    return list(listed.get("Uploads", []))


def test_a_file_has_the_name_it_has_in_a_folder_and_says_what_it_is(
    store: ObjectMediaStore, object_server: ObjectServer, prefix: str
) -> None:
    key = store.save(Area.RECORDINGS, [b"one"], ".opus").key
    name = f"{prefix}/recordings/{key[:2]}/{key[2:4]}/{key}.opus"
    assert names(object_server, prefix) == [name]
    facts = object_server.client().head_object(Bucket=BUCKET, Key=name)
    assert facts["ContentType"] == "audio/ogg; codecs=opus"


def test_a_large_file_goes_in_parts_and_comes_back_whole(
    store: ObjectMediaStore, object_server: ObjectServer, prefix: str
) -> None:
    content = sound(20 * MEGABYTE)
    stored = store.save(Area.RECORDINGS, [content], ".wav")
    assert b"".join(store.read(Area.RECORDINGS, stored.key, ".wav")) == content
    assert store.verify(Area.RECORDINGS, stored.key, ".wav")
    (name,) = names(object_server, prefix)
    assert object_server.client().head_object(Bucket=BUCKET, Key=name)["ETag"].endswith('-3"')
    assert unfinished(object_server, prefix) == []


def test_a_part_is_read_without_the_rest(store: ObjectMediaStore, line: Line) -> None:
    content = sound(20 * MEGABYTE)
    key = store.save(Area.RECORDINGS, [content], ".wav").key
    before = line.bytes_back
    part = store.read(Area.RECORDINGS, key, ".wav", 10 * MEGABYTE, 10 * MEGABYTE + 1000)
    assert b"".join(part) == content[10 * MEGABYTE : 10 * MEGABYTE + 1000]
    assert line.bytes_back - before < 3000


def test_a_listener_who_goes_away_has_not_made_the_store_send_the_rest(
    store: ObjectMediaStore, line: Line
) -> None:
    key = store.save(Area.RECORDINGS, [sound(20 * MEGABYTE)], ".wav").key
    before = line.bytes_back
    blocks = store.read(Area.RECORDINGS, key, ".wav")
    next(blocks)
    assert line.bytes_back - before < FIRST_WINDOW_BYTES + 3000
    for _ in range(MEGABYTE // BLOCK_BYTES):
        next(blocks)
    assert line.bytes_back - before < 3 * MEGABYTE


def test_nothing_is_visible_before_the_last_part_has_arrived(
    store: ObjectMediaStore,
    object_server: ObjectServer,
    prefix: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[int] = []

    def watched(path: Path) -> Iterator[bytes]:
        for block in blocks_of(path):
            seen.append(len(names(object_server, prefix)) if len(seen) % 100 == 0 else 0)
            yield block

    monkeypatch.setattr(BLOCKS, watched)
    store.save(Area.RECORDINGS, [sound(20 * MEGABYTE)], ".wav")
    assert len(seen) > 300
    assert set(seen) == {0}
    assert len(names(object_server, prefix)) == 1


def test_what_the_disk_gives_back_changed_never_becomes_visible(
    store: ObjectMediaStore,
    object_server: ObjectServer,
    prefix: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(BLOCKS, lambda path: iter([b"x" * MEGABYTE] * 10))
    for size in (3, 10 * MEGABYTE):
        with pytest.raises(StorageError, match="changed while it was sent"):
            store.save(Area.RECORDINGS, [sound(size)], ".wav")
    assert names(object_server, prefix) == []
    assert unfinished(object_server, prefix) == []


KILLED_WHILE_SENDING = """
import sys, time
from pathlib import Path
from radio_archive.media import Area, object_store
from tests.support.object_store import object_store as make

def slowly(path, blocks_of=object_store.blocks_of):
    for number, block in enumerate(blocks_of(path)):
        if number > 300:
            print("sending", flush=True)
            time.sleep(0.05)
        yield block

object_store.blocks_of = slowly
endpoint, prefix, cache = sys.argv[1:]
store = make(endpoint, prefix, Path(cache))
store.save(Area.RECORDINGS, [b"x" * 1_000_000] * 40, ".wav")
"""


def kill_while_sending(endpoint: str, prefix: str, cache: Path) -> None:
    command = [sys.executable, "-c", KILLED_WHILE_SENDING, endpoint, prefix, str(cache)]
    path = os.pathsep.join(sys.path)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"sending\n"
        process.send_signal(signal.SIGKILL)


def test_a_killed_save_leaves_nothing_visible_and_is_swept(
    store: ObjectMediaStore,
    object_server: ObjectServer,
    prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kill_while_sending(object_server.endpoint, prefix, tmp_path / "cache")
    assert names(object_server, prefix) == []
    assert list(store.keys(Area.RECORDINGS)) == []
    assert len(unfinished(object_server, prefix)) == 1
    (spool,) = files_under(tmp_path / "cache")
    # the server says of every upload that it began in 2010
    monkeypatch.setattr(object_store, "UNFINISHED_SECONDS", 50 * 365 * 86_400)
    assert store.sweep() == 0, "it might still be sent"
    monkeypatch.undo()
    os.utime(spool, (time.time() - 3700,) * 2)
    assert store.sweep() == 2
    assert unfinished(object_server, prefix) == []
    assert files_under(tmp_path / "cache") == []


def test_a_sweep_leaves_the_uploads_of_others(
    store: ObjectMediaStore, object_server: ObjectServer, prefix: str
) -> None:
    client = object_server.client()
    for name in (f"{prefix}/films/a.mp4", f"{prefix}/recordings/notes.mp3", "other.mp3"):
        client.create_multipart_upload(Bucket=BUCKET, Key=name)
    assert store.sweep() == 0
    assert len(unfinished(object_server, prefix)) == 2


def test_a_damaged_object_is_found_not_lent_and_mended_by_saving_again(
    store: ObjectMediaStore, object_server: ObjectServer, prefix: str
) -> None:
    stored = store.save(Area.RECORDINGS, [b"good"], ".mp3")
    (name,) = names(object_server, prefix)
    object_server.client().put_object(Bucket=BUCKET, Key=name, Body=b"goof")
    assert not store.verify(Area.RECORDINGS, stored.key, ".mp3")
    with (
        pytest.raises(StorageError, match="not what was saved"),
        store.local_path(Area.RECORDINGS, stored.key, ".mp3"),
    ):
        pass
    store.save(Area.RECORDINGS, [b"good"], ".mp3")
    assert store.verify(Area.RECORDINGS, stored.key, ".mp3")


def test_a_copy_here_answers_while_the_store_is_away_but_does_not_vouch_for_it(
    line: Line, prefix: str, tmp_path: Path
) -> None:
    store = support.object_store(line.endpoint, prefix, tmp_path / "cache")
    key = store.save(Area.RENDITIONS, [b"good"], ".mp3").key
    line.cut()
    assert b"".join(store.read(Area.RENDITIONS, key, ".mp3", 1, 3)) == b"oo"
    with store.local_path(Area.RENDITIONS, key, ".mp3") as path:
        assert path.read_bytes() == b"good"
    with pytest.raises(StoreAway):
        store.verify(Area.RENDITIONS, key, ".mp3")


def test_a_rendition_that_is_jumped_about_in_is_fetched_once(
    store: ObjectMediaStore, line: Line, prefix: str, tmp_path: Path
) -> None:
    content = sound(2 * MEGABYTE)
    key = store.save(Area.RENDITIONS, [content], ".opus").key
    listening = support.object_store(line.endpoint, prefix, tmp_path / "copies")
    for at in (5, 500_000, 1_000_000):
        part = listening.read(Area.RENDITIONS, key, ".opus", at, at + 10)
        assert b"".join(part) == content[at : at + 10]
    deadline = time.monotonic() + 30
    while not files_under(tmp_path / "copies" / "renditions" / key[:2]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    before = line.bytes_back
    assert b"".join(listening.read(Area.RENDITIONS, key, ".opus")) == content
    assert line.bytes_back == before


def test_a_line_that_drops_while_reading_is_said_so_and_reading_can_go_on(
    store: ObjectMediaStore, line: Line
) -> None:
    content = sound(20 * MEGABYTE)
    key = store.save(Area.RECORDINGS, [content], ".wav").key
    line.cut_after = line.bytes_back + 5 * MEGABYTE
    got = bytearray()
    blocks = store.read(Area.RECORDINGS, key, ".wav")
    with pytest.raises(StoreAway):
        deque(map(got.extend, blocks))
    assert MEGABYTE < len(got) < 6 * MEGABYTE
    line.mend()
    got += b"".join(store.read(Area.RECORDINGS, key, ".wav", len(got)))
    assert got == content


def test_a_line_that_drops_while_saving_leaves_nothing_visible(
    store: ObjectMediaStore,
    line: Line,
    object_server: ObjectServer,
    prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:

    def dropping(path: Path) -> Iterator[bytes]:
        for number, block in enumerate(blocks_of(path)):
            if number == 200:
                line.cut()
            yield block

    monkeypatch.setattr(BLOCKS, dropping)
    with pytest.raises(StoreAway):
        store.save(Area.RECORDINGS, [sound(20 * MEGABYTE)], ".wav")
    assert names(object_server, prefix) == []
    assert files_under(tmp_path / "cache") == []
    monkeypatch.undo()
    line.mend()
    stored = store.save(Area.RECORDINGS, [sound(20 * MEGABYTE)], ".wav")
    assert store.verify(Area.RECORDINGS, stored.key, ".wav")
    store.sweep()
    assert unfinished(object_server, prefix) == []


MEMORY = """
import resource, sys
from pathlib import Path
from radio_archive.media import Area
from tests.support.object_store import object_store

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

endpoint, prefix, cache = sys.argv[1:]
store = object_store(endpoint, prefix, Path(cache), cache_bytes=0)
store.save(Area.RECORDINGS, [b"warm up"], ".mp3")
before = peak()
stored = store.save(Area.RECORDINGS, (bytes([n]) * 1_000_000 for n in range(120)), ".wav")
assert store.verify(Area.RECORDINGS, stored.key, ".wav")
print(peak() - before)
"""


def test_a_large_file_takes_little_memory(
    object_server: ObjectServer, prefix: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", MEMORY, object_server.endpoint, prefix, str(tmp_path / "c")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    answer = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert answer.returncode == 0, answer.stderr
    assert int(answer.stdout) < 60 * MEGABYTE

"""A store that is away and one that refuses: told apart, in time, and without showing a key."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from radio_archive.errors import StoreAway, StoreRefuses
from radio_archive.media import Area
from radio_archive.media.object_store import ObjectMediaStore
from radio_archive.media.outage import PAUSE_S
from radio_archive.media.places import ObjectPlace
from radio_archive.media.refusals import as_ours
from radio_archive.model import RecordingKey
from tests.support import object_store as support
from tests.support.disks import files_under
from tests.support.object_store import BUCKET, KEYS, Line, ObjectServer

ABSENT = RecordingKey("0" * 64)


def everything_that_asks(store: ObjectMediaStore) -> list[Any]:
    return [
        lambda: store.exists(Area.RECORDINGS, ABSENT, ".mp3"),
        lambda: store.size(Area.RECORDINGS, ABSENT, ".mp3"),
        lambda: store.read(Area.RECORDINGS, ABSENT, ".mp3"),
        lambda: store.verify(Area.RECORDINGS, ABSENT, ".mp3"),
        lambda: store.save(Area.RECORDINGS, [b"one"], ".mp3"),
        lambda: list(store.keys(Area.RECORDINGS)),
        lambda: store.local_path(Area.RECORDINGS, ABSENT, ".mp3").__enter__(),
        store.examine,
    ]


def test_a_store_that_cannot_be_reached_is_said_to_be_away(
    store: ObjectMediaStore, line: Line, tmp_path: Path
) -> None:
    line.cut()
    for ask in everything_that_asks(store):
        began = time.monotonic()
        with pytest.raises(StoreAway, match="does not answer") as caught:
            ask()
        assert caught.value.retryable
        assert line.endpoint in caught.value.hint
        assert time.monotonic() - began < 10
    assert files_under(tmp_path / "cache") == []
    line.mend()
    assert not store.exists(Area.RECORDINGS, ABSENT, ".mp3")


def test_for_a_server_that_says_nothing_one_waits_so_long_and_the_others_are_told(
    prefix: str, tmp_path: Path
) -> None:
    with ObjectServer() as server, pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        server.make_bucket(BUCKET)
        store = support.object_store(server.endpoint, prefix, tmp_path / "cache", cache_bytes=0)
        key = store.save(Area.RECORDINGS, [b"one"], ".mp3").key
        server.freeze()
        waited: list[float] = []

        def listen() -> None:
            began = time.monotonic()
            with pytest.raises(StoreAway):
                store.read(Area.RECORDINGS, key, ".mp3")
            waited.append(time.monotonic() - began)

        listen()
        with ThreadPoolExecutor(20) as threads:
            for listener in [threads.submit(listen) for _ in range(20)]:
                listener.result()
        assert 5 < waited[0] < 30
        assert sorted(waited[1:])[-2] < 4, "all but the one that asks"
        server.thaw()
        time.sleep(PAUSE_S)
        assert b"".join(store.read(Area.RECORDINGS, key, ".mp3")) == b"one"


def test_a_missing_bucket_is_not_taken_for_missing_files(
    object_server: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support, "BUCKET", "never-made")
    store = support.object_store(object_server.endpoint, "", tmp_path / "cache")
    for ask in everything_that_asks(store):
        with pytest.raises(StoreRefuses, match="NoSuchBucket") as caught:
            ask()
        assert not caught.value.retryable
        assert "Make the bucket" in caught.value.hint


@pytest.fixture(scope="module")
def strict_server() -> Iterator[ObjectServer]:
    """A server that knows no keys at all."""
    with ObjectServer({"INITIAL_NO_AUTH_ACTION_COUNT": "0"}) as server:
        yield server


def test_a_wrong_key_is_refused_for_good_and_never_shown(
    strict_server: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    store = support.object_store(strict_server.endpoint, "", tmp_path / "cache")
    for ask in everything_that_asks(store):
        with pytest.raises(StoreRefuses) as caught:
            ask()
        assert not caught.value.retryable
        assert "AWS_ACCESS_KEY_ID" in caught.value.hint
        told = "".join(traceback.format_exception(caught.value))
        assert KEYS["AWS_SECRET_ACCESS_KEY"] not in told
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in repr(vars(store))


def test_what_may_pass_and_what_may_not_are_told_apart() -> None:
    place = ObjectPlace(bucket="b")
    for text in ("status code: 503 <Code>SlowDown</Code>", "status code: 500", "error sending"):
        assert as_ours(place, "x", text).retryable, text
    for text in (
        "status code: 403 <Code>AccessDenied</Code>",
        "status code: 301 <Code>PermanentRedirect</Code>",
        "PUT http://169.254.169.254/latest/api/token",
        "invalid peer certificate: UnknownIssuer",
    ):
        error = as_ours(place, "x", text)
        assert not error.retryable, text
        assert error.hint

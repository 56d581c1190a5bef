"""The sound, in the parts players ask for: RFC 9110 as measured against browsers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from radio_archive.web import create_app
from radio_archive.web.media import answer_sound
from tests.support.object_store import BUCKET, ObjectServer
from tests.web.stocking import Stock, stock_archive


class Bytes:
    """Sound held in memory; remembers how much was read and whether it was closed."""

    size_bytes = 1_000_000
    etag = "a" * 64
    media_type = "audio/mpeg"

    def __init__(self) -> None:
        self.blocks_read = 0
        self.is_closed = False

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        try:
            for _ in range(start, self.size_bytes if end is None else end, 1_000):
                self.blocks_read += 1
                yield bytes(1_000)
        finally:
            self.is_closed = True


@pytest.fixture(scope="session", params=["folder", "object store"])
def stock(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stock]:
    """The archive all requests are tried on, its sound in a folder or in a store."""
    settings = {}
    if request.param == "object store":
        server: ObjectServer = request.getfixturevalue("object_server")
        # without copies: every answer comes from the store
        settings = {
            "media_url": f"s3://{BUCKET}/listening",
            "media_endpoint": server.endpoint,
            "media_cache_bytes": 0,
        }
    with stock_archive(tmp_path_factory.mktemp("home"), **settings) as stock:
        yield stock


@pytest.fixture
def client(stock: Stock) -> Iterator[TestClient]:
    with TestClient(create_app(stock.archive)) as client:
        yield client


def whole(stock: Stock, name: str = "mp3") -> bytes:
    return b"".join(stock.archive.open_sound(stock.debate, name).read())


@pytest.mark.parametrize(
    ("path", "name", "media_type"),
    [
        ("/media/{}.mp3", "mp3", "audio/mpeg"),
        ("/media/{}.opus", "opus", "audio/ogg"),
        ("/media/{}.opus?q=low", "low", "audio/ogg"),
        ("/media/{}.webm", "webm", "audio/webm"),
        ("/media/{}.webm?q=low", "webm-low", "audio/webm"),
    ],
)
def test_each_rendition_comes_whole_with_its_type_and_digest(
    client: TestClient, stock: Stock, path: str, name: str, media_type: str
) -> None:
    answer = client.get(path.format(stock.debate))
    assert answer.status_code == 200
    assert answer.content == whole(stock, name)
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert answer.headers["etag"] == f'"{stock.archive.open_sound(stock.debate, name).etag}"'
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "private" in answer.headers["cache-control"]
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "asked", ["0-0", "0-", "-1", "100-199", "-99999999", "0-99999999", "5000-5001"]
)
def test_a_single_range_is_served_as_that_slice(
    client: TestClient, stock: Stock, asked: str
) -> None:
    content = whole(stock)
    first, last = asked.split("-")
    start = int(first) if first else max(0, len(content) - int(last))
    end = min(len(content), int(last) + 1) if first and last else len(content)
    answer = client.get(f"/media/{stock.debate}.mp3", headers={"range": f"bytes={asked}"})
    assert answer.status_code == 206
    assert answer.content == content[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(content)}"
    assert answer.headers["content-length"] == str(end - start)


def test_a_range_beyond_the_end_is_refused_with_the_size(client: TestClient, stock: Stock) -> None:
    size = len(whole(stock))
    for asked in (f"bytes={size}-", "bytes=-0"):
        answer = client.get(f"/media/{stock.debate}.mp3", headers={"range": asked})
        assert answer.status_code == 416
        assert answer.headers["content-range"] == f"bytes */{size}"
        assert answer.content == b""


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-5,2000-3000", "items=0-5", "bytes=abc", "bytes=5-2", "bytes=" + "0-0," * 99 + "0-0"],
)
def test_lists_and_what_makes_no_sense_get_the_whole(
    client: TestClient, stock: Stock, asked: str
) -> None:
    answer = client.get(f"/media/{stock.debate}.mp3", headers={"range": asked})
    assert answer.status_code == 200
    assert answer.content == whole(stock)


def test_a_head_request_gets_the_headers_of_the_whole(client: TestClient, stock: Stock) -> None:
    answer = client.head(f"/media/{stock.debate}.mp3", headers={"range": "bytes=0-5"})
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(whole(stock)))
    assert "content-range" not in answer.headers
    assert answer.content == b""


def test_a_range_is_served_only_of_the_bytes_the_player_has(
    client: TestClient, stock: Stock
) -> None:
    url = f"/media/{stock.debate}.mp3"
    etag = client.head(url).headers["etag"]
    for condition, status in (
        (etag, 206),
        ('"other"', 200),
        (f"W/{etag}", 200),
        ("Thu, 16 Oct 2014 17:00:00 GMT", 200),
    ):
        headers = {"range": "bytes=0-9", "if-range": condition}
        assert client.get(url, headers=headers).status_code == status


def test_what_the_player_has_is_not_sent_again(client: TestClient, stock: Stock) -> None:
    url = f"/media/{stock.debate}.mp3"
    etag = client.head(url).headers["etag"]
    for tags, status in (
        (etag, 304),
        (f'"x", W/{etag}', 304),
        ("*", 304),
        ('"x"', 200),
    ):
        answer = client.get(url, headers={"if-none-match": tags})
        assert answer.status_code == status
        assert (answer.content == b"") == (status == 304)
        assert answer.headers["etag"] == etag


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/media/{}.wav", 404),
        ("/media/0000000000000000.mp3", 404),
        ("/media/..%2f..%2fetc%2fpasswd.mp3", 404),
        ("/media/{}.mp3?q=low", 400),
        ("/media/{}.opus?q=high", 400),
        ("/media/{}.webm?q=high", 400),
        ("/media/0000000000000000.webm", 404),
    ],
)
def test_sound_that_is_not_there_is_said_so(
    client: TestClient, stock: Stock, path: str, status: int
) -> None:
    url = path.format(stock.debate)
    answer = client.get(url, headers={"accept": "application/json"})
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_a_broadcast_without_recording_has_no_sound(client: TestClient, stock: Stock) -> None:
    assert client.get(f"/media/{stock.silent}.mp3").status_code == 404


def test_reading_stops_when_the_listener_hangs_up() -> None:
    sound = Bytes()
    sent: list[Message] = []

    async def receive() -> Message:
        while len(sent) < 3:
            await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        await asyncio.sleep(0.001)

    async def listen() -> None:
        scope = {"type": "http", "method": "GET", "headers": [], "query_string": b""}
        response = await answer_sound(sound, Request(scope))
        await response({**scope, "asgi": {"spec_version": "2.3"}}, receive, send)
        await asyncio.sleep(0.01)

    asyncio.run(listen())
    assert 0 < sound.blocks_read < 100
    assert sound.is_closed

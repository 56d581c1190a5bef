"""The door to the network, against a real server on this machine."""

from __future__ import annotations

import gzip
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from radio_archive.errors import FetchError, Gone, RefusedAddress, TooLarge
from radio_archive.fetch import Fetcher, FetchLimits
from radio_archive.fetch.addresses import AddressGate, check_url, is_public
from radio_archive.fetch.network import TooSlow

SOUND = bytes(range(256)) * 2000
ETAG = '"v1"'
Route = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Station

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        with suppress(ConnectionError):
            self.server.routes[self.path](self)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def break_off(self) -> None:
        self.wfile.flush()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the test's output quiet."""


class Station(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Route] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"


@pytest.fixture
def station() -> Iterator[Station]:
    server = Station()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def fetcher(*allowed: str, resolve: Callable[[str, int], Sequence[str]] | None = None) -> Fetcher:
    limits = FetchLimits(
        silence_seconds=2, speed_window_seconds=0.5, document_seconds=5, resume_wait_seconds=0
    )
    hosts = allowed or ("127.0.0.1",)
    if resolve is None:
        return Fetcher(allowed_private_hosts=hosts, limits=limits)
    return Fetcher(allowed_private_hosts=hosts, limits=limits, resolve=resolve)


def recording(url: str, max_bytes: int = 10_000_000) -> bytes:
    with fetcher().stream(url, max_bytes=max_bytes) as blocks:
        return b"".join(blocks)


def test_a_document_comes_with_its_type_and_validators(station: Station) -> None:
    station.routes["/feed"] = lambda request: request.answer(
        200, b"<rss/>", Content_Type="text/xml; charset=utf-8", ETag=ETAG
    )
    document = fetcher().read(station.url("/feed"))
    assert document.body == b"<rss/>"
    assert document.content_type == "text/xml; charset=utf-8"
    assert (document.etag, document.last_modified) == (ETAG, None)
    assert not document.is_unchanged


def test_an_unchanged_document_is_not_sent_again(station: Station) -> None:
    station.routes["/feed"] = lambda request: request.answer(
        304 if request.headers["If-None-Match"] == ETAG else 200
    )
    document = fetcher().read(station.url("/feed"), etag=ETAG, last_modified="yesterday")
    assert document.is_unchanged
    assert (document.body, document.etag) == (b"", ETAG)
    assert station.asked[0][1]["If-Modified-Since"] == "yesterday"


def test_not_modified_without_a_validator_is_an_error(station: Station) -> None:
    station.routes["/feed"] = lambda request: request.answer(304)
    with pytest.raises(FetchError, match="304"):
        fetcher().read(station.url("/feed"))


def test_a_redirect_is_followed_and_the_last_address_told(station: Station) -> None:
    station.routes["/old"] = lambda request: request.answer(301, Location="/new")
    station.routes["/new"] = lambda request: request.answer(200, b"here")
    document = fetcher().read(station.url("/old"))
    assert (document.body, document.url) == (b"here", station.url("/new"))


def test_no_cookie_is_carried_along_a_redirect(station: Station) -> None:
    station.routes["/old"] = lambda request: request.answer(
        302, Location="/new", Set_Cookie="session=secret; Path=/"
    )
    station.routes["/new"] = lambda request: request.answer(200)
    fetcher().read(station.url("/old"))
    assert not {"Cookie", "Authorization", "Referer"} & set(station.asked[1][1])


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://localhost/",
        "//169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://me:secret@127.0.0.1/",
    ],
)
def test_a_redirect_to_a_private_address_is_refused(station: Station, target: str) -> None:
    station.routes["/trap"] = lambda request: request.answer(302, Location=target)
    with pytest.raises(RefusedAddress) as refused:
        fetcher().read(station.url("/trap"))
    assert "secret" not in str(refused.value)
    assert len(station.asked) == 1


def test_a_loop_of_redirects_ends_soon(station: Station) -> None:
    station.routes["/loop"] = lambda request: request.answer(302, Location="/loop")
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        fetcher().read(station.url("/loop"))
    assert len(station.asked) == 6


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://0/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127。0。0。1/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[::ffff:a00:1]/",
        "http://[64:ff9b::]/",
        "http://[64:ff9b::a00:1]/",
        "http://[64:ff9b:1::1]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25lo]/",
        "http://[fd00::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://192.168.1.1/",
        "http://224.0.0.1/",
        "http://localhost/",
        "http://LOCALHOST/",
        "http://user@example.org/",
        "http://user:word@example.org/",
        "http://8.8.8.8:22/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "data:text/plain,hello",
        "//example.org/",
        "http://",
        "http:///path",
        "http://[oops/",
        "http://exa mple.org/",
        "http://example.org:99999/",
        "",
    ],
)
def test_an_address_that_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(RefusedAddress) as refused:
        Fetcher().read(url)
    assert refused.value.hint
    assert not refused.value.retryable


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4007::200e", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::8.8.8.8", True),
        ("192.0.0.8", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("2002:a00:1::", False),
        ("2001:0:53aa::1", False),
        ("2001:db8::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::10.0.0.1", False),
        ("2a00:1450:4007::200e%eth0", False),
        ("not an address", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_public(address: str, expected: bool) -> None:
    assert is_public(address) is expected


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    gate = AddressGate(resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(RefusedAddress, match=r"10\.0\.0\.1"):
        gate.open_addresses("radio.example", 443)


def test_a_name_that_changes_its_address_is_looked_up_once_per_connection(
    station: Station,
) -> None:
    """DNS rebinding: public when checked, private when connected."""
    answers: list[str] = []

    def flip(host: str, port: int) -> list[str]:
        answers.append("203.0.113.9" if len(answers) % 2 else "127.0.0.1")
        return [answers[-1]]

    station.routes["/feed"] = lambda request: request.answer(200, b"secret")
    with pytest.raises(RefusedAddress):
        fetcher("other.example", resolve=flip).read(station.url("/feed", "radio.example"))
    assert answers == ["127.0.0.1"]
    assert station.asked == []


def test_the_checked_address_is_used_and_the_name_kept_as_host(station: Station) -> None:
    lookups: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"]

    station.routes["/feed"] = lambda request: request.answer(200, b"ours")
    url = station.url("/feed", "Radio.Example")
    assert fetcher("radio.example", resolve=resolve).read(url).body == b"ours"
    assert lookups == ["radio.example"]
    assert station.asked[0][1]["Host"] == f"radio.example:{station.server_port}"


def test_the_next_address_is_tried_when_the_first_does_not_answer(station: Station) -> None:
    station.routes["/feed"] = lambda request: request.answer(200, b"ours")
    reach = fetcher("radio.example", resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    assert reach.read(station.url("/feed", "radio.example")).body == b"ours"


def test_proxies_of_the_environment_are_ignored(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    station.routes["/feed"] = lambda request: request.answer(200, b"direct")
    assert fetcher().read(station.url("/feed")).body == b"direct"


def test_an_unknown_host_is_a_failure_that_may_pass() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(FetchError, match=r"radio\.example cannot be found") as failed:
        fetcher(resolve=nowhere).read("http://radio.example/feed")
    assert failed.value.retryable
    assert failed.value.url == "http://radio.example/feed"


def test_nobody_listening_is_a_failure_with_the_address(station: Station) -> None:
    url = station.url("/feed").replace(str(station.server_port), "1")
    with pytest.raises(FetchError, match="could not be fetched") as failed:
        fetcher().read(url)
    assert url in str(failed.value)


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_can_be_told_from_what_failed(station: Station, status: int) -> None:
    station.routes["/dead.mp3"] = lambda request: request.answer(status)
    with pytest.raises(Gone) as gone:
        recording(station.url("/dead.mp3"))
    assert not gone.value.retryable
    assert gone.value.url == station.url("/dead.mp3")


@pytest.mark.parametrize("status", [403, 500, 503])
def test_other_refusals_may_pass(station: Station, status: int) -> None:
    station.routes["/feed"] = lambda request: request.answer(status)
    with pytest.raises(FetchError, match=str(status)) as failed:
        fetcher().read(station.url("/feed"))
    assert failed.value.retryable
    assert failed.value.retry_after_s is None


def test_the_wait_a_server_asks_for_is_told(station: Station) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=90)
    station.routes["/busy"] = lambda request: request.answer(429, Retry_After="120")
    station.routes["/down"] = lambda request: request.answer(
        503, Retry_After=format_datetime(soon, usegmt=True)
    )
    with pytest.raises(FetchError, match="in 120 seconds") as busy:
        fetcher().read(station.url("/busy"))
    assert busy.value.retry_after_s == 120
    with pytest.raises(FetchError) as down:
        fetcher().read(station.url("/down"))
    assert down.value.retry_after_s == pytest.approx(90, abs=3)


def test_a_packed_page_is_unpacked(station: Station) -> None:
    text = b"bonjour " * 50
    station.routes["/page"] = lambda request: request.answer(
        200, gzip.compress(text), Content_Encoding="gzip"
    )
    assert fetcher().read(station.url("/page")).body == text


def test_a_decompression_bomb_is_stopped_early(station: Station) -> None:
    bomb = gzip.compress(b"\0" * 15_000_000)
    station.routes["/bomb"] = lambda request: request.answer(200, bomb, Content_Encoding="gzip")
    with pytest.raises(TooLarge, match="100 times its size"):
        fetcher().read(station.url("/bomb"))


def test_an_endless_document_is_stopped_at_the_limit(station: Station) -> None:
    def endless(request: Handler) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(os.urandom(10_000))

    station.routes["/endless"] = endless
    with pytest.raises(TooLarge, match="100000 bytes"):
        fetcher().read(station.url("/endless"), max_bytes=100_000)


def test_a_recording_announced_too_large_is_not_begun(station: Station) -> None:
    station.routes["/long.mp3"] = lambda request: request.answer(200, SOUND)
    blocks: list[bytes] = []
    with (
        pytest.raises(TooLarge),
        fetcher().stream(station.url("/long.mp3"), max_bytes=1000) as sound,
    ):
        blocks.extend(sound)
    assert blocks == []


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_drips_is_dropped(station: Station, part: str) -> None:
    def drip(request: Handler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if part == "body":
            request.wfile.write(b"Content-Length: 1000000\r\n\r\n")
        while True:
            request.wfile.write(b"x")
            time.sleep(0.05)

    station.routes["/drip"] = drip
    began = time.monotonic()
    with pytest.raises(TooSlow, match="slower than 500 bytes a second"):
        fetcher().read(station.url("/drip"))
    assert time.monotonic() - began < 3


def test_a_document_has_a_time_limit_however_fast_it_comes(station: Station) -> None:
    def steady(request: Handler) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(os.urandom(1000))
            time.sleep(0.01)

    station.routes["/steady"] = steady
    limits = FetchLimits(document_seconds=0.5)
    hurried = Fetcher(allowed_private_hosts=("127.0.0.1",), limits=limits)
    with pytest.raises(TooSlow, match=r"longer than 0\.5 seconds"):
        hurried.read(station.url("/steady"))


def test_a_recording_comes_whole_with_its_facts(station: Station) -> None:
    station.routes["/journal.mp3"] = lambda request: request.answer(
        200, SOUND, Content_Type="Audio/MPEG; x=y"
    )
    with fetcher().stream(station.url("/journal.mp3"), max_bytes=10**7) as sound:
        assert (sound.media_type, sound.size_bytes) == ("audio/mpeg", len(SOUND))
        assert sound.url == station.url("/journal.mp3")
        assert b"".join(sound) == SOUND


def test_a_truncated_recording_is_never_taken_for_whole(station: Station) -> None:
    def truncated(request: Handler) -> None:
        request.answer(200, SOUND[:1000], Content_Length=str(len(SOUND)))
        request.break_off()

    station.routes["/cut.mp3"] = truncated
    with pytest.raises(FetchError, match="could not be fetched"):
        recording(station.url("/cut.mp3"))
    assert len(station.asked) == 1


def breaking_server(breaks: int, step: int) -> Route:
    """Sends ``step`` bytes and breaks off, ``breaks`` times, then the rest."""
    left = [breaks]

    def serve(request: Handler) -> None:
        asked = request.headers["Range"]
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        assert not asked or request.headers["If-Range"] == ETAG
        rest = SOUND[start:]
        left[0] -= 1
        body = rest[:step] if left[0] >= 0 else rest
        ranges = {"Content_Range": f"bytes {start}-{len(SOUND) - 1}/{len(SOUND)}"} if asked else {}
        request.answer(
            206 if asked else 200, body, Content_Length=str(len(rest)), ETag=ETAG, **ranges
        )
        request.break_off()

    return serve


def test_a_broken_connection_is_resumed_where_it_stopped(station: Station) -> None:
    station.routes["/journal.mp3"] = breaking_server(breaks=3, step=100_000)
    assert recording(station.url("/journal.mp3")) == SOUND
    assert len(station.asked) == 4


def test_resuming_has_an_end(station: Station) -> None:
    station.routes["/journal.mp3"] = breaking_server(breaks=9, step=1000)
    with pytest.raises(FetchError):
        recording(station.url("/journal.mp3"))
    assert len(station.asked) == 4


def test_a_recording_that_changed_meanwhile_is_not_stitched(station: Station) -> None:
    def changed(request: Handler) -> None:
        if request.headers["Range"]:
            request.answer(200, SOUND[::-1], ETag='"v2"')
            return
        request.answer(200, SOUND[:1000], Content_Length=str(len(SOUND)), ETag=ETAG)
        request.break_off()

    station.routes["/journal.mp3"] = changed
    with pytest.raises(FetchError, match="cannot be continued"):
        recording(station.url("/journal.mp3"))


def test_a_recording_may_be_left_before_its_end(station: Station) -> None:
    station.routes["/journal.mp3"] = lambda request: request.answer(200, SOUND)
    with fetcher().stream(station.url("/journal.mp3"), max_bytes=10**7) as sound:
        assert next(sound)


def test_a_fetch_address_is_read_without_spaces_around() -> None:
    assert str(check_url(" https://radio.example/feed/ ")) == "https://radio.example/feed/"

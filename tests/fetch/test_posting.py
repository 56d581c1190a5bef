"""Webhooks: posted to https on the public internet only, never led elsewhere, never waited for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from radio_archive.errors import FetchError, Gone, RefusedAddress
from radio_archive.fetch.posting import Poster


@dataclass
class Receiver:
    """A machine that is told, and what it got."""

    status: int = 204
    location: str = ""
    pause_s: float = 0.0
    url: str = ""
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def open_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append((self.path, headers, body))
            time.sleep(receiver.pause_s)
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("location", receiver.location)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with open_receiver() as receiver:
        yield receiver


def poster(**options: Any) -> Poster:
    return Poster(allowed_private_hosts=["127.0.0.1"], **options)


def test_a_body_arrives_as_it_was_given(receiver: Receiver) -> None:
    poster().post(receiver.url, '{"q": "ɛ"}'.encode(), {"radio-archive-id": "1"})
    ((path, headers, body),) = receiver.got
    assert (path, body) == ("/hook", '{"q": "ɛ"}'.encode())
    assert headers["radio-archive-id"] == "1"
    assert headers["content-type"] == "application/json"


def test_only_https_is_posted_to_but_for_hosts_of_our_own() -> None:
    assert poster().check("http://127.0.0.1:8080/x") == "http://127.0.0.1:8080/x"
    for url in ("http://example.org/x", "ftp://example.org", "https://a:b@example.org", "x"):
        with pytest.raises(RefusedAddress):
            poster().check(url)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:192.168.1.1"]
)
def test_a_name_that_leads_inside_is_never_connected_to(address: str) -> None:
    inside = Poster(resolve=lambda _host, _port: (address,))
    with pytest.raises(RefusedAddress):
        inside.post("https://hook.example.org/", b"{}", {})


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with open_receiver() as other:
        receiver.status, receiver.location = 307, other.url
        with pytest.raises(FetchError, match="307"):
            poster().post(receiver.url, b"{}", {})
        assert other.got == []


def test_a_receiver_that_is_slow_is_given_up(receiver: Receiver) -> None:
    receiver.pause_s = 3.0
    started = time.monotonic()
    with pytest.raises(FetchError):
        poster(total_seconds=0.3).post(receiver.url, b"{}", {})
    assert time.monotonic() - started < receiver.pause_s


def test_what_is_gone_is_told_from_what_fails(receiver: Receiver) -> None:
    receiver.status = 410
    with pytest.raises(Gone):
        poster().post(receiver.url, b"{}", {})
    receiver.status = 500
    with pytest.raises(FetchError, match="500") as error:
        poster().post(receiver.url, b"{}", {})
    assert not isinstance(error.value, Gone)

"""A small web server on this machine that answers as a test tells it to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from radio_archive.fetch import Fetcher, FetchLimits

ETAG = '"v1"'


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

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that hang up: that is what the limits are for."""

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"


def fetcher(
    *allowed: str,
    resolve: Callable[[str, int], Sequence[str]] | None = None,
    speed_window_seconds: float = 5,
) -> Fetcher:
    limits = FetchLimits(
        silence_seconds=2,
        speed_window_seconds=speed_window_seconds,
        document_seconds=5,
        resume_wait_seconds=0,
    )
    hosts = allowed or ("127.0.0.1",)
    if resolve is None:
        return Fetcher(allowed_private_hosts=hosts, limits=limits)
    return Fetcher(allowed_private_hosts=hosts, limits=limits, resolve=resolve)


Route = Callable[[Handler], None]

"""The connection itself: to checked addresses only, and never longer or slower than allowed."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore2
import httpx2

from radio_archive.errors import FetchError
from radio_archive.fetch.addresses import AddressGate

#: less is not worth another step; also absorbs the timers' own rounding
_LEAST_SECONDS = 0.01


class TooSlow(FetchError):
    """The server hardly sends anything, or goes on for too long."""

    code = "too_slow"


class Watch:
    """Measures one fetch: total time, and bytes per second while we wait for the network.

    Time the caller spends on the bytes (a slow disk) does not count as the server's.
    """

    def __init__(
        self,
        url: str,
        *,
        total_seconds: float,
        min_bytes_per_second: float,
        window_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start measuring the fetch of ``url`` now."""
        self._url = url
        self._clock = clock
        self._total_seconds = total_seconds
        self._deadline = clock() + total_seconds
        self._min_speed = min_bytes_per_second
        self._window_seconds = window_seconds
        self._waited = 0.0
        self._received = 0

    def remaining(self, asked: float | None) -> float:
        """Seconds the next step may take: what was asked, or less where less is left.

        Raises:
            TooSlow: no time is left.
        """
        left = self._deadline - self._clock()
        if left <= _LEAST_SECONDS:
            raise TooSlow(
                f"{self._url} takes longer than {self._total_seconds:g} seconds.",
                hint="Try again later.",
            )
        return left if asked is None else min(asked, left)

    def receive(self, read: Callable[[], bytes]) -> bytes:
        """Run one read and judge it.

        Raises:
            TooSlow: over the last window, fewer bytes than the minimum speed gives.
        """
        before = self._clock()
        data = read()
        self._waited += self._clock() - before
        self._received += len(data)
        if self._waited >= self._window_seconds:
            if self._received < self._min_speed * self._waited:
                raise TooSlow(
                    f"{self._url} comes slower than {self._min_speed:g} bytes a second.",
                    hint="Try again later.",
                )
            self._waited, self._received = 0.0, 0
        return data


class _WatchedStream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, watch: Watch) -> None:
        self._inner = inner
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        allowed = self._watch.remaining(timeout)
        try:
            return self._watch.receive(lambda: self._inner.read(max_bytes, allowed))
        except httpcore2.ReadTimeout:
            self._watch.remaining(timeout)
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._watch.remaining(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        allowed = self._watch.remaining(timeout)
        secured = self._inner.start_tls(ssl_context, server_hostname, allowed)
        return _WatchedStream(secured, self._watch)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _CheckedBackend(httpcore2.NetworkBackend):
    """Connects to the addresses the gate lets through, in turn; Host and SNI keep the name."""

    def __init__(self, gate: AddressGate, watch: Watch) -> None:
        self._gate = gate
        self._watch = watch
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        failure: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in self._gate.open_addresses(host, port):
            try:
                inner = self._inner.connect_tcp(
                    address, port, self._watch.remaining(timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _WatchedStream(inner, self._watch)
        raise failure


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Any, pool: httpcore2.ConnectionPool) -> None:
        self._stream = stream
        self._pool = pool

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()
        self._pool.close()


class CheckedTransport(httpx2.BaseTransport):
    """Sends one request over one fresh connection, closed with the answer.

    There is no client around it, hence no cookie jar, no ``.netrc``, no proxy from the
    environment and no redirect followed behind our back.
    """

    def __init__(self, gate: AddressGate, watch: Watch, ssl_context: ssl.SSLContext) -> None:
        """Bind the rules of one fetch."""
        self._gate = gate
        self._watch = watch
        self._ssl_context = ssl_context

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request; the body is read by whoever iterates the answer.

        Raises:
            RefusedAddress: the host's address is not one we connect to.
            TooSlow: time is up.
        """
        pool = httpcore2.ConnectionPool(
            ssl_context=self._ssl_context,
            max_keepalive_connections=0,
            network_backend=_CheckedBackend(self._gate, self._watch),
        )
        url = httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        asked = httpcore2.Request(
            request.method,
            url,
            headers=request.headers.raw,
            content=request.read(),
            extensions=request.extensions,
        )
        try:
            answer = pool.handle_request(asked)
        except BaseException:
            pool.close()
            raise
        return httpx2.Response(
            answer.status, headers=answer.headers, stream=_Body(answer.stream, pool)
        )

"""The only door to the network: address checks, limits, resume.

Everything fetched here was named by somebody else's feed or page, so nothing of it is trusted:
neither where it leads (``addresses``), nor how much or how slowly it sends (``network``), nor that
what arrives is complete.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import httpcore2
import httpx2

from radio_archive import __version__
from radio_archive.errors import FetchError, Gone, RefusedAddress, TooLarge
from radio_archive.fetch.addresses import AddressGate, Resolver, check_url, resolve_host
from radio_archive.fetch.answers import (
    announced_size,
    explained,
    redirected,
    require_success,
    resumption_headers,
    too_large,
)
from radio_archive.fetch.network import CheckedTransport, TooSlow, Watch

__all__ = ["FetchLimits", "FetchedDocument", "FetchedRecording", "Fetcher"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: the answer to a Range request (RFC 9110 section 14.4)
_CONTENT_RANGE = re.compile(r"bytes (?P<start>\d+)-\d+/(?:\d+|\*)")
#: decoded bytes up to which no compression ratio is suspicious
_RATIO_FLOOR = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """How much patience a server gets."""

    #: seconds to open a connection to one address
    connect_seconds: float = 10.0
    #: seconds without a single byte
    silence_seconds: float = 30.0
    #: seconds for a whole feed or page, redirects included
    document_seconds: float = 60.0
    #: seconds for a whole recording, resumptions included
    recording_seconds: float = 6 * 3600.0
    #: slower than that over a window is given up; a tenth of a slow 2G line
    min_bytes_per_second: float = 500.0
    #: seconds of waiting over which the speed is measured
    speed_window_seconds: float = 20.0
    #: redirects followed; trackers of podcasts chain four or five
    max_redirects: int = 5
    #: decoded bytes per byte received; honest text stays under 30
    max_ratio: float = 100.0
    #: times a broken recording is resumed
    resumes: int = 3
    #: seconds before the first resumption; doubled each time
    resume_wait_seconds: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedDocument:
    """A feed or a page, whole, in memory."""

    url: str  #: where it was found after redirects
    body: bytes  #: decoded
    content_type: str  #: as sent, with its charset; empty when not sent
    etag: str | None  #: to be given to the next ``read_if_changed``
    last_modified: str | None  #: to be given to the next ``read_if_changed``


class FetchedRecording(Iterator[bytes]):
    """The bytes of a recording as they arrive, and what the server said about them.

    Iterating raises ``FetchError`` when the bytes end before the announced length and the server
    cannot resume, ``TooLarge`` when they pass the limit.
    """

    def __init__(self, url: str, response: httpx2.Response, blocks: Iterator[bytes]) -> None:
        #: where it was found after redirects
        self.url = url
        #: as sent, without parameters, lower case; empty when not sent
        self.media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        #: announced length; None when the server does not say
        self.size_bytes = announced_size(response)
        self._blocks = blocks

    def __next__(self) -> bytes:
        """Give the next block, of any size above zero."""
        return next(self._blocks)


class _NotResumable(FetchError):
    """The server starts over, or the recording changed meanwhile."""


class Fetcher:
    """Fetches documents and recordings; safe to share between threads."""

    def __init__(
        self,
        *,
        allowed_private_hosts: Collection[str] = (),
        user_agent: str = f"radio-archive/{__version__}",
        limits: FetchLimits | None = None,
        resolve: Resolver = resolve_host,
    ) -> None:
        """Set the rules that hold for every fetch.

        Args:
            allowed_private_hosts: hosts fetched although their address is not public.
            user_agent: how we introduce ourselves.
            limits: patience; None for the defaults.
            resolve: looks host names up; tests give their own.
        """
        self._gate = AddressGate(allowed_private_hosts, resolve)
        self._user_agent = user_agent
        self._limits = limits or FetchLimits()
        self._ssl_context = httpcore2.default_ssl_context()

    def read(self, url: str, *, max_bytes: int = 20_000_000) -> FetchedDocument:
        """Fetch a feed or a page.

        Args:
            url: http or https.
            max_bytes: decoded bytes taken at most.

        Raises:
            RefusedAddress: an address we never connect to, here or after a redirect.
            Gone: the server answers 404 or 410.
            TooLarge: more than ``max_bytes``, or compressed beyond any honest ratio.
            FetchError: anything else; ``retry_after_s`` says when to come back, if it was said.
        """
        final, response = self._ask_for_document(url, {})
        with closing(response):
            return self._document(url, final, response, max_bytes)

    def read_if_changed(
        self,
        url: str,
        *,
        max_bytes: int = 20_000_000,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> FetchedDocument | None:
        """Fetch a feed or a page, unless the server says that it is the copy we hold.

        Args:
            url: http or https.
            max_bytes: decoded bytes taken at most.
            etag: validator of the copy we hold; None or empty when there is none.
            last_modified: the other validator of the copy we hold.

        Returns:
            None when nothing has changed.

        Raises:
            FetchError: as for ``read``.
        """
        validators = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
        conditions = {
            name: value
            for name, value in validators
            if value and value.isascii() and value.isprintable()
        }
        final, response = self._ask_for_document(url, conditions)
        with closing(response):
            if response.status_code == 304 and conditions:
                return None
            return self._document(url, final, response, max_bytes)

    @contextmanager
    def stream(self, url: str, *, max_bytes: int) -> Iterator[FetchedRecording]:
        """Fetch a recording block by block; a broken connection is resumed where possible.

        Raises:
            RefusedAddress: an address we never connect to, here or after a redirect.
            Gone: the server answers 404 or 410: the recording is dead.
            TooLarge: it announces or sends more than ``max_bytes``.
            FetchError: anything else, above all bytes that end too early.
        """
        watch = self._watch(url, self._limits.recording_seconds)
        final, response = self._answer(url, {"Accept-Encoding": "identity"}, watch)
        with closing(response):
            require_success(url, response, {200})
            with closing(self._resumed_blocks(url, response, max_bytes, watch)) as blocks:
                yield FetchedRecording(str(final), response, blocks)

    def _ask_for_document(
        self, url: str, conditions: dict[str, str]
    ) -> tuple[httpx2.URL, httpx2.Response]:
        watch = self._watch(url, self._limits.document_seconds)
        return self._answer(url, {"Accept-Encoding": "gzip", **conditions}, watch)

    def _document(
        self, url: str, final: httpx2.URL, response: httpx2.Response, max_bytes: int
    ) -> FetchedDocument:
        require_success(url, response, {200})
        return FetchedDocument(
            url=str(final),
            body=b"".join(self._blocks(url, response, max_bytes)),
            content_type=response.headers.get("content-type", ""),
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
        )

    def _watch(self, url: str, total_seconds: float) -> Watch:
        return Watch(
            url,
            total_seconds=total_seconds,
            min_bytes_per_second=self._limits.min_bytes_per_second,
            window_seconds=self._limits.speed_window_seconds,
        )

    def _answer(
        self, url: str, headers: dict[str, str], watch: Watch
    ) -> tuple[httpx2.URL, httpx2.Response]:
        """Follow redirects by hand: every hop is checked like the first address."""
        current = check_url(url)
        for _ in range(self._limits.max_redirects + 1):
            response = self._ask(url, current, headers, watch)
            location = response.headers.get("location")
            if response.status_code not in _REDIRECTS or not location:
                return current, response
            response.close()
            current = redirected(current, location)
        raise FetchError(
            f"{url} redirects more than {self._limits.max_redirects} times.",
            hint="Open it in a browser and give the address it ends at.",
            url=url,
        )

    def _ask(
        self, url: str, hop: httpx2.URL, headers: dict[str, str], watch: Watch
    ) -> httpx2.Response:
        limits = self._limits
        timeouts = {
            "connect": limits.connect_seconds,
            "read": limits.silence_seconds,
            "write": limits.silence_seconds,
        }
        request = httpx2.Request(
            "GET",
            hop,
            headers={"User-Agent": self._user_agent, "Accept": "*/*", **headers},
            extensions={"timeout": timeouts},
        )
        transport = CheckedTransport(self._gate, watch, self._ssl_context)
        with explained(url):
            return transport.handle_request(request)

    def _blocks(
        self, url: str, response: httpx2.Response, max_bytes: int, got: int = 0
    ) -> Iterator[bytes]:
        """Decoded blocks under the caps on bytes and on the compression ratio."""
        if got + (announced_size(response) or 0) > max_bytes:
            raise too_large(url, max_bytes)
        source = response.iter_bytes()
        decoded = 0
        while True:
            with explained(url):
                block = next(source, None)
            if block is None:
                return
            decoded += len(block)
            if got + decoded > max_bytes:
                raise too_large(url, max_bytes)
            ceiling = self._limits.max_ratio * max(1, response.num_bytes_downloaded)
            if decoded > max(_RATIO_FLOOR, ceiling):
                raise TooLarge(
                    f"{url} unpacks to more than {self._limits.max_ratio:g} times its size.",
                    hint="This is no honest feed or page; leave it out.",
                    url=url,
                )
            if block:
                yield block

    def _resumed_blocks(
        self, url: str, first: httpx2.Response, max_bytes: int, watch: Watch
    ) -> Generator[bytes]:
        """Blocks of the whole recording, over as many connections as it takes."""
        got = 0
        response = first
        for attempt in range(self._limits.resumes + 1):
            try:
                if attempt:
                    response = self._resume(url, first, got, watch)
                for block in self._blocks(url, response, max_bytes, got):
                    got += len(block)
                    yield block
            except (RefusedAddress, Gone, TooLarge, TooSlow, _NotResumable):
                raise
            except FetchError:
                if attempt == self._limits.resumes or not resumption_headers(first, got):
                    raise
                time.sleep(self._limits.resume_wait_seconds * 2**attempt)
            else:
                return
            finally:
                if response is not first:
                    response.close()

    def _resume(self, url: str, first: httpx2.Response, got: int, watch: Watch) -> httpx2.Response:
        """Ask for the bytes from ``got`` on, of the very same version (RFC 9110 section 13.1.5)."""
        headers = {"Accept-Encoding": "identity", **resumption_headers(first, got)}
        _, response = self._answer(url, headers, watch)
        found = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
        if response.status_code == 206 and found and int(found["start"]) == got:
            return response
        response.close()
        require_success(url, response, {200, 206})
        raise _NotResumable(
            f"{url} broke off after {got} bytes and cannot be continued.",
            hint="Fetch it again from the beginning.",
            url=url,
        )

"""The only door to the network: address checks, limits, resume.

Everything fetched here was named by somebody else's feed or page, so nothing of it is trusted:
neither where it leads (``addresses``), nor how much or how slowly it sends (``network``), nor that
what arrives is complete.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Collection, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore2
import httpx2

from radio_archive import __version__
from radio_archive.errors import FetchError, Gone, RefusedAddress, TooLarge
from radio_archive.fetch.addresses import AddressGate, Resolver, check_url, resolve_host
from radio_archive.fetch.network import CheckedTransport, TooSlow, Watch

__all__ = ["FetchLimits", "FetchedDocument", "FetchedRecording", "Fetcher"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
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
    body: bytes  #: decoded; empty when ``is_unchanged``
    content_type: str  #: as sent, with its charset; empty when not sent
    etag: str | None  #: to be given to the next ``read``
    last_modified: str | None  #: to be given to the next ``read``
    is_unchanged: bool = False  #: the server says nothing is new since those validators


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
        self.size_bytes = _announced_size(response)
        self._blocks = blocks

    def __next__(self) -> bytes:
        """Give the next block, of any size above zero."""
        return next(self._blocks)


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

    def read(
        self,
        url: str,
        *,
        max_bytes: int = 20_000_000,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> FetchedDocument:
        """Fetch a feed or a page.

        Args:
            url: http or https.
            max_bytes: decoded bytes taken at most.
            etag: validator of the copy we hold; with one of these, an unchanged document comes
                back with ``is_unchanged`` and no body.
            last_modified: the other validator.

        Raises:
            RefusedAddress: an address we never connect to, here or after a redirect.
            Gone: the server answers 404 or 410.
            TooLarge: more than ``max_bytes``, or compressed beyond any honest ratio.
            FetchError: anything else; ``retry_after_s`` says when to come back, if it was said.
        """
        validators = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
        headers = {"Accept-Encoding": "gzip"} | {
            name: value
            for name, value in validators
            if value and value.isascii() and value.isprintable()
        }
        watch = self._watch(url, self._limits.document_seconds)
        final, response = self._answer(url, headers, watch)
        with closing(response):
            is_unchanged = response.status_code == 304 and bool(etag or last_modified)
            if not is_unchanged:
                _require_success(url, response, {200})
            blocks = () if is_unchanged else self._blocks(url, response, max_bytes)
            return FetchedDocument(
                url=str(final),
                body=b"".join(blocks),
                content_type=response.headers.get("content-type", ""),
                etag=response.headers.get("etag", etag),
                last_modified=response.headers.get("last-modified", last_modified),
                is_unchanged=is_unchanged,
            )

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
            _require_success(url, response, {200})
            with closing(self._resumed_blocks(url, response, max_bytes, watch)) as blocks:
                yield FetchedRecording(str(final), response, blocks)

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
            current = _redirected(current, location)
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
        with _explained(url):
            return transport.handle_request(request)

    def _blocks(
        self, url: str, response: httpx2.Response, max_bytes: int, got: int = 0
    ) -> Iterator[bytes]:
        """Decoded blocks under the caps on bytes and on the compression ratio."""
        if got + (_announced_size(response) or 0) > max_bytes:
            raise _too_large(url, max_bytes)
        source = response.iter_bytes()
        decoded = 0
        while True:
            with _explained(url):
                block = next(source, None)
            if block is None:
                return
            decoded += len(block)
            if got + decoded > max_bytes:
                raise _too_large(url, max_bytes)
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
                if attempt == self._limits.resumes or not _resumption_headers(first, got):
                    raise
                time.sleep(self._limits.resume_wait_seconds * 2**attempt)
            else:
                return
            finally:
                if response is not first:
                    response.close()

    def _resume(self, url: str, first: httpx2.Response, got: int, watch: Watch) -> httpx2.Response:
        """Ask for the bytes from ``got`` on, of the very same version (RFC 9110 section 13.1.5)."""
        headers = {"Accept-Encoding": "identity", **_resumption_headers(first, got)}
        _, response = self._answer(url, headers, watch)
        found = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
        if response.status_code == 206 and found and int(found["start"]) == got:
            return response
        response.close()
        _require_success(url, response, {200, 206})
        raise _NotResumable(
            f"{url} broke off after {got} bytes and cannot be continued.",
            hint="Fetch it again from the beginning.",
            url=url,
        )


class _NotResumable(FetchError):
    """The server starts over, or the recording changed meanwhile."""


#: the answer to a Range request (RFC 9110 section 14.4)
_CONTENT_RANGE = re.compile(r"bytes (?P<start>\d+)-\d+/(?:\d+|\*)")


def _resumption_headers(first: httpx2.Response, got: int) -> dict[str, str]:
    """Range headers, or none where nothing proves that the rest belongs to the beginning."""
    validator = first.headers.get("etag", "")
    if not validator.startswith('"'):
        validator = first.headers.get("last-modified", "")
    if not validator or _is_encoded(first):
        return {}
    return {"Range": f"bytes={got}-", "If-Range": validator}


def _is_encoded(response: httpx2.Response) -> bool:
    return response.headers.get("content-encoding", "identity").lower() != "identity"


def _announced_size(response: httpx2.Response) -> int | None:
    text = response.headers.get("content-length", "")
    return int(text) if text.isdecimal() and not _is_encoded(response) else None


def _redirected(current: httpx2.URL, location: str) -> httpx2.URL:
    try:
        return check_url(str(current.join(location)))
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError(
            f"{current} redirects to {location!r}, which is no address.",
            hint="Open it in a browser and give the address it ends at.",
            url=str(current),
        ) from error


def _require_success(url: str, response: httpx2.Response, expected: set[int]) -> None:
    status = response.status_code
    if status in expected:
        return
    answer = f"{url} answers {status} {response.reason_phrase}".rstrip() + "."
    if status in _GONE:
        raise Gone(answer, hint="It is not there any more; look for another copy.", url=url)
    wait = _find_retry_after(response)
    hint = "Try again later." if wait is None else f"Try again in {wait:.0f} seconds."
    raise FetchError(answer, hint=hint, url=url, retry_after_s=wait)


def _find_retry_after(response: httpx2.Response) -> float | None:
    """Seconds to wait: the header gives seconds or a date (RFC 9110 section 10.2.3)."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return float(max(0, math.ceil((moment - datetime.now(UTC)).total_seconds())))


def _too_large(url: str, max_bytes: int) -> TooLarge:
    return TooLarge(
        f"{url} is larger than the {max_bytes} bytes allowed.",
        hint="Raise the limit in radio-archive.toml if it really is this long.",
        url=url,
    )


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turn what the network libraries raise into our errors, with the address."""
    try:
        yield
    except FetchError as error:
        error.url = url
        raise
    except (
        httpx2.HTTPError,
        httpcore2.TimeoutException,
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
    ) as error:
        reason = str(error) or type(error).__name__
        raise FetchError(
            f"{url} could not be fetched: {reason}.", hint="Try again later.", url=url
        ) from error

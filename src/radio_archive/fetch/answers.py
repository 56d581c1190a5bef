"""What an answer of a server says: success, size, where else to look, how to resume."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore2
import httpx2

from radio_archive.errors import FetchError, Gone, TooLarge
from radio_archive.fetch.addresses import check_url

_GONE = frozenset({404, 410})


def resumption_headers(first: httpx2.Response, got: int) -> dict[str, str]:
    """Range headers, or none where nothing proves that the rest belongs to the beginning."""
    validator = first.headers.get("etag", "")
    if not validator.startswith('"'):
        validator = first.headers.get("last-modified", "")
    if not validator or _is_encoded(first):
        return {}
    return {"Range": f"bytes={got}-", "If-Range": validator}


def _is_encoded(response: httpx2.Response) -> bool:
    return response.headers.get("content-encoding", "identity").lower() != "identity"


def announced_size(response: httpx2.Response) -> int | None:
    """Bytes the body should have; None when the server does not say."""
    text = response.headers.get("content-length", "")
    return int(text) if text.isdecimal() and not _is_encoded(response) else None


def redirected(current: httpx2.URL, location: str) -> httpx2.URL:
    """Where a redirect leads, checked like a first address.

    Raises:
        RefusedAddress: to somewhere we never go.
        FetchError: to no address at all.
    """
    try:
        return check_url(str(current.join(location)))
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError(
            f"{current} redirects to {location!r}, which is no address.",
            hint="Open it in a browser and give the address it ends at.",
            url=str(current),
        ) from error


def require_success(url: str, response: httpx2.Response, expected: set[int]) -> None:
    """Pass the expected statuses only.

    Raises:
        Gone: 404 or 410.
        FetchError: any other status.
    """
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


def too_large(url: str, max_bytes: int) -> TooLarge:
    """The error for a body that passes the limit."""
    return TooLarge(
        f"{url} is larger than the {max_bytes} bytes allowed.",
        hint="Raise the limit in radio-archive.toml if it really is this long.",
        url=url,
    )


@contextmanager
def explained(url: str) -> Iterator[None]:
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

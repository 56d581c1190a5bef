"""What holds for every answer: security headers, limits, allowed hosts, the last safety net."""

from __future__ import annotations

import logging
from asyncio import CancelledError
from collections.abc import Callable, Sequence

from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from radio_archive.errors import BadInput
from radio_archive.model import Trouble
from radio_archive.web.errors import (
    Stopping,
    error_response,
    unexpected_error_response,
)

_log = logging.getLogger(__name__)

#: longest query string answered, in bytes; the search box takes 256 characters
MAX_QUERY_BYTES = 10_000

#: everything comes from this host, nothing is inline, nobody frames the pages
_SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Put the security headers on every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class AllowedHosts:
    """Refuse requests for a host that is not ours, in our own error shape."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app = app
        self._check = TrustedHostMiddleware(_accept, allowed_hosts=hosts, www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http":
            await self._check(scope, receive, _swallow)
            if "radio_archive.host_is_ours" not in scope:
                error = BadInput(
                    "This server does not answer to that host name.",
                    hint="The setting allowed_hosts lists the names it answers to.",
                )
                await error_response(Request(scope), error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _accept(scope: Scope, _receive: Receive, _send: Send) -> None:
    scope["radio_archive.host_is_ours"] = True


async def _swallow(message: Message) -> None:
    """Drop the framework's own refusal; ours is sent instead."""


class Limits:
    """Refuse addresses that are too long before anything reads them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http":
            length = len(scope["query_string"]) + len(scope.get("raw_path") or b"")
            if length > MAX_QUERY_BYTES:
                error = BadInput(
                    f"The address is {length:,} bytes long; at most {MAX_QUERY_BYTES:,} are read.",
                    hint="Search for fewer words.",
                )
                # the page's own links would repeat the long address
                short = Request({**scope, "query_string": b"", "path": scope["path"][:200]})
                await error_response(short, error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Conditions:
    """Tell scripts what is away at the moment, as the pages tell people: ``archive-degraded``."""

    def __init__(self, app: ASGIApp, troubles: Callable[[], tuple[Trouble, ...]]) -> None:
        self._app = app
        self._troubles = troubles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start" and (troubles := self._troubles()):
                names = ", ".join(trouble.ground for trouble in troubles)
                MutableHeaders(scope=message)["archive-degraded"] = names
            await send(message)

        await self._app(scope, receive, send_with_header)


class SafetyNet:
    """Turn what nobody foresaw into an answer without details, and a line in the log.

    Likewise what is left unanswered when the server is stopped.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        has_started = False

        async def noting_send(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting_send)
        except CancelledError:  # the server is being stopped, and waited long enough
            if scope["type"] != "http":
                raise
            _log.warning("request cut off by the stop", extra={"path": scope["path"]})
            if not has_started:  # else the connection ends, and players ask for the rest
                error = Stopping("The server is being stopped.", hint="Try again in a moment.")
                await error_response(Request(scope), error)(scope, receive, send)
        except Exception as error:
            if has_started or scope["type"] != "http":
                raise
            await unexpected_error_response(Request(scope), error)(scope, receive, send)

"""Handing a few bytes to an address that somebody named: a webhook.

The same rules as for fetching decide whether we connect to it. No redirect is followed: it could
lead to where the first address may not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing

import httpcore2
import httpx2

from radio_archive import __version__
from radio_archive.errors import RefusedAddress
from radio_archive.fetch.addresses import AddressGate, Resolver, check_url, resolve_host
from radio_archive.fetch.answers import explained, require_success
from radio_archive.fetch.network import CheckedTransport, Watch

TOTAL_SECONDS = 10.0
"""Seconds for all of it: connection, request and the head of the answer."""
#: answers that say it was taken (RFC 9110 section 15.3)
_TAKEN = {200, 201, 202, 203, 204, 205}


class Poster:
    """Posts to https addresses on the public internet; safe to share between threads."""

    def __init__(
        self,
        *,
        allowed_private_hosts: Collection[str] = (),
        resolve: Resolver = resolve_host,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        """Set the rules.

        Args:
            allowed_private_hosts: hosts posted to although their address is not public; these
                need no https either.
            resolve: looks host names up; tests give their own.
            total_seconds: patience.
        """
        self._allowed = frozenset(host.strip().lower() for host in allowed_private_hosts)
        self._gate = AddressGate(allowed_private_hosts, resolve)
        self._total_seconds = total_seconds
        self._ssl_context = httpcore2.default_ssl_context()

    def check(self, url: str) -> str:
        """An address that may be posted to, as it is kept; its host is not looked up yet.

        Raises:
            RefusedAddress: not https, a name or password inside, or not a URL.
        """
        parsed = check_url(url)
        if parsed.scheme != "https" and parsed.host.strip("[]") not in self._allowed:
            raise RefusedAddress(
                "A webhook needs https.", hint="Give an address that begins with https://.", url=url
            )
        return str(parsed)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Send a body, and wait until it was taken; the answer is not read.

        Raises:
            RefusedAddress: an address we never connect to.
            Gone: the other side says that there is nothing any more (404 or 410).
            FetchError: anything else but success, a redirect included.
        """
        target = check_url(self.check(url))
        watch = Watch(
            "The webhook",
            total_seconds=self._total_seconds,
            min_bytes_per_second=0,
            window_seconds=self._total_seconds,
        )
        patience = dict.fromkeys(("connect", "read", "write"), self._total_seconds)
        request = httpx2.Request(
            "POST",
            target,
            headers={
                "User-Agent": f"radio-archive/{__version__}",
                "Accept": "*/*",
                "Content-Type": "application/json",
                **headers,
            },
            content=body,
            extensions={"timeout": patience},
        )
        transport = CheckedTransport(self._gate, watch, self._ssl_context)
        with explained("The webhook"), closing(transport.handle_request(request)) as response:
            require_success("The webhook", response, _TAKEN)

"""Which addresses we connect to: only http(s), only hosts on the public internet.

A feed or a page is written by strangers. Without these rules it could make the archive's own
machine ask its neighbours for things (server-side request forgery, OWASP SSRF sheet).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection, Sequence

import httpx2

from radio_archive.errors import FetchError, RefusedAddress

Resolver = Callable[[str, int], Sequence[str]]
"""Host name and port in, numeric addresses out; raises ``OSError`` when there is none."""

#: 80, 443 and everything a web or streaming server of an ordinary user may use; the other
#: privileged ports belong to mail, shells and file shares, which must not be talked to by URL
_WEB_PORTS = (80, 443)
_FIRST_UNPRIVILEGED_PORT = 1024
#: translated IPv4 inside IPv6 (RFC 6052 section 2.1); the last 32 bits are the IPv4 address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: IPv6 is handed out from here only (RFC 4291 section 2.4, IANA IPv6 address space)
_IPV6_UNICAST = ipaddress.IPv6Network("2000::/3")
#: inside the ranges above, yet not hosts: protocol assignments and 6to4 relays (RFC 6890,
#: RFC 7526), IPv6 that tunnels IPv4 (6to4, Teredo) and documentation (RFC 9637)
_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")
)


def resolve_host(host: str, port: int) -> tuple[str, ...]:
    """Ask the system's resolver; every address once, in its order of preference.

    Raises:
        OSError: the name has no address.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether a numeric address is a host on the public internet.

    IPv4 wrapped in IPv6 (mapped, NAT64) is judged by the IPv4 address inside.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.scope_id is not None:
            return False
        inner = parsed.ipv4_mapped
        if inner is None and parsed in _NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if parsed not in _IPV6_UNICAST:
            return False
    if any(parsed.version == network.version and parsed in network for network in _NEVER):
        return False
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved)


def check_url(url: str) -> httpx2.URL:
    """Read a URL and refuse what is wrong before any name is looked up.

    Raises:
        RefusedAddress: not http(s), a name or password inside, no host, or not a URL.
    """
    try:
        parsed = httpx2.URL(url.strip())
        host = parsed.host
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise _refused(url, f"it is not a web address ({error})") from error
    if parsed.scheme not in ("http", "https"):
        raise _refused(url, "only http and https are fetched")
    if parsed.userinfo:
        raise _refused(str(parsed.copy_with(userinfo=b"")), "it carries a name or a password")
    if not host or "%" in host:
        raise _refused(url, "it names no host of the internet")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise _refused(url, "there is no such port")
    return parsed


class AddressGate:
    """Turns a host name into the addresses that may be connected to.

    The caller connects to what it gets from here, never to the name again: a name server that
    answers differently the second time (DNS rebinding) gains nothing.
    """

    def __init__(
        self, allowed_private_hosts: Collection[str] = (), resolve: Resolver = resolve_host
    ) -> None:
        """Remember the exceptions.

        Args:
            allowed_private_hosts: hosts fetched although their address is not public.
            resolve: looks names up; tests give their own.
        """
        self._allowed = frozenset(_plain(host) for host in allowed_private_hosts)
        self._resolve = resolve

    def open_addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Look a host up, once, and check every address it has.

        Raises:
            RefusedAddress: one of the addresses is not public, or the port is not a web port.
            FetchError: the name has no address.
        """
        is_allowed = _plain(host) in self._allowed
        if not is_allowed and port not in _WEB_PORTS and port < _FIRST_UNPRIVILEGED_PORT:
            raise _refused(f"{host}:{port}", "this port is not one of a web server")
        try:
            addresses = tuple(self._resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise FetchError(
                f"The host {host} cannot be found ({error}).",
                hint="Check the address and this machine's connection, then try again.",
            ) from error
        refused = [address for address in addresses if not is_public(address)]
        if refused and not is_allowed:
            raise _refused(host, f"{refused[0]} is not on the public internet")
        return addresses


def _plain(host: str) -> str:
    return host.strip().strip("[]").rstrip(".").lower()


def _refused(url: str, reason: str) -> RefusedAddress:
    return RefusedAddress(
        f"{url} is never fetched: {reason}.",
        hint="Correct the address; for a host of your own, add it to allowed_private_hosts.",
        url=url,
    )

"""Addresses of databases: as people write them, as the driver wants them, as they may be shown."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from radio_archive.errors import BadSettings

POSTGRESQL = "postgresql+psycopg"
SQLITE = "sqlite"

#: seconds to wait for a connection, to each host (libpq, ``connect_timeout``; its least is 2)
CONNECT_S = 3
#: milliseconds that bytes may stay unacknowledged before a connection counts as broken
#: (libpq, ``tcp_user_timeout``): the host went away without a word
UNACKNOWLEDGED_MS = 10_000
#: milliseconds a statement may take; the longest of a large archive take a few seconds
STATEMENT_MS = 30_000

_SHORT = re.compile(r"^postgres(?:ql)?(?=://)")
_MANY_HOSTS = re.compile(
    r"^(?P<before>[^:/]+://(?:[^@/]*@)?)(?P<hosts>[^/?,@]+(?:,[^/?,@]+)+)(?P<path>[^?]*)"
    r"(?:\?(?P<query>.*))?$"
)
_SECRET = re.compile(r"//[^@/]*@")
_EXAMPLE = "Write postgresql://user@host/name, or sqlite:///path/of/catalogue.sqlite."


def complete(address: str) -> str:
    """The address as SQLAlchemy wants it.

    ``postgresql://`` and ``postgres://`` mean the driver we use. Of several hosts
    (``host1:5432,host2:5432``) the one that can be written is used, unless the address says
    ``target_session_attrs`` itself.

    Raises:
        BadSettings: it is no address of a database we know.
    """
    url = _SHORT.sub(POSTGRESQL, address.strip())
    many = _MANY_HOSTS.match(url)
    if many is not None:
        query = [f"host={_with_port(host)}" for host in many["hosts"].split(",")]
        query += [many["query"]] if many["query"] else []
        if "target_session_attrs=" not in (many["query"] or ""):
            query.append("target_session_attrs=read-write")
        url = f"{many['before']}{many['path']}?{'&'.join(query)}"
    if _parse(url).drivername not in (SQLITE, POSTGRESQL):
        raise BadSettings(f"{shown(address)!r} is no database we know.", hint=_EXAMPLE)
    return url


def shown(address: str) -> str:
    """The address without account and password, for messages."""
    return _SECRET.sub("//", address.replace(POSTGRESQL, "postgresql", 1))


def connect_arguments(address: str) -> dict[str, Any]:
    """What is said to PostgreSQL when connecting, except what the address says itself.

    Args:
        address: a complete one.
    """
    wanted: dict[str, Any] = {
        "connect_timeout": CONNECT_S,
        "tcp_user_timeout": UNACKNOWLEDGED_MS,
        "keepalives_idle": CONNECT_S,
        "keepalives_interval": CONNECT_S,
        "keepalives_count": 3,
        "options": f"-c statement_timeout={STATEMENT_MS}",
        "application_name": "radio-archive",
    }
    return {name: value for name, value in wanted.items() if name not in _parse(address).query}


def _with_port(host: str) -> str:
    return host if ":" in host else f"{host}:5432"


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadSettings(f"{shown(url)!r} is no address of a database.", hint=_EXAMPLE) from error

"""Addresses of databases: as people write them, as the driver wants them, as they may be shown.

Also what a server says to whoever comes with a wrong one. The catalogue and a search index in
PostgreSQL may lie in two databases, and both are named alike.
"""

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

#: what stands where a password stood, in a line to be copied and completed
PASSWORD = "PASSWORD"  # noqa: S105  # none

_SHORT = re.compile(r"^postgres(?:ql)?(?=://)")
_MANY_HOSTS = re.compile(
    r"^(?P<before>[^:/]+://(?:[^@]*@)?)(?P<hosts>[^/?,@]+(?:,[^/?,@]+)+)(?P<path>[^?]*)"
    r"(?:\?(?P<query>.*))?$"
)
_BEGINNING = re.compile(r"[A-Za-z][\w+.-]*://|postgres(?:ql)?(?:\+\w+)?:")
_OPTION = r"[?&][^=&]*(?:password|passwd|pwd|secret|token)[^=&]*="
_SECRET_OPTION = re.compile(rf"({_OPTION})[^&]*", re.IGNORECASE)
#: an @ that may belong to a password, or end another one than it seems to: a second one, one after
#: an option that holds a password, one that no account stands before
_UNCLEAR_AT = re.compile(rf"@.*@|{_OPTION}.*@|//[^:@]*[/?].*@", re.IGNORECASE)

#: what PostgreSQL says when it lets nobody in, in English and in French (its translations, fr.po).
#: By its words, for the driver gives no code there; a server that speaks another language counts
#: as away. A dot for each accent: their bytes need not be UTF-8 before anybody is let in
_NO_ENTRY = re.compile(
    "does not exist|authentication failed|no pg_hba.conf entry|no password supplied"
    "|permission denied for database|is not permitted to log in|pg_hba.conf rejects"
    "|n'existe pas|authentification (?:.* )?.chou.e|chec de l'authentification"
    "|aucune entr.e dans pg_hba.conf|pg_hba.conf rejette"
    "|droit refus. pour la base|n'est pas autoris. . se connecter",
    re.IGNORECASE,
)

_EXAMPLE = "Write postgresql://user@host/name, or sqlite:///path/of/catalogue.sqlite."
_PORT = "A port is a number: postgresql://user:password@host:5432/name."
_ESCAPES = (
    "In an account or a password write @ as %40, / as %2F and : as %3A: "
    "postgresql://user:password@host/name."
)


def complete(address: str) -> str:
    """The address as SQLAlchemy wants it.

    ``postgresql://`` and ``postgres://`` mean the driver we use. Of several hosts
    (``host1:5432,host2:5432``) the one that can be written is used, unless the address says
    ``target_session_attrs`` itself.

    Raises:
        BadSettings: it is no address of a database we know, or one where nobody can tell the end
            of the password.
    """
    url = _SHORT.sub(POSTGRESQL, address.strip())
    if not _is_file(url) and _UNCLEAR_AT.search(url):
        raise BadSettings(
            f"It is not clear where the password ends in the address {_kind(url)!r}.",
            hint=_ESCAPES,
        )
    many = _MANY_HOSTS.match(url)
    if many is not None:
        query = [f"host={_with_port(host)}" for host in many["hosts"].split(",")]
        query += [many["query"]] if many["query"] else []
        if "target_session_attrs=" not in (many["query"] or ""):
            query.append("target_session_attrs=read-write")
        url = f"{many['before']}{many['path']}?{'&'.join(query)}"
    _require_known(url)
    return url


def shown(address: str) -> str:
    """The address without account and passwords, for messages; it need not be a right one."""
    if _is_file(address):
        return address
    beginning, rest = _split(address.strip().replace(POSTGRESQL, "postgresql", 1))
    before, _, place = rest.rpartition("@")
    if _SECRET_OPTION.search(before):  # the @ may be part of that password
        return f"{beginning}…"
    return beginning + _SECRET_OPTION.sub(r"\1…", place)


def with_placeholder(address: str) -> str:
    """The address with ``PASSWORD`` in place of every password, to be copied and completed."""
    if _is_file(address):
        return address
    beginning, rest = _split(address.strip())
    before, at, place = rest.rpartition("@")
    if _SECRET_OPTION.search(before):
        return f"{beginning}USER:{PASSWORD}@HOST/NAME"
    account, colon, _ = before.partition(":")
    secret = f":{PASSWORD}" if colon else ""
    return beginning + account + secret + at + _SECRET_OPTION.sub(rf"\1{PASSWORD}", place)


def holds_password(address: str) -> bool:
    """Whether a password stands in an address, of a database or of anything else."""
    return "://" in address and with_placeholder(address.strip()) != address.strip()


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
    said = _parse(address).query
    return {name: value for name, value in wanted.items() if name not in said}


def first_line(error: BaseException | None) -> str:
    """What a driver says; what follows its first line is advice, or the words of a statement."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def refused_entry(error: BaseException | None) -> str:
    """The line in which a server that answers lets nobody in: name, account or password are wrong.

    Empty where none does. One of several hosts that does is enough.
    """
    if getattr(error, "sqlstate", None) is not None:
        return ""
    lines = (line.strip().rstrip(".,") for line in str(error).splitlines())
    return next((line for line in lines if _NO_ENTRY.search(line)), "")


def _is_file(address: str) -> bool:
    return address.strip().startswith((f"{SQLITE}:", f"{SQLITE}+"))


def _split(address: str) -> tuple[str, str]:
    """How an address begins, ``postgresql://``, and the rest of it."""
    found = _BEGINNING.match(address)
    end = found.end() if found else 0
    return address[:end], address[end:]


def _kind(address: str) -> str:
    """What may be shown of an address that nobody can read: anything in it may be a password."""
    if _is_file(address):
        return address
    beginning, rest = _split(address.replace(POSTGRESQL, "postgresql", 1))
    return f"{beginning}…" if beginning or set(rest) & set(":@?") else rest


def _with_port(host: str) -> str:
    return host if ":" in host else f"{host}:5432"


def _require_known(url: str) -> None:
    """Make sure that the driver takes the address; it is not connected to.

    Raises:
        BadSettings: it does not, or it is a driver we do not use.
    """
    parsed = _parse(url)
    if parsed.drivername not in (SQLITE, POSTGRESQL):
        raise BadSettings(f"{_kind(url)!r} is no database we know.", hint=_EXAMPLE)
    try:
        parsed.get_dialect()().create_connect_args(parsed)
    except ArgumentError:
        hint = _EXAMPLE if _is_file(url) else _PORT
        raise BadSettings(f"{_kind(url)!r} is no address of a database.", hint=hint) from None


def _parse(url: str) -> URL:
    # their errors quote the address, and are not kept: a traceback would show them
    try:
        return make_url(url)
    except ArgumentError:
        raise BadSettings(f"{_kind(url)!r} is no address of a database.", hint=_EXAMPLE) from None
    except ValueError:
        raise BadSettings(f"{_kind(url)!r} is no address of a database.", hint=_PORT) from None

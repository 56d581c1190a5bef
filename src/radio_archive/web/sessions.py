"""Who sends a request: an editor who signed in, or a visitor told from others by a cookie.

One signed cookie holds a random key and, after signing in, the editor's name with the stamp of
their password. Every form carries a token made of the same key, which other sites cannot know.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from radio_archive.archive import Archive, Person
from radio_archive.errors import Forbidden

COOKIE = "session"
SECONDS = 14 * 86_400
"""How long somebody stays signed in without coming back."""

_SALT = "radio-archive session 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who sends a request."""

    key: str  #: random; tells browsers apart
    editor: str = ""  #: name of the editor; empty for visitors
    stamp: str = ""  #: of the editor's password
    is_new: bool = False  #: the browser has no cookie of it yet


class Sessions:
    """Reads and writes sessions; nothing is kept on the server."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def read(self, request: Request) -> Session:
        """The session of a request; a new one without, or with a cookie that is not ours."""
        try:
            kept = self._signer.loads(request.cookies.get(COOKIE, ""), max_age=SECONDS)
            key, name, stamp = (str(each) for each in kept)
        except (BadData, TypeError, ValueError):
            return Session(key=secrets.token_hex(16), is_new=True)
        editor = self._archive.editors.find(name) if name else None
        if editor is None or not hmac.compare_digest(editor.stamp, stamp):
            return Session(key=key)
        return Session(key=key, editor=editor.name, stamp=editor.stamp)

    def sign_in(self, name: str, password: str, request: Request) -> Session:
        """A fresh session of the editor; for what it raises see `Editors.sign_in`."""
        editor = self._archive.editors.sign_in(name, password, address_of(request))
        key = secrets.token_hex(16)
        return Session(key=key, editor=editor.name, stamp=editor.stamp, is_new=True)

    def keep(self, response: Response, session: Session, request: Request) -> None:
        """Let the browser send the session back."""
        response.set_cookie(
            COOKIE,
            self._signer.dumps([session.key, session.editor, session.stamp]),
            max_age=SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
            path="/",
        )

    def end(self, response: Response) -> None:
        """Let the browser forget it."""
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")

    def token(self, session: Session) -> str:
        """What a form of this session carries."""
        return self._archive.editors.digest(f"token\0{session.key}\0{session.editor}")

    def check(self, request: Request, session: Session, token: str) -> None:
        """Refuse a form that another site sent.

        Raises:
            Forbidden: it does not come from a page of ours, or from one of another session.
        """
        known = self.token(session).encode()
        if _is_foreign(request) or not hmac.compare_digest(known, token.encode("utf-8", "replace")):
            raise Forbidden(
                "The form does not come from a page of this session.",
                hint="Open the page again, and send it from there.",
            )

    def person(self, request: Request, session: Session) -> Person:
        """Who answers a task."""
        digest = self._archive.editors.digest
        told = f"editor\0{session.editor}" if session.editor else f"visitor\0{session.key}"
        origin = digest(f"address\0{address_of(request)}")
        return Person(key=digest(told), origin=origin, editor=session.editor)

    @cached_property
    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._archive.editors.secret(), salt=_SALT)


def require_editor(session: Session) -> str:
    """The editor's name.

    Raises:
        Forbidden: nobody signed in.
    """
    if not session.editor:
        raise Forbidden("Only editors may do that.", hint="Sign in at /sign-in.")
    return session.editor


def _is_foreign(request: Request) -> bool:
    """Whether a request says that the page of another site sent it, or what nobody can read."""
    origin = request.headers.get("origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != request.headers.get("host")
    except ValueError:
        return True


def address_of(request: Request) -> str:
    """Where a request comes from, as the server sees it."""
    return request.client.host if request.client else ""

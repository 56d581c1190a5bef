"""What pages send back: read whole, within limits, and only from our own pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from radio_archive.errors import BadInput
from radio_archive.web.correction_words import CorrectionWords
from radio_archive.web.errors import FormTooLarge
from radio_archive.web.sessions import Session
from radio_archive.web.site import get_site

MAX_FORM_BYTES = 1_000_000
"""Largest form read: 100 kB of text in any script, as browsers encode it, and room."""

_MAX_FIELDS = 1_000
_URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of a form, and who sends it."""

    session: Session
    fields: tuple[tuple[str, str], ...]

    def text(self, name: str) -> str:
        """A field as typed; empty without it."""
        return dict(self.fields).get(name, "")

    def texts(self, name: str) -> tuple[str, ...]:
        """All fields of a name."""
        return tuple(text for each, text in self.fields if each == name)

    def number(self, name: str) -> int:
        """A field that holds a whole number.

        Raises:
            BadInput: it holds none.
        """
        text = self.text(name)
        if not (text.isascii() and text.isdigit() and len(text) <= 12):
            raise BadInput(
                f"The form's field {name} is no number.", hint="Send the form from its own page."
            )
        return int(text)


Handler = Callable[[Request, Form], Response]


def posting(handle: Handler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that reads a form; anything may send it, so that the handler can keep its text.

    The handler itself asks `require_ours` before it changes anything.
    """

    async def endpoint(request: Request) -> Response:
        body = await _read(request)
        return await run_in_threadpool(_handle, handle, request, body)

    return endpoint


def require_ours(request: Request, form: Form) -> None:
    """Refuse a form that another site sent; for what it raises see `Sessions.check`."""
    token = form.text("token") or request.headers.get("x-csrf-token", "")
    get_site(request).sessions.check(request, form.session, token)


def page_with_form(
    request: Request,
    template: str,
    context: Mapping[str, object],
    *,
    session: Session,
    status: int = 200,
) -> Response:
    """Draw a page whose forms may be sent back; never kept by anybody."""
    site = get_site(request)
    shown = {
        **context,
        "token": site.sessions.token(session),
        "editor": session.editor,
        "says": CorrectionWords(site.renderer.wording(request)),
    }
    headers = {"cache-control": "private, no-store"}
    response = site.renderer.page(request, template, shown, status=status, headers=headers)
    if session.is_new:
        site.sessions.keep(response, session, request)
    return response


def back_to(url: str) -> Response:
    """Show a page of ours after a form was taken."""
    return RedirectResponse(url, status_code=303, headers={"cache-control": "no-store"})


async def _read(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("", _URLENCODED):
        raise BadInput(
            f"A form of the type {kind[:60]!r} is not read.", hint=f"Send {_URLENCODED}."
        )
    body = b""
    async for block in request.stream():
        body += block
        if len(body) > MAX_FORM_BYTES:
            raise FormTooLarge(
                f"The form is larger than {MAX_FORM_BYTES:,} bytes.",
                hint="Nothing was changed. Go back: what you wrote is still there.",
            )
    return body


def _handle(handle: Handler, request: Request, body: bytes) -> Response:
    try:
        fields = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS
        )
    except ValueError as error:
        raise BadInput(
            "The form has too many fields.", hint="Send it from its own page."
        ) from error
    session = get_site(request).sessions.read(request)
    return handle(request, Form(session=session, fields=tuple(fields)))

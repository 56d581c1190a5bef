"""Signing in and out. Reading needs no account."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from radio_archive.errors import Forbidden, RadioArchiveError, TooManyAttempts
from radio_archive.web.errors import explain, status_of
from radio_archive.web.forms import Form, back_to, page_with_form, require_ours
from radio_archive.web.i18n import N_
from radio_archive.web.parameters import SearchState
from radio_archive.web.sessions import Session
from radio_archive.web.site import get_site

_WRONG = N_("Ce nom et ce mot de passe ne vont pas ensemble.")


def show(request: Request) -> Response:
    """``/sign-in``: name and password; for who is signed in, the way out."""
    session = get_site(request).sessions.read(request)
    return _page(request, session, _next(request.query_params.get("next", "")))


def sign_in(request: Request, form: Form) -> Response:
    """``POST /sign-in``: on to the page that asked for it."""
    site = get_site(request)
    wanted = _next(form.text("next"))
    try:
        require_ours(request, form)
    except Forbidden as error:
        return _page(request, form.session, wanted, error=error)
    try:
        session = site.sessions.sign_in(form.text("name"), form.text("password"), request)
    except (Forbidden, TooManyAttempts) as error:
        return _page(request, form.session, wanted, error=error, name=form.text("name")[:200])
    response = back_to(wanted)
    site.sessions.keep(response, session, request)
    return response


def sign_out(request: Request, form: Form) -> Response:
    """``POST /sign-out``: home again, as anybody."""
    require_ours(request, form)
    response = back_to("/")
    get_site(request).sessions.end(response)
    return response


def _next(wanted: str) -> str:
    """An address of this site; home for any other."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_ours and wanted.isprintable() and len(wanted) < 1_000 else "/"


def _page(
    request: Request,
    session: Session,
    wanted: str,
    *,
    error: RadioArchiveError | None = None,
    name: str = "",
) -> Response:
    say = get_site(request).renderer.wording(request).catalogue.gettext
    problem, status = "", 200
    if error is not None:
        status = status_of(error)
        is_wrong = name != "" and not isinstance(error, TooManyAttempts)
        problem = say(_WRONG) if is_wrong else explain(error, status, say)
    context = {"state": SearchState(), "next": wanted, "problem": problem, "name": name}
    return page_with_form(request, "sign_in.html", context, session=session, status=status)

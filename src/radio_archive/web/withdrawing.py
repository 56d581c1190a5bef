"""Where editors hide a broadcast or a stretch of it everywhere, and show it again."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from radio_archive.errors import BadInput, BadTime, NotFound
from radio_archive.model import Broadcast, Excerpt, Milliseconds
from radio_archive.model.withdrawals import NewWithdrawal
from radio_archive.web.errors import status_of, title_and_advice
from radio_archive.web.forms import Form, back_to, page_with_form, require_ours
from radio_archive.web.parameters import SearchState, read_time
from radio_archive.web.sessions import Session, require_editor
from radio_archive.web.site import get_site

_END = Milliseconds(2**31 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form says so far."""

    start: str = ""
    end: str = ""
    reason: str = ""
    is_whole: bool = True
    is_to_confirm: bool = False  #: everything is said, and is to be confirmed


def withdraw_url(broadcast_id: str) -> str:
    """The page on which a broadcast is withdrawn."""
    return f"/broadcasts/{quote(broadcast_id, safe='')}/withdraw"


def show(request: Request) -> Response:
    """``/broadcasts/{id}/withdraw``: what is hidden, since when and why, and a form to hide."""
    site = get_site(request)
    session = site.sessions.read(request)
    found = site.archive.withdrawing.find(request.path_params["id"])
    if not session.editor:
        return back_to("/sign-in?" + urlencode({"next": withdraw_url(found.id)}))
    return _page(request, session, found, Asked())


def change(request: Request, form: Form) -> Response:
    """``POST /broadcasts/{id}/withdraw``: hide, after a second look, or undo."""
    editor = require_editor(form.session)
    require_ours(request, form)
    withdrawing = get_site(request).archive.withdrawing
    identity = request.path_params["id"]
    found = withdrawing.find(identity)
    reason = form.text("reason")
    if form.text("undo"):
        try:
            withdrawing.undo(found.id, form.number("undo"), editor, reason)
        except NotFound:
            raise
        except BadInput as error:
            return _page(request, form.session, found, Asked(), error)
        return back_to(withdraw_url(found.id))
    asked = Asked(
        start=form.text("start"),
        end=form.text("end"),
        reason=reason,
        is_whole=form.text("what") != "stretch",
        is_to_confirm=form.text("confirmed") != "yes",
    )
    try:
        wish = NewWithdrawal(excerpt=_excerpt(asked), reason=reason, by=editor)
        if not asked.is_to_confirm:
            withdrawing.withdraw(found.id, wish)
            return back_to(withdraw_url(found.id))
        if not reason.strip():
            raise BadInput("A withdrawal needs a reason.", hint="Write why.")
    except BadInput as error:
        again = Asked(
            start=asked.start, end=asked.end, reason=asked.reason, is_whole=asked.is_whole
        )
        return _page(request, form.session, found, again, error)
    return _page(request, form.session, found, asked)


def _excerpt(asked: Asked) -> Excerpt | None:
    if asked.is_whole:
        return None
    start, end = read_time(asked.start or None), read_time(asked.end or None)
    if start is None and end is None:
        raise BadTime("A stretch needs a beginning or an end.", hint="Write it like 12:34.")
    excerpt = Excerpt(start_ms=start or Milliseconds(0), end_ms=end or _END)
    if excerpt.start_ms >= excerpt.end_ms:
        raise BadTime("The stretch ends before it begins.", hint="Write both like 12:34.")
    return excerpt


def _page(
    request: Request,
    session: Session,
    found: Broadcast,
    asked: Asked,
    error: BadInput | None = None,
) -> Response:
    site = get_site(request)
    withdrawing = site.archive.withdrawing
    status = 200 if error is None else status_of(error)
    say = site.renderer.wording(request).catalogue.gettext
    history = withdrawing.history(found.id)
    context = {
        "state": SearchState(),
        "broadcast": found,
        "asked": asked,
        "history": history,
        "is_withdrawn": any(each.holds and each.excerpt is None for each in history),
        "repeats": withdrawing.repeats_of(found),
        "error": error,
        "advice": "" if error is None else say(title_and_advice(error, status)[1]),
    }
    return page_with_form(request, "withdraw.html", context, session=session, status=status)

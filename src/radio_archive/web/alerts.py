"""The page of one alert, for whoever has its address: say yes, or have no more of it.

The key in the address is all that is asked, for mail programs that end an alert by one click
(RFC 8058) bring neither cookie nor token. Reading a page changes nothing: programs that look
through mail open every address in it.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from radio_archive.archive import secret_of
from radio_archive.errors import NotFound
from radio_archive.links import alert_url, saved_search_url
from radio_archive.model import Alert, AlertKind
from radio_archive.web.asking import PACES, facts_of, title_of
from radio_archive.web.forms import back_to
from radio_archive.web.parameters import SearchState
from radio_archive.web.site import get_site

_NO_STORE = {"cache-control": "private, no-store"}


def show(request: Request) -> Response:
    """``/alerts/{id}?key=``: what is told to whom, and the two buttons.

    Raises:
        NotFound: there is no such alert, or it was ended.
        Forbidden: the key is another's.
    """
    site = get_site(request)
    alert = _alert(request)
    search = site.archive.searches.get(alert.search_id)
    words = site.renderer.wording(request)
    context = {
        "state": SearchState(),
        "alert": alert,
        "title": title_of(search.asked),
        "facts": facts_of(search.asked, words),
        "pace": words.catalogue.gettext(PACES[alert.pace]),
        "search_url": saved_search_url(search.id),
        "confirm_url": alert_url(alert, "confirm"),
        "off_url": alert_url(alert, "off"),
        "secret": secret_of(alert) if alert.kind is AlertKind.WEBHOOK else "",
    }
    return site.renderer.page(request, "alert.html", context, headers=_NO_STORE)


async def confirm(request: Request) -> Response:
    """``POST /alerts/{id}/confirm?key=``: say yes."""
    return await run_in_threadpool(_confirm, request)


async def off(request: Request) -> Response:
    """``POST /alerts/{id}/off?key=``: no more of it; the body, of whatever type, is not read.

    Done twice, it is done.
    """
    return await run_in_threadpool(_off, request)


def _confirm(request: Request) -> Response:
    alert = _alert(request)
    get_site(request).archive.alerts.confirm(alert)
    return back_to(alert_url(alert))


def _off(request: Request) -> Response:
    site = get_site(request)
    try:
        alert = _alert(request)
        site.archive.alerts.end(alert.id)
    except NotFound:  # ended before
        pass
    context = {"state": SearchState()}
    return site.renderer.page(request, "alert_off.html", context, headers=_NO_STORE)


def _alert(request: Request) -> Alert:
    key = request.query_params.get("key", "")
    return get_site(request).archive.alerts.get(request.path_params["id"], key)

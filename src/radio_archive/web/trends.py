"""A search over time: a page with a picture and its table, and the same as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from radio_archive.answers import trend_answer
from radio_archive.errors import BadInput
from radio_archive.model import Trend, TrendMonth
from radio_archive.web.parameters import SearchState
from radio_archive.web.site import get_site

#: of the picture, in its own units; the page stretches it
WIDTH, HEIGHT = 600, 120
#: of a bar, in the same units
WIDEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One month in the picture."""

    month: TrendMonth
    left: float
    top: float
    width: float
    height: float
    url: str  #: of the same search in that month


def page(request: Request) -> Response:
    """``/search/trend``: the parameters of the search page; how often, month by month.

    Raises:
        BadInput: nothing is searched, or it cannot be understood.
    """
    site = get_site(request)
    state = _state(request)
    found = site.archive.browsing.trend(state.q, state.options())
    context = {
        "state": state,
        "trend": found,
        "bars": bars_of(found, state),
        "size": (WIDTH, HEIGHT),
    }
    return site.renderer.page(request, "trend.html", context)


def answer(request: Request) -> Response:
    """``/api/v1/trend``: the same as JSON.

    Raises:
        BadInput: as for `page`.
    """
    state = _state(request)
    found = get_site(request).archive.browsing.trend(state.q, state.options())
    headers = {"access-control-allow-origin": "*", "cache-control": "no-cache"}
    return JSONResponse(trend_answer(found), headers=headers)


def bars_of(trend: Trend, state: SearchState) -> tuple[Bar, ...]:
    """The bars of the picture: as high as passages in a transcribed hour.

    A month of little transcribed sound never sets the scale, unless there is no other.
    """
    rates = [each.per_hour or 0.0 for each in trend.months if not each.is_thin]
    highest = max(rates, default=0.0) or max((m.per_hour or 0.0 for m in trend.months), default=0.0)
    step = WIDTH / max(1, len(trend.months))
    width = round(min(step * 0.8, WIDEST), 1)
    heights = [
        HEIGHT * min(1.0, (each.per_hour or 0.0) / highest) if highest else 0.0
        for each in trend.months
    ]
    return tuple(
        Bar(
            month=month,
            left=round((number + 0.5) * step - width / 2, 1),
            top=round(HEIGHT - height, 1),
            width=width,
            height=round(height, 1),
            url=state.between(month.month, month.month),
        )
        for number, (month, height) in enumerate(zip(trend.months, heights, strict=True))
    )


def _state(request: Request) -> SearchState:
    state = SearchState.read(request.query_params)
    if not state.q:
        raise BadInput("There is nothing to count.", hint="Ask for ?q=words.")
    return state

"""Templates to pages: Jinja2 with everything escaped, one environment per interface language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse

from radio_archive.links import (
    audio_url,
    broadcast_url,
    document_url,
    dossier_url,
    language_url,
    pdf_url,
    programme_url,
    seconds_text,
)
from radio_archive.model import Trouble
from radio_archive.model.text import printable
from radio_archive.web.assets import Assets
from radio_archive.web.i18n import COOKIE_SECONDS, LOCALES, choose_locale, load_catalogues
from radio_archive.web.marking import marked
from radio_archive.web.trouble_words import trouble_text
from radio_archive.web.wording import Wording, timecode

_TEMPLATES = Path(__file__).parent / "templates"


class Renderer:
    """Draws pages in the language of the request."""

    def __init__(
        self, station: str, assets: Assets, troubles: Callable[[], tuple[Trouble, ...]]
    ) -> None:
        """Read templates and texts.

        Args:
            station: its name.
            assets: what the pages fetch beside themselves.
            troubles: what is away at the moment, said on every page; asked at every page, so it
                may not take long.
        """
        self._troubles = troubles
        self._environments: dict[str, Environment] = {}
        self._wordings: dict[str, Wording] = {}
        for tag, catalogue in load_catalogues().items():
            self._wordings[tag] = Wording(catalogue)
            self._environments[tag] = make_environment(self._wordings[tag], station, assets)

    def wording(self, request: Request) -> Wording:
        """The words of the request's interface language."""
        return self._wordings[_locale(request)]

    def page(
        self,
        request: Request,
        template: str,
        context: Mapping[str, object],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """Draw a template.

        Args:
            request: whose language, and whose address for the language switch.
            template: file name in ``templates/``.
            context: what the template needs.
            status: HTTP status.
            headers: further headers; ``Vary`` is extended, not replaced.
        """
        tag = _locale(request)
        troubles = self._troubles()
        around = {
            "switches": _switches(request),
            "troubles": [trouble_text(each, self._wordings[tag].catalogue) for each in troubles],
        }
        text = self._environments[tag].get_template(template).render({**around, **context})
        response = HTMLResponse(printable(text), status_code=status, headers=dict(headers or {}))
        response.headers["content-language"] = tag
        response.headers.add_vary_header("Accept-Language, Cookie")
        response.headers.setdefault("cache-control", "private, no-cache")
        if request.query_params.get("lang") in LOCALES:
            response.set_cookie(
                "lang", tag, max_age=COOKIE_SECONDS, httponly=True, samesite="lax", path="/"
            )
        return response


def _locale(request: Request) -> str:
    return choose_locale(
        request.query_params.get("lang"),
        request.cookies.get("lang"),
        request.headers.get("accept-language", ""),
    )


def _switches(request: Request) -> Mapping[str, str]:
    """For each interface language, this same page in it."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return {tag: "?" + str(QueryParams([*kept, ("lang", tag)])) for tag in LOCALES}


def make_environment(wording: Wording, station: str, assets: Assets) -> Environment:
    """What templates are drawn with in one interface language."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    install = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(wording.catalogue.gettext, wording.catalogue.ngettext, newstyle=True)
    environment.globals.update(
        station=station,
        words=wording,
        locale=wording.tag,
        locales=LOCALES,
        page_dir=wording.catalogue.locale.text_direction,
        asset=assets.url,
        timecode=timecode,
        marked=marked,
        broadcast_url=broadcast_url,
        seconds_text=seconds_text,
        programme_url=programme_url,
        language_url=language_url,
        audio_url=audio_url,
        dossier_url=dossier_url,
        document_url=document_url,
        pdf_url=pdf_url,
    )
    return environment

"""What every endpoint of one application shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.requests import Request

from radio_archive.archive import Archive
from radio_archive.web.assets import Assets
from radio_archive.web.rendering import Renderer

if TYPE_CHECKING:  # it looks up the site itself
    from radio_archive.web.metrics import Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The archive behind the site, and what draws its pages."""

    archive: Archive
    renderer: Renderer
    assets: Assets
    metrics: Metrics


def get_site(request: Request) -> Site:
    """The site of the application that received this request."""
    return cast(Site, request.app.state.site)

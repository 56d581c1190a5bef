"""A player for other sites' pages: some words, their sound, and the way back."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response

from radio_archive.links import PLAYED_FORMATS, broadcast_url, clip_url, embed_url
from radio_archive.model import BroadcastId, Excerpt, QuoteRequest
from radio_archive.web.media import sources_of
from radio_archive.web.parameters import read_excerpt
from radio_archive.web.site import get_site

#: as strict as every page, but any site may show it in a frame
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors *"
)

#: of the frame, in CSS pixels: a title, three lines of words, the player
FRAME_WIDTH, FRAME_HEIGHT = 480, 260


def player(request: Request) -> Response:
    """``/embed/{id}?start=&end=``: a player without scripts and cookies; all of it without times.

    Raises:
        BadTime: the stretch is none, or not in the recording.
        NotFound: no such broadcast, or it has no recording.
    """
    site = get_site(request)
    found = site.archive.get_broadcast(request.path_params["id"])
    excerpt = read_excerpt(request.query_params) if _is_part(request) else None
    text = None
    if excerpt is not None:
        text = site.archive.quotes.get(found.id, QuoteRequest(excerpt=excerpt))
        sounds = [
            (clip_url(found.id, text.excerpt, name), kind) for name, kind in PLAYED_FORMATS.items()
        ]
    else:
        sounds = sources_of(site.archive, found)
    context = {
        "broadcast": found,
        "quote": text,
        "sounds": sounds,
        "opened": broadcast_url(found.id, text.excerpt.start_ms if text else None),
    }
    response = site.renderer.page(request, "embed.html", context)
    response.headers["content-security-policy"] = _POLICY
    del response.headers["set-cookie"]
    return response


def frame_of(base: str, broadcast_id: BroadcastId, excerpt: Excerpt, title: str) -> str:
    """HTML that shows the player in another page.

    Args:
        base: address of this site, without a slash at its end.
        broadcast_id: of which broadcast.
        excerpt: which words.
        title: what screen readers call the frame.
    """
    return (
        f'<iframe src="{escape(base + embed_url(broadcast_id, excerpt))}" '
        f'title="{escape(title)}" width="{FRAME_WIDTH}" height="{FRAME_HEIGHT}" '
        f'loading="lazy" style="border:0;max-width:100%"></iframe>'
    )


def _is_part(request: Request) -> bool:
    return bool(request.query_params.get("start") or request.query_params.get("end"))

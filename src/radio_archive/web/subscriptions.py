"""What readers and browsers subscribe to: searches as Atom, programmes as podcasts, the search box.

Atom is RFC 4287; podcasts are RSS 2.0 with Apple's elements; OpenSearch 1.1 tells browsers how to
search here. All addresses in them are whole ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response

from radio_archive.errors import BadQuery
from radio_archive.links import audio_url, broadcast_url, programme_url
from radio_archive.model import Broadcast, BroadcastHits, Rendition, SearchPage, Sort
from radio_archive.model.text import printable
from radio_archive.web.parameters import SearchState
from radio_archive.web.site import get_site
from radio_archive.web.wording import Wording, timecode

#: broadcasts in a feed of a search, and of a programme
_FOUND, _AIRED = 30, 100

_ATOM = "http://www.w3.org/2005/Atom"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"

#: a feed reader need not ask more often
_CACHE = "private, max-age=300"

#: when what nobody dated was aired, for formats that demand a date
_LONG_AGO = datetime(2013, 8, 1, tzinfo=UTC)


def search_feed(request: Request) -> Response:
    """``/search.atom`` with the parameters of ``/search``: what it finds, the newest first.

    Raises:
        BadQuery: nothing is searched, or it cannot be understood.
    """
    state = SearchState.read(request.query_params)
    if state.is_empty:
        raise BadQuery("A feed needs something to search for.", hint="Add ?q= and words.")
    if "sort" not in request.query_params:
        state = replace(state, sort=Sort.NEWEST)
    return write_search_feed(request, state, whole(request, state.url("/search.atom")))


def write_search_feed(request: Request, state: SearchState, identity: str) -> Response:
    """What a search finds as Atom, in its order; for what it raises see `Archive.search`.

    Args:
        request: whose language and host.
        state: the search.
        identity: lasting name of the feed, a whole address.
    """
    site = get_site(request)
    page = site.archive.search(state.q, state.options(_FOUND))
    words = site.renderer.wording(request)
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    said = state.q or words.catalogue.gettext("Recherche")
    _add(root, "title", f"{said} – {site.archive.settings.station}")
    _add(root, "id", identity)
    etree.SubElement(root, f"{{{_ATOM}}}link", href=whole(request, state.url()))
    own = {"rel": "self", "type": "application/atom+xml"}
    etree.SubElement(root, f"{{{_ATOM}}}link", own, href=str(request.url))
    _add(root, "updated", _moment(_newest(page)))
    author = etree.SubElement(root, f"{{{_ATOM}}}author")
    _add(author, "name", site.archive.settings.station)
    for found in page.broadcasts:
        _write_entry(root, request, found, state, words)
    return _answer(root, "application/atom+xml")


def programme_feed(request: Request) -> Response:
    """``/feeds/{programme}.rss``: a programme's broadcasts with their sound, as a podcast.

    Raises:
        NotFound: there is no such programme.
    """
    site = get_site(request)
    archive = site.archive
    programme = archive.get_programme(request.path_params["programme"])
    broadcasts, _ = archive.broadcasts(programme=programme.id, page_size=_AIRED)
    rss = etree.Element("rss", version="2.0", nsmap={"itunes": _ITUNES, "atom": _ATOM})
    channel = etree.SubElement(rss, "channel")
    _plain(channel, "title", f"{programme.title} – {archive.settings.station}")
    _plain(channel, "link", whole(request, programme_url(programme.id)))
    _plain(channel, "description", programme.title)
    if broadcasts:
        _plain(channel, "language", str(broadcasts[0].language))
    own = {"rel": "self", "type": "application/rss+xml", "href": str(request.url)}
    etree.SubElement(channel, f"{{{_ATOM}}}link", own)
    _itunes(channel, "author", archive.settings.station)
    renditions = archive.renditions_of(broadcasts)
    for each in broadcasts:
        sound = _podcast_sound(renditions.get(each.id, ()))
        if sound is not None:
            _write_item(channel, request, each, sound)
    return _answer(rss, "application/rss+xml")


def opensearch(request: Request) -> Response:
    """``/opensearch.xml``: lets a browser search here from its address bar."""
    station = get_site(request).archive.settings.station
    root = etree.Element(f"{{{_OPENSEARCH}}}OpenSearchDescription", nsmap={None: _OPENSEARCH})
    for name, text in (("ShortName", station[:16]), ("Description", station[:1024])):
        etree.SubElement(root, f"{{{_OPENSEARCH}}}{name}").text = text
    etree.SubElement(root, f"{{{_OPENSEARCH}}}InputEncoding").text = "UTF-8"
    for kind, path in (("text/html", "/search"), ("application/atom+xml", "/search.atom")):
        template = whole(request, f"{path}?q=") + "{searchTerms}"
        etree.SubElement(root, f"{{{_OPENSEARCH}}}Url", type=kind, template=template)
    return _answer(root, "application/opensearchdescription+xml")


def _write_entry(
    root: etree._Element,
    request: Request,
    found: BroadcastHits,
    state: SearchState,
    words: Wording,
) -> None:
    """One broadcast, and why it is here: the words around each hit with its moment."""
    broadcast = found.broadcast
    entry = etree.SubElement(root, f"{{{_ATOM}}}entry")
    _add(entry, "title", words.title(broadcast))
    _add(entry, "id", whole(request, broadcast_url(broadcast.id)))
    first = found.hits[0].start_ms if found.hits else None
    there = whole(request, broadcast_url(broadcast.id, first, state.q))
    etree.SubElement(entry, f"{{{_ATOM}}}link", href=there)
    _add(entry, "updated", _moment(broadcast.aired_at))
    _add(entry, "published", _moment(broadcast.aired_at))
    lines = [f"{timecode(hit.start_ms)} {hit.text}" for hit in found.hits]
    _add(entry, "summary", "\n".join([*lines, words.trust_meaning(found.trust)]))


def _write_item(
    channel: etree._Element, request: Request, broadcast: Broadcast, sound: Rendition
) -> None:
    item = etree.SubElement(channel, "item")
    _plain(item, "title", broadcast.title)
    _plain(item, "link", whole(request, broadcast_url(broadcast.id)))
    guid = etree.SubElement(item, "guid", isPermaLink="false")
    guid.text = str(broadcast.id)
    if broadcast.aired_at is not None:
        _plain(item, "pubDate", format_datetime(broadcast.aired_at.astimezone(UTC), usegmt=True))
    _plain(item, "description", broadcast.summary or broadcast.title)
    etree.SubElement(
        item,
        "enclosure",
        url=whole(request, audio_url(broadcast.id, sound.name)),
        length=str(sound.size_bytes),
        type=sound.media_type.split(";")[0],
    )
    if broadcast.recording is not None:
        _itunes(item, "duration", str(broadcast.recording.duration_ms // 1000))


def _podcast_sound(renditions: Iterable[Rendition]) -> Rendition | None:
    """What players of podcasts can play; None while there is none."""
    return next((each for each in renditions if each.name == "mp3"), None)


def _newest(page: SearchPage) -> datetime | None:
    return max((each.broadcast.aired_at or _LONG_AGO for each in page.broadcasts), default=None)


def _moment(moment: datetime | None) -> str:
    """RFC 3339."""
    return (moment or _LONG_AGO).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def whole(request: Request, path: str) -> str:
    """An address of this site with its host, as the request named it."""
    return str(request.base_url).rstrip("/") + path


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{name}").text = printable(text)


def _plain(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = printable(text)


def _itunes(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_ITUNES}}}{name}").text = printable(text)


def _answer(root: etree._Element, media_type: str) -> Response:
    body = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    headers = {"content-type": f"{media_type}; charset=utf-8", "cache-control": _CACHE}
    return Response(body, headers=headers)

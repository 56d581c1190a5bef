"""Feeds: RSS and Atom bytes in, broadcasts out. Pure; nothing is fetched here.

``feedparser`` reads the feed itself, tolerant as the feeds require. It keeps only the last of
repeated unknown elements, so guests (``podcast:person`` of the Podcasting 2.0 namespace) are read
with ``lxml`` beside it. Before either sees a byte, document types and entities are refused.
"""

from __future__ import annotations

import io
import re
import xml.sax
import xml.sax.handler
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import defusedxml.sax
import feedparser
from defusedxml.common import DefusedXmlException
from lxml import etree

from radio_archive.errors import BadFeed, UnknownLanguage
from radio_archive.feeds.identity import derived_guid, keep_apart, make_slug
from radio_archive.feeds.markup import collapse, plain_text
from radio_archive.languages.dates import find_moment
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import UNDETERMINED, LanguageTag, NewBroadcast, Programme, ProgrammeId

__all__ = ["ParsedFeed", "looks_like_feed", "parse_feed"]

#: broken XML goes through feedparser's slow parser; bytes it may be given (3 s on 2 MB measured)
_MAX_BROKEN_BYTES = 4_000_000
_PERSON = tuple(
    f"{{{namespace}}}person"
    for namespace in (
        "https://podcastindex.org/namespace/1.0",
        "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    )
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(rss|feed|rdf|html|body)\b", re.IGNORECASE)
_FORBIDDEN = re.compile(rb"<!\s*(?:doctype|entity)", re.IGNORECASE)
_SOUND_SUFFIXES = frozenset((".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac"))
#: a clock a few hours wrong is forgiven, a date from the future is not believed
_FUTURE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed says."""

    title: str
    language: LanguageTag | None  #: of the feed as a whole; None when it does not say
    programme: Programme | None  #: named after the feed; None when it has no title
    items: tuple[NewBroadcast, ...]  #: in the feed's order
    problems: tuple[str, ...]  #: what was left out or doubted, one sentence each


def looks_like_feed(body: bytes) -> bool:
    """Whether the first element is one of a feed, not of a page."""
    found = _ROOT.search(body[:8192].replace(b"\0", b""))
    return found is not None and found[1].lower() in (b"rss", b"feed", b"rdf")


def parse_feed(body: bytes, url: str, *, seen_at: datetime | None = None) -> ParsedFeed:
    """Read a feed.

    Args:
        body: the bytes as fetched.
        url: where they were found; the ``source`` of every broadcast, and what relative addresses
            are relative to.
        seen_at: when it was fetched, aware; a date more than a day later is not believed.

    Raises:
        BadFeed: not a feed, or XML with document types or entities.
    """
    _refuse_bombs(body, url)
    parsed = _parse(body, url)
    if not parsed.get("version") and not parsed.entries:
        raise _bad(url, "it is neither RSS nor Atom")
    reading = _Reading(url, parsed.feed, seen_at)
    guests = _read_guests(body, len(parsed.entries))
    items = [
        reading.item(number, entry, names)
        for number, (entry, names) in enumerate(zip(parsed.entries, guests, strict=True), 1)
    ]
    kept = keep_apart(items, reading.problems)
    return ParsedFeed(
        title=reading.title,
        language=reading.language,
        programme=reading.programme,
        items=tuple(kept),
        problems=tuple(reading.problems),
    )


class _Reading:
    """One feed being read: what holds for all items, and the doubts collected on the way."""

    def __init__(self, url: str, feed: Mapping[str, Any], seen_at: datetime | None) -> None:
        self.problems: list[str] = []
        self._url = url
        self._seen_at = seen_at
        self.title = collapse(plain_text(feed.get("title", "")))
        self.language = self._language(feed.get("language"), "The feed")
        self.programme = self._programme(feed)

    def item(self, number: int, entry: Mapping[str, Any], guests: Sequence[str]) -> NewBroadcast:
        audio_url = self._audio_url(entry)
        title = collapse(plain_text(entry.get("title", "")))
        if not title and audio_url:
            title = unquote(PurePosixPath(urlsplit(audio_url).path).stem)
        where = f"Item {number} ({title or 'without a title'})"
        aired_at = self._aired_at(entry, where)
        page = self._address(entry.get("link"))
        guid = str(entry.get("id") or "")
        if not guid:
            guid = derived_guid(audio_url or page or "", title, aired_at)
            self.problems.append(f"{where} has no GUID; it is known by address, title and date.")
        if audio_url is None:
            self.problems.append(f"{where} names no sound.")
        contents = [content.get("value", "") for content in entry.get("content", ())]
        summary = entry.get("summary") or next(iter(contents), "")
        return NewBroadcast(
            source=self._url,
            guid=guid,
            title=title or "(sans titre)",
            programme=self.programme,
            language=self._language(entry.get("language"), where) or self.language,
            aired_at=aired_at,
            guests=tuple(guests),
            summary=plain_text(summary),
            source_url=page,
            audio_url=audio_url,
        )

    def _programme(self, feed: Mapping[str, Any]) -> Programme | None:
        slug = make_slug(self.title)
        if not slug:
            return None
        return Programme(
            id=ProgrammeId(slug),
            title=self.title,
            language=self.language,
            description=plain_text(feed.get("subtitle", "")),
            homepage=self._address(feed.get("link")),
        )

    def _language(self, tag: str | None, where: str) -> LanguageTag | None:
        if not tag or not tag.strip():
            return None
        try:
            known = normalise_tag(tag.strip())
            return None if known == UNDETERMINED else known
        except UnknownLanguage:
            self.problems.append(f"{where} says its language is {tag!r}, which is not known.")
            return None

    def _aired_at(self, entry: Mapping[str, Any], where: str) -> datetime | None:
        text = str(entry.get("published") or entry.get("updated") or "")
        if not text.strip():
            return None
        moment = find_moment(text)
        if moment is None:
            self.problems.append(f"{where} has a date nobody can read: {text!r}.")
        elif self._seen_at is not None and moment > self._seen_at + _FUTURE:
            self.problems.append(f"{where} has a date in the future: {text!r}.")
            return None
        return moment

    def _audio_url(self, entry: Mapping[str, Any]) -> str | None:
        """Address of the first sound: an enclosure, else Media RSS; typed, else by its ending."""
        links = [link for link in entry.get("links", ()) if link.get("rel") == "enclosure"]
        media = [{"href": part.get("url"), **part} for part in entry.get("media_content", ())]
        for link in (*links, *media):
            address = self._address(link.get("href"))
            if address is None:
                continue
            suffix = PurePosixPath(urlsplit(address).path).suffix.lower()
            if str(link.get("type", "")).startswith("audio/") or suffix in _SOUND_SUFFIXES:
                return address
        return None

    def _address(self, link: str | None) -> str | None:
        """An absolute http(s) address; None for anything else."""
        if not link or not link.strip():
            return None
        try:
            address = urljoin(self._url, link.strip())
            parts = urlsplit(address)
        except ValueError:
            return None
        return address if parts.scheme in ("http", "https") and parts.netloc else None


def _refuse_bombs(body: bytes, url: str) -> None:
    """Let no document type through: entities grow without end or read files."""
    try:
        defusedxml.sax.parseString(body, xml.sax.handler.ContentHandler(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise _bad(
            url, "it declares a document type or entities, as pages and attacks do"
        ) from error
    except (xml.sax.SAXException, ValueError, LookupError) as error:
        # not well-formed, as many feeds are: the parser may have stopped before the declaration
        if len(body) > _MAX_BROKEN_BYTES:
            raise _bad(url, f"it is broken XML ({error}) and too large to be mended") from error
        if _FORBIDDEN.search(body.replace(b"\0", b"")):
            raise _bad(url, "it is broken XML with a document type or entities") from error


def _parse(body: bytes, url: str) -> Any:
    try:
        return feedparser.parse(io.BytesIO(body), resolve_relative_uris=False, sanitize_html=False)
    except (ValueError, LookupError, AssertionError, AttributeError, TypeError) as error:
        # on damaged declarations and markup its own code trips instead of reporting
        raise _bad(url, f"it cannot be decoded ({error})") from error


def _read_guests(body: bytes, count: int) -> list[tuple[str, ...]]:
    """Guests of each item; those of an item replace those of the feed (Podcasting 2.0)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        return [()] * count
    items = list(root.iter("{*}item", "{*}entry"))
    if len(items) != count:
        # the two parsers mended the feed differently: no guest rather than a wrong one
        return [()] * count
    inside = {person for item in items for person in item.iter(*_PERSON)}
    common = _guests([person for person in root.iter(*_PERSON) if person not in inside])
    return [
        _guests(persons) if (persons := list(item.iter(*_PERSON))) else common for item in items
    ]


def _guests(persons: Sequence[etree._Element]) -> tuple[str, ...]:
    names = (
        collapse("".join(person.itertext()))
        for person in persons
        if person.get("role", "host").strip().lower() == "guest"
    )
    return tuple(dict.fromkeys(filter(None, names)))


def _bad(url: str, reason: str) -> BadFeed:
    return BadFeed(
        f"{url} is not a feed we read: {reason}.",
        hint="Give the address of an RSS or Atom feed.",
    )

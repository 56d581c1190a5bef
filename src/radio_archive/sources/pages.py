"""A web page as a list of lines, sounds and missing sounds, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml.html import HtmlElement

from radio_archive.feeds.markup import BLOCKS, collapse, find_tree, walk
from radio_archive.languages.dates import find_moment
from radio_archive.sources.labels import fold

_SOUND_SUFFIXES = frozenset((".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac"))
_MISSING = re.compile(r"(?:fichier )?(?:audio|son|sonore) (?:non |in)disponible")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*utf-?8", re.IGNORECASE)
#: parts of a page that are not what it is about
_ASIDE = ("nav", "aside", "footer", "form", "button", "select")
#: containers of the content proper in WordPress and Joomla themes, the narrowest first
_CONTENT_CLASSES = ("entry-content", "post-content", "article-content", "item-page", "itemBody")
_SITE_NAME = re.compile(r"\s*[|–—-]\s*studio tamani\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text, single-spaced, never empty."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundLink:
    """A player or a link to a recording, absolute."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingSound:
    """Where the page says that the sound is not available."""


PageItem = Line | SoundLink | MissingSound


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What matters of a page."""

    title: str  #: its main heading, without the site's name; empty when it has none
    items: tuple[PageItem, ...]  #: of the content proper, without the title
    addresses: tuple[str, ...]  #: what the page says its own address is, the full one first
    links: tuple[str, ...]  #: absolute addresses of all its links, in order
    published_at: datetime | None


def read_page_items(body: bytes, url: str) -> Page | None:
    """Take a page apart, however broken; None when there is nothing in it."""
    tree = find_tree(_decode(body))
    if tree is None:
        return None
    addresses = [
        element.get("href")
        for relation in ("canonical", "shortlink")
        for element in tree.iter("link")
        if relation in (element.get("rel") or "").lower().split()
    ]
    links = [element.get("href") for element in tree.iter("a")]
    title, published_at = _title(tree), _published_at(tree)
    for element in list(tree.iter(*_ASIDE)):
        if element.getparent() is not None:
            element.drop_tree()
    items = tuple(item for item in _items(_content(tree), url) if item != Line(text=title or " "))
    return Page(
        title=title,
        items=items,
        addresses=tuple(filter(None, (_absolute(url, address) for address in addresses))),
        links=tuple(filter(None, (_absolute(url, link) for link in links))),
        published_at=published_at,
    )


def _decode(body: bytes) -> str:
    """UTF-8 where it is, whatever the page says; else Windows-1252, which contains Latin-1."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # a page cut in the middle of a letter is still UTF-8
        is_cut = error.start >= len(body) - 3
        if is_cut or _CHARSET.search(body[:4096]):
            return body.decode("utf-8-sig", "replace")
        return body.decode("cp1252", "replace")


def _title(tree: HtmlElement) -> str:
    headings = [element for element in tree.iter("h1", "h2") if _is_title(element)]
    headings += [element for element in tree.iter("h1") if element not in headings]
    for element in headings:
        text = collapse(element.text_content())
        if text and fold(text) != "studio tamani":
            return text
    for element in tree.iter("meta"):
        if element.get("property") == "og:title" and (text := collapse(element.get("content", ""))):
            return _SITE_NAME.sub("", text)
    for element in tree.iter("title"):
        return _SITE_NAME.sub("", collapse(element.text_content()))
    return ""


def _is_title(element: HtmlElement) -> bool:
    words = (element.get("class") or "").split()
    return "entry-title" in words or "itemTitle" in words or element.get("itemprop") == "headline"


def _published_at(tree: HtmlElement) -> datetime | None:
    for element in tree.iter("meta", "time"):
        stated = element.get("property") == "article:published_time"
        text = element.get("content") if stated else element.get("datetime")
        if text and (moment := find_moment(text)):
            return moment
    return None


def _content(tree: HtmlElement) -> HtmlElement:
    """The narrowest known container that holds a sound, else the narrowest one, else all."""
    classes: dict[str, list[HtmlElement]] = {name: [] for name in _CONTENT_CLASSES}
    for element in tree.iter("div", "section", "article", "main"):
        for word in (element.get("class") or "").split():
            if word in classes:
                classes[word].append(element)
    candidates = [element for elements in classes.values() for element in elements]
    candidates += [*tree.iter("article"), *tree.iter("main"), *tree.iter("body")]
    for element in candidates:
        if _MISSING.search(fold(element.text_content())) or any(
            _sound_of(part) for part in element.iter("a", "audio", "source")
        ):
            return element
    return candidates[0] if candidates else tree


def _items(tree: HtmlElement, url: str) -> Iterator[PageItem]:
    line, players = "", 0
    for event in walk(tree):
        if event[0] == "text":
            line += "" if players else event[1]
            continue
        kind, element = event
        if element.tag in ("audio", "video"):
            players += 1 if kind == "open" else -1
        sound = _sound_of(element)
        # the words of a link come before its sound: they may say which sound it is
        is_sound = sound is not None and (kind == "close") is (element.tag == "a")
        if is_sound or element.tag in BLOCKS:
            yield from _line_items(line)
            line = ""
        if is_sound and (address := _absolute(url, sound)):
            yield SoundLink(url=_without_player_marks(address))
    yield from _line_items(line)


def _line_items(line: str) -> Iterator[PageItem]:
    text = collapse(line)
    if not text or text.startswith(("http://", "https://")):
        return
    if _MISSING.search(fold(text)):
        label = re.split(r"[:–—-]", text)[0].strip()
        if label and not _MISSING.search(fold(label)):
            yield Line(text=label)
        yield MissingSound()
        return
    yield Line(text=text)


def _sound_of(element: HtmlElement) -> str | None:
    """What a link or a player plays, as written; None when it plays nothing."""
    address = element.get("href" if element.tag == "a" else "src")
    if not address or element.tag not in ("a", "audio", "source"):
        return None
    if element.tag == "audio":
        return str(address)
    is_audio = (element.get("type") or "").startswith("audio/")
    try:
        path = urlsplit(address.strip()).path
    except ValueError:
        return None
    return str(address) if is_audio or _suffix(path) in _SOUND_SUFFIXES else None


def _suffix(path: str) -> str:
    return PurePosixPath(path.replace("%20", " ").strip()).suffix.lower()


def _absolute(base: str, address: str | None) -> str | None:
    if not address:
        return None
    try:
        joined = urljoin(base, address.strip())
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.netloc else None


def _without_player_marks(address: str) -> str:
    """Drop the ``?_=1`` by which WordPress tells several players of a page apart."""
    parts = urlsplit(address)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "_"]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))

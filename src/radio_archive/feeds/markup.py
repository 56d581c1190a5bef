"""From the HTML that feeds and pages carry to plain text; nothing of the markup survives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

#: elements whose content nobody reads
_UNREAD = ("script", "style", "noscript", "template", "iframe", "object", "svg")
#: the document's head: read by name, never as text
_HEAD = ("head", "title", "meta", "link", "base")
#: elements that begin and end a line
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
        *("hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
    )
)

Event = tuple[Literal["open", "close"], HtmlElement] | tuple[Literal["text"], str]
"""An element that opens or closes, or the text between, in reading order."""


def find_tree(html: str) -> HtmlElement | None:
    """Parse a page or a piece of one, however broken; None when nothing is in it."""
    # a fresh parser each time: lxml's keep an error log
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(_without_controls(html).encode("utf-8"), parser=parser)
    except etree.ParserError:
        return None
    for element in list(tree.iter(*_UNREAD)):
        if element.getparent() is not None:
            element.drop_tree()
    return tree


def walk(tree: HtmlElement) -> Iterator[Event]:
    """Go through a tree in reading order, whatever its depth."""
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            yield "open", element
            if element.text and element.tag not in _HEAD:
                yield "text", element.text
        else:
            yield "close", element
            if element.tail and element is not tree:
                yield "text", element.tail


def plain_text(html: str) -> str:
    """Text of a description: one line per paragraph, single spaces, entities resolved."""
    if "<" not in html and "&" not in html:
        return "\n".join(filter(None, (collapse(line) for line in html.splitlines())))
    tree = find_tree(f"<div>{html}</div>")
    if tree is None:
        return ""
    lines = [""]
    for event in walk(tree):
        if event[0] == "text":
            lines[-1] += event[1]
        elif event[1].tag in BLOCKS:
            lines.append("")
    return "\n".join(filter(None, (collapse(line) for line in lines)))


def collapse(text: str) -> str:
    """One line, NFC, single spaces, nothing that cannot be printed."""
    return " ".join(unicodedata.normalize("NFC", _without_controls(text)).split())


def _without_controls(text: str) -> str:
    return _CONTROLS.sub(" ", text)


#: control characters but tab and line ends, lone surrogates, and marks that reorder text
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]"
)

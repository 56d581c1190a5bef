"""What editors write into dossiers, made fit to be kept."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

import regex

from radio_archive.errors import BadDocument, BadInput, TooLong

LONGEST_TITLE = 200
"""Characters of a title: chosen, three lines on a telephone."""
LONGEST_NOTE = 10_000
"""Characters of a note or a summary: chosen, four printed pages."""
LONGEST_URL = 2_000
LONGEST_SLUG = 60

RESERVED = frozenset({"add"})
"""Slugs that would hide a dossier behind another address."""

#: as for sentences: signs nobody sees, and overrides of direction; lines stay
_UNSEEN = regex.compile(r"[\u200B\u2060\uFEFF\u202A-\u202E]|[\p{Cc}--\s]|\p{Cs}", regex.V1)


def clean_title(typed: str) -> str:
    """A title on one line.

    Raises:
        BadInput: nothing is left of it.
        TooLong: it is longer than `LONGEST_TITLE`.
    """
    title = unicodedata.normalize("NFC", " ".join(_UNSEEN.sub("", typed).split()))
    if not title:
        raise BadInput("A title is missing: nothing was changed.", hint="Write one.")
    return _bounded(title, LONGEST_TITLE, "title")


def clean_note(typed: str) -> str:
    """A note or a summary, its lines kept; it may be empty.

    Raises:
        TooLong: it is longer than `LONGEST_NOTE`.
    """
    lines = _UNSEEN.sub("", typed.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    note = unicodedata.normalize("NFC", "\n".join(line.rstrip() for line in lines)).strip()
    return _bounded(note, LONGEST_NOTE, "note")


def clean_url(typed: str) -> str:
    """An address that browsers may be sent to; empty stays empty.

    Raises:
        BadDocument: it is none.
    """
    url = typed.strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_usable = False
    if not is_usable or len(url) > LONGEST_URL or regex.search(r"[\s\p{C}]", url):
        raise BadDocument(
            f"{url[:80]!r} is no address of a page.", hint="Addresses begin with https://."
        )
    return url


def slug_of(title: str) -> str:
    """What an address says of a title: letters without accents, digits, hyphens."""
    plain = unicodedata.normalize("NFKD", title.replace("œ", "oe").replace("ɛ", "e").lower())
    ascii_only = plain.replace("ɔ", "o").encode("ascii", "ignore").decode()
    slug = "-".join(regex.findall(r"[a-z0-9]+", regex.sub(r"['’]", " ", ascii_only)))
    slug = slug[:LONGEST_SLUG].strip("-") or "dossier"
    return f"dossier-{slug}" if slug in RESERVED else slug


def _bounded(text: str, longest: int, what: str) -> str:
    if len(text) > longest:
        raise TooLong(
            f"The {what} has {len(text):,} characters; at most {longest:,} are kept.",
            hint="Nothing was changed: shorten it, and send it again.",
        )
    return text

"""Which item is which: the identity of feed items, and slugs for programmes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from radio_archive.model import NewBroadcast

#: parameters that say who asks or until when, not what is asked for
_TRACKING = re.compile(
    r"utm_.*|x-amz-.*|fbclid|gclid|_ga|ref|referrer|source|token|sig|signature|expires|"
    r"key-pair-id|policy|updated|ts|timestamp|cb|nocache",
    re.IGNORECASE,
)
#: letters of the languages of Mali that do not decompose into a Latin letter and a mark
_LETTERS = str.maketrans("ɛɔŋɲɓɗƴəɣ’", "eonnbdyeg'")
_SLUG_LENGTH = 60


def derived_guid(address: str, title: str, aired_at: datetime | None) -> str:
    """Identity of an item without a GUID, from what seldom changes about it.

    Args:
        address: of its sound, else of its page.
        title: as shown.
        aired_at: None when unknown.
    """
    moment = aired_at.astimezone(UTC).isoformat() if aired_at else ""
    return "derived:" + _digest("\n".join((without_tracking(address), title, moment)))


def without_tracking(url: str) -> str:
    """An address without fragment and without parameters that change from fetch to fetch."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name)
    ]
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, urlencode(kept), ""))


def keep_apart(items: Sequence[NewBroadcast], problems: list[str]) -> list[NewBroadcast]:
    """Give items that share a GUID one each, and drop true repetitions.

    The oldest keeps the GUID as it is, so that an item added later takes over nobody's identity;
    the others get the digest of their sound's address behind it.

    Args:
        items: in the feed's order.
        problems: gets one sentence for each item renamed or dropped.
    """
    groups: dict[str, list[int]] = {}
    for position, item in enumerate(items):
        groups.setdefault(item.guid, []).append(position)
    kept: dict[int, NewBroadcast] = dict(enumerate(items))
    for guid, positions in groups.items():
        sounds: set[str] = set()
        # feeds list the newest first, so of two without dates the last is the older
        for position in sorted(positions, key=lambda place: (_age(items[place]), -place)):
            item = items[position]
            sound = without_tracking(item.audio_url or item.source_url or item.title)
            if sound in sounds:
                problems.append(f"The GUID {guid!r} stands twice with the same sound; kept once.")
                del kept[position]
            elif sounds:
                problems.append(f"The GUID {guid!r} stands for several sounds; all are kept.")
                kept[position] = replace(item, guid=f"{guid}#{_digest(sound)[:12]}")
            sounds.add(sound)
    return [kept[position] for position in sorted(kept)]


def make_slug(title: str) -> str:
    """A programme id from its title: lower-case ASCII letters, digits, hyphens; may be empty."""
    lower = unicodedata.normalize("NFKD", title.lower()).translate(_LETTERS)
    plain = lower.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH].strip("-")


def _age(item: NewBroadcast) -> datetime:
    return item.aired_at or datetime.max.replace(tzinfo=UTC)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

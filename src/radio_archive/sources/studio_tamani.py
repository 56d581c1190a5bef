"""Reads the web pages of Studio Tamani: bulletins, debates, magazines, old site and new. Pure.

A bulletin page carries one recording per language under one French summary; it becomes one
broadcast per language. A page is known by its number, not by its address: the same page under
``/?p=N``, with and without ``www`` and under its slug is the same broadcast. Numbers of the old
site (Joomla) and of the new one (WordPress) are counted apart.

Hours are not printed. Bulletins of the morning are filed at 07:00, of the evening at 18:00, the
debate at 17:00, all else at noon, UTC, which is Mali's time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import PurePosixPath
from urllib.parse import parse_qs, unquote, urljoin, urlsplit, urlunsplit

from radio_archive.errors import BadPage
from radio_archive.feeds.identity import make_slug
from radio_archive.languages.dates import find_date, find_file_date
from radio_archive.model import LanguageTag, NewBroadcast, Programme, ProgrammeId
from radio_archive.sources.labels import (
    LANGUAGE_NAMES,
    Edition,
    bulletin_programme,
    bulletin_time,
    bulletin_title,
    find_edition,
    find_spoken_language,
    fold,
)
from radio_archive.sources.names import GUEST_HEADING, find_name, find_names
from radio_archive.sources.pages import (
    Line,
    Page,
    PageItem,
    SoundLink,
    read_page_items,
)

__all__ = ["SOURCE", "knows", "read_listing", "read_page"]

SOURCE = "studio-tamani"
"""The ``source`` of every broadcast read here."""

_HOSTS = frozenset(("studiotamani.org", "www.studiotamani.org"))
_WORDPRESS = re.compile(r"/(?P<number>[0-9]{1,12})(?:-[^/]*)?/?")
_JOOMLA = re.compile(r"/index\.php/(?:[^/]+/)*(?P<number>[0-9]{1,12})(?:[-:][^/]*)?/?")
_BULLETIN = re.compile(r"\bles titres\b|\bjournal\b|\bjournaux\b")
_DEBATE = re.compile(r"\bgrands?[ -]dialogues?\b")
_LABEL = re.compile(
    r"^\W*(?:(?:le|la|les|l')\s*)?(?:journal|journaux|edition|bulletin|version|emission|magazine"
    r"|actu|ecoute[rz]?|telecharger?)\b|^\W*(?:en\s+)?\w+\W*$"
)
_EDITION_LABEL = re.compile(r"\b(?:journal|journaux|edition|bulletin)\b")
_END_OF_TEXT = re.compile(r"^(?:ecoute[rz]?\b|telecharger?\b)|\btelecharger\W*$")
_NOISE = re.compile(r"^(?:partage[rz]?|imprimer|publie\b|facebook|twitter|whatsapp|e-?mail)")
_LABEL_LENGTH = 80
_DEBATE_TIME = time(17, tzinfo=UTC)
_DEBATE_PROGRAMME = Programme(
    id=ProgrammeId("grand-dialogue"), title="Le Grand Dialogue", language=LanguageTag("fr")
)
#: the station's other titles, folded, as its pages and its publisher name them
_MAGAZINES = {
    "actu'jeunes": "L'Actu des jeunes",
    "actu des jeunes": "L'Actu des jeunes",
    "grand mag": "Le Grand Mag",
    "ecole a la radio": "L'école à la radio",
    "verifions": "Vérifions",
    "zoom sur": "Zoom sur",
    "on en parle": "On en parle",
    "dossier de la semaine": "Le dossier de la semaine",
}
_THEMED = re.compile(r"^magazine\s+(?:sur\s+)?(?P<theme>\w+)", re.IGNORECASE)


def knows(url: str) -> bool:
    """Whether an address is that of one page of the station, by host and number."""
    try:
        return (urlsplit(url.strip()).hostname or "") in _HOSTS and _find_number(url) is not None
    except ValueError:
        return False


def read_listing(body: bytes, url: str) -> tuple[str, ...]:
    """Addresses of the pages that a page of the same site links to, each once, in its order.

    Args:
        body: the bytes as fetched.
        url: where they were found.
    """
    page = read_page_items(body, url)
    found: dict[str, str] = {}
    for link in page.links if page else ():
        number = _find_number(link)
        if number and _site(link) == _site(url):
            found.setdefault(number, link.partition("#")[0])
    return tuple(found.values())


def read_page(body: bytes, url: str) -> tuple[NewBroadcast, ...]:
    """Read one page.

    Args:
        body: the bytes as fetched, in UTF-8, Latin-1 or Windows-1252.
        url: where they were found.

    Returns:
        One broadcast per recording the page names, the dead ones too (``audio_url`` None).

    Raises:
        BadPage: no bulletin, no debate, and no recording, alive or dead.
    """
    page = read_page_items(body, url)
    if page is None or not page.title:
        raise _bad(url, "it has no title")
    reading = _Reading(page, url)
    if reading.is_bulletin or len({slot.language for slot in reading.slots}) > 1:
        broadcasts = reading.per_language()
    elif reading.slots or (reading.is_debate and reading.day):
        broadcasts = reading.per_part()
    else:
        broadcasts = ()
    if not broadcasts:
        raise _bad(url, "it names no recording")
    return broadcasts


@dataclass(slots=True, kw_only=True)
class _Slot:
    """One recording the page names; ``url`` stays None when it is dead."""

    language: LanguageTag | None
    edition: Edition | None
    url: str | None = None


class _Reading:
    """One page, understood."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._number = _identity(page, url)
        self._source_url = _canonical(page, url, self._number)
        folded = fold(page.title)
        address = fold(urlsplit(self._source_url).path)
        self.is_debate = _DEBATE.search(folded) is not None or "/grands-dialogues/" in address
        self.is_bulletin = not self.is_debate and _BULLETIN.search(folded) is not None
        self.day = self._day(address)
        edition = find_edition(page.title) if self.is_bulletin else None
        self.slots = _find_slots(page.items, edition)

    def per_language(self) -> tuple[NewBroadcast, ...]:
        """One broadcast per language and edition, all with the page's summary."""
        return tuple(self._in_one_language(slot) for slot in self.slots)

    def per_part(self) -> tuple[NewBroadcast, ...]:
        """The page's one broadcast; a page with several recordings has it in parts."""
        guests, summary = _read_text(self._page.items)
        slots = self.slots or [_Slot(language=None, edition=None)]
        programme = _DEBATE_PROGRAMME if self.is_debate else _magazine(self._page.title)
        hour = _DEBATE_TIME if self.is_debate else time(12, tzinfo=UTC)
        return tuple(
            NewBroadcast(
                source=SOURCE,
                guid=self._number if part == 1 else f"{self._number}:{part}",
                title=self._page.title if part == 1 else f"{self._page.title} ({part})",
                programme=programme,
                language=slot.language
                or find_spoken_language(self._page.title)
                or programme.language,
                aired_at=datetime.combine(self.day, hour) if self.day else None,
                guests=guests,
                summary=summary,
                source_url=self._source_url,
                audio_url=slot.url,
            )
            for part, slot in enumerate(slots, 1)
        )

    def _in_one_language(self, slot: _Slot) -> NewBroadcast:
        marks = (self._number, slot.language, slot.edition)
        if self.is_bulletin:
            title = bulletin_title(slot.language, self.day, slot.edition)
            programme = bulletin_programme(slot.language)
        else:
            name = LANGUAGE_NAMES.get(slot.language) if slot.language else None
            title = f"{self._page.title} (en {name})" if name else self._page.title
            programme = _magazine(self._page.title)
        return NewBroadcast(
            source=SOURCE,
            guid=":".join(str(mark) for mark in marks if mark),
            title=title,
            programme=programme,
            language=slot.language,
            aired_at=bulletin_time(self.day, slot.edition),
            summary=_read_text(self._page.items)[1],
            source_url=self._source_url,
            audio_url=slot.url,
        )

    def _day(self, address: str) -> date | None:
        stated = find_date(self._page.title) or find_file_date(PurePosixPath(address).name)
        published = self._page.published_at
        return stated or (published.date() if published else None)


def _find_slots(items: Sequence[PageItem], edition: Edition | None) -> list[_Slot]:
    """Pair the labels ("Journal en bambara") with the sounds that follow them."""
    labelled: list[_Slot] = []
    loose: list[_Slot] = []
    sounds: list[str | None] = []
    current: _Slot | None = None
    for item in items:
        if isinstance(item, Line):
            edition = _find_edition_label(item.text) or edition
            if language := _find_language_label(item.text):
                current = _slot_for(labelled, language, edition)
            continue
        url = item.url if isinstance(item, SoundLink) else None
        if url is None or url not in sounds:
            sounds.append(url)
        named = _language_of_file(url) if url else None
        if named and (current is None or current.language != named):
            target = _slot_for(labelled, named, edition)
        else:
            target = current or _Slot(language=None, edition=None)
        if current is None and target.language is None:
            loose.append(target)
        target.url = target.url or url
    if _labels_come_first(items) and len(labelled) == len(sounds):
        _pair(labelled, sounds)
    return labelled or _without_twins(loose)


def _pair(slots: Sequence[_Slot], urls: Sequence[str | None]) -> None:
    """In a table of labels over sounds, the first belongs to the first, unless files say else."""
    if not any(url and _language_of_file(url) for url in urls):
        for slot, url in zip(slots, urls, strict=True):
            slot.url = url


def _slot_for(slots: list[_Slot], language: LanguageTag, edition: Edition | None) -> _Slot:
    for slot in slots:
        if (slot.language, slot.edition) == (language, edition):
            return slot
    slots.append(_Slot(language=language, edition=edition))
    return slots[-1]


def _without_twins(slots: list[_Slot]) -> list[_Slot]:
    """One slot per recording: the same stem in two formats, or said dead twice, is one."""
    kept: dict[str, _Slot] = {}
    for slot in slots:
        kept.setdefault(PurePosixPath(urlsplit(slot.url or "").path).stem, slot)
    alive = [slot for slot in kept.values() if slot.url]
    return alive or list(kept.values())


def _labels_come_first(items: Sequence[PageItem]) -> bool:
    """Whether all labels stand in a row before all sounds, as in a table."""
    kinds = [
        not isinstance(item, Line)
        for item in items
        if not isinstance(item, Line) or _find_language_label(item.text)
    ]
    return kinds == sorted(kinds) and kinds.count(False) > 1


def _find_language_label(text: str) -> LanguageTag | None:
    if len(text) > _LABEL_LENGTH or not _LABEL.search(fold(text)):
        return None
    # a sentence of the summary may well say "en bambara"; a label is no sentence
    if text.rstrip().endswith((".", "!", "?")):
        return None
    return find_spoken_language(text)


def _find_edition_label(text: str) -> Edition | None:
    is_label = len(text) <= _LABEL_LENGTH and _EDITION_LABEL.search(fold(text))
    return find_edition(text) if is_label and not text.rstrip().endswith(".") else None


def _language_of_file(url: str) -> LanguageTag | None:
    return find_spoken_language(re.sub(r"[_\d-]+", " ", unquote(PurePosixPath(url).name)))


def _read_text(items: Sequence[PageItem]) -> tuple[tuple[str, ...], str]:
    """Guests and summary: the lines before the first player or label."""
    guests: list[str] = []
    summary: list[str] = []
    in_guests = False
    for line in _lines_before_sounds(items):
        folded = fold(line)
        if GUEST_HEADING.search(folded):
            in_guests = True
            guests += find_names(re.split(r":|\bavec\b", line, maxsplit=1)[-1])
        elif in_guests and (name := find_name(line)):
            guests.append(name)
        elif not _NOISE.search(folded):
            in_guests = in_guests and not guests
            summary.append(line)
    return tuple(dict.fromkeys(guests)), "\n".join(summary)


def _lines_before_sounds(items: Sequence[PageItem]) -> Iterator[str]:
    for item in items:
        if not isinstance(item, Line) or _END_OF_TEXT.search(fold(item.text)):
            return
        if _find_language_label(item.text) or _find_edition_label(item.text):
            return
        yield item.text


def _magazine(title: str) -> Programme:
    folded = fold(title)
    for words, name in _MAGAZINES.items():
        if words in folded:
            return Programme(id=ProgrammeId(make_slug(name)), title=name)
    if themed := _THEMED.search(title):
        name = f"Magazine {themed['theme'].lower()}"
        return Programme(id=ProgrammeId(make_slug(name)), title=name)
    return Programme(id=ProgrammeId("magazines"), title="Magazines")


def _identity(page: Page, url: str) -> str:
    """The page's number, from its address or from what it says its address is."""
    for address in (url, *page.addresses):
        if number := _find_number(address):
            return number
    return "path:" + (urlsplit(url).path.strip("/") or "/")


def _find_number(url: str) -> str | None:
    """``2278`` for the new site, ``joomla:2003`` for the old one; None without a number."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if found := _JOOMLA.fullmatch(parts.path):
        return f"joomla:{int(found['number'])}"
    if "option" in asked and (found := re.match(r"[0-9]{1,12}", asked.get("id", ""))):
        return f"joomla:{int(found[0])}"
    if parts.path in ("", "/", "/index.php"):
        number = asked.get("p", "")
        return str(int(number)) if number.isdecimal() and len(number) < 12 else None
    found = _WORDPRESS.fullmatch(parts.path)
    return str(int(found["number"])) if found else None


def _canonical(page: Page, url: str, number: str) -> str:
    """One address for one page: the full one the page gives, else the shortest that works."""
    address = next((link for link in page.addresses if _find_number(link) == number), url)
    parts = urlsplit(address)
    if parts.hostname in _HOSTS:
        parts = parts._replace(scheme="https", netloc="www.studiotamani.org")
    if address is url and number.isdecimal():
        return urljoin(urlunsplit(parts), f"/?p={number}")
    return urlunsplit(parts._replace(fragment=""))


def _site(url: str) -> str:
    host = urlsplit(url).netloc.lower()
    return "studiotamani.org" if host in _HOSTS else host


def _bad(url: str, reason: str) -> BadPage:
    return BadPage(
        f"{url} is not a page we know how to read: {reason}.",
        hint="Give the address of one bulletin, debate or magazine, or of the sound itself.",
    )

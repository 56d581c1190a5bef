"""Dates among typed words: ``16 octobre``, ``October 16, 2014``, ``ɔkutɔburukalo tile 16``.

Whoever remembers the day of a broadcast types it beside what was said in it, though nobody said
the day. Months and days of the week are named in any language of the archive and spelt by its
rules (``languages/calendars.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import regex

from radio_archive.languages.analysis import is_stop_word
from radio_archive.languages.calendars import find_day, find_month
from radio_archive.languages.lookup import analyzers
from radio_archive.model import AirDate

_DIGIT = regex.compile(r"\d")
#: "1er", "2e", "16th": as French and English count days
_DAY = regex.compile(r"(\d{1,2})(?:er|ère|e|ème|st|nd|rd|th)?", regex.IGNORECASE)
#: radio is younger than 1900
_YEAR = regex.compile(r"(?:19|20)\d\d", regex.ASCII)
#: dates in one word: the day first, as everywhere in French, or the year first; no "16/10", which
#: may be a score or a share
_WHOLE = tuple(
    regex.compile(pattern, regex.ASCII)
    for pattern in (
        r"(?P<day>\d\d?)[/.-](?P<month>\d\d?)[/.-](?P<year>(?:19|20)\d\d)",
        r"(?P<year>(?:19|20)\d\d)[/.-](?P<month>\d\d?)[/.-](?P<day>\d\d?)",
        r"(?P<month>\d\d?)[/.-](?P<year>(?:19|20)\d\d)",
        r"(?P<year>(?:19|20)\d\d)[/.-](?P<month>\d\d?)",
    )
)
#: what stands before a date and belongs to it
_BEFORE = frozenset({"le", "du", "au", "de", "en", "the", "on", "of", "in"})
#: what stands inside one: "16th of October"; in Bambara "kalo", month, "tile", day, and "san",
#: year; in Fulfulde "lewru", month, and "hitaande", year (sentences of the OLDI seed)
_INSIDE = frozenset({"of", "the", "kalo", "tile", "san", "lewru", "hitaande"})
#: those of them that may come first
_LEADING = frozenset({"the", "san"})
#: a year or a month alone is no date, for it is too often said
_ORDERS = frozenset(
    {
        ("day", "month"),
        ("day", "month", "year"),
        ("month", "day"),
        ("month", "day", "year"),
        ("month", "year"),
        ("year", "month", "day"),
    }
)
#: any leap year: it has all days
_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A row of words in the form of a date."""

    typed: str  #: its words, without a "du" before them
    date: AirDate | None  #: None: there is no such day


def find_date(words: Sequence[str]) -> FoundDate | None:
    """What date a row of words is, whole.

    A day of the week may stand before it, when it is the right one.

    Returns:
        None when the words have not the form of a date.
    """
    if not any(_DIGIT.search(word) for word in words):
        return None
    skipped = next((n for n, word in enumerate(words) if word.lower() not in _BEFORE), 0)
    own = words[skipped:]
    weekday = find_day(own[0])
    parts = _parts(own if weekday is None else own[1:])
    if parts is None:
        return None
    made = _make(parts)
    if made is not None and weekday is not None and not _falls_on(made, weekday):
        return None
    return FoundDate(" ".join(own), made)


def _parts(words: Sequence[str]) -> dict[str, int] | None:
    """Day, month and year, as far as they are there; None when this is no date."""
    if len(words) == 1:
        found = next((match for each in _WHOLE if (match := each.fullmatch(words[0]))), None)
        return found and {name: int(text) for name, text in found.groupdict().items()}
    small = [word.lower() for word in words]
    if not small or small[0] in _INSIDE - _LEADING or small[-1] in _INSIDE:
        return None
    named = [word for word in small if word not in _INSIDE]
    known = [part for word in named if (part := _part(word)) is not None]
    names = tuple(name for name, _ in known)
    if len(known) < len(named) or names not in _ORDERS:
        return None
    # "me" is May in Songhay and a little word of French: then only a whole date is one
    is_sure = len(names) == 3 or not any(is_stop_word(word, analyzers()[0]) for word in named)
    return dict(known) if is_sure else None


def _part(word: str) -> tuple[str, int] | None:
    if _YEAR.fullmatch(word):
        return "year", int(word)
    day = _DAY.fullmatch(word)
    if day:
        return "day", int(day[1])
    month = find_month(word)
    return None if month is None else ("month", month)


def _make(parts: dict[str, int]) -> AirDate | None:
    made = AirDate(month=parts["month"], day=parts.get("day"), year=parts.get("year"))
    try:
        date(made.year or _LEAP_YEAR, made.month, made.day or 1)
    except ValueError:
        return None
    return made


def _falls_on(aired: AirDate, weekday: int) -> bool:
    """Whether a date may be that day of the week; any may, while its year is not known."""
    if aired.year is None:
        return True
    return aired.day is not None and date(aired.year, aired.month, aired.day).weekday() == weekday

"""Dates as French pages, feeds and file names write them. Pure: text in, dates out.

The wordings come from the station's own pages ("du 16 octobre 2014", "du mercredi 12 août 2020",
"1er janvier 2015") and from the file names of its sister station
("JOURNAL_TAMASHEQ_-2018_-_02_-_23").
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

#: beginnings of French month names without accents; the first that fits wins, so "juil" and
#: "juin" stand apart and "mar" is March (days of the week are read elsewhere)
_MONTHS = (
    ("janv", 1), ("jan", 1), ("fevr", 2), ("fev", 2), ("feb", 2), ("mars", 3), ("mar", 3),
    ("avr", 4), ("apr", 4), ("mai", 5), ("may", 5), ("juin", 6), ("jun", 6), ("juil", 7),
    ("jul", 7), ("aou", 8), ("aug", 8), ("sep", 9), ("oct", 10), ("nov", 11), ("dec", 12),
)  # fmt: skip
_MONTH = (
    r"(?P<month>janv(?:ier)?|jan(?:uary)?|fevr(?:ier)?|fev|feb(?:ruary)?|mars|march|mar|"
    r"avr(?:il)?|apr(?:il)?|mai|may|juin|june?|juil(?:let)?|july?|aout?|aug(?:ust)?|"
    r"sept?(?:embre|ember)?|oct(?:obre|ober)?|nov(?:embre|ember)?|dec(?:embre|ember)?)\.?"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WORDED = re.compile(rf"\b(?P<day>\d{{1,2}})\s*(?:er|eme|e)?[\s,]+{_MONTH}[\s,]*{_YEAR}\b")
_ISO = re.compile(rf"(?<!\d){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_SLASHED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s?[/.-]\s?(?P<month>\d{{1,2}})\s?[/.-]\s?{_YEAR}(?!\d)"
)
_FILE_YEAR_FIRST = re.compile(
    rf"(?<!\d){_YEAR}[\s._-]{{0,5}}(?P<month>\d\d?)[\s._-]{{1,5}}(?P<day>\d\d?)(?!\d)"
)
_FILE_COMPACT = re.compile(rf"(?<!\d){_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?!\d)")
_FILE_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d\d?)[\s._-]{{1,5}}(?P<month>\d\d?)[\s._-]{{1,5}}{_YEAR}(?!\d)"
)
_HOUR = re.compile(r"\b(?P<hour>[01]?\d|2[0-3])\s*(?:h|:)\s*(?P<minute>[0-5]\d)?(?::\d\d)?(?!\d)")
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>[01]\d):?(?P<minutes>[0-5]\d)\s*$")


def find_date(text: str) -> date | None:
    """Find the first date in running text: French words, then 16/10/2014, then 2014-10-16.

    Impossible days ("31 février") are passed over. None when there is no date.
    """
    return _find_first(_fold(text), (_WORDED, _ISO, _SLASHED))


def find_file_date(stem: str) -> date | None:
    """Find the date in a file name or the last part of an address, without its extension.

    Separators between year, month and day may be any mix of spaces, dots, hyphens and
    underscores, or missing altogether (20160711). None when there is no date.
    """
    spaced = _fold(re.sub(r"[_-]+", " ", stem))
    worded = _find_first(spaced, (_WORDED,))
    return worded or _find_first(stem, (_FILE_YEAR_FIRST, _FILE_COMPACT, _FILE_DAY_FIRST))


def find_moment(text: str) -> datetime | None:
    """Find a date with its time, as feeds give it, in UTC.

    Reads ISO 8601, RFC 2822, and RFC 2822 with French names ("jeu., 16 oct. 2014 17:00:00 +0000").
    Without a zone the time is UTC, which is Mali's; without a time it is noon, so that no zone
    moves the day. None when there is no date.
    """
    text = text.strip()
    if _ISO.fullmatch(text):
        return _find_french_moment(text)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return _in_utc(read(text))
        except (TypeError, ValueError, IndexError, OverflowError):
            continue
    return _find_french_moment(_fold(text))


def _find_french_moment(folded: str) -> datetime | None:
    day = find_date(folded)
    if day is None:
        return None
    hour, zone = _HOUR.search(folded), _OFFSET.search(folded)
    if hour is None:
        return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    shift = timedelta()
    if zone:
        shift = timedelta(hours=int(zone["hours"]), minutes=int(zone["minutes"]))
        shift = -shift if zone["sign"] == "-" else shift
    moment = datetime(
        day.year,
        day.month,
        day.day,
        int(hour["hour"]),
        int(hour["minute"] or 0),
        tzinfo=timezone(shift),
    )
    return _in_utc(moment)


def _in_utc(moment: datetime) -> datetime | None:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def _find_first(text: str, patterns: tuple[re.Pattern[str], ...]) -> date | None:
    for pattern in patterns:
        for found in pattern.finditer(text):
            month = found["month"]
            number = int(month) if month.isdecimal() else _month_number(month)
            try:
                return date(int(found["year"]), number, int(found["day"]))
            except ValueError:
                continue
    return None


def _month_number(name: str) -> int:
    return next(number for start, number in _MONTHS if name.startswith(start))


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))

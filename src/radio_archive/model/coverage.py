"""How much of what went on air is held, written down and checked, month by month."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from radio_archive.errors import BadSettings
from radio_archive.languages.registry import normalise_tag
from radio_archive.languages.tags import LanguageTag

_MONTH = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])"
_STATED = re.compile(rf"\s*(\S.*?)\s+({_MONTH})(?:/({_MONTH}))?\s+(\d+(?:[.,]\d+)?)\s*", re.ASCII)

AiredHours = Mapping[tuple[LanguageTag, str], float]
"""Hours that went on air in one language and month (``2014-10``), where the station says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCoverage:
    """What can be searched of one language's broadcasts of one month."""

    language: LanguageTag
    month: str | None  #: ``2014-10``, in UTC; None: broadcasts of which nobody knows the day
    broadcasts: int  #: known of, with sound or without
    hours: float  #: held: what the recordings last
    transcribed_hours: float
    checked_hours: float  #: of which a person has checked the text
    aired_hours: float | None = None  #: what went on air; None where the station does not say


def read_aired_hours(lines: Iterable[str]) -> AiredHours:
    """Read the setting ``aired_hours``.

    Args:
        lines: each a language, a month or a span of months, and the hours of each month:
            ``bm 2014-10 31`` or ``fr 2014-01/2016-12 62.5``. A later line wins.

    Raises:
        BadSettings: a line is not written like this, or names no language we know.
    """
    hours: dict[tuple[LanguageTag, str], float] = {}
    for line in lines:
        match = _STATED.fullmatch(line)
        if match is None or (match[3] or match[2]) < match[2]:
            raise BadSettings(
                f"aired_hours has a line nobody understands: {line[:60]!r}.",
                hint="Write a language, a month or two months, and hours: 'bm 2014-01/2014-12 31'.",
            )
        language = normalise_tag(match[1])
        stated = float(match[4].replace(",", "."))
        hours |= {(language, month): stated for month in _months(match[2], match[3] or match[2])}
    return hours


def fill_in_aired_hours(
    rows: Iterable[MonthCoverage], aired: AiredHours, language: LanguageTag | None = None
) -> tuple[MonthCoverage, ...]:
    """The same months with the hours that went on air, and the months of which nothing is held.

    Args:
        rows: what the catalogue says.
        aired: what the station says.
        language: add months of this language only; None for all.

    Returns:
        By language, newest month first, the row without a month last.
    """
    known = {(row.language, row.month): row for row in rows}
    missing = [
        MonthCoverage(
            language=tag,
            month=month,
            broadcasts=0,
            hours=0.0,
            transcribed_hours=0.0,
            checked_hours=0.0,
            aired_hours=hours,
        )
        for (tag, month), hours in aired.items()
        if (tag, month) not in known and language in (None, tag)
    ]
    filled = [
        row if row.month is None else replace(row, aired_hours=aired.get((row.language, row.month)))
        for row in known.values()
    ]
    newest_first = sorted([*filled, *missing], key=lambda row: row.month or "", reverse=True)
    return tuple(sorted(newest_first, key=lambda row: row.language))


def _months(first: str, last: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while f"{year}-{month:02d}" <= last:
        yield f"{year}-{month:02d}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)

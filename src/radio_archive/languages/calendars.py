"""Names of months and days in the languages of the archive, from Unicode CLDR through Babel."""

from __future__ import annotations

from functools import cache

from radio_archive.languages.registry import LANGUAGES
from radio_archive.languages.tags import LanguageTag

#: a language without names of its own in CLDR writes French ones ("14 Octobre 1893" in the
#: Tamasheq sentences of the OLDI seed)
_USUAL = "fr"


@cache
def month_names(tag: LanguageTag) -> tuple[str, ...]:
    """The names of the twelve months in a language of the registry, January first."""
    from babel import Locale

    names = Locale.parse(_locale(tag)).months["stand-alone"]["wide"]
    return tuple(str(names[month]) for month in range(1, 13))


@cache
def day_names(tag: LanguageTag) -> tuple[str, ...]:
    """The names of the seven days in a language of the registry, Monday first."""
    from babel import Locale

    names = Locale.parse(_locale(tag)).days["stand-alone"]["wide"]
    return tuple(str(names[day]) for day in range(7))


def _locale(tag: LanguageTag) -> str:
    row = LANGUAGES.get(tag)
    return (row.calendar if row else None) or _USUAL

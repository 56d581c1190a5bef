"""Names of months and days in the languages of the archive, from Unicode CLDR through Babel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from radio_archive.languages.analysis import analyzer_name
from radio_archive.languages.lookup import Lookup, analyzers, folded_key
from radio_archive.languages.registry import LANGUAGES
from radio_archive.languages.tags import LanguageTag

#: a language without names of its own in CLDR writes French ones ("14 Octobre 1893" in the
#: Tamasheq sentences of the OLDI seed)
_USUAL = "fr"

#: languages whose short names of months are typed: "16 oct. 2014"; those of the others are short
#: enough to be ordinary words
_SHORTENED = tuple(LanguageTag(tag) for tag in ("fr", "en"))
#: what Bambara writes after the name of a month, often as one word: "sɛtanburukalo tile 9"
#: (Bambara sentences of the OLDI seed)
_MONTH_ENDING = "kalo"
#: words remembered: the rows of one search are looked at in every length
_CACHED_WORDS = 1_000


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


@lru_cache(maxsize=_CACHED_WORDS)
def find_month(word: str) -> int | None:
    """The month that a word of any language names, in any of its spellings; 1 is January."""
    return _find(word, _months())


@lru_cache(maxsize=_CACHED_WORDS)
def find_day(word: str) -> int | None:
    """The day of the week that a word of any language names, likewise; 0 is Monday."""
    return _find(word, _days())


def _find(word: str, names: Lookup[int]) -> int | None:
    keys = ((analyzer, folded_key(word, analyzer)) for analyzer in _analyzers())
    return next((number for key in keys for number in names.find(*key)), None)


@cache
def _analyzers() -> tuple[str, ...]:
    """The analyzers of the languages with names of their own; the French one comes first."""
    own = (analyzer_name(tag) for tag, row in LANGUAGES.items() if row.calendar)
    return tuple(dict.fromkeys([analyzers()[0], *own]))


@cache
def _months() -> Lookup[int]:
    named = [(tag, name) for tag in LANGUAGES for name in enumerate(month_names(tag), 1)]
    named += [(tag, name) for tag in _SHORTENED for name in enumerate(_short_months(tag), 1)]
    bambara = LanguageTag("bm")
    named += [
        (bambara, (number, name + _MONTH_ENDING))
        for number, name in enumerate(month_names(bambara), 1)
    ]
    return Lookup(_keys(named))


@cache
def _days() -> Lookup[int]:
    return Lookup(_keys([(tag, name) for tag in LANGUAGES for name in enumerate(day_names(tag))]))


def _keys(
    named: list[tuple[LanguageTag, tuple[int, str]]],
) -> Iterator[tuple[str, str, int]]:
    for tag, (number, name) in named:
        analyzer = analyzer_name(tag)
        yield analyzer, folded_key(name, analyzer), number


def _short_months(tag: LanguageTag) -> tuple[str, ...]:
    from babel import Locale

    names = Locale.parse(_locale(tag)).months["format"]["abbreviated"]
    return tuple(str(names[month]) for month in range(1, 13))


def _locale(tag: LanguageTag) -> str:
    row = LANGUAGES.get(tag)
    return (row.calendar if row else None) or _USUAL

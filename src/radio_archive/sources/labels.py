"""The words by which pages and file names say language, edition and programme."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time
from enum import StrEnum

from radio_archive.model import LanguageTag, Programme, ProgrammeId

#: the station's five languages as its pages name them, in the order of its bulletin list
LANGUAGE_NAMES = {
    LanguageTag("fr"): "français",
    LanguageTag("bm"): "bambara",
    LanguageTag("ses"): "sonrhaï",
    LanguageTag("ffm"): "peulh",
    LanguageTag("taq"): "tamasheq",
}
#: spellings met on the station's pages, its sister station's files and in the press, folded
_LANGUAGE = re.compile(
    r"(?<![a-z])(?:(?P<fr>francais)|(?P<bm>bambara|bamanankan)"
    r"|(?P<ses>sonrhai|sonrai|songhai|songhay|songhoi|songhoy|songoi|songoy|sonray)"
    r"|(?P<ffm>peulh?s?|fulfulde|foulfoulde|fulani)"
    r"|(?P<taq>tama(?:sh|ch|s|j)[ae](?:q|cq|ck|k)))(?![a-z])"
)
_EDITION = re.compile(r"(?<![a-z])(?P<edition>matin|soir)(?:al|ale|ee)?(?![a-z])")
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


class Edition(StrEnum):
    """Which of a day's bulletins."""

    MORNING = "matin"
    EVENING = "soir"


#: hours (UTC, Mali's own) assumed for a bulletin: pages give the edition, never the hour
_EDITION_HOURS = {Edition.MORNING: time(7, tzinfo=UTC), Edition.EVENING: time(18, tzinfo=UTC)}
_NOON = time(12, tzinfo=UTC)


def fold(text: str) -> str:
    """Lower case without accents, for comparing; characters keep their order."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def find_spoken_language(text: str) -> LanguageTag | None:
    """The first of the station's languages that a text names; None when it names none."""
    found = _LANGUAGE.search(fold(text))
    return LanguageTag(str(found.lastgroup)) if found else None


def find_edition(text: str) -> Edition | None:
    """Morning or evening, when a text says so."""
    found = _EDITION.search(fold(text))
    return Edition(found["edition"]) if found else None


def bulletin_programme(language: LanguageTag | None) -> Programme:
    """The bulletin of one language; of all together when the language is not known."""
    if language is None or language not in LANGUAGE_NAMES:
        return Programme(id=ProgrammeId("journal"), title="Journal")
    name = LANGUAGE_NAMES[language]
    return Programme(
        id=ProgrammeId(f"journal-{fold(name)}"), title=f"Journal en {name}", language=language
    )


def bulletin_title(language: LanguageTag | None, day: date | None, edition: Edition | None) -> str:
    """Title of one bulletin: ``Journal en bambara du 2 novembre 2016 (soir)``."""
    title = bulletin_programme(language).title
    if day is not None:
        number = "1er" if day.day == 1 else str(day.day)
        title += f" du {number} {_MONTHS[day.month - 1]} {day.year}"
    return title if edition is None else f"{title} ({edition})"


def bulletin_time(day: date | None, edition: Edition | None) -> datetime | None:
    """When a bulletin is taken to have been aired: 07:00, 18:00, else noon, UTC."""
    if day is None:
        return None
    return datetime.combine(day, _NOON if edition is None else _EDITION_HOURS[edition])

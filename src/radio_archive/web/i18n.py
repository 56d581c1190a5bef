"""The interface's languages: which one a reader gets, and the gettext catalogues.

Message ids are French, the station's working language; ``locales/LANG/LC_MESSAGES/messages.po``
hold the catalogues. They are compiled in memory when the application starts.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

#: interface languages, the default first, each with its own name for itself
LOCALES: Mapping[str, str] = {"fr": "Français", "en": "English"}

#: one year, in seconds: how long a reader's choice of language is remembered
COOKIE_SECONDS = 365 * 86_400

#: whose dates and numbers an interface language uses
_REGIONS = {"fr": "fr_FR", "en": "en_GB"}

_FOLDER = Path(__file__).parent / "locales"
#: what French typography adds to a text typed plainly: curved apostrophes, a thin no-break space
#: before ``; ! ?``, a no-break space before ``:`` and inside guillemets (Lexique des règles
#: typographiques en usage à l'Imprimerie nationale)
_FRENCH = (
    (re.compile(r"(?<=\w)'(?=\w)"), "\N{RIGHT SINGLE QUOTATION MARK}"),
    (re.compile(r" (?=[;!?])"), "\N{NARROW NO-BREAK SPACE}"),
    (re.compile(r" (?=[:»])"), "\N{NO-BREAK SPACE}"),
    (re.compile(r"(?<=«) "), "\N{NO-BREAK SPACE}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The texts of the interface in one language."""

    locale: Locale
    translations: Translations

    @property
    def tag(self) -> str:
        """``fr`` or ``en``."""
        return self.locale.language

    def gettext(self, message: str) -> str:
        """Text in this language for a French message id."""
        return self._set(self.translations.gettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Text in this language, in the form its grammar wants for ``number``."""
        return self._set(self.translations.ngettext(singular, plural, number))

    def _set(self, text: str) -> str:
        return set_french(text) if self.tag == "fr" else text


def set_french(text: str) -> str:
    """A French text with the spaces and apostrophes French typography wants."""
    for pattern, sign in _FRENCH:
        text = pattern.sub(sign, text)
    return text


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name, which extraction looks for
    """Mark a text for extraction where it stands in a table; it is translated when shown."""
    return message


def load_catalogues() -> Mapping[str, Catalogue]:
    """Read and compile the catalogue of every interface language."""
    return {tag: _load(tag) for tag in LOCALES}


def choose_locale(asked: str | None, cookie: str | None, accept_language: str) -> str:
    """The interface language of one request: the address decides, then the cookie, the browser.

    Args:
        asked: value of ``?lang=``; None when absent.
        cookie: value of the ``lang`` cookie; None when absent.
        accept_language: the header, possibly empty.
    """
    for wish in (asked, cookie, *_accepted(accept_language)):
        if wish is not None and wish in LOCALES:
            return wish
    return next(iter(LOCALES))


def _accepted(header: str) -> list[str]:
    """Primary language tags of an Accept-Language header, most wanted first."""
    wishes: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        match = re.fullmatch(r"\s*([A-Za-z]+)[\w-]*\s*(?:;\s*q\s*=\s*([01](?:\.\d*)?)\s*)?", part)
        if match and float(match[2] or 1) > 0:
            wishes.append((float(match[2] or 1), match[1].lower()))
    return [tag for _, tag in sorted(wishes, key=lambda wish: -wish[0])]


def _load(tag: str) -> Catalogue:
    path = _FOLDER / tag / "LC_MESSAGES" / "messages.po"
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=tag))
    compiled.seek(0)
    return Catalogue(locale=Locale.parse(_REGIONS[tag]), translations=Translations(compiled))

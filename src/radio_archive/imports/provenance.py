"""What the notes at the top of our own exports say of a transcript.

A file that leaves one archive and comes into another must not gain trust on the way.
"""

from __future__ import annotations

import re

from radio_archive.errors import UnknownLanguage
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import LanguageTag, Trust

_LANGUAGE = re.compile(r"(?:Language\s*:\s*|Langue : (?:.*\()?)([A-Za-z]{2,3}[\w-]*)\)?\s*")
_TRUST = re.compile(r"Fiabilité : ([a-z-]+)\s*")
_ENGINE = re.compile(r"Transcription : (\S+), \d{4}-\d\d-\d\d\s*")
_SENTENCES = (
    ("Transcription automatique peu sûre", Trust.MACHINE_WEAK),
    ("Transcription automatique", Trust.MACHINE),
    ("Traduction automatique", Trust.MACHINE_WEAK),
)


def find_language(header: list[str]) -> str | None:
    """The language a header states: ``Language: fr`` or ``Langue : français (fr)``."""
    return _first(_LANGUAGE, header)


def find_tag(told: object) -> LanguageTag | None:
    """The language a file tells of one stretch; None when it tells none we know."""
    try:
        return normalise_tag(told.strip()) if isinstance(told, str) else None
    except UnknownLanguage:
        return None


def find_engine(header: list[str]) -> str:
    """The engine our own header names; empty when people wrote it or the header is another's."""
    return _first(_ENGINE, header) or ""


def find_trust(header: list[str]) -> Trust | None:
    """The trust our own header states; None when it states none."""
    stated = _first(_TRUST, header)
    if stated in list(Trust):
        return Trust(stated)
    for sentence, trust in _SENTENCES:
        if any(line.startswith(sentence) for line in header):
            return trust
    return None


def _first(pattern: re.Pattern[str], header: list[str]) -> str | None:
    found = (pattern.fullmatch(line) for line in header)
    return next((match.group(1) for match in found if match is not None), None)

"""What we know of each language: names, direction, Whisper code, spelling and analysis rules.

``registry`` has one row per language, ``analysis`` the analyzers used by every search engine.
"""

from __future__ import annotations

from radio_archive.languages.registry import (
    LANGUAGES,
    Language,
    find_language,
    get_language,
    normalise_tag,
)
from radio_archive.languages.tags import UNDETERMINED, LanguageTag

__all__ = [
    "Language",
    "LanguageTag",
    "UNDETERMINED",
    "LANGUAGES",
    "find_language",
    "get_language",
    "normalise_tag",
]

"""The languages Whisper's multilingual weights were trained on, and how it spells their tags.

The codes are those of ``whisper.tokenizer.LANGUAGES``. Cantonese (``yue``) is left out: only the
newest large weights know it.
"""

from __future__ import annotations

from radio_archive.model import LanguageTag

_CODES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr
ht hu hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc
pa pl ps pt ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh
"""

WHISPER_CODES = frozenset(_CODES.split())
"""All codes that every multilingual Whisper knows."""

_OTHER_SPELLINGS = {"jv": "jw", "nb": "no", "fil": "tl", "cmn": "zh"}
"""BCP 47 primary tags that Whisper writes differently."""

_TAGS = {"jw": "jv"}
"""Whisper codes that BCP 47 writes differently."""


def find_whisper_code(tag: LanguageTag) -> str | None:
    """Whisper's code for a BCP 47 tag; None when it does not know the language."""
    primary = tag.split("-")[0].lower()
    code = _OTHER_SPELLINGS.get(primary, primary)
    return code if code in WHISPER_CODES else None


_NOT_TAUGHT = (".en", "turbo")
"""How the names of Whisper models end that do not translate: those for English alone, and turbo,
which was not trained for it (README of openai/whisper)."""


def is_translatable(tag: LanguageTag, model: str) -> bool:
    """Whether a Whisper model can say in English what is said in a language."""
    code = find_whisper_code(tag)
    return code not in (None, "en") and not model.endswith(_NOT_TAUGHT)


def tag_of(code: str) -> LanguageTag:
    """The BCP 47 tag of a Whisper code."""
    return LanguageTag(_TAGS.get(code, code))

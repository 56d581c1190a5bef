"""One row per language of the archive: to add a language, add a row.

Tags are BCP 47, names those of the station's own pages where it uses them ("peulh", "sonrhaï").
Alphabets are those of decree 159/PG-RM of 19 July 1982, with the letters of the languages' primers.
What Omnilingual knows is in its list of languages (``lang_ids.py``: bam, ful, taq, ses, snk, dts).
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

import regex

from radio_archive.errors import UnknownLanguage
from radio_archive.languages.tags import UNDETERMINED, LanguageTag

Direction = Literal["ltr", "rtl"]

_TAG = regex.compile(r"[a-z]{2,8}(?:[-_][a-z0-9]{1,8})*", regex.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What we know of a language."""

    tag: LanguageTag
    name_fr: str
    name_native: str
    name_en: str
    macro: str | None = None  #: BCP 47 tag of the language group it belongs to
    direction: Direction = "ltr"  #: of its usual script in the station's texts
    script: str = "Latn"  #: ISO 15924 code of its usual script in the station's texts
    other_scripts: tuple[str, ...] = ()  #: further scripts its words are kept whole in
    alphabet: str = ""  #: lower-case letters of its official spelling; empty where none is known
    keyboard: str = ""  #: letters a French keyboard lacks, to offer above the search box
    calendar: str | None = None  #: CLDR locale of its month and day names
    whisper_code: str | None = None  #: None: Whisper does not know the language
    #: engine that knows the language where Whisper does not; None: Whisper, or no engine
    engine: str | None = None
    analyzer: str = "neutral"  #: key of ``analysis.ANALYZERS``
    #: other codes and names that mean this language when somebody types them
    aliases: tuple[str, ...] = ()


_ROWS = (
    Language(
        tag=LanguageTag("fr"),
        name_fr="français",
        name_native="français",
        name_en="French",
        whisper_code="fr",
        analyzer="french",
        alphabet="abcdefghijklmnopqrstuvwxyzàâæçéèêëîïôœùûüÿ",
        keyboard="éèêëàâçîïôùûœ",
        calendar="fr",
        aliases=("fra", "fre"),
    ),
    Language(
        tag=LanguageTag("bm"),
        name_fr="bambara",
        name_native="bamanankan",
        name_en="Bambara",
        analyzer="bambara",
        other_scripts=("Nkoo",),
        alphabet="abcdeɛfghijklmnɲŋoɔprstuwyz",
        keyboard="ɛɔɲŋ",
        calendar="bm",
        engine="omnilingual-ctc",
        aliases=("bam", "bamanan", "bamana", "bamanakan"),
    ),
    # ``ff`` and ``ful`` name the whole Fula group; here they can only mean the Malian one
    Language(
        tag=LanguageTag("ffm"),
        name_fr="peulh",
        name_native="fulfulde",
        name_en="Fulfulde",
        macro="ff",
        analyzer="fulfulde",
        other_scripts=("Adlm", "Arab"),
        alphabet="aɓbcdɗefghijklmnɲŋoprstuwyƴ",
        keyboard="ɓɗƴɲŋ",
        calendar="ff",
        engine="omnilingual-ctc",
        aliases=(
            "ff",
            "ful",
            "peul",
            "fulfulde maasina",
            "maasina fulfulde",
            "fula",
            "fulah",
            "fulani",
        ),
    ),
    Language(
        tag=LanguageTag("taq"),
        name_fr="tamasheq",
        name_native="tamašəq",
        name_en="Tamasheq",
        macro="tmh",
        analyzer="tamasheq",
        other_scripts=("Tfng", "Arab"),
        alphabet="aăəbdḍefgɣhḥijklḷmnŋoqrsṣštṭuwxyzẓž",
        keyboard="əăɣšžŋḍṭẓṣḷḥ",
        engine="omnilingual-ctc",
        aliases=(
            "tmh",
            "tamachek",
            "tamashek",
            "tamaseq",
            "tamajaq",
            "tamajeq",
            "tamacheq",
            "touareg",
            "tuareg",
        ),
    ),
    # the station broadcasts in one Songhay: Timbuktu's (khq) is filed with Gao's, the norm
    Language(
        tag=LanguageTag("ses"),
        name_fr="sonrhaï",
        name_native="soŋay",
        name_en="Songhay",
        macro="son",
        analyzer="songhay",
        other_scripts=("Arab",),
        alphabet="abcdefghijklmnɲŋoprsštuwyzžãẽĩõũ",
        keyboard="ŋɲšžãẽĩõũ",
        calendar="ses",
        engine="omnilingual-ctc",
        aliases=(
            "son",
            "khq",
            "songhaï",
            "songhai",
            "songoï",
            "songhoy",
            "songoy",
            "sonraï",
            "koyraboro senni",
            "koyra senni",
            "koyra chiini",
        ),
    ),
    Language(
        tag=LanguageTag("snk"),
        name_fr="soninké",
        name_native="sooninkanxanne",
        name_en="Soninke",
        keyboard="ɲŋ",
        engine="omnilingual-ctc",
        aliases=("sarakolé",),
    ),
    Language(
        tag=LanguageTag("dts"),
        name_fr="dogon",
        name_native="dɔgɔsɔ",
        name_en="Dogon",
        keyboard="ɛɔɲŋ",
        engine="omnilingual-ctc",
        aliases=("toro so", "dogoso"),
    ),
    Language(
        tag=LanguageTag("mey"),
        name_fr="hassaniya",
        name_native="حسانية",
        name_en="Hassaniya",
        direction="rtl",
        analyzer="arabic",
        script="Arab",
        other_scripts=("Latn",),
        calendar="ar",
        aliases=("maure", "hassania", "hassaniyya", "arabe hassaniya"),
    ),
    Language(
        tag=LanguageTag("ar"),
        name_fr="arabe",
        name_native="العربية",
        name_en="Arabic",
        direction="rtl",
        whisper_code="ar",
        analyzer="arabic",
        script="Arab",
        alphabet="ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
        calendar="ar",
        aliases=("ara", "arb"),
    ),
    Language(
        tag=LanguageTag("en"),
        name_fr="anglais",
        name_native="English",
        name_en="English",
        whisper_code="en",
        analyzer="english",
        alphabet="abcdefghijklmnopqrstuvwxyz",
        calendar="en",
        aliases=("eng",),
    ),
    Language(
        tag=UNDETERMINED,
        name_fr="langue non indiquée",
        name_native="",
        name_en="language not stated",
    ),
)

LANGUAGES: Mapping[LanguageTag, Language] = MappingProxyType({row.tag: row for row in _ROWS})
"""Every language the archive knows, in the order lists show them."""


def get_language(tag: str) -> Language:
    """The row of a language, by tag, code or name.

    Raises:
        UnknownLanguage: no row answers.
    """
    return LANGUAGES[normalise_tag(tag)]


def find_language(tag: str) -> Language | None:
    """The row of exactly this tag; None when there is none."""
    return LANGUAGES.get(LanguageTag(tag))


def normalise_tag(text: str) -> LanguageTag:
    """The registry's tag for what somebody typed or a file says.

    Takes tags with regions and scripts (``fr-FR``, ``bm-Nkoo``), ISO 639-2 and 639-3 codes
    (``bam``), names in French, English and the language itself, whatever the case and accents.
    Group codes are read as the group's one language here: ``ff`` and ``ful`` are stored as
    ``ffm``, ``son`` and ``khq`` as ``ses``, ``tmh`` as ``taq``.

    Raises:
        UnknownLanguage: no row answers; the hint names the nearest one.
    """
    key = _key(text)
    names = _names()
    if key in names:
        return names[key]
    if _TAG.fullmatch(key):
        primary = regex.split("[-_]", key)[0]
        if primary in names:
            return names[primary]
    raise UnknownLanguage(f"No language is known as {text[:40]!r}.", hint=_hint(key))


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(plain.split())


@cache
def _names() -> Mapping[str, LanguageTag]:
    return {
        _key(name): row.tag
        for row in _ROWS
        for name in (row.tag, row.name_fr, row.name_native, row.name_en, *row.aliases)
        if name
    }


#: Fula languages of other countries: near enough to suggest, too far to file as the Malian one
_FULA = frozenset({"fuc", "fuf", "fuv", "fub", "fuq", "fue", "fuh", "fui"})


def _hint(key: str) -> str:
    stated = [row for row in _ROWS if row.tag != UNDETERMINED]
    known = ", ".join(f"{row.tag} ({row.name_fr})" for row in stated)
    near = difflib.get_close_matches(key[:40], list(_names()), n=1, cutoff=0.5)
    tag = LanguageTag("ffm") if key in _FULA else _names()[near[0]] if near else None
    if tag is None or tag == UNDETERMINED:
        return f"Known languages: {known}."
    return f"Did you mean {tag} ({LANGUAGES[tag].name_fr})? Known languages: {known}."

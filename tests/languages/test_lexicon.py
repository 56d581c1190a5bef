from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import pytest
import regex
from babel import Locale

from radio_archive.errors import BadTable
from radio_archive.languages.lexicon import COLUMNS, LANGUAGES, Concept, Lexicon
from radio_archive.languages.repair import fold

HEADER = "\t".join(COLUMNS)
NATIONAL = ("bm", "ffm", "taq", "ses")
#: where a national language stands beside its translation
CORPORA = {
    "bm": ("oldi_seed/bam_Latn", "bam_jeli_srt/*.srt"),
    "ffm": ("oldi_seed/fuv_Latn", "mozilla_l10n/ff.tsv"),
    "taq": ("oldi_seed/taq_Latn",),
    "ses": ("mozilla_l10n/son.tsv",),
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


def meanings(lexicon: Lexicon, text: str) -> list[tuple[str, str]]:
    return [(concept.wordings[0].text, tag) for concept, tag in lexicon.find(text)]


def said(concept: Concept, language: str) -> list[str]:
    return [wording.text for wording in concept.wordings if wording.language == language]


@pytest.mark.parametrize(
    ("typed", "meaning", "language"),
    [
        ("organised crime", "crime organisé", "en"),
        ("Organized Crime", "crime organisé", "en"),
        ("crime organise", "crime organisé", "fr"),
        ("hostages", "otage", "en"),
        ("drug trafficking", "trafic de drogue", "en"),
        ("prises d'otages", "prise d'otage", "fr"),
        ("prises d’otages", "prise d'otage", "fr"),
        ("personnes deplacees", "personnes déplacées", "fr"),
        ("ceasefire", "cessez-le-feu", "en"),
        ("kele", "guerre", "bm"),
        ("kɛlɛ", "guerre", "bm"),
        ("mogow", "gens", "bm"),
        ("yimbe", "gens", "ffm"),
        ("alxer", "paix", "taq"),
        ("alhabar", "informations", "ses"),
        ("Aljuma", "vendredi", "ses"),
        ("zuwɛn", "juin", "bm"),
    ],
)
def test_a_word_is_understood_in_its_language(
    lexicon: Lexicon, typed: str, meaning: str, language: str
) -> None:
    assert (meaning, language) in meanings(lexicon, typed)


@pytest.mark.parametrize("typed", ["", "the", "le", "de", "!", "Tombouctou", "crime organised"])
def test_what_means_nothing_is_not_found(lexicon: Lexicon, typed: str) -> None:
    assert meanings(lexicon, typed) == []


def test_one_word_may_mean_something_in_several_languages(lexicon: Lexicon) -> None:
    assert {"fr", "en"} == {tag for _, tag in meanings(lexicon, "transition")}


def test_a_related_word_is_not_taken_for_its_plural(lexicon: Lexicon) -> None:
    assert meanings(lexicon, "prisons") == [("prison", "fr"), ("prison", "en")]
    assert meanings(lexicon, "lamdo") == [("roi", "ffm")]


def test_french_and_english_meet_in_many_news_terms(lexicon: Lexicon) -> None:
    both = [c for c in lexicon.all if said(c, "fr") and said(c, "en")]
    assert len(both) >= 250


def test_every_wording_is_found_by_itself(lexicon: Lexicon) -> None:
    lost = [
        wording.text
        for concept in lexicon.all
        for wording in concept.wordings
        if (concept, wording.language) not in lexicon.find(wording.text)
    ]
    assert not lost


def test_every_word_of_a_national_language_was_seen_beside_its_translation(
    lexicon: Lexicon, shared_data: Path
) -> None:
    texts = {tag: words_of(shared_data / "languages", tag) for tag in NATIONAL}
    unseen = [
        (tag, text)
        for concept in lexicon.all
        if not concept.source.startswith("CLDR")
        for tag in NATIONAL
        for text in said(concept, tag)
        if f"{tag} {text}: " not in concept.source
        or (letters(text) not in texts[tag] and "Sudlow" not in concept.source)
    ]
    assert not unseen


def test_months_and_days_are_those_of_the_unicode_tables(lexicon: Lexicon) -> None:
    known = {
        letters(name)
        for code in ("fr", "en", "bm", "ff", "ses", "khq")
        for kind in ("months", "days")
        for name in getattr(Locale.parse(code), kind)["format"]["wide"].values()
    }
    dates = [c for c in lexicon.all if c.source in ("CLDR months", "CLDR days")]
    assert len(dates) == 18
    assert {letters(w.text) for c in dates for w in c.wordings} <= known


def test_languages_of_the_table_are_those_of_the_class() -> None:
    assert (*LANGUAGES, "source") == COLUMNS


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("crime\tcrime", "2 columns, and 7 are needed"),
        ("crime\t\t\t\t\t\tgeneral", "nothing is said in two ways"),
        ("otage\thostage\t\t\t\t\t", "no source is named"),
        ("otage|Otage\thostage\t\t\t\t\tgeneral", "'Otage' is given twice"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "lexicon.tsv"
    path.write_text(f"{HEADER}\n{line}\n", encoding="utf-8")
    with pytest.raises(BadTable) as raised:
        Lexicon.load(path)
    assert str(raised.value).startswith("lexicon.tsv, line 2: ")
    assert problem in str(raised.value)


def letters(text: str) -> str:
    return fold(unicodedata.normalize("NFC", text).casefold())


@cache
def words_of(folder: Path, tag: str) -> frozenset[str]:
    paths = [path for pattern in CORPORA[tag] for path in sorted(folder.glob(pattern))]
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    words = {letters(word) for word in regex.findall(r"[\p{L}\p{M}'’ʼ]+", text)}
    return frozenset(words | {word.removesuffix("w") for word in words})

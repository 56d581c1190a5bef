from __future__ import annotations

import re
import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from radio_archive.languages import LanguageTag
from radio_archive.languages.analysis import (
    ANALYZERS,
    analyze,
    analyze_as,
    analyzer_name,
    close_grams,
    is_stop_word,
)
from radio_archive.languages.spelling import load_rules, load_spelling

TABLES = ("bm", "ffm", "taq", "ses")
NAMES = sorted(ANALYZERS)

WORD = st.one_of(
    st.text(alphabet="abcdeghijklmnoprstuwyɛɔɲŋɓɗƴəăšžɣñ'-hq", min_size=1, max_size=12),
    st.lists(
        st.sampled_from(
            [
                *("ti", "thi", "tch", "dj", "di", "gn", "ny", "ni", "ou", "oua", "gu", "ŋŋ", "ng"),
                *("ɛ̀", "ɔ́", "a", "e", "i", "o", "u", "w", "y", "wu", "yi", "h", "gh", "sh", "nn"),
                *("ߡߊ߲", "ⵜⴰ", "𞤆𞤵", "مُ", "ة", "أ", "\u200d", "'", "-", "œ", "ñ", "š", "ḍ", "ă"),
            ]
        ),
        min_size=1,
        max_size=8,
    ).map("".join),
    st.text(max_size=12),
)


def folded(text: str, tag: str) -> str:
    return " ".join(token.folded for token in analyze(text, LanguageTag(tag)))


def shortened(text: str, tag: str) -> str:
    rules = ANALYZERS[analyzer_name(LanguageTag(tag))]
    return " ".join(rules.shorten(token.folded) for token in analyze(text, LanguageTag(tag)))


def stemmed(text: str, tag: str) -> str:
    return analyze(text, LanguageTag(tag))[0].stem


def is_close(one: str, other: str, tag: str) -> bool:
    rules = ANALYZERS[analyzer_name(LanguageTag(tag))]
    return rules.is_close(folded(one, tag), folded(other, tag))


@pytest.mark.parametrize("table", TABLES)
@given(word=st.text(alphabet="abcdeghijklmnoprstuwyqz", min_size=1, max_size=10))
@example(word="ssebbe")
def test_a_word_is_folded_as_by_one_rule_after_the_other(table: str, word: str) -> None:
    folded, before = word, ""
    while folded != before:
        before = folded
        for rule in load_rules(table):
            if rule.step == "sounds":
                folded = re.sub(rule.pattern, rule.replacement, folded)
    assert load_spelling(table).fold(word) == folded


@pytest.mark.parametrize("table", TABLES)
def test_every_rule_says_where_it_comes_from_and_holds_its_example(table: str) -> None:
    for rule in load_rules(table):
        assert rule.step in {"repair", "letters", "sounds", "length"}
        assert rule.source
        if rule.step in {"sounds", "length"}:
            regex.compile(rule.pattern)
        for example_ in rule.example.partition(";")[0].split(";"):
            left, equals, right = example_.partition(" = ")
            if equals and "," not in left and " " not in right.strip():
                assert shortened(left, table) == shortened(right, table), rule


@pytest.mark.parametrize(
    ("tag", "one", "other"),
    [
        ("bm", "thiè", "cɛ"),
        ("bm", "Niono", "Ɲɔnɔ"),
        ("bm", "ouolo", "wolo"),
        ("bm", "Diarra", "Jara"),
        ("bm", "kaꞃɔ", "karɔ"),
        ("ffm", "Thierno", "Ceerno"),
        ("ffm", "Diallo", "Jallo"),
        ("ffm", "'ďum", "ɗum"),
        ("taq", "aɗan", "aḍan"),
        ("taq", "maśan", "mašan"),
        ("ses", "Sonrhaï", "Soŋay"),
        ("ses", "sohon", "sohõ"),
        ("ar", "الإسلامُ", "الاسلام"),
        ("ar", "مدرسة", "مدرسه"),
        ("mey", "١٤", "14"),
    ],
)
def test_spellings_of_one_word_meet(tag: str, one: str, other: str) -> None:
    assert folded(one, tag) == folded(other, tag)


@pytest.mark.parametrize(
    ("tag", "one", "other"),
    [
        ("bm", "sɔnna", "sɔna"),
        ("bm", "muso", "misi"),
        ("ffm", "wuro", "wora"),
        ("taq", "sund", "šund"),
        ("taq", "eqqal", "eqal"),
        ("ffm", "waddi", "waɗi"),
        ("ses", "goy", "koy"),
    ],
)
def test_different_words_stay_apart(tag: str, one: str, other: str) -> None:
    assert folded(one, tag) != folded(other, tag)


@pytest.mark.parametrize(
    ("tag", "one", "other"),
    [
        ("bm", "mɔgɔ", "mɔgɔw"),
        ("bm", "den", "denw"),
        ("bm", "sɔrɔ", "sɔrɔla"),
        ("ffm", "waawi", "mbaawi"),
        ("ffm", "heewi", "keewi"),
        ("ffm", "pullo", "fulɓe"),
        ("ffm", "hakkillo", "hakkilo"),
        ("ffm", "moƴƴi", "moƴi"),
        ("ffm", "dungu", "ndungu"),
        ("taq", "eqqal", "eqal"),
        ("taq", "akătab", "nakătab"),
        ("taq", "abăraḍ", "ibăraḍăn"),
        ("taq", "askiw", "iskiwăn"),
        ("ses", "boro", "borey"),
        ("ses", "fondo", "fondawey"),
        ("ses", "hugu", "hugoo"),
        ("ar", "مدرسة", "المدرسة"),
        ("en", "soldiers", "soldier"),
    ],
)
def test_forms_of_one_word_meet_in_the_stem(tag: str, one: str, other: str) -> None:
    assert stemmed(one, tag) == stemmed(other, tag)


def test_a_little_word_is_one_in_short_spelling_too() -> None:
    assert is_stop_word("walla", "fulfulde")
    assert is_stop_word("wala", "fulfulde")


def test_hooked_letters_do_not_change_with_the_number() -> None:
    assert stemmed("ɓernde", "ffm")[0] == stemmed("b'ernde", "ffm")[0] == "b"
    assert stemmed("bernde", "ffm")[0] == stemmed("mbernde", "ffm")[0] == "w"


@pytest.mark.parametrize("text", ["k'a", "k’a", "kʼa", "kꞌa"])
def test_an_elided_word_is_a_word_of_its_own(text: str) -> None:
    assert [token.exact for token in analyze(text, LanguageTag("bm"))] == ["k'a", "k", "a"]
    assert is_stop_word(text, "bambara")


def test_what_is_clipped_off_leaves_no_trace() -> None:
    assert folded("taar'", "bm") == "tar"


def test_words_written_together_are_read_apart() -> None:
    songhay = ANALYZERS["songhay"]
    assert ("a", "bori") in songhay.readings("abori")
    assert ("fo", "nda", "goy") in songhay.readings("fondagoy")
    assert ("a", "go", "nda") in songhay.readings("agonda")
    assert ("zari", "kul") in songhay.readings("zarikul")
    assert not ANALYZERS["french"].readings("abori")


@pytest.mark.parametrize(
    ("tag", "one", "other"),
    [
        ("taq", "Tămašăq", "Tǝmažǝq"),
        ("taq", "tolăhăd", "toled"),
        ("taq", "ăhalǝs", "alǝs"),
        ("taq", "tamašaq", "tumišuq"),
        ("taq", "əssa", "assa"),
        ("taq", "aman", "naman"),
        ("ffm", "waddi", "waɗi"),
        ("fr", "Wahiguya", "Ouahigouya"),
        ("ffm", "gorko", "worɓe"),
        ("ses", "Alzuma", "Aljuma"),
        ("bm", "jamana", "jamna"),
    ],
)
def test_probable_misspellings_are_close(tag: str, one: str, other: str) -> None:
    assert is_close(one, other, tag)
    assert is_close(other, one, tag)


@pytest.mark.parametrize(
    ("tag", "one", "other"),
    [
        ("bm", "fin", "fɛn"),
        ("bm", "muso", "kuso"),
        ("bm", "jamana", "bamanan"),
        ("ffm", "wuro", "laawol"),
        ("taq", "akal", "akli"),
        ("taq", "ad", "ed"),
        ("fr", "guerre", "gare"),
        ("ses", "12345", "12346"),
    ],
)
def test_other_words_are_not_close(tag: str, one: str, other: str) -> None:
    assert not is_close(one, other, tag)


@pytest.mark.parametrize("name", NAMES)
@given(word=WORD)
@example(word="baŋŋe")
@example(word="diia")
@example(word="goŋgou")
def test_folding_twice_changes_nothing(name: str, word: str) -> None:
    for token in analyze_as(word, name):
        assert ANALYZERS[name].fold(token.folded) == token.folded


@pytest.mark.parametrize("name", NAMES)
@given(word=WORD)
@example(word="moƴƴi")
def test_shortening_twice_changes_nothing(name: str, word: str) -> None:
    rules = ANALYZERS[name]
    for token in analyze_as(word, name):
        short = rules.shorten(token.folded)
        assert short
        assert rules.shorten(short) == rules.fold(short) == short


@pytest.mark.parametrize("name", NAMES)
@given(text=st.lists(WORD, max_size=4).map(" ".join))
def test_no_token_begins_or_ends_inside_a_letter(name: str, text: str) -> None:
    for token in analyze_as(text, name):
        assert token.exact
        assert token.folded
        assert token.stem
        assert 0 <= token.char_start < token.char_end <= len(text)
        for place in (token.char_start, token.char_end):
            assert place == len(text) or not unicodedata.category(text[place]).startswith("M")


@pytest.mark.parametrize("name", NAMES)
@given(text=st.lists(WORD, max_size=4).map(" ".join))
def test_composed_and_decomposed_letters_are_the_same(name: str, text: str) -> None:
    forms = [
        [(each.exact, each.folded, each.stem, each.position) for each in analyze_as(form, name)]
        for form in (unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text))
    ]
    assert forms[0] == forms[1]


@pytest.mark.parametrize("name", NAMES)
@given(one=WORD, edit=st.tuples(st.integers(0, 12), st.sampled_from(["", "a", "e", "n", "h", "w"])))
def test_closeness_is_symmetric_and_found_by_its_grams(
    name: str, one: str, edit: tuple[int, str]
) -> None:
    rules = ANALYZERS[name]
    place, letter = edit
    first, other = rules.fold(one), rules.fold(one[:place] + letter + one[place + 1 :])
    assert rules.is_close(first, other) == rules.is_close(other, first)
    if first and rules.is_close(first, other):
        assert close_grams(first) & close_grams(other)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from radio_archive.errors import BadQuery, UnknownLanguage
from radio_archive.model import Band, LanguageTag, ProgrammeId, Query, Sort, Term
from radio_archive.search.query import (
    MAX_CHARACTERS,
    QueryFilters,
    format_query,
    parse_query,
)


def word(text: str) -> tuple[Term, ...]:
    return (Term(words=(text,)),)


def required(text: str) -> tuple[tuple[Term, ...], ...]:
    return parse_query(text).required


def test_words_must_all_be_there() -> None:
    assert required("crime organisé") == (word("crime"), word("organisé"))


def test_punctuation_around_words_is_nobodys_wish() -> None:
    assert required("Le Mali, (le fleuve) ?") == (
        word("Le"),
        word("Mali"),
        word("le"),
        word("fleuve"),
    )


@pytest.mark.parametrize("typed", ['"crime organisé"', "« crime organisé »", "“crime organisé”"])
def test_quotation_marks_of_every_kind_make_a_phrase(typed: str) -> None:
    assert required(typed) == ((Term(words=("crime", "organisé")),),)


def test_a_quote_never_closed_runs_to_the_end() -> None:
    assert required('Mali "crime organisé') == (
        word("Mali"),
        (Term(words=("crime", "organisé")),),
    )


def test_minus_excludes_a_word_or_a_phrase() -> None:
    query = parse_query('Mali -Gao -"crime organisé"')
    assert query.required == (word("Mali"),)
    assert query.excluded == (Term(words=("Gao",)), Term(words=("crime", "organisé")))


def test_a_hyphen_between_spaces_is_only_a_dash() -> None:
    assert required("Mali - Gao") == (word("Mali"), word("Gao"))


def test_or_joins_its_neighbours_only() -> None:
    assert required("Mali OR Niger paix") == (
        (Term(words=("Mali",)), Term(words=("Niger",))),
        word("paix"),
    )


@pytest.mark.parametrize("typed", ["OR Mali", "Mali OR", "OR Mali OR OR"])
def test_an_or_with_nothing_to_join_is_ignored(typed: str) -> None:
    assert required(typed) == (word("Mali"),)


def test_a_quoted_or_is_a_word() -> None:
    assert required('"OR" Mali') == (word("OR"), word("Mali"))


def test_a_star_ends_a_beginning_of_a_word() -> None:
    assert required("malien*") == ((Term(words=("malien",), is_prefix=True),),)


@pytest.mark.parametrize("typed", ["*", "ma*", "*mali", "ma*li", "-*"])
def test_a_star_elsewhere_or_after_too_few_letters_is_refused(typed: str) -> None:
    with pytest.raises(BadQuery) as caught:
        parse_query(typed)
    assert caught.value.hint


def test_a_number_typed_in_groups_is_one_word() -> None:
    assert required("10 000 francs") == (word("10000"), word("francs"))


def test_filters_are_read_wherever_they_stand() -> None:
    query = parse_query("language:bam Mali programme:Journal after:2014-10 before:2015")
    assert query.required == (word("Mali"),)
    assert query.language == "bm"
    assert query.programme_id == "journal"
    assert query.aired_from == datetime(2014, 10, 1, tzinfo=UTC)
    assert query.aired_before == datetime(2015, 1, 1, tzinfo=UTC)


def test_filters_alone_make_a_query() -> None:
    query = parse_query("programme:journal language:fr")
    assert not query.has_terms
    assert query.programme_id == ProgrammeId("journal")


def test_an_empty_text_asks_for_everything() -> None:
    assert parse_query("  ") == Query()


def test_the_last_chosen_day_is_included() -> None:
    query = parse_query("", QueryFilters(aired_from="2014", aired_to="2014-12"))
    assert query.aired_from == datetime(2014, 1, 1, tzinfo=UTC)
    assert query.aired_before == datetime(2015, 1, 1, tzinfo=UTC)


def test_typed_and_chosen_dates_narrow_one_another() -> None:
    query = parse_query(
        "after:2014-06 before:2016", QueryFilters(aired_from="2013", aired_to="2014")
    )
    assert query.aired_from == datetime(2014, 6, 1, tzinfo=UTC)
    assert query.aired_before == datetime(2015, 1, 1, tzinfo=UTC)


def test_a_date_may_be_words_in_quotation_marks() -> None:
    query = parse_query('after:"le 16 octobre 2014" before:"March 12, 2015"')
    assert query.aired_from == datetime(2014, 10, 16, tzinfo=UTC)
    assert query.aired_before == datetime(2015, 3, 12, tzinfo=UTC)
    assert not query.has_terms


def test_names_typed_and_chosen_narrow_one_another() -> None:
    query = parse_query('riz name:Gao name:"Union  africaine"', QueryFilters(names=("Gao", "MOC")))
    assert query.names == ("Gao", "Union africaine", "MOC")
    assert query.required == ((Term(words=("riz",)),),)
    with pytest.raises(BadQuery, match="4"):
        parse_query("name:a name:b name:c name:d name:e")
    with pytest.raises(BadQuery, match="excluded"):
        parse_query("riz -name:Gao")


@pytest.mark.parametrize(
    ("typed", "chosen"), [("riz trust:good", None), ("riz", "Good"), ("riz TRUST:good", "good")]
)
def test_a_floor_of_trust_is_typed_or_chosen(typed: str, chosen: str | None) -> None:
    query = parse_query(typed, QueryFilters(trust=chosen))
    assert query.floor is Band.GOOD
    assert query.required == (word("riz"),)


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("trust:unsure", None), ("trust:90", None), ("riz", "sûr"), ("trust:good", "weak")],
)
def test_another_floor_or_two_of_them_are_refused(typed: str, chosen: str | None) -> None:
    with pytest.raises(BadQuery) as caught:
        parse_query(typed, QueryFilters(trust=chosen))
    assert "trust:good or trust:weak" in caught.value.hint or "one of the two" in caught.value.hint


def test_a_filter_typed_and_another_chosen_are_refused() -> None:
    with pytest.raises(BadQuery, match="fr"):
        parse_query("language:fr", QueryFilters(language=LanguageTag("bm")))


@pytest.mark.parametrize(
    "typed",
    [
        "after:demain",
        "after:2014-13",
        "before:2014-02-30",
        "after:0001",
        'after:"16 octobre"',
        'after:"31 février 2014"',
        'after:""',
        "programme:é",
        "language:",
    ],
)
def test_filters_that_make_no_sense_are_refused(typed: str) -> None:
    with pytest.raises(BadQuery) as caught:
        parse_query(typed)
    assert caught.value.hint


def test_dates_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(BadQuery, match="before they begin"):
        parse_query("after:2016 before:2014")


def test_an_unknown_language_says_which_is_near() -> None:
    with pytest.raises(UnknownLanguage) as caught:
        parse_query("language:bambra")
    assert "bm (bambara)" in caught.value.hint


def test_only_excluded_words_are_refused() -> None:
    with pytest.raises(BadQuery, match="must not be there"):
        parse_query("-Mali language:fr")


@pytest.mark.parametrize(
    ("typed", "limit"),
    [
        ("x" * 257, "256"),
        ("un deux trois quatre cinq six sept huit neuf dix onze douze treize", "12"),
        ('"' + "mot " * 25 + '"', "24"),
    ],
)
def test_a_limit_that_is_passed_is_named(typed: str, limit: str) -> None:
    with pytest.raises(BadQuery, match=rf"\b{limit}\b"):
        parse_query(typed)


@pytest.mark.parametrize(("page", "size"), [(0, 20), (51, 20), (20, 100), (1, 0), (1, 101)])
def test_pages_beyond_the_window_are_refused(page: int, size: int) -> None:
    with pytest.raises(BadQuery):
        parse_query("Mali", QueryFilters(page=page, page_size=size))


def test_order_and_page_are_kept() -> None:
    query = parse_query("Mali", QueryFilters(sort=Sort.NEWEST, page=3, page_size=10))
    assert (query.sort, query.page, query.page_size) == (Sort.NEWEST, 3, 10)


PIECES = st.sampled_from(
    [
        *("Mali", "l'école", "plate-forme", "'bii", "kɔ̀rɔ", "10", "000", "OR", "-", '"', "«", "»"),
        *("*", " ", " ", " ", "language:", "fr", "programme:", "journal", "after:", "2014", "-10"),
        *("trust:", "good", "weak"),
        *("name:", "before:", ":", "’", "\u00a0", "\x00", "\ud800", "ߡߊ߲߬ߘߋ߲", "éa", "ﬁ", "10 000"),
    ]
)
TYPED = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=20).map("".join))


@given(TYPED)
def test_whatever_is_typed_is_understood_or_refused_politely(text: str) -> None:
    refusal: BadQuery | UnknownLanguage | None = None
    try:
        parse_query(text)
    except (BadQuery, UnknownLanguage) as error:
        refusal = error
    assert refusal is None or (refusal.message and refusal.hint)


@given(TYPED)
def test_a_query_written_out_is_understood_as_itself(text: str) -> None:
    try:
        query = parse_query(text)
    except (BadQuery, UnknownLanguage):
        return
    written = format_query(query)
    assume(len(written) <= MAX_CHARACTERS)
    assert replace(parse_query(written), text="") == replace(query, text="")

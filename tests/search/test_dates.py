"""Which typed words are a date, in each language of the archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.languages import LANGUAGES, LanguageTag
from radio_archive.languages.calendars import day_names, month_names
from radio_archive.model import AirDate
from radio_archive.search.dates import find_date

THE_DAY = AirDate(year=2014, month=10, day=16)


def read(typed: str) -> AirDate | None:
    found = find_date(typed.split())
    return None if found is None else found.date


@pytest.mark.parametrize(
    "typed",
    [
        "16 octobre 2014",
        "16 OCTOBRE 2014",
        "le 16 octobre 2014",
        "du jeudi 16 octobre 2014",
        "16 oct 2014",
        "16/10/2014",
        "16.10.2014",
        "16-10-2014",
        "2014-10-16",
        "jeudi 2014-10-16",
        "October 16 2014",
        "on Thursday the 16th of October 2014",
        "16 ɔkutɔburu 2014",
        "16 okutoburu 2014",
        "alamisa ɔkutɔburukalo tile 16 san 2014",
        "16 yarkomaa 2014",
        "naasaande 16 yarkoma 2014",
        "16 lewru October 2014",
        "alhamiisa 16 oktoobur 2014",
        "16 Oktobur 2014",
    ],
)
def test_a_date_is_read_in_every_language_and_spelling(typed: str) -> None:
    assert read(typed) == THE_DAY


@pytest.mark.parametrize("tag", list(LANGUAGES))
def test_every_month_and_day_of_every_language_is_known(tag: LanguageTag) -> None:
    monday = datetime(2014, 10, 13, tzinfo=UTC)
    for month, name in enumerate(month_names(tag), 1):
        assert read(f"16 {name} 2014") == AirDate(year=2014, month=month, day=16), name
    for number, name in enumerate(day_names(tag)):
        assert read(f"{name} {(monday + timedelta(days=number)):%Y-%m-%d}") is not None, name


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("16 octobre", AirDate(month=10, day=16)),
        ("jeudi 16 octobre", AirDate(month=10, day=16)),
        ("October 16", AirDate(month=10, day=16)),
        ("1er janvier", AirDate(month=1, day=1)),
        ("1er février 2015", AirDate(month=2, day=1, year=2015)),
        ("29 fevrier", AirDate(month=2, day=29)),
        ("octobre 2014", AirDate(month=10, year=2014)),
        ("en octobre 2014", AirDate(month=10, year=2014)),
        ("10/2014", AirDate(month=10, year=2014)),
        ("2014-10", AirDate(month=10, year=2014)),
        ("2 me 2015", AirDate(month=5, day=2, year=2015)),
    ],
)
def test_the_year_or_the_day_may_be_missing(typed: str, date: AirDate) -> None:
    assert read(typed) == date


@pytest.mark.parametrize(
    "typed",
    [
        *("2014", "octobre", "jeudi", "16", "jeudi 16", "16/10", "le", "10 000"),
        *("octobre novembre", "crime 16 octobre", "16 octobre crime", "2014 octobre"),
        *("2 me", "prix 2014", "lundi 16 octobre 2014", "jeudi octobre 2014", "tile 16 octobre"),
    ],
)
def test_what_is_no_date_is_none(typed: str) -> None:
    assert find_date(typed.split()) is None


@pytest.mark.parametrize(
    "typed",
    ["31 février", "31 février 2014", "29/02/2014", "45 mars 2012", "2014-13", "10/16/2014"],
)
def test_a_day_that_does_not_exist_is_recognised_as_one(typed: str) -> None:
    found = find_date(typed.split())
    assert found is not None
    assert found.date is None


def test_what_stands_before_a_date_is_not_named_with_it() -> None:
    found = find_date(["du", "jeudi", "16", "octobre"])
    assert found is not None
    assert found.typed == "jeudi 16 octobre"


MOMENTS = st.integers(-(2**31), 2**32 - 1).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(MOMENTS, MOMENTS)
def test_a_date_holds_what_its_span_holds(aired: datetime, other: datetime) -> None:
    for date in (
        AirDate(year=aired.year, month=aired.month, day=aired.day),
        AirDate(year=aired.year, month=aired.month),
    ):
        assert date.span is not None
        first, last = date.span
        assert date.holds(aired)
        assert date.holds(other) == (first <= other < last)
        assert not date.holds(None)
    yearless = AirDate(month=aired.month, day=aired.day)
    assert yearless.span is None
    assert yearless.holds(other) == ((aired.month, aired.day) == (other.month, other.day))


def test_dates_are_written_as_iso_8601_and_xml_schema_do() -> None:
    assert str(THE_DAY) == "2014-10-16"
    assert str(AirDate(year=2014, month=3)) == "2014-03"
    assert str(AirDate(month=3, day=1)) == "--03-01"

"""Dates as French pages, feeds and file names write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.languages.dates import find_date, find_file_date, find_moment

MONTHS = [
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le Grand Dialogue du 16 octobre 2014 : un thème", date(2014, 10, 16)),
        ("Les titres du 02 Novembre 2016 (soir)", date(2016, 11, 2)),
        ("Les titres du mercredi 12 août 2020", date(2020, 8, 12)),
        ("du 12 aout 2020", date(2020, 8, 12)),
        ("du 12 aou\u0302t 2020", date(2020, 8, 12)),
        ("du 21 Septembre 2014", date(2014, 9, 21)),
        ("1er janvier 2015", date(2015, 1, 1)),
        ("1 er\u00a0janvier\u00a02015", date(2015, 1, 1)),
        ("DIMANCHE 29 FÉVRIER 2016", date(2016, 2, 29)),
        ("3 févr. 2017", date(2017, 2, 3)),
        ("le 5 juil 2018", date(2018, 7, 5)),
        ("le 5 juin 2018", date(2018, 6, 5)),
        ("le 9 mai, 2019", date(2019, 5, 9)),
        ("25 déc. 2021", date(2021, 12, 25)),
        ("le 16/10/2014 à Bamako", date(2014, 10, 16)),
        ("le 16.10.2014", date(2014, 10, 16)),
        ("2014-10-16", date(2014, 10, 16)),
        ("31 février 2014, reporté au 2 mars 2014", date(2014, 3, 2)),
        ("12 personnes, 3 marchés, 2014", None),
        ("du 116 octobre 2014", None),
        ("16 octobre", None),
        ("", None),
    ],
)
def test_a_date_is_found_in_running_text(text: str, expected: date | None) -> None:
    assert find_date(text) == expected


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("JOURNAL_TAMASHEQ-2016-07-11", date(2016, 7, 11)),
        ("JOURNAL_TAMASHAQ-2016-07-12", date(2016, 7, 12)),
        ("JOURNAL_TAMASHEQ_-_2016-08-02", date(2016, 8, 2)),
        ("JOURNAL_TAMASHEQ_2018_11-14", date(2018, 11, 14)),
        ("JOURNAL_TAMASHEQ-_2018_-_02-14", date(2018, 2, 14)),
        ("JOURNAL_TAMASHEQ_-2018_-_02_-_23", date(2018, 2, 23)),
        ("journal20160711", date(2016, 7, 11)),
        ("journal 11.07.2016 soir", date(2016, 7, 11)),
        ("2003-le-grand-dialogue-du-16-octobre-2014-le-theme", date(2014, 10, 16)),
        ("98872-les-titres-du-21-septembre-2014", date(2014, 9, 21)),
        ("journal-2016-13-45", None),
        ("enquete-2016", None),
        ("201607111234", None),
        ("", None),
    ],
)
def test_a_date_is_found_in_a_file_name(stem: str, expected: date | None) -> None:
    assert find_file_date(stem) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu, 16 Oct 2014 17:00:00 +0000", datetime(2014, 10, 16, 17, tzinfo=UTC)),
        ("Thu, 16 Oct 2014 17:00:00 GMT", datetime(2014, 10, 16, 17, tzinfo=UTC)),
        ("Thu, 16 Oct 2014 19:00:00 +0200", datetime(2014, 10, 16, 17, tzinfo=UTC)),
        ("jeu., 16 oct. 2014 17:00:00 +0000", datetime(2014, 10, 16, 17, tzinfo=UTC)),
        ("mer, 12 août 2020 08:30:00 +0200", datetime(2020, 8, 12, 6, 30, tzinfo=UTC)),
        ("mer, 12 août 2020 01:30:00 +02:00", datetime(2020, 8, 11, 23, 30, tzinfo=UTC)),
        ("mardi 17 janvier 2023 à 18h", datetime(2023, 1, 17, 18, tzinfo=UTC)),
        ("mardi 17 janvier 2023 à 18 h 05", datetime(2023, 1, 17, 18, 5, tzinfo=UTC)),
        ("mardi 17 janvier 2023", datetime(2023, 1, 17, 12, tzinfo=UTC)),
        ("2014-10-16T17:00:00Z", datetime(2014, 10, 16, 17, tzinfo=UTC)),
        ("2014-10-16T17:00:00-01:00", datetime(2014, 10, 16, 18, tzinfo=UTC)),
        ("2014-10-16 17:00", datetime(2014, 10, 16, 17, tzinfo=UTC)),
        ("2014-10-16", datetime(2014, 10, 16, 12, tzinfo=UTC)),
        ("0001-01-01T00:00:00+10:00", None),
        ("hier soir", None),
        ("", None),
    ],
)
def test_a_moment_is_read_in_utc(text: str, expected: datetime | None) -> None:
    assert find_moment(text) == expected


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 1, 1)), st.booleans())
def test_every_written_date_is_read_back(day: date, shout: bool) -> None:
    text = f"Les titres du {day.day} {MONTHS[day.month - 1]} {day.year}"
    assert find_date(text.upper() if shout else text) == day
    assert find_file_date(f"JOURNAL_-_{day.year}_-{day.month:02}_-_{day.day:02}") == day
    assert find_file_date(f"{day:%Y%m%d}") == day


@given(st.text())
def test_no_text_makes_the_readers_stumble(text: str) -> None:
    assert find_date(text) is None or find_date(text).year >= 1900  # type: ignore[union-attr]
    find_file_date(text)
    moment = find_moment(text)
    assert moment is None or moment.utcoffset() is not None

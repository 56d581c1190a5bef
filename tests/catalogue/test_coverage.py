"""What can be searched, by language and by month."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.support.making import make_new_broadcast, make_recording, make_transcript

from radio_archive.catalogue import Catalogue
from radio_archive.errors import BadSettings, UnknownLanguage
from radio_archive.model import (
    BroadcastId,
    LanguageTag,
    TranscriptKind,
    Trust,
    fill_in_aired_hours,
    read_aired_hours,
)

FRENCH, BAMBARA = LanguageTag("fr"), LanguageTag("bm")


def put(catalogue: Catalogue, number: int, aired: datetime | None, tag: str = "fr") -> BroadcastId:
    """A broadcast of half an hour."""
    broadcast_id, _ = catalogue.broadcasts.put(
        make_new_broadcast(str(number), aired_at=aired, language=LanguageTag(tag))
    )
    catalogue.recordings.attach(broadcast_id, make_recording(number, 1_800_000))
    return broadcast_id


def test_months_tell_what_is_held_transcribed_and_checked(catalogue: Catalogue) -> None:
    october = datetime(2014, 10, 16, tzinfo=UTC)
    put(catalogue, 1, october)
    catalogue.transcripts.add(put(catalogue, 2, october), make_transcript(), [])
    checked = make_transcript(kind=TranscriptKind.CORRECTED, trust=Trust.CHECKED)
    catalogue.transcripts.add(put(catalogue, 3, october), checked, [])
    put(catalogue, 4, datetime(2014, 11, 2, tzinfo=UTC))
    put(catalogue, 5, october, "bm")
    rows = [
        (row.language, row.month, row.broadcasts, row.hours, row.transcribed_hours)
        for row in catalogue.reports.months()
    ]
    assert rows == [
        ("bm", "2014-10", 1, 0.5, 0.0),
        ("fr", "2014-11", 1, 0.5, 0.0),
        ("fr", "2014-10", 3, 1.5, 1.0),
    ]
    assert [row.checked_hours for row in catalogue.reports.months(FRENCH)] == [0.0, 0.5]
    assert {row.aired_hours for row in catalogue.reports.months()} == {None}


def test_a_month_begins_and_ends_at_midnight_utc(catalogue: Catalogue) -> None:
    put(catalogue, 1, datetime(2014, 10, 31, 23, 59, 59, tzinfo=UTC))
    put(catalogue, 2, datetime(2014, 11, 1, tzinfo=UTC))
    assert [row.month for row in catalogue.reports.months()] == ["2014-11", "2014-10"]


def test_broadcasts_without_a_date_come_last(catalogue: Catalogue) -> None:
    put(catalogue, 1, None)
    put(catalogue, 2, datetime(2014, 10, 1, tzinfo=UTC))
    assert [row.month for row in catalogue.reports.months()] == ["2014-10", None]


def test_a_broadcast_with_several_versions_counts_once(catalogue: Catalogue) -> None:
    broadcast_id = put(catalogue, 1, None)
    for kind in (TranscriptKind.MACHINE, TranscriptKind.IMPORTED, TranscriptKind.CORRECTED):
        catalogue.transcripts.add(broadcast_id, make_transcript(kind=kind), [])
    row = catalogue.reports.coverage()[0]
    assert (row.broadcasts, row.hours, row.transcribed_hours) == (1, 0.5, 0.5)


def test_the_months_add_up_to_the_language(catalogue: Catalogue) -> None:
    for number in range(1, 30):
        put(catalogue, number, datetime(2014, 1 + number % 12, 1, tzinfo=UTC), "bm")
    whole = catalogue.reports.coverage()[0]
    months = catalogue.reports.months(BAMBARA)
    assert len(months) == 12
    assert sum(row.broadcasts for row in months) == whole.broadcasts == 29
    assert sum(row.hours for row in months) == pytest.approx(whole.hours)


def test_what_went_on_air_stands_beside_what_is_held(catalogue: Catalogue) -> None:
    put(catalogue, 1, datetime(2014, 10, 1, tzinfo=UTC))
    put(catalogue, 2, None)
    aired = read_aired_hours(["fr 2014-09/2014-10 62,5", "bm 2014-12 31"])
    rows = [
        (row.language, row.month, row.aired_hours, row.hours)
        for row in fill_in_aired_hours(catalogue.reports.months(), aired)
    ]
    assert rows == [
        ("bm", "2014-12", 31.0, 0.0),
        ("fr", "2014-10", 62.5, 0.5),
        ("fr", "2014-09", 62.5, 0.0),
        ("fr", None, None, 0.5),
    ]
    french = fill_in_aired_hours(catalogue.reports.months(FRENCH), aired, FRENCH)
    assert {row.language for row in french} == {FRENCH}


def test_a_span_of_months_crosses_years_and_a_later_line_wins() -> None:
    aired = read_aired_hours(["peul 2014-11/2015-02 10", "ffm 2015-01 12"])
    assert dict(aired) == {
        ("ffm", "2014-11"): 10.0,
        ("ffm", "2014-12"): 10.0,
        ("ffm", "2015-01"): 12.0,
        ("ffm", "2015-02"): 10.0,
    }


@pytest.mark.parametrize(
    "line", ["", "bm", "bm 2014 31", "bm 2014-13 31", "bm 2014-10", "bm 2014-10/2014-09 3"]
)
def test_a_line_about_air_time_that_makes_no_sense_is_refused(line: str) -> None:
    with pytest.raises(BadSettings, match="aired_hours"):
        read_aired_hours([line])


def test_air_time_in_a_language_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownLanguage):
        read_aired_hours(["klingon 2014-10 31"])

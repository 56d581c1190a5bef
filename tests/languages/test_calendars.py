from __future__ import annotations

import csv
from pathlib import Path

import pytest

from radio_archive.languages import LANGUAGES, LanguageTag
from radio_archive.languages.calendars import day_names, month_names


def test_months_and_days_are_those_of_unicode(shared_data: Path) -> None:
    with (shared_data / "languages" / "cldr_dates.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    tags = {"bm": "bm", "ff": "ffm", "ses": "ses"}
    checked = 0
    for row in rows:
        if row["locale"] not in tags:
            continue
        tag = LanguageTag(tags[row["locale"]])
        number = int(row["index"])
        told = month_names(tag)[number - 1] if row["kind"] == "month" else day_names(tag)[number]
        assert told == row["value"], row
        checked += 1
    assert checked == 57


@pytest.mark.parametrize("tag", list(LANGUAGES))
def test_every_language_names_twelve_months_and_seven_days(tag: LanguageTag) -> None:
    assert len(set(month_names(tag))) == 12
    assert len(set(day_names(tag))) == 7


def test_a_language_without_names_of_its_own_uses_the_french_ones() -> None:
    assert month_names(LanguageTag("taq"))[9] == "octobre"
    assert day_names(LanguageTag("dts"))[0] == "lundi"

"""A search over time, and the same bulletin in other languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radio_archive.archive import Archive, SearchOptions
from radio_archive.browsing import MOST_MONTHS
from radio_archive.catalogue import Catalogue
from radio_archive.model import (
    BroadcastId,
    LanguageTag,
    Programme,
    ProgrammeId,
    Recording,
    RecordingKey,
    TranscriptKind,
)
from radio_archive.search.passages import split_passages
from tests.support.making import make_new_broadcast, make_recording, make_transcript
from tests.web.stocking import add_transcript, bare_archive

HOUR_MS = 3_600_000


def put(
    catalogue: Catalogue,
    guid: str,
    month: str,
    hours: int = 2,
    text: str = "Le riz.",
    **more: object,
) -> BroadcastId:
    """A broadcast of a month with a recording of so many hours."""
    aired = datetime.strptime(f"{month}-16 +0000", "%Y-%m-%d %z") if month else None
    found, _ = catalogue.broadcasts.put(make_new_broadcast(guid, aired_at=aired, **more))
    plain = make_recording(duration_ms=hours * HOUR_MS)
    key = RecordingKey(f"{int.from_bytes(guid.encode()):064x}"[-64:])
    recording = Recording(
        key=key,
        extension=plain.extension,
        media_type=plain.media_type,
        size_bytes=plain.size_bytes,
        duration_ms=plain.duration_ms,
        original_name=plain.original_name,
    )
    catalogue.recordings.attach(found, recording)
    if text:
        add_transcript(catalogue, found, make_transcript(text))
    return found


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, Catalogue]]:
    home: Path = tmp_path_factory.mktemp("browsing")
    with bare_archive(home) as (archive, catalogue):
        put(catalogue, "a", "2014-10")
        put(catalogue, "b", "2014-10", hours=8, text="Le mil.")
        put(catalogue, "c", "2014-12", hours=1)
        put(catalogue, "d", "2014-12", text="")
        other = Programme(id=ProgrammeId("sante"), title="Santé")
        put(catalogue, "e", "2015-01", hours=4, programme=other)
        put(catalogue, "f", "")
        archive.reindex()
        yield archive, catalogue


@pytest.fixture
def archive(stocked: tuple[Archive, Catalogue]) -> Archive:
    return stocked[0]


def trend(archive: Archive, text: str = "riz", **options: str) -> list[tuple[str, int, float]]:
    found = archive.browsing.trend(text, SearchOptions(**options))  # type: ignore[arg-type]
    return [(each.month, each.passages, each.transcribed_hours) for each in found.months]


def test_months_have_their_passages_and_the_hours_written_down(archive: Archive) -> None:
    assert trend(archive) == [
        ("2014-10", 1, 10.0),
        ("2014-11", 0, 0.0),
        ("2014-12", 1, 1.0),
        ("2015-01", 1, 4.0),
    ]


def test_a_rate_is_of_what_is_written_down_and_of_nothing_where_nothing_is(
    archive: Archive,
) -> None:
    found = archive.browsing.trend("riz", SearchOptions())
    assert [each.per_hour for each in found.months] == [0.1, None, 1.0, 0.25]
    assert [each.is_thin for each in found.months] == [False, True, False, False]
    assert (found.undated, found.has_earlier) == (1, False)


def test_filters_hold_for_passages_and_for_hours(archive: Archive) -> None:
    assert trend(archive, programme="sante") == [("2015-01", 1, 4.0)]
    assert trend(archive, aired_to="2014-11") == [("2014-10", 1, 10.0)]
    assert trend(archive, language="bm") == []
    assert trend(archive, text="xylophone") == []


def test_what_is_found_long_ago_is_left_out_and_said(tmp_path: Path) -> None:
    with bare_archive(tmp_path) as (archive, catalogue):
        put(catalogue, "old", "2001-03")
        put(catalogue, "new", "2014-10")
        archive.reindex()
        found = archive.browsing.trend("riz", SearchOptions())
        assert [each.month for each in found.months] == ["2014-10"]
        assert found.has_earlier
        wide = archive.browsing.trend("riz", SearchOptions(aired_to="2005"))
        assert [each.month for each in wide.months] == ["2001-03"]
        assert len(wide.months) <= MOST_MONTHS


def test_translations_are_not_said_and_not_counted(tmp_path: Path) -> None:
    with bare_archive(tmp_path) as (archive, catalogue):
        found = put(catalogue, "a", "2014-10", text="Le riz.")
        english = make_transcript("The rice, riz.", kind=TranscriptKind.TRANSLATION)
        english = replace(english, language=LanguageTag("en"))
        cut = split_passages(english, catalogue.broadcasts.get(found))
        catalogue.transcripts.add_track(found, english, cut)
        archive.reindex()
        assert archive.search("riz").total == 2
        assert trend(archive)[0][1] == 1


def edition(catalogue: Catalogue, language: str, programme: str, **more: object) -> BroadcastId:
    values: dict[str, object] = {
        "language": LanguageTag(language),
        "programme": Programme(id=ProgrammeId(programme), title=programme),
        "aired_at": datetime(2016, 11, 2, 18, tzinfo=UTC),
        **more,
    }
    new = make_new_broadcast(f"{language} {programme} {more}", **values)
    return catalogue.broadcasts.put(new)[0]


def test_editions_are_of_one_slot_and_of_one_kind(
    stocked: tuple[Archive, Catalogue],
) -> None:
    archive, catalogue = stocked
    french = edition(catalogue, "fr", "journal-francais")
    bambara = edition(catalogue, "bm", "journal-bambara")
    songhay = edition(catalogue, "ses", "journal-sonrhai")
    edition(catalogue, "ffm", "journal-peulh", aired_at=datetime(2016, 11, 2, 7, tzinfo=UTC))
    edition(catalogue, "taq", "magazine-tamasheq")
    mine = archive.get_broadcast(french)
    assert [each.id for each in archive.browsing.editions_of(mine)] == [bambara, songhay]
    back = archive.browsing.editions_of(archive.get_broadcast(songhay))
    assert {each.id for each in back} == {french, bambara}


def test_a_page_with_several_languages_makes_editions_whatever_the_programmes(
    stocked: tuple[Archive, Catalogue],
) -> None:
    archive, catalogue = stocked
    when, page = datetime(2017, 1, 1, 12, tzinfo=UTC), "https://example.org/7"
    french = edition(catalogue, "fr", "sante", aired_at=when, source_url=page)
    bambara = edition(catalogue, "bm", "autre", aired_at=when, source_url=page)
    edition(catalogue, "bm", "ailleurs", aired_at=when, source_url="https://example.org/8")
    found = archive.browsing.editions_of(archive.get_broadcast(french))
    assert [each.id for each in found] == [bambara]


def test_what_nobody_knows_the_day_of_has_no_editions(
    stocked: tuple[Archive, Catalogue],
) -> None:
    archive, catalogue = stocked
    french = edition(catalogue, "fr", "journal-francais", aired_at=None)
    edition(catalogue, "bm", "journal-bambara", aired_at=None)
    assert archive.browsing.editions_of(archive.get_broadcast(french)) == ()

"""A catalogue filled in bulk is one that the archive could have left."""

from __future__ import annotations

from itertools import islice

from benchmarks.corpus import make_broadcasts, passages_of
from benchmarks.filling import fill

from radio_archive.audio import RENDITIONS
from radio_archive.catalogue import Catalogue
from radio_archive.catalogue.title_words import replace_words
from radio_archive.db import Database
from radio_archive.db.schema import title_words
from radio_archive.model import JobKind


def test_everything_made_is_there(catalogue: Catalogue, database: Database) -> None:
    made = list(make_broadcasts(70))
    assert fill(database, made, "of an index") == 70
    stored = {each.broadcast_id: each for each in catalogue.transcripts.all_passages()}
    assert set(stored) == {each.id for each in made}
    for broadcast in made:
        wanted = list(passages_of(broadcast, has_marks=True))
        assert list(catalogue.transcripts.passages_of(broadcast.id)) == wanted


def test_nothing_is_left_to_be_done(catalogue: Catalogue, database: Database) -> None:
    fill(database, make_broadcasts(70), "of an index")
    names = ",".join(spec.name for spec in RENDITIONS)
    reports = catalogue.reports
    assert reports.without(JobKind.DOWNLOAD) == []
    assert reports.without(JobKind.PREPARE, expected=names) == []
    assert reports.without(JobKind.TRANSCRIBE) == []
    assert reports.without(JobKind.INDEX, expected="of an index") == []
    assert len(reports.without(JobKind.INDEX, expected="of another")) == 4


def test_transcripts_read_back_as_the_archive_reads_them(
    catalogue: Catalogue, database: Database
) -> None:
    fill(database, make_broadcasts(20))
    made = next(make_broadcasts(20))
    transcript = catalogue.transcripts.find(made.id)
    assert transcript is not None
    assert [each.text for each in transcript.segments] == made.texts
    assert all(len(each.words) == len(each.text.split(" ")) for each in transcript.segments)
    assert [each.band for each in transcript.segments] == made.bands


def test_a_later_fill_goes_on(catalogue: Catalogue, database: Database) -> None:
    fill(database, make_broadcasts(40))
    fill(database, make_broadcasts(40, first=2))
    assert sum(row.broadcasts for row in catalogue.reports.coverage()) == 4


def test_the_words_of_pages_are_those_the_archive_writes(
    catalogue: Catalogue, database: Database
) -> None:
    fill(database, make_broadcasts(40))
    statement = title_words.select().order_by(*title_words.primary_key.columns)
    with database.write() as connection:
        before = connection.execute(statement).all()
        for broadcast in islice(make_broadcasts(40), 2):
            replace_words(connection, broadcast.id)
        assert connection.execute(statement).all() == before

"""A station's catalogue moves to another database and back, and nothing of it is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text, update

from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts, metadata, programmes, recordings
from radio_archive.db.schema import workers as workers_table
from radio_archive.db.versions import find_revision
from radio_archive.errors import CatalogueError, MoveRefused
from radio_archive.jobs import Jobs
from radio_archive.jobs.queue import every_need
from radio_archive.model import (
    Abilities,
    Excerpt,
    JobKind,
    LanguageTag,
    Need,
    TranscriptKind,
    Trust,
)
from radio_archive.model.withdrawals import NewWithdrawal
from radio_archive.moving import compare_catalogues, move_catalogue
from radio_archive.settings import Settings
from tests.support.archives import SAMPLES, fingerprint_of
from tests.support.making import make_new_broadcast, make_segment, make_transcript, ms
from tests.support.newsroom import leave_news
from tests.support.postgresql import PostgresqlServer
from tests.web.stocking import add_dossier, add_transcript, run_jobs

SAID = ("Bonsoir à tous.", "La route de {} est coupée.")
QUERIES = ("crime organisé", "Niono", "riz OR mali", "programme:journal")
#: rows that take long enough to be killed in the middle of
MANY = 150_000


def quiet(*_arguments: object) -> None:
    """Nobody wants to know."""


def settings_of(home: Path, url: str = "") -> Settings:
    return Settings(home=home, database_url=url, transcribed_languages=(), min_free_bytes=0)


@pytest.fixture
def elsewhere(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """An empty PostgreSQL database."""
    with postgresql_server.new_database() as url:
        yield url


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with sound, texts, dossiers, alerts, what was withdrawn, maps and jobs."""
    home = tmp_path_factory.mktemp("station")
    (home / "radio-archive.toml").write_text(
        "transcribed_languages = []\nmin_free_bytes = 0\n", encoding="utf-8"
    )
    with open_archive(settings_of(home)) as archive:
        sounds = sorted(str(path) for path in SAMPLES.glob("*.mp3"))
        ids = [each.broadcast_id for each in archive.add(sounds, AddOptions())]
        archive.add_feed("https://example.org/journal.xml", "journal", "fr")
        add_dossier(archive)
        database = Database(archive.settings.catalogue_url)
        _write_down(archive, Catalogue(database), [each for each in ids if each])
        run_jobs(archive)
        leave_news(archive, Catalogue(database))
        _withdraw(archive, str(ids[0]))
        _leave_jobs(database)
        database.close()
    return home


def _write_down(archive: Archive, catalogue: Catalogue, ids: list[str]) -> None:
    first, second, *_ = [catalogue.broadcasts.get(each).id for each in ids]
    voiced = tuple(
        replace(make_segment(text, start), voice=voice)
        for text, start, voice in (
            ("Le crime organisé menace Ségou.", 0, "A"),
            ("Le prix du riz monte au Mali.", 20_000, "B"),
        )
    )
    add_transcript(catalogue, first, replace(make_transcript(), segments=voiced))
    archive.name_voices(first, {"A": "Awa Diallo"})
    add_transcript(catalogue, second, make_transcript(*(said.format("Nionau") for said in SAID)))
    people = make_transcript(
        *(said.format("Niono") for said in SAID),
        kind=TranscriptKind.CORRECTED,
        trust=Trust.CHECKED,
    )
    add_transcript(catalogue, second, people)
    archive.learn(second)
    archive.add_entry("Tombouctu", "Tombouctou", LanguageTag("fr"))


def _withdraw(archive: Archive, broadcast_id: str) -> None:
    stretch = Excerpt(start_ms=ms(20_000), end_ms=ms(20_300))
    wish = NewWithdrawal(excerpt=stretch, reason="demandé", by="Awa")
    archive.withdrawing.withdraw(broadcast_id, wish)
    run_jobs(archive)


def _leave_jobs(database: Database) -> None:
    jobs = Jobs(database)
    waiting = Catalogue(database).broadcasts.put(make_new_broadcast("waits"))[0]
    parked = Catalogue(database).broadcasts.put(make_new_broadcast("parked", guests=("Ɓɔ ✓",)))[0]
    jobs.put(JobKind.DOWNLOAD, [parked])
    job = jobs.claim(every_need())
    assert job is not None
    jobs.fail(job, "Its sound is gone.")
    jobs.put(JobKind.DOWNLOAD, [waiting])


def rows_in(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def exports_of(settings: Settings) -> list[bytes]:
    with open_archive(settings) as archive:
        return [
            archive.export(broadcast.id, name).content
            for broadcast in archive.broadcasts(page_size=100)[0]
            if archive.find_transcript(broadcast.id)
            for name in ("vtt", "txt", "json")
        ]


def test_a_station_moves_to_postgresql_and_back_and_nobody_sees_a_difference(
    station: Path, elsewhere: str, tmp_path: Path
) -> None:
    before = fingerprint_of(station, QUERIES)
    texts = exports_of(settings_of(station))
    assert texts
    held = rows_in(Database(settings_of(station).catalogue_url))
    for table in ("transcripts", "voice_names", "glossary", "glossary_evidence", "fingerprints"):
        assert held[table], f"nothing would be proved of {table}"
    for table in ("sound_maps", "jobs", "feeds", "renditions", "indexed", "title_words"):
        assert held[table], f"nothing would be proved of {table}"
    for table in ("dossiers", "dossier_entries", "documents", "document_blocks", "document_words"):
        assert held[table], f"nothing would be proved of {table}"
    for table in ("saved_searches", "saved_hits", "alerts", "findings", "notices", "fresh"):
        assert held[table], f"nothing would be proved of {table}"
    for table in ("withdrawals", "muted_renditions"):
        assert held[table], f"nothing would be proved of {table}"

    there = move_catalogue(settings_of(station), elsewhere, quiet)
    assert there.differences == ()
    assert rows_in(Database(elsewhere)) == held
    assert exports_of(settings_of(station, elsewhere)) == texts
    assert fingerprint_of(station, QUERIES, elsewhere) == before

    back = f"sqlite:///{tmp_path / 'back' / 'catalogue.sqlite'}"
    move_catalogue(settings_of(station, elsewhere), back, quiet)
    assert rows_in(Database(back)) == held
    assert exports_of(settings_of(station, back)) == texts
    assert fingerprint_of(station, QUERIES, back) == before


def test_new_rows_are_numbered_after_the_moved_ones(station: Path, elsewhere: str) -> None:
    move_catalogue(settings_of(station), elsewhere, quiet)
    database = Database(elsewhere)
    catalogue = Catalogue(database)
    [broadcast, *_] = catalogue.broadcasts.page(limit=1)[0]
    add_transcript(catalogue, broadcast.id, make_transcript("Après le déménagement."))
    catalogue.glossary.add(LanguageTag("fr"), "Gaoo", "Gao")
    assert Jobs(database).put(JobKind.TRANSLATE, [broadcast.id]) == 1
    database.close()


def test_what_the_two_databases_keep_differently_arrives_as_it_was(
    tmp_path: Path, elsewhere: str
) -> None:
    settings = settings_of(tmp_path)
    with open_archive(settings):
        pass
    here = Database(settings.catalogue_url)
    catalogue = Catalogue(here)
    early = catalogue.broadcasts.put(make_new_broadcast("early", is_synthetic=True))[0]
    with here.write() as connection:
        connection.execute(insert(programmes).values(id="nul", title="a\0b", description="\0"))
        connection.execute(update(broadcasts).values(aired_at=-5_000_000_000))
        connection.execute(
            insert(recordings).values(
                key="k", extension=".wav", media_type="audio/wav", size_bytes=2**40, duration_ms=1
            )
        )
    done = move_catalogue(settings, elsewhere, quiet)
    assert done.replaced == 2
    there = Database(elsewhere)
    with there.read() as connection:
        assert (
            connection.execute(select(programmes.c.title).where(programmes.c.id == "nul")).scalar()
            == "a\N{REPLACEMENT CHARACTER}b"
        )
        assert connection.execute(select(recordings.c.size_bytes)).scalar() == 2**40
        row = connection.execute(select(broadcasts).where(broadcasts.c.id == early)).one()
        assert (row.aired_at, row.is_synthetic) == (-5_000_000_000, True)
    assert compare_catalogues(settings, elsewhere).differences == ()
    with there.write() as connection:
        connection.execute(update(broadcasts).values(title="Changed"))
    assert compare_catalogues(settings, elsewhere).differences == ("broadcasts",)


def test_a_number_that_does_not_fit_is_named_and_nothing_is_moved(
    tmp_path: Path, elsewhere: str
) -> None:
    settings = settings_of(tmp_path)
    with open_archive(settings):
        pass
    with Database(settings.catalogue_url).write() as connection:
        connection.execute(
            insert(recordings).values(
                key="k", extension=".wav", media_type="audio/wav", size_bytes=1, duration_ms=2**33
            )
        )
    with pytest.raises(MoveRefused, match=r"row k of the table recordings.*duration_ms"):
        move_catalogue(settings, elsewhere, quiet)
    assert not any(rows_in(Database(elsewhere)).values())


def test_a_database_that_holds_something_is_not_written_over(station: Path, elsewhere: str) -> None:
    move_catalogue(settings_of(station), elsewhere, quiet)
    with pytest.raises(MoveRefused, match="not empty"):
        move_catalogue(settings_of(station), elsewhere, quiet)
    with pytest.raises(MoveRefused, match="already is"):
        move_catalogue(settings_of(station), settings_of(station).catalogue_url, quiet)


def test_nothing_is_moved_while_a_worker_is_at_work(tmp_path: Path, elsewhere: str) -> None:
    settings = settings_of(tmp_path)
    with open_archive(settings):
        pass
    database = Database(settings.catalogue_url)
    broadcast = Catalogue(database).broadcasts.put(make_new_broadcast())[0]
    jobs = Jobs(database)
    jobs.put(JobKind.DOWNLOAD, [broadcast])
    job = jobs.claim(every_need())
    assert job is not None
    with pytest.raises(MoveRefused, match="worker is at work"):
        move_catalogue(settings, elsewhere, quiet)
    jobs.release(job)
    move_catalogue(settings, elsewhere, quiet)


def test_nobody_can_write_while_the_catalogue_moves(
    station: Path, elsewhere: str, tmp_path: Path
) -> None:
    move_catalogue(settings_of(station), elsewhere, quiet)
    refused: list[str] = []

    def write_meanwhile(table: str, _done: int, _total: int) -> None:
        other = Database(f"{elsewhere}?options=-c%20lock_timeout%3D100")
        try:
            with other.write() as connection:
                connection.execute(insert(programmes).values(id=f"late {table}", title="x"))
        except CatalogueError:
            refused.append(table)
        other.close()

    back = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    move_catalogue(settings_of(station, elsewhere), back, write_meanwhile)
    assert refused
    assert "late" not in str(_programme_ids(elsewhere))


def _programme_ids(url: str) -> list[str]:
    database = Database(url)
    with database.read() as connection:
        found = list(connection.execute(select(programmes.c.id)).scalars())
    database.close()
    return found


@pytest.mark.parametrize("direction", ["to PostgreSQL", "to SQLite"])
def test_a_move_killed_half_way_is_begun_anew_and_arrives_whole(
    tmp_path: Path, elsewhere: str, direction: str
) -> None:
    sqlite = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    source, target = (sqlite, elsewhere) if direction == "to PostgreSQL" else (elsewhere, sqlite)
    database = Database(source)
    database.migrate()
    with database.write() as connection:
        rows = [{"id": f"p{number}", "title": f"Émission {number}"} for number in range(MANY)]
        connection.execute(insert(programmes), rows)
    (tmp_path / "radio-archive.toml").write_text(f'database_url = "{source}"\n', "utf-8")
    command = [sys.executable, "-m", "radio_archive", "migrate", "--to", target]
    command += ["--home", str(tmp_path)]
    moving = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert moving.stderr is not None
    assert any("programmes: 0 of" in line for line in moving.stderr)
    time.sleep(0.2)
    moving.send_signal(signal.SIGKILL)
    assert moving.wait() == -signal.SIGKILL
    assert not any(rows_in(Database(target)).values())
    assert rows_in(Database(source))["programmes"] == MANY

    subprocess.run([*command, "--switch"], check=True, capture_output=True)
    assert rows_in(Database(target))["programmes"] == MANY
    assert Settings.load({}, tmp_path).database_url == target
    verify = [*command[:4], "--to", source, "--verify-only", "--home", str(tmp_path)]
    subprocess.run(verify, check=True, capture_output=True)


def test_nothing_is_moved_while_a_worker_waits_and_who_works_is_not_copied(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    with open_archive(settings):
        pass
    database = Database(settings.catalogue_url)
    workers = Jobs(database, host="studio-1").workers
    workers.enlist(Abilities(needs=frozenset({Need("index")})))
    there = f"sqlite:///{tmp_path / 'there.sqlite'}"
    with pytest.raises(MoveRefused, match=r"worker is at work: studio-1:\d+") as caught:
        move_catalogue(settings, there, quiet)
    assert "`serve`, with a worker or without" in caught.value.hint
    assert not (tmp_path / "there.sqlite").exists()
    with database.write() as connection:  # its machine was lost
        connection.execute(update(workers_table).values(seen_at=0))
    done = move_catalogue(settings, there, quiet)
    assert "workers" not in {each.name for each in done.here}
    assert rows_in(Database(there))["workers"] == 0
    assert compare_catalogues(settings, there).differences == ()


def test_an_older_database_that_holds_something_is_refused_as_it_is(tmp_path: Path) -> None:
    old = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    old.migrate("0010")
    with old.write() as connection:
        connection.execute(text("insert into programmes (id, title) values ('p', 'P')"))
    with pytest.raises(MoveRefused, match="not empty: programmes has 1 rows"):
        move_catalogue(settings_of(tmp_path), old.url, quiet)
    with old.read() as connection:
        assert find_revision(connection) == "0010"
    old.close()


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_catalogue_is_not_moved_into_memory(tmp_path: Path, address: str) -> None:
    with pytest.raises(MoveRefused, match="kept in memory"):
        move_catalogue(settings_of(tmp_path), address, quiet)


def test_a_file_is_moved_to_whatever_letters_its_path_has(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "50%25 done?")
    with open_archive(settings):
        pass
    there = settings_of(tmp_path / "what?")
    done = move_catalogue(settings, there.catalogue_url, quiet)
    assert (there.media_dir / "catalogue.sqlite").exists()
    assert done.address == there.catalogue_url
    assert compare_catalogues(settings, done.address).differences == ()

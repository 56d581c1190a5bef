"""An archive whose catalogue and search index both lie in PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from radio_archive import standby, working
from radio_archive.archive import SearchOptions, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.errors import BadSettings, CatalogueUnavailable, IndexAway
from radio_archive.model import Ground
from radio_archive.search.postgresql_database import BUILDER, SearchDatabase
from radio_archive.search.postgresql_tables import SCHEMA
from radio_archive.settings import Settings
from tests.support.archives import settings_for
from tests.support.making import put_broadcast
from tests.support.postgresql import PostgresqlServer

SRT = "1\n00:00:01,000 --> 00:00:04,000\nLa paix est signée.\n"


@pytest.fixture
def settings(postgresql_server: PostgresqlServer, tmp_path: Path) -> Iterator[Settings]:
    """Of an archive in a database of its own."""
    server = create_engine(postgresql_server.url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql("create database searched")
        url = server.url.set(database="searched").render_as_string(hide_password=False)
        yield replace(settings_for(tmp_path), database_url=url, search_engine="postgresql")
        connection.exec_driver_sql("drop database searched with (force)")
    server.dispose()


def test_what_one_machine_takes_in_another_finds(settings: Settings, tmp_path: Path) -> None:
    said = tmp_path / "said.srt"
    said.write_text(SRT, "utf-8")
    other = replace(settings, home=tmp_path / "another machine")
    with open_archive(settings) as archive, open_archive(other) as machine:
        assert not archive.status().index_is_stale
        assert machine.search("paix", SearchOptions()).total == 0
        database = Database(settings.database_url)
        broadcast_id = put_broadcast(Catalogue(database))
        database.close()
        assert archive.import_transcript(broadcast_id, said).is_searchable
        found = machine.search("paix", SearchOptions())
        assert [group.hits[0].start_ms for group in found.broadcasts] == [1_000]
    with open_archive(other) as machine:
        assert machine.search("paix", SearchOptions()).total == 1
        assert machine.mend_index() is None
        assert machine.reindex() == 1


def test_machines_that_open_a_new_archive_at_the_same_moment_wait_for_its_index(
    settings: Settings, tmp_path: Path
) -> None:
    with open_archive(settings):  # its tables are there; the index is made anew
        pass
    database = SearchDatabase(settings.database_url)
    with database.writing("") as session:
        session.run(f"drop schema {SCHEMA} cascade")
    opened: list[int] = []

    def open_another() -> None:
        with open_archive(replace(settings, home=tmp_path / "another machine")) as machine:
            opened.append(machine.search("paix", SearchOptions()).total)

    thread = threading.Thread(target=open_another)
    with database.writing("") as session:
        session.lock(BUILDER, 0, "")
        thread.start()
        thread.join(1)
        assert thread.is_alive()
        assert opened == []
    thread.join()
    assert opened == [0]
    database.close()


def test_an_index_that_takes_long_to_build_keeps_nobody_from_opening_the_archive(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "_BEGIN_S", 0.3)
    with open_archive(settings):
        pass
    database = SearchDatabase(settings.database_url)
    with database.writing("") as session:
        session.run(f"drop schema {SCHEMA} cascade")
    with database.writing("") as session:
        session.lock(BUILDER, 0, "")
        with open_archive(settings) as archive:
            assert archive.status().broadcasts == 0
    database.close()


def test_searches_go_on_from_the_replica_while_the_primary_is_away(
    primary: PostgresqlServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby, "LEFT_ALONE_S", 0.0)
    said = tmp_path / "said.srt"
    said.write_text(SRT, "utf-8")
    settings = replace(settings_for(tmp_path), database_url=primary.url, search_engine="postgresql")
    with open_archive(settings) as archive:
        database = Database(primary.url)
        broadcast_id = put_broadcast(Catalogue(database))
        database.close()
        assert archive.import_transcript(broadcast_id, said).is_searchable
    with primary.replica() as replica:
        primary.wait_for(replica)
        mirrored = replace(settings, database_replica_url=replica.url)
        with open_archive(mirrored, may_lag=True) as archive:
            primary.stop()
            found = archive.search("paix", SearchOptions())
            assert [group.hits[0].start_ms for group in found.broadcasts] == [1_000]
            troubles = {each.ground: each.is_down for each in archive.look()}
            assert troubles[Ground.CATALOGUE] is False  # it answers, from its replica
            assert Ground.SEARCH not in troubles
            assert archive.status().passages == 1
            with pytest.raises(IndexAway):
                archive.reindex()
            primary.start()
            assert archive.search("paix", SearchOptions()).total == 1
            assert Ground.CATALOGUE not in {each.ground for each in archive.look()}


def test_nobody_builds_an_index_from_a_replica_that_lacks_what_is_newest(
    primary: PostgresqlServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby, "LEFT_ALONE_S", 60.0)
    settings = replace(settings_for(tmp_path), database_url=primary.url, search_engine="postgresql")
    with open_archive(settings):
        pass
    with primary.replica() as replica:
        primary.wait_for(replica)
        replica.ask("select pg_wal_replay_pause()")
        said = tmp_path / "said.srt"
        said.write_text(SRT, "utf-8")
        mirrored = replace(settings, database_replica_url=replica.url)
        with open_archive(settings) as archive, open_archive(mirrored, may_lag=True) as web:
            database = Database(primary.url)
            assert archive.import_transcript(put_broadcast(Catalogue(database)), said).is_searchable
            database.close()
            primary.stop()
            assert web.search("paix", SearchOptions()).total == 0  # not there yet
            primary.start()
            assert web.mend_index() is None
            with pytest.raises(CatalogueUnavailable, match="lack what is newest"):
                web.reindex()
        with open_archive(settings) as archive:
            assert archive.search("paix", SearchOptions()).total == 1


def test_an_index_in_a_database_of_its_own_has_no_replica(
    settings: Settings, tmp_path: Path
) -> None:
    away = "postgresql://archive@127.0.0.1:1/none"
    apart = replace(
        settings,
        search_database_url=away,
        database_replica_url=settings.database_url,
        home=tmp_path / "apart",
    )
    apart.index_dir.mkdir(parents=True)
    (apart.index_dir / "an index").mkdir()  # nothing is built at the start
    with open_archive(apart, may_lag=True) as archive, pytest.raises(IndexAway):
        archive.search("paix", SearchOptions())


def test_an_index_in_postgresql_needs_a_database_there(tmp_path: Path) -> None:
    wanted = replace(settings_for(tmp_path), search_engine="postgresql")
    with pytest.raises(BadSettings, match="PostgreSQL") as caught:
        open_archive(wanted)
    assert "search_database_url" in caught.value.hint


def test_the_index_may_lie_in_another_database_than_the_catalogue(
    settings: Settings, tmp_path: Path
) -> None:
    apart = replace(settings, database_url="", search_database_url=settings.database_url)
    with open_archive(apart) as archive:
        assert not archive.status().index_is_stale
        assert archive.search("paix", SearchOptions()).total == 0
    assert (tmp_path / "media" / "catalogue.sqlite").exists()


def test_an_engine_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="search_engine has a wrong value 'lucene'"):
        open_archive(replace(settings_for(tmp_path), search_engine="lucene"))

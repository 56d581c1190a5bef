"""An archive whose catalogue and search index both lie in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from radio_archive.archive import SearchOptions, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.errors import BadSettings
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

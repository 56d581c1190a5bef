from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from tests.support.postgresql import PostgresqlServer

from radio_archive import db
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database, is_wal_safe, sqlite_module
from radio_archive.db.schema import metadata, programmes
from radio_archive.errors import CatalogueError, CatalogueUnwritable, WrongSchema
from radio_archive.model import JobKind, RecordingKey

MIGRATIONS = Path(db.__file__).parent / "migrations"


def test_the_migrations_make_exactly_the_tables_the_code_expects(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_an_archive_of_the_first_release_keeps_its_passages(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    database.migrate("0001")
    statements = (
        "insert into broadcasts (id, source, guid, title, language)"
        " values ('b1', 'test', 'one', 'Débat', 'fr')",
        "insert into transcripts (id, broadcast_id, kind, language, trust, created_at,"
        " is_current, payload) values (1, 'b1', 'machine', 'fr', 'machine', 0, false, ''),"
        " (2, 'b1', 'corrected', 'fr', 'checked', 0, true, '')",
        "insert into passages (broadcast_id, number, language, start_ms, end_ms, trust, text,"
        " marks) values ('b1', 0, 'fr', 0, 9, 'checked', 'Bonsoir', '')",
    )
    with database.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    database.migrate()
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        rows = connection.execute(text("select number, transcript_id, text from passages")).all()
        tracks = connection.execute(text("select count(*) from transcripts where is_track"))
        assert [tuple(row) for row in rows] == [(0, 2, "Bonsoir")]
        assert tracks.scalar_one() == 0
    database.close()


def test_an_archive_without_bands_gets_them_from_the_words_it_kept(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    database.migrate("0004")
    sure, unsure = ([[0, 900, "Bonsoir", probability]] for probability in (0.95, 0.2))
    segments = [
        [0, 9_000, "Bonsoir", sure, None, None, None, None],
        [40_000, 49_000, "Bonsoir", unsure, None, None, None, None],
    ]
    payload = zlib.compress(json.dumps({"segments": segments, "gaps": []}).encode())
    rows = (("b1", "machine", "faster-whisper/base"), ("b2", "corrected", ""))
    with database.write() as connection:
        for number, (broadcast, kind, engine) in enumerate(rows, start=1):
            connection.exec_driver_sql(
                "insert into broadcasts (id, source, guid, title, language)"
                " values (?, 'test', ?, 'Débat', 'fr')",
                (broadcast, broadcast),
            )
            connection.exec_driver_sql(
                "insert into transcripts (id, broadcast_id, kind, language, engine, payload,"
                " trust, created_at, is_current) values (?, ?, ?, 'fr', ?, ?, 'machine', 0, true)",
                (number, broadcast, kind, engine, payload),
            )
            for place, start_ms in enumerate((0, 40_000)):
                connection.exec_driver_sql(
                    "insert into passages (broadcast_id, number, transcript_id, language, start_ms,"
                    " end_ms, trust, text, marks) values (?, ?, ?, 'fr', ?, ?, 'machine', '', '')",
                    (broadcast, place, number, start_ms, start_ms + 9_000),
                )
    database.migrate()
    with database.read() as connection:
        found = connection.execute(
            text("select broadcast_id, band from passages order by broadcast_id, number")
        )
        assert [tuple(row) for row in found] == [
            ("b1", "good"),
            ("b1", "unsure"),
            ("b2", None),
            ("b2", None),
        ]


def test_an_archive_from_before_sound_maps_asks_for_the_map_of_every_recording(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    database.migrate("0004")
    statements = (
        "insert into recordings (key, extension, media_type, size_bytes, duration_ms)"
        " values ('aa', '.mp3', 'audio/mpeg', 9, 9)",
        "insert into broadcasts (id, source, guid, title, language, recording_key)"
        " values ('b1', 'test', 'one', 'Kuma', 'bm', 'aa')",
    )
    with database.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    database.migrate()
    catalogue = Catalogue(database)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert catalogue.reports.without(JobKind.MAP, expected="1") == [("b1", "bm")]
    assert catalogue.sound_maps.find(RecordingKey("aa")) is None
    database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_archive_from_before_dossiers_gets_all_that_came_after(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
        if kind == "postgresql":
            server: PostgresqlServer = request.getfixturevalue("postgresql_server")
            url = stack.enter_context(server.new_database())
        database = Database(url)
        database.migrate("0015")
        with database.write() as connection:
            connection.exec_driver_sql(
                "insert into broadcasts (id, source, guid, title, language)"
                " values ('b1', 'test', 'one', 'Kuma', 'bm')"
            )
        for revision in ("0016", "0017", "0018", "head"):
            database.migrate(revision)
        with database.read() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert Catalogue(database).broadcasts.get("b1").title == "Kuma"
        database.close()


def test_migrating_twice_changes_nothing(database: Database) -> None:
    database.migrate()
    with database.read() as connection:
        assert connection.execute(programmes.select()).all() == []


def test_a_failed_transaction_leaves_nothing_behind(database: Database) -> None:
    def fail_half_way() -> None:
        with database.write() as connection:
            connection.execute(programmes.insert().values(id="journal", title="Journal"))
            raise RuntimeError("stopped half-way")

    with pytest.raises(RuntimeError):
        fail_half_way()
    with database.read() as connection:
        assert connection.execute(programmes.select()).all() == []


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 6), True),
        ((3, 44, 5), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_the_write_ahead_log_is_used_only_where_its_race_is_fixed(
    version: tuple[int, ...], is_safe: bool
) -> None:
    assert is_wal_safe(version) is is_safe


def test_sqlite_keeps_every_commit_through_a_power_cut(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    database.migrate()
    expected = "wal" if is_wal_safe(sqlite_module().sqlite_version_info) else "delete"
    with database.read() as connection:
        assert connection.execute(text("pragma synchronous")).scalar() == 2
        assert connection.execute(text("pragma journal_mode")).scalar() == expected
    assert database.problems() == []
    assert database.describe().startswith("SQLite 3.")


def test_a_database_that_is_no_database_is_refused_with_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"not a database at all, but long enough to be read as one " * 50)
    with pytest.raises(CatalogueError, match="radio-archive doctor"):
        Database(f"sqlite:///{path}").migrate()


def test_a_password_never_reaches_an_error_message() -> None:
    database = Database("postgresql+psycopg://archive:hunter2@127.0.0.1:1/none?connect_timeout=1")
    with pytest.raises(CatalogueError) as refusal:
        database.migrate()
    assert "hunter2" not in str(refusal.value)


def test_a_killed_writer_leaves_every_acknowledged_row(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    Database(url).migrate()
    script = (
        "import sys, itertools\n"
        "from radio_archive.db import Database\n"
        "from radio_archive.db.schema import programmes\n"
        "database = Database(sys.argv[1])\n"
        "for number in itertools.count():\n"
        "    with database.write() as connection:\n"
        "        connection.execute(programmes.insert().values(id=str(number), title='x'))\n"
        "    print(number, flush=True)\n"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", script, url], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    acknowledged = [int(next(writer.stdout)) for _ in range(20)][-1]
    writer.kill()
    writer.wait()
    database = Database(url)
    with database.read() as connection:
        kept = {int(row.id) for row in connection.execute(programmes.select())}
    assert set(range(acknowledged + 1)) <= kept
    assert database.problems() == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_migration_that_fails_leaves_the_tables_as_they_were(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
        if kind == "postgresql":
            server: PostgresqlServer = request.getfixturevalue("postgresql_server")
            url = stack.enter_context(server.new_database())
        database = Database(url)
        database.migrate("0004")
        with database.write() as connection:
            connection.execute(text("create table glossary (id integer)"))  # in the way of 0008
        with pytest.raises(CatalogueError, match="glossary"):
            database.migrate()
        with database.read() as connection:
            found = connection.execute(text("select version_num from alembic_version")).scalar()
            assert found == "0004"
            assert "fingerprints" not in inspect(connection).get_table_names()
        with database.write() as connection:
            connection.execute(text("drop table glossary"))
        database.migrate()
        database.require_current()
        database.close()


def test_a_catalogue_of_a_newer_version_is_refused_and_left_as_it_is(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    for ask in (database.migrate, database.require_current):
        with pytest.raises(WrongSchema, match=r"newer version.*9999.*nothing was changed"):
            ask()
    with database.write() as connection:
        found = connection.execute(text("select version_num from alembic_version")).scalar_one()
        assert found == "9999"
        head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
        connection.execute(text("update alembic_version set version_num = :head"), {"head": head})


def test_a_catalogue_of_an_older_version_is_not_changed_by_somebody_who_only_compares(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    database.migrate("0004")
    with pytest.raises(WrongSchema, match="older version"):
        database.require_current()
    database.close()


def test_a_catalogue_that_is_current_is_opened_without_writing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")
    database.migrate()
    other = Database(database.url)
    with other.write():  # the write lock is held: whoever wanted to write would wait
        started = time.monotonic()
        database.migrate()
        assert time.monotonic() - started < 5
    database.close()
    other.close()


@pytest.mark.parametrize("place", ["absent/catalogue.sqlite", "."])
def test_a_file_that_cannot_be_opened_is_an_outage(tmp_path: Path, place: str) -> None:
    with pytest.raises(CatalogueUnwritable, match="cannot be opened") as caught:
        Database(f"sqlite:///{tmp_path / place}").migrate()
    assert caught.value.is_outage
    assert "Look whether its folder exists" in caught.value.hint


def test_a_file_that_can_only_be_read_is_an_outage_to_those_who_write(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    reader = Database(f"sqlite:///file:{path}?mode=ro&uri=true")
    reader.require_current()
    with (
        pytest.raises(CatalogueUnwritable, match="cannot be written") as caught,
        reader.write() as connection,
    ):
        connection.execute(programmes.insert().values(id="a", title="A"))
    assert caught.value.is_outage
    assert "Look whether its file, folder and disk can be written" in caught.value.hint
    reader.close()
    database.close()

"""What commands say of a database that is away, of another version, or no database at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from radio_archive import worker
from radio_archive.archive import open_archive
from radio_archive.cli.screen import Screen
from radio_archive.cli.work import do_work
from radio_archive.db import Database
from radio_archive.errors import CatalogueUnavailable
from radio_archive.layout import Layout
from radio_archive.settings import FILE_NAME
from tests.cli.running import Run
from tests.cli.test_processes import PATIENCE_S, Start, end, until
from tests.support.archives import settings_for
from tests.support.disks import read_only, small_disk
from tests.support.postgresql import PostgresqlServer


def write(home: Path, **settings: str) -> None:
    lines = [f'{name} = "{value}"\n' for name, value in settings.items()]
    (home / FILE_NAME).write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize("command", ["status", "doctor", "work --until-idle", "serve", "search a"])
def test_a_database_that_is_away_is_one_line_with_what_to_do(
    run: Run, tmp_path: Path, command: str
) -> None:
    write(tmp_path, database_url="postgresql://archive:secret@127.0.0.1:1/archive")
    status, _, errors = run(*command.split(), home=tmp_path)
    assert status == 1
    assert errors.startswith("error: The catalogue at postgresql://127.0.0.1:1/archive does not")
    assert "tried again by itself" in errors
    assert "secret" not in errors
    assert "Traceback" not in errors


def test_a_worker_that_is_started_while_the_database_is_away_waits_for_it(
    start: Start, tmp_path: Path, postgresql_server: PostgresqlServer
) -> None:
    with postgresql_server.new_database() as url:
        postgresql_server.stop()
        try:
            write(tmp_path, database_url=url)
            process = start("work")
            assert process.stderr is not None
            assert "Work begins when the catalogue answers." in process.stderr.readline()
        finally:
            postgresql_server.start()
        with open_archive(settings_for(tmp_path, url)) as archive:
            until(lambda: bool(archive.status().workers))
        end(process)
        assert process.returncode == 0


def test_work_begins_when_a_catalogue_answers_that_went_away_just_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int | None] = []
    with open_archive(settings_for(tmp_path)) as archive:
        layout = archive.layout

        def away_at_first(processes: int | None) -> Layout:
            asked.append(processes)
            if len(asked) == 1:
                raise CatalogueUnavailable("The catalogue does not answer.")
            return layout(processes)

        monkeypatch.setattr(archive, "layout", away_at_first)
        monkeypatch.setattr(worker, "IDLE_S", 0.01)
        quiet = Screen(is_quiet=True)
        assert do_work(archive, quiet, lambda: len(asked) > 1, workers=1, until_idle=False)
        assert asked == [1, 1]
        assert do_work(archive, quiet, lambda: True, workers=1, until_idle=False)
        assert asked == [1, 1]


def test_a_catalogue_of_a_newer_version_is_one_line_with_what_to_do(
    run: Run, tmp_path: Path
) -> None:
    with open_archive(settings_for(tmp_path)) as archive:
        database = Database(archive.settings.catalogue_url)
    with database.write() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    database.close()
    status, _, errors = run("status", home=tmp_path)
    assert status == 1
    assert "made by a newer version" in errors
    assert "Start the newer version" in errors
    assert "Traceback" not in errors


def test_a_home_that_can_only_be_read_is_one_line_with_what_to_do(
    run: Run, start: Start, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "16m") as disk:
        with open_archive(settings_for(disk)):
            pass
        with read_only(disk):
            for command in ("status", "search riz", "doctor", "serve", "work --until-idle"):
                status, _, errors = run(*command.split(), home=disk)
                assert (status, errors.count("\n")) == (1, 1), command
                assert errors.startswith(f"error: The catalogue at sqlite:///{disk}/media/")
                assert "whether its disk is mounted read-only" in errors
            waiting = start("work", "--home", str(disk))
            _, errors = waiting.communicate(timeout=PATIENCE_S)
            assert waiting.returncode == 1
            assert "whether its disk is mounted read-only" in errors
            assert "Work begins when" not in errors
        assert run("status", home=disk)[0] == 0


def test_a_catalogue_that_can_only_be_read_is_read_and_no_work_waits_for_it(
    run: Run, start: Start, tmp_path: Path
) -> None:
    with open_archive(settings_for(tmp_path)) as archive:
        address = archive.settings.catalogue_url.replace("sqlite:///", "sqlite:///file:")
    write(tmp_path, database_url=f"{address}?mode=ro&uri=true")
    assert run("status", home=tmp_path)[0] == 0
    assert run("search", "riz", home=tmp_path)[0] == 0
    waiting = start("work")
    _, errors = waiting.communicate(timeout=PATIENCE_S)
    assert waiting.returncode == 1
    assert "cannot be written" in errors
    assert "Look whether its file, folder and disk can be written" in errors
    status, _, errors = run("work", "--until-idle", home=tmp_path)
    assert (status, errors.count("\n")) == (1, 1)


def test_an_address_of_no_database_is_one_line_with_what_to_do(run: Run, tmp_path: Path) -> None:
    write(tmp_path, database_url="mysql://db/archive")
    status, _, errors = run("status", home=tmp_path)
    assert status == 1
    assert "Write postgresql://user@host/name" in errors


def test_status_and_doctor_name_what_is_away(
    run: Run, tmp_path: Path, postgresql_server: PostgresqlServer
) -> None:
    with postgresql_server.new_database() as url:
        with open_archive(settings_for(tmp_path, url)):
            pass
        write(
            tmp_path,
            database_url="postgresql://archive@127.0.0.1:1/archive",
            database_replica_url=url,
        )
        (tmp_path / "index" / "CURRENT").write_text("nothing", encoding="utf-8")
        status, out, _ = run("status", home=tmp_path)
        assert status == 0
        assert "catalogue    degraded: The catalogue is away; its replica is read" in out
        assert "search       down: There is no search index yet" in out
        _, out, _ = run("status", "--json", home=tmp_path)
        assert [each["part"] for each in json.loads(out)["troubles"]] == ["catalogue", "search"]
        status, out, _ = run("doctor", home=tmp_path)
        assert status == 1
        assert "FAIL  database    The database is away; PostgreSQL" in out
        assert "ok    replica     The replica is 0 s behind." in out


@pytest.mark.parametrize("secret", ["secret", "secret/secret"])
def test_the_line_to_write_shows_no_password(
    run: Run, tmp_path: Path, postgresql_server: PostgresqlServer, secret: str
) -> None:
    with postgresql_server.new_database() as url:
        to = url.replace("postgresql+psycopg://archive@", f"postgresql://archive:{secret}@")
        status, out, errors = run("migrate", "--to", to, home=tmp_path)
        assert status == 0
        assert f'database_url = "{to.replace(secret, "PASSWORD")}"' in out
        assert "secret" not in out + errors
        assert not (tmp_path / FILE_NAME).exists()
        status, out, _ = run("migrate", "--to", to, "--verify-only", "--json", home=tmp_path)
        assert status == 0
        assert json.loads(out)["is_same"]


def test_a_switch_says_what_is_to_be_started_anew_and_that_the_environment_still_wins(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = f"sqlite:///{tmp_path / 'there.sqlite'}"
    status, _, errors = run("migrate", "--to", there, "--switch", home=tmp_path)
    assert status == 0
    assert "Restart serve and every worker now" in errors
    monkeypatch.setenv("RADIO_ARCHIVE_DATABASE_URL", there)
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    status, _, errors = run("migrate", "--to", elsewhere, "--switch", home=tmp_path)
    assert status == 1
    assert "RADIO_ARCHIVE_DATABASE_URL still wins over radio-archive.toml" in errors
    assert elsewhere in (tmp_path / FILE_NAME).read_text("utf-8")

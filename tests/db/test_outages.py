"""A database that goes away and comes back: a real server, a real streaming replica."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select, text
from tests.support.postgresql import PostgresqlServer

from radio_archive import standby
from radio_archive.databases import CONNECT_S
from radio_archive.db import Database
from radio_archive.db.schema import programmes
from radio_archive.errors import CatalogueError, CatalogueUnavailable, WrongSchema

#: longest anybody may wait for an answer, good or bad, in seconds
SOON_S = 12.0

MIGRATE = "import sys; from radio_archive.db import Database; Database(sys.argv[1]).migrate()"


@pytest.fixture(scope="module")
def primary() -> Iterator[PostgresqlServer]:
    with PostgresqlServer.find_or_skip() as server:
        Database(server.url).migrate()
        yield server


@pytest.fixture(scope="module")
def replica(primary: PostgresqlServer) -> Iterator[PostgresqlServer]:
    with primary.replica() as replica:
        yield replica


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The primary is looked for again after half a second."""
    monkeypatch.setattr(standby, "LEFT_ALONE_S", 0.5)


def titles(connection: Connection) -> list[str]:
    return sorted(connection.execute(select(programmes.c.title)).scalars())


def put(database: Database, title: str) -> None:
    with database.write() as connection:
        connection.execute(programmes.insert().values(id=title, title=title))


def test_a_server_that_stops_is_an_outage_and_everything_goes_on_when_it_returns(
    primary: PostgresqlServer,
) -> None:
    database = Database(primary.url)
    put(database, "Journal")
    primary.stop("immediate")
    started = time.monotonic()
    with pytest.raises(CatalogueUnavailable), database.read() as connection:
        titles(connection)
    with pytest.raises(CatalogueUnavailable):
        put(database, "Débat")
    assert time.monotonic() - started < SOON_S
    primary.start()
    put(database, "Débat")
    with database.read() as connection:
        assert titles(connection) == ["Débat", "Journal"]
    database.close()


def test_a_connection_that_is_cut_in_the_middle_leaves_nothing_half_done(
    primary: PostgresqlServer,
) -> None:
    database = Database(primary.url)

    def write_and_be_cut_off() -> None:
        with database.write() as connection:
            connection.execute(programmes.insert().values(id="half", title="Half"))
            primary.ask(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'radio-archive' and pid <> pg_backend_pid()"
            )
            titles(connection)

    with pytest.raises(CatalogueUnavailable):
        write_and_be_cut_off()
    with database.read() as connection:
        assert "Half" not in titles(connection)
    database.close()


def test_reads_go_on_from_the_replica_and_return_to_the_primary(
    primary: PostgresqlServer, replica: PostgresqlServer
) -> None:
    database = Database(primary.url, replica.url)
    put(database, "Kibaruw")
    primary.wait_for(replica)
    assert not database.is_lagging
    primary.stop()
    try:
        for _ in range(3):
            with database.read() as connection:
                assert "Kibaruw" in titles(connection)
            assert database.is_lagging
        with pytest.raises(CatalogueUnavailable):
            put(database, "Sans serveur")
        assert database.replica_lag_s() is not None
    finally:
        primary.start()
    time.sleep(0.6)
    with database.read() as connection:
        assert "Kibaruw" in titles(connection)
        assert connection.execute(text("select pg_is_in_recovery()")).scalar() is False
    assert not database.is_lagging
    database.close()


def test_a_primary_and_a_replica_that_are_both_away_are_an_outage(
    primary: PostgresqlServer,
) -> None:
    database = Database(primary.url, "postgresql://archive@127.0.0.1:1/none")
    primary.stop()
    try:
        with pytest.raises(CatalogueUnavailable), database.read():
            pass
    finally:
        primary.start()
    database.close()


def test_a_server_that_never_answers_holds_nobody_up(
    primary: PostgresqlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby, "LEFT_ALONE_S", 60.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        url = f"postgresql://archive@127.0.0.1:{silent.getsockname()[1]}/none"
        database = Database(url, primary.url)
        started = time.monotonic()
        with database.read() as connection:
            assert titles(connection) is not None
        first = time.monotonic() - started
        assert CONNECT_S <= first < SOON_S
        started = time.monotonic()
        with database.read() as connection:
            assert titles(connection) is not None
        assert time.monotonic() - started < CONNECT_S, "nobody waits for it twice"
        database.close()


def test_a_question_that_takes_too_long_is_broken_off(primary: PostgresqlServer) -> None:
    database = Database(f"{primary.url}?options=-c%20statement_timeout%3D200")
    with pytest.raises(CatalogueUnavailable, match="timeout"), database.read() as connection:
        connection.execute(text("select pg_sleep(20)"))
    database.close()


@pytest.fixture(scope="module")
def strict(primary: PostgresqlServer) -> None:
    """An account of that name comes in with its password only."""
    primary.demand_password("strict")


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("archive@{host}/nowhere", 'database "nowhere" does not exist'),
        ("stranger@{host}/postgres", 'role "stranger" does not exist'),
        ("strict:wrong@{host}/postgres", "password authentication failed"),
        ("strict@{host}/postgres", "no password supplied"),
        ("archive@{host},127.0.0.1:1/nowhere", 'database "nowhere" does not exist'),
    ],
)
def test_a_wrong_name_or_password_is_an_outage_that_says_where_to_look(
    primary: PostgresqlServer, address: str, said: str
) -> None:
    database = Database(f"postgresql://{address.format(host=primary.host)}")
    with pytest.raises(CatalogueUnavailable, match="lets nobody in") as caught, database.read():
        pass
    assert said in caught.value.message
    assert "Look at its address, database_url" in caught.value.hint
    assert "wrong" not in str(caught.value)
    database.close()


def test_processes_that_start_together_migrate_once(primary: PostgresqlServer) -> None:
    with primary.new_database() as url:
        command = [sys.executable, "-c", MIGRATE, url]
        started = [subprocess.Popen(command) for _ in range(3)]
        assert [process.wait() for process in started] == [0, 0, 0]
        database = Database(url)
        put(database, "Journal")
        database.close()


def test_an_older_catalogue_that_can_only_be_read_is_refused_with_what_to_do(
    primary: PostgresqlServer, replica: PostgresqlServer
) -> None:
    with primary.new_database() as url:
        old = Database(url)
        old.migrate("0004")
        old.close()
        primary.wait_for(replica)
        reader = Database(replica.url_of(url.rsplit("/", 1)[1]))
        with pytest.raises(WrongSchema, match=r"older version.*radio-archive status"):
            reader.migrate()
        reader.close()


def test_writes_go_on_at_the_server_that_took_over() -> None:
    with PostgresqlServer.find_or_skip() as first:
        Database(first.url).migrate()
        with first.replica() as second:
            both = f"postgresql://archive@{first.host},{second.host}/postgres"
            database = Database(both)
            put(database, "Avant")
            first.wait_for(second)
            first.stop("immediate")
            with pytest.raises(CatalogueError):
                put(database, "Entre les deux")
            second.promote()
            put(database, "Après")
            with database.read() as connection:
                assert titles(connection) == ["Après", "Avant"]
            database.close()

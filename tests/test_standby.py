"""Who is asked while a database is away: its replica; the database again when nobody else is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from radio_archive import standby
from radio_archive.standby import Absence, Readers


class Server:
    """A database that can be away, or refuse."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.trouble = ""
        self.asked = 0
        self.engine: Engine = create_engine("sqlite://", creator=self._connect)

    def _connect(self) -> object:
        self.asked += 1
        if self.trouble:
            raise sqlite3.OperationalError(f"{self.name} {self.trouble}")
        found = sqlite3.connect(":memory:", check_same_thread=False)
        found.execute("create table told as select ? as name", (self.name,))
        return found


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standby, "LEFT_ALONE_S", 0.0)


@pytest.fixture
def primary() -> Iterator[Server]:
    server = Server("the primary")
    yield server
    server.engine.dispose()


@pytest.fixture
def replica() -> Iterator[Server]:
    server = Server("the replica")
    yield server
    server.engine.dispose()


@pytest.fixture
def readers(primary: Server, replica: Server) -> Readers:
    return Readers(primary.engine, replica.engine, lambda error: "is away" in str(error))


def name(connection: Connection) -> str:
    with connection:
        return str(connection.exec_driver_sql("select name from told").scalar())


def go_away(server: Server, trouble: str = "is away") -> None:
    server.engine.dispose()
    server.trouble = trouble


def test_the_replica_is_read_while_the_database_is_away_and_no_longer(
    readers: Readers, primary: Server
) -> None:
    assert name(readers.connect()) == "the primary"
    assert (readers.is_lagging, readers.from_replica) == (False, 0)
    go_away(primary)
    assert name(readers.connect()) == "the replica"
    assert (readers.is_lagging, readers.from_replica) == (True, 1)
    primary.trouble = ""
    assert name(readers.connect()) == "the primary"
    assert (readers.is_lagging, readers.from_replica) == (False, 1)


def test_a_database_that_answers_and_refuses_is_not_away(
    readers: Readers, primary: Server, replica: Server
) -> None:
    go_away(primary, "knows no such table")
    with pytest.raises(OperationalError, match="the primary knows no such table"):
        readers.connect()
    assert not readers.is_lagging
    assert replica.asked == 0


def test_where_the_replica_is_away_too_the_database_is_asked_after_all(
    readers: Readers, primary: Server, replica: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby, "LEFT_ALONE_S", 60.0)
    go_away(primary)
    go_away(replica)
    with pytest.raises(SQLAlchemyError, match="the primary is away"):
        readers.connect()
    primary.trouble = ""  # before anybody is to look again
    assert name(readers.connect()) == "the primary"


def test_one_at_a_time_looks_whether_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    absence = Absence()
    assert absence.may_look()
    absence.begin()
    assert absence.may_look()  # the pause is over at once here
    monkeypatch.setattr(standby, "LEFT_ALONE_S", 60.0)
    assert absence.may_look()
    assert not absence.may_look()
    absence.end()
    assert absence.may_look()
    assert absence.may_look()

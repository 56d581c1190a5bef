"""An index in PostgreSQL whose primary goes away: a real server, a real streaming replica."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import pytest
from tests.contracts.indexes import broadcasts, make_passage
from tests.support.postgresql import PostgresqlServer

from radio_archive import standby
from radio_archive.databases import CONNECT_S
from radio_archive.errors import IndexAway
from radio_archive.model import BroadcastId
from radio_archive.search import postgresql_index
from radio_archive.search.postgresql_database import Session
from radio_archive.search.postgresql_index import PostgresqlIndex
from radio_archive.search.postgresql_snapshot import Stamp
from radio_archive.search.query import parse_query

PAIX = parse_query("paix")
PEACE = [make_passage(name, 0, "La paix.") for name in "ab"]


@pytest.fixture
def replica(primary: PostgresqlServer) -> Iterator[PostgresqlServer]:
    with primary.replica() as replica:
        yield replica


@pytest.fixture
def index(primary: PostgresqlServer, replica: PostgresqlServer) -> Iterator[PostgresqlIndex]:
    index = PostgresqlIndex(primary.url, replica.url)
    index.rebuild(PEACE)
    primary.wait_for(replica)
    yield index
    index.close()


def test_while_the_primary_is_away_its_replica_answers_and_takes_nothing(
    primary: PostgresqlServer, index: PostgresqlIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby, "LEFT_ALONE_S", 0.5)
    new = make_passage("c", 0, "La paix.")
    primary.stop()
    for _ in range(3):
        assert broadcasts(index.search(PAIX)) == ["a", "b"]
    assert index.count() == 2
    with pytest.raises(IndexAway):  # whether it is outdated the index itself says
        _ = index.is_stale
    with pytest.raises(IndexAway):
        index.replace(BroadcastId("c"), [new])
    primary.start()
    index.replace(BroadcastId("c"), [new])
    time.sleep(0.6)
    assert broadcasts(index.search(PAIX)) == ["a", "b", "c"]


def test_a_search_in_the_middle_of_which_the_primary_dies_is_answered_by_its_replica(
    primary: PostgresqlServer,
    replica: PostgresqlServer,
    index: PostgresqlIndex,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read, living = postgresql_index._stamp, [primary]

    def read_and_die(session: Session) -> Stamp:
        if living:
            living.pop().stop("immediate")
        return read(session)

    monkeypatch.setattr(postgresql_index, "_stamp", read_and_die)
    assert broadcasts(index.search(PAIX)) == ["a", "b"]
    ours = "select count(*) from pg_stat_activity where application_name = 'radio-archive'"
    assert replica.ask(ours) == 1
    index.close()
    until(lambda: replica.ask(ours) == 0)


def test_a_replica_that_took_over_without_the_last_commit_answers_what_it_holds(
    primary: PostgresqlServer, replica: PostgresqlServer, index: PostgresqlIndex
) -> None:
    both = f"postgresql://archive@{primary.host},{replica.host}/postgres"
    reader, lost, new = PostgresqlIndex(both), BroadcastId("lost"), BroadcastId("new")
    replica.stop()
    index.replace(lost, [make_passage(lost, 0, "La paix.")])
    assert broadcasts(reader.search(PAIX)) == ["a", "b", "lost"]
    primary.stop("immediate")
    replica.start()
    replica.promote()
    writer = PostgresqlIndex(both)
    writer.replace(new, [make_passage(new, 0, "La paix.")])  # as many commits as there were
    assert broadcasts(reader.search(PAIX)) == ["a", "b", "new"]
    reader.close()
    writer.close()


def test_without_a_replica_a_search_whose_primary_dies_says_that_it_is_away(
    primary: PostgresqlServer,
) -> None:
    index = PostgresqlIndex(primary.url)
    index.rebuild(PEACE)
    primary.stop("immediate")
    with pytest.raises(IndexAway):
        index.search(PAIX)
    index.close()


def test_a_primary_that_never_answers_costs_a_search_none_of_its_time(
    primary: PostgresqlServer, index: PostgresqlIndex
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        away = f"postgresql://archive@127.0.0.1:{silent.getsockname()[1]}/none"
        other = PostgresqlIndex(away, primary.url, time_limit_s=1)
        assert broadcasts(other.search(PAIX)) == ["a", "b"]  # after its patience with the first
        started = time.monotonic()
        assert broadcasts(other.search(PAIX)) == ["a", "b"]
        assert time.monotonic() - started < CONNECT_S / 2
        other.close()


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)

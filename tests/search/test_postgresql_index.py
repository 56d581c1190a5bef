"""What is PostgreSQL's own: states, locks, limits, and a server that goes away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from tests.contracts.indexes import broadcasts, make_passage
from tests.support.postgresql import PostgresqlServer

from radio_archive.errors import BadQuery, IndexAway, IndexBusy, SearchIndexError
from radio_archive.model import BroadcastId, Passage, SpokenName, Term
from radio_archive.search import postgresql_mentions
from radio_archive.search.postgresql_database import BUILDER, WRITER, SearchDatabase
from radio_archive.search.postgresql_index import PostgresqlIndex
from radio_archive.search.postgresql_tables import SCHEMA
from radio_archive.search.query import parse_query

PAIX = parse_query("paix")


def said(name: str, text: str = "La paix.", number: int = 0) -> Passage:
    return make_passage(name, number, text)


@pytest.fixture
def url(postgresql_server: PostgresqlServer) -> str:
    return postgresql_server.url


@pytest.fixture
def server(url: str) -> Iterator[Engine]:
    """The way to the server beside the index."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"drop schema if exists {SCHEMA} cascade")
    yield engine
    engine.dispose()


@pytest.fixture
def index(url: str, server: Engine) -> Iterator[PostgresqlIndex]:
    index = PostgresqlIndex(url, lock_timeout_s=0.2)
    index.rebuild([said("a"), said("b")])
    yield index
    index.close()


@pytest.fixture
def other(url: str, index: PostgresqlIndex) -> Iterator[PostgresqlIndex]:
    """The same index on another machine."""
    other = PostgresqlIndex(url, lock_timeout_s=0.2)
    yield other
    other.close()


def ask(server: Engine, statement: str) -> list[Any]:
    with server.connect() as connection:
        return list(connection.exec_driver_sql(statement).scalars())


def tables(server: Engine) -> list[str]:
    return ask(server, f"select tablename from pg_tables where schemaname = '{SCHEMA}' order by 1")


def test_a_database_without_an_index_is_stale_and_says_what_to_do(url: str, server: Engine) -> None:
    index = PostgresqlIndex(url)
    assert index.is_stale
    for attempt in (
        lambda: index.search(PAIX),
        lambda: index.suggest(PAIX),
        index.count,
        lambda: index.replace(BroadcastId("a"), [said("a")]),
    ):
        with pytest.raises(SearchIndexError) as caught:
            attempt()
        assert "radio-archive reindex" in caught.value.hint
    index.close()


def test_one_machine_sees_what_another_wrote_at_its_next_search(
    index: PostgresqlIndex, other: PostgresqlIndex
) -> None:
    assert other.search(PAIX).total == 2
    index.replace(BroadcastId("c"), [said("c"), said("c", "Des mots nouveaux.", 1)])
    assert other.search(PAIX).total == 3
    assert broadcasts(other.search(parse_query("nouveaux"))) == ["c"]
    assert other.suggest(parse_query("nouvaux")) == ("nouveaux",)
    index.rebuild([said("d")])
    assert broadcasts(other.search(PAIX)) == ["d"]
    assert other.count() == 1


def test_a_machine_sees_an_index_that_was_dropped_and_built_anew_under_the_same_number(
    index: PostgresqlIndex, other: PostgresqlIndex, server: Engine
) -> None:
    names = (SpokenName(name="Paix", terms=(Term(words=("paix",)),)),)
    assert other.search(PAIX, names).facets["name"][0].count == 2
    with server.begin() as connection:
        connection.exec_driver_sql(f"drop schema {SCHEMA} cascade")
    index.rebuild([said("new", "Du riz."), said("other", "Gao."), said("last", "La paix de Gao.")])
    assert ask(server, f"select (number, commits)::text from {SCHEMA}.state") == ["(1,0)"]
    page = other.search(PAIX, names)
    assert broadcasts(page) == ["last"]
    assert page.facets["name"][0].count == 1
    assert sorted(broadcasts(other.search(parse_query("gao")))) == ["last", "other"]
    assert other.count() == 3


def test_an_index_of_the_layout_before_answers_until_it_is_built_anew(
    url: str, index: PostgresqlIndex, server: Engine
) -> None:
    with server.begin() as connection:
        connection.exec_driver_sql(
            f"alter table {SCHEMA}.state drop column build;"
            f"update {SCHEMA}.state set fingerprint = 'postgresql-layout-1'"
        )
    updated = PostgresqlIndex(url)
    assert updated.is_stale
    with pytest.raises(SearchIndexError, match="another version"):
        updated.replace(BroadcastId("c"), [said("c")])

    def passages() -> Iterator[Passage]:
        yield said("c")
        assert sorted(broadcasts(updated.search(PAIX))) == ["a", "b"]
        assert updated.suggest(parse_query("pax")) == ("paix",)
        assert updated.count() == 2

    assert sorted(broadcasts(updated.search(PAIX))) == ["a", "b"]
    index.rebuild(passages())
    assert broadcasts(updated.search(PAIX)) == ["c"]
    updated.close()
    assert not index.is_stale
    assert broadcasts(index.search(PAIX)) == ["c"]


def test_the_old_index_answers_and_changes_while_a_new_one_is_built(
    index: PostgresqlIndex, other: PostgresqlIndex
) -> None:
    def passages() -> Iterator[Passage]:
        yield said("new")
        assert broadcasts(other.search(PAIX)) == ["a", "b"]
        other.replace(BroadcastId("c"), [said("c")])
        assert other.count() == 3

    assert index.rebuild(passages()) == 1
    assert broadcasts(other.search(PAIX)) == ["new"]


def test_only_the_tables_in_use_are_kept(index: PostgresqlIndex, server: Engine) -> None:
    index.rebuild([said("c")])

    def broken() -> Iterator[Passage]:
        yield said("d")
        raise RuntimeError("the catalogue went away")

    with pytest.raises(RuntimeError):
        index.rebuild(broken())
    numbers = [name.rpartition("_")[2] for name in tables(server) if name != "state"]
    assert numbers == ["000002"] * 4


def test_old_tables_that_a_search_still_reads_wait_for_the_next_rebuild(
    index: PostgresqlIndex, server: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radio_archive.search.postgresql_index.DROP_TIMEOUT_S", 0.1)
    with server.begin() as search:
        search.exec_driver_sql(f"select count(*) from {SCHEMA}.passages_000001")
        assert index.rebuild([said("c")]) == 1
        assert broadcasts(index.search(PAIX)) == ["c"]
        assert "passages_000001" in tables(server)
    index.rebuild([said("c")])
    assert [name for name in tables(server) if name.startswith("passages")] == ["passages_000003"]


@pytest.mark.parametrize("lock", [WRITER, BUILDER])
def test_a_second_writer_and_a_second_builder_are_refused(
    index: PostgresqlIndex, server: Engine, lock: int
) -> None:
    def attempt() -> None:
        if lock == WRITER:
            index.replace(BroadcastId("c"), [said("c")])
        else:
            index.rebuild([said("a"), said("b"), said("c")])

    with server.begin() as somebody:
        somebody.exec_driver_sql(f"select pg_advisory_xact_lock({lock})")
        with pytest.raises(IndexBusy) as caught:
            attempt()
    assert caught.value.retryable
    attempt()
    assert index.count() == 3


def test_writers_in_turn_lose_nothing(url: str, index: PostgresqlIndex) -> None:
    def write(name: str) -> None:
        mine = PostgresqlIndex(url)
        for number in range(5):
            broadcast = f"{name}{number}"
            mine.replace(BroadcastId(broadcast), [said(broadcast, f"La paix, {name}mot{number}.")])
        mine.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in ("x", "y", "z")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert index.search(PAIX).total == index.count() == 17
    assert broadcasts(index.search(parse_query("ymot3"))) == ["y3"]


def test_counts_for_the_scores_follow_every_change(index: PostgresqlIndex, server: Engine) -> None:
    for text in ("La paix.", "La paix et la paix.", "Rien."):
        index.replace(BroadcastId("a"), [said("a", text), said("a", text, 1)])
    index.remove(BroadcastId("b"))
    counted = f"select passages from {SCHEMA}.counts_000001 where passages > 0"
    assert ask(server, counted) == [2]
    assert index.count() == 2


def test_a_failed_replacement_changes_nothing(
    index: PostgresqlIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr("radio_archive.search.postgresql_writer.Numbers.write", fail)
    with pytest.raises(RuntimeError):
        index.replace(BroadcastId("a"), [said("a", "Autre chose.")])
    monkeypatch.undo()
    assert broadcasts(index.search(PAIX)) == ["a", "b"]
    index.replace(BroadcastId("a"), [said("a", "Autre chose.")])
    assert broadcasts(index.search(parse_query("chose"))) == ["a"]


def test_an_index_of_another_version_is_stale_and_takes_nothing(
    index: PostgresqlIndex, server: Engine
) -> None:
    with server.begin() as connection:
        connection.exec_driver_sql(f"update {SCHEMA}.state set fingerprint = 'postgresql-older'")
    assert index.is_stale
    with pytest.raises(SearchIndexError, match="another version"):
        index.replace(BroadcastId("c"), [said("c")])
    assert index.search(PAIX).total == 2


def test_an_index_whose_tables_are_gone_is_stale(index: PostgresqlIndex, server: Engine) -> None:
    with server.begin() as connection:
        connection.exec_driver_sql(f"drop table {SCHEMA}.words_000001")
    fresh = PostgresqlIndex(server.url.render_as_string(hide_password=False))
    assert fresh.is_stale
    fresh.rebuild([said("c")])
    assert not fresh.is_stale
    fresh.close()


def test_a_search_that_waits_too_long_is_stopped_by_the_server(
    url: str, index: PostgresqlIndex, server: Engine
) -> None:
    hasty = PostgresqlIndex(url, time_limit_s=0.3)
    assert hasty.search(PAIX).total == 2
    with server.begin() as somebody:
        somebody.exec_driver_sql(f"lock table {SCHEMA}.passages_000001")
        with pytest.raises(BadQuery, match="costs too much"):
            hasty.search(parse_query("la paix"))
    assert hasty.search(PAIX).total == 2
    hasty.close()


def test_a_search_without_time_costs_too_much(url: str, index: PostgresqlIndex) -> None:
    hasty = PostgresqlIndex(url, time_limit_s=0)
    with pytest.raises(BadQuery, match="costs too much"):
        hasty.search(PAIX)
    hasty.close()


def test_a_connection_cut_by_the_server_is_made_anew(
    index: PostgresqlIndex, server: Engine
) -> None:
    assert index.search(PAIX).total == 2
    ask(
        server,
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where pid <> pg_backend_pid() and usename = 'archive'",
    )
    assert index.search(PAIX).total == 2


def test_a_server_that_is_stopped_is_away_and_answers_again_later() -> None:
    with PostgresqlServer.find_or_skip() as server:
        index = PostgresqlIndex(server.url)
        index.rebuild([said("a")])
    for attempt in (
        lambda: index.search(PAIX),
        lambda: index.is_stale,
        lambda: index.replace(BroadcastId("a"), []),
        lambda: index.rebuild(()),
    ):
        with pytest.raises(IndexAway, match="does not answer") as caught:
            attempt()
        assert caught.value.retryable
    index.close()


def test_an_index_may_take_long_to_build(url: str, index: PostgresqlIndex) -> None:
    database = SearchDatabase(url)
    with database.writing("") as session:
        assert session.rows("show statement_timeout") == [("0",)]
    database.close()


def test_what_the_server_says_is_told_without_the_words_that_met_it(
    index: PostgresqlIndex, server: Engine
) -> None:
    passages = next(name for name in tables(server) if name.startswith("passages_"))
    with server.begin() as connection:
        connection.exec_driver_sql(
            f"create function {SCHEMA}.refuse() returns trigger language plpgsql as"
            f" $$ begin raise 'not today' using detail = new.id; end $$;"
            f"create trigger refuse before insert on {SCHEMA}.{passages} for each row"
            f" execute function {SCHEMA}.refuse()"
        )
    with pytest.raises(SearchIndexError, match=r"not indexed: not today\.") as caught:
        index.replace(BroadcastId("c"), [said("c", "Confidentiel.")])
    assert "COPY" in str(caught.value.__cause__)
    assert caught.value.message == "Broadcast c was not indexed: not today."


def test_a_beginning_may_stand_for_a_thousand_words_and_no_more(index: PostgresqlIndex) -> None:
    text = " ".join(f"mot{number:04d}x" for number in range(1_000))
    index.replace(BroadcastId("long"), [said("long", text)])
    assert index.search(parse_query("mot*")).total == 1
    index.replace(BroadcastId("more"), [said("more", "motif")])
    with pytest.raises(BadQuery, match="1,001 words begin with mot"):
        index.search(parse_query("mot*"))


def test_words_of_any_length_and_passages_of_many_words_are_found(index: PostgresqlIndex) -> None:
    endless = "é" * 4_000
    text = f"{'de la paix ' * 2_000}{endless} enfin"
    index.replace(BroadcastId("long"), [said("long", text)])
    assert broadcasts(index.search(parse_query("enfin"))) == ["long"]
    assert broadcasts(index.search(parse_query('"de la paix"'))) == ["long"]
    index.replace(BroadcastId("long"), [said("long", text)])
    assert index.count() == 3


def test_names_are_looked_up_once_and_then_in_new_passages_only(
    index: PostgresqlIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    names = (SpokenName(name="Paix", terms=(Term(words=("paix",)),)),)
    index.search(PAIX, names)
    look_up = postgresql_mentions._look_up

    def watched(session: Any, snapshot: Any, wanted: Any, after: int) -> Any:
        if list(wanted):
            looked.append(after)
        return look_up(session, snapshot, wanted, after)

    monkeypatch.setattr(postgresql_mentions, "_look_up", watched)
    assert index.search(PAIX, names).facets["name"][0].count == 2
    assert looked == []
    index.replace(BroadcastId("c"), [said("c")])
    assert index.search(PAIX, names).facets["name"][0].count == 3
    assert looked == [2]


def test_a_passage_of_hours_takes_nothing_from_the_others(index: PostgresqlIndex) -> None:
    endless = " ".join(f"mot{number}" for number in range(200_000))
    passages = [said("a", "Le riz."), said("b", f"Le mil {endless} riz"), said("c", "Le mil.")]
    index.rebuild(passages)
    assert broadcasts(index.search(parse_query("riz"))) == ["a"]
    assert broadcasts(index.search(parse_query("mil"))) == ["c", "b"]
    index.replace(BroadcastId("c"), [said("c", "Le riz.")])
    assert set(broadcasts(index.search(parse_query("riz")))) == {"a", "c"}

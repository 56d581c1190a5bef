"""Where a search index in PostgreSQL may lie, and what is said of an address that is wrong."""

from __future__ import annotations

import pytest
from tests.contracts.indexes import make_passage
from tests.support.postgresql import PostgresqlServer

from radio_archive.errors import BadSettings, IndexAway
from radio_archive.search.postgresql_index import PostgresqlIndex
from radio_archive.search.query import parse_query

PAIX = parse_query("paix")


@pytest.mark.parametrize(
    "address",
    ["archive:secret@127.0.0.1:1/none", "archive:se/cret@127.0.0.1:1/none?sslpassword=secret"],
)
def test_a_password_is_never_told(address: str) -> None:
    index = PostgresqlIndex(f"postgresql://{address}")
    with pytest.raises(IndexAway, match=r"at postgresql://127\.0\.0\.1:1/none") as caught:
        index.search(PAIX)
    assert "cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("account", "name", "said"),
    [("archive", "nowhere", "database"), ("stranger", "postgres", "role")],
)
def test_a_wrong_name_is_away_and_says_where_to_look(
    postgresql_server: PostgresqlServer, account: str, name: str, said: str
) -> None:
    index = PostgresqlIndex(f"postgresql://{account}@{postgresql_server.host}/{name}")
    with pytest.raises(IndexAway, match=rf'lets nobody in\..*{said} ".*" does not exist') as caught:
        index.search(PAIX)
    assert "Look at its address, search_database_url" in caught.value.hint
    index.close()


def test_an_address_may_be_written_as_that_of_the_catalogue(
    postgresql_server: PostgresqlServer,
) -> None:
    place = postgresql_server.url.removeprefix("postgresql+psycopg://")
    account, _, host = place.partition("@")
    for address in (f"postgres://{place}", f"postgresql://{account}@127.0.0.1:1,{host}"):
        index = PostgresqlIndex(address)
        index.rebuild([make_passage("a", 0, "La paix.")])
        assert index.search(PAIX).total == 1
        index.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite:///catalogue.sqlite",
        "postgresql+nodriver://host/db",
        "postgresql://archive:secret@host:bad/db",
        "postgresql://archive:sec@ret@host/db",
    ],
)
def test_an_address_that_is_not_postgresql_is_refused(url: str) -> None:
    with pytest.raises(BadSettings) as caught:
        PostgresqlIndex(url)
    assert "sec" not in str(caught.value)

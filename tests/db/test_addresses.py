"""How the address of a database may be written."""

from __future__ import annotations

import pytest

from radio_archive.db.addresses import complete, connect_arguments, shown
from radio_archive.errors import BadSettings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("postgresql://archive@db/radio", "postgresql+psycopg://archive@db/radio"),
        ("postgres://a:b@db:5433/radio", "postgresql+psycopg://a:b@db:5433/radio"),
        ("postgresql+psycopg://db/radio", "postgresql+psycopg://db/radio"),
        ("sqlite:///media/catalogue.sqlite", "sqlite:///media/catalogue.sqlite"),
        (
            "postgresql://archive@one,two:5433/radio",
            "postgresql+psycopg://archive@/radio?host=one:5432&host=two:5433"
            "&target_session_attrs=read-write",
        ),
        (
            "postgresql://one:1,two:2/radio?target_session_attrs=any&sslmode=require",
            "postgresql+psycopg:///radio?host=one:1&host=two:2"
            "&target_session_attrs=any&sslmode=require",
        ),
    ],
)
def test_an_address_may_be_written_as_other_programs_write_it(written: str, meant: str) -> None:
    assert complete(written) == meant
    assert complete(meant) == meant


@pytest.mark.parametrize("address", ["mysql://db/radio", "catalogue.sqlite", "", "redis://db"])
def test_an_address_of_nothing_we_know_is_refused(address: str) -> None:
    with pytest.raises(BadSettings, match="postgresql://user@host/name"):
        complete(address)


def test_an_address_is_shown_without_account_and_password() -> None:
    assert shown("postgresql://archive:secret@db/radio") == "postgresql://db/radio"


def test_what_an_address_says_of_the_connection_is_kept() -> None:
    assert connect_arguments("postgresql+psycopg://db/radio")["connect_timeout"] == 3
    ours = connect_arguments("postgresql+psycopg://db/radio?connect_timeout=9&options=-c%20a%3Db")
    assert "connect_timeout" not in ours
    assert "options" not in ours

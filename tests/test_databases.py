"""How the address of a database may be written, and how it is shown."""

from __future__ import annotations

import pytest
from psycopg import OperationalError

from radio_archive.databases import (
    complete,
    connect_arguments,
    holds_password,
    refused_entry,
    shown,
    with_placeholder,
)
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


#: as people wrote it, as it is shown, as it is to be copied
WITH_PASSWORDS = [
    (
        "postgresql://archive:secret@db/radio",
        "postgresql://db/radio",
        "postgresql://archive:PASSWORD@db/radio",
    ),
    (
        "postgresql+psycopg://archive:sec/ret@db:5433/radio",
        "postgresql://db:5433/radio",
        "postgresql+psycopg://archive:PASSWORD@db:5433/radio",
    ),
    (
        "postgresql://archive:sec?ret:secret@db/radio",
        "postgresql://db/radio",
        "postgresql://archive:PASSWORD@db/radio",
    ),
    (
        "postgresql://archive:secret@one,two:5433/radio",
        "postgresql://one,two:5433/radio",
        "postgresql://archive:PASSWORD@one,two:5433/radio",
    ),
    (
        "postgresql://archive@db/radio?password=secret&sslmode=require",
        "postgresql://db/radio?password=…&sslmode=require",
        "postgresql://archive@db/radio?password=PASSWORD&sslmode=require",
    ),
    (
        "postgresql://archive@db/radio?sslmode=require&sslPassword=secret",
        "postgresql://db/radio?sslmode=require&sslPassword=…",
        "postgresql://archive@db/radio?sslmode=require&sslPassword=PASSWORD",
    ),
]

#: likewise of what nobody may write so
WRONGLY_WRITTEN = [
    (
        "postgresql://archive:sec@ret@db/radio",
        "postgresql://db/radio",
        "postgresql://archive:PASSWORD@db/radio",
    ),
    (
        "postgresql://archive:sec@ret/secret@one,two/radio",
        "postgresql://one,two/radio",
        "postgresql://archive:PASSWORD@one,two/radio",
    ),
    (
        "postgresql://archive@db/radio?password=sec@ret",
        "postgresql://…",
        "postgresql://USER:PASSWORD@HOST/NAME",
    ),
    (
        "postgresql://db:5432/radio?password=sec@ret",
        "postgresql://…",
        "postgresql://USER:PASSWORD@HOST/NAME",
    ),
    (
        "postgres:archive:secret@db/radio",
        "postgres:db/radio",
        "postgres:archive:PASSWORD@db/radio",
    ),
    (
        "postgres:sec:ret@db/radio",
        "postgres:db/radio",
        "postgres:sec:PASSWORD@db/radio",
    ),
]


@pytest.mark.parametrize(("written", "told", "copied"), WITH_PASSWORDS + WRONGLY_WRITTEN)
def test_an_address_is_shown_without_account_and_passwords(
    written: str, told: str, copied: str
) -> None:
    assert shown(written) == told
    assert with_placeholder(written) == copied


@pytest.mark.parametrize("written", [each[0] for each in WITH_PASSWORDS])
def test_the_complete_address_shows_as_little(written: str) -> None:
    for address in (written, complete(written)):
        assert holds_password(address)
        for told in (shown(address), with_placeholder(address)):
            assert "sec" not in told
            assert "ret" not in told


@pytest.mark.parametrize(
    "address",
    ["postgresql://archive@db/radio", "postgresql://db:5433/radio", "sqlite:///a:b@c/d.sqlite"],
)
def test_an_address_without_a_password_is_copied_as_it_is(address: str) -> None:
    assert with_placeholder(address) == address
    assert not holds_password(address)


def test_the_path_of_a_file_is_shown_whole() -> None:
    assert shown("sqlite:////mnt/archive@home/a.sqlite") == "sqlite:////mnt/archive@home/a.sqlite"


@pytest.mark.parametrize(
    "address",
    [
        *(each[0] for each in WRONGLY_WRITTEN if "://" in each[0]),
        "postgresql://sec/ret@db/radio",
        "postgres://archive:sec@ret:secret@db/radio",
    ],
)
def test_an_address_where_the_password_may_end_at_two_places_is_refused(address: str) -> None:
    with pytest.raises(BadSettings, match="write @ as %40, / as %2F and : as %3A") as caught:
        complete(address)
    assert "sec" not in str(caught.value)
    assert "ret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://archive:secret@db:secret/radio",
        "postgresql://archive:secret/radio",
        "postgresql://archive:secret@one,two:secret/radio",
        "postgres:archive:secret@db/radio",
        "mysql://archive:secret@db/radio",
        "archive:secret",
    ],
)
def test_an_address_nobody_can_read_is_refused_without_showing_any_of_it(address: str) -> None:
    with pytest.raises(BadSettings) as caught:
        complete(address)
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__cause__ is None
    assert caught.value.hint


def test_a_port_that_is_no_number_is_named_as_the_fault() -> None:
    for hosts in ("db:bad", "one,two:bad"):
        with pytest.raises(BadSettings, match="A port is a number"):
            complete(f"postgresql://archive@{hosts}/radio")


def test_a_file_written_with_two_strokes_is_refused() -> None:
    with pytest.raises(BadSettings, match="sqlite:///path/of"):
        complete("sqlite://media/catalogue.sqlite")


def test_what_an_address_says_of_the_connection_is_kept() -> None:
    assert connect_arguments("postgresql+psycopg://db/radio")["connect_timeout"] == 3
    ours = connect_arguments("postgresql+psycopg://db/radio?connect_timeout=9&options=-c%20a%3Db")
    assert "connect_timeout" not in ours
    assert "options" not in ours


#: what PostgreSQL 15 said to strangers, asked for each of these
NO_ENTRY = (
    'database "nowhere" does not exist',
    'role "stranger" does not exist',
    'role "idle" is not permitted to log in',
    'password authentication failed for user "strict"',
    'permission denied for database "closed"',
    'no pg_hba.conf entry for host "127.0.0.1", user "other", database "postgres", no encryption',
    'pg_hba.conf rejects connection for host "127.0.0.1", user "barred", database "postgres"',
    "la base de données « nowhere » n'existe pas",
    "le rôle « stranger » n'existe pas",
    "le rôle « idle » n'est pas autorisé à se connecter",
    "authentification par mot de passe échouée pour l'utilisateur  « strict »",
    "authentification peer échouée pour l'utilisateur « strict »",
    "Échec de l'authentification Ident pour l'utilisateur « strict »",
    "droit refusé pour la base de données « closed »",
    "aucune entrée dans pg_hba.conf pour l'hôte « 127.0.0.1 », utilisateur « other »",
    "pg_hba.conf rejette la connexion pour l'hôte « 127.0.0.1 », utilisateur « barred », base",
)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("said", NO_ENTRY)
def test_a_server_that_lets_nobody_in_is_understood_in_english_and_in_french(
    said: str, encoding: str
) -> None:
    heard = said.encode(encoding).decode("utf-8", "replace")
    line = f'connection to server at "127.0.0.1", port 5432 failed: FATAL:  {heard}'
    assert refused_entry(OperationalError(f"{line}\nConnexion perdue.")) == line


@pytest.mark.parametrize(
    "said",
    [
        "the database system is starting up",
        "le système de bases de données se lance",
        "sorry, too many clients already",
        "désolé, trop de clients sont déjà connectés",
    ],
)
def test_a_server_that_is_away_or_full_is_no_wrong_password(said: str) -> None:
    assert refused_entry(OperationalError(f"connection failed: FATAL:  {said}")) == ""

"""Starts PostgreSQL servers for the tests, a replica beside them, and throws them away."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine, text

from tests.support.ports import free_port

#: seconds a replica gets to have what its primary has
PATIENCE_S = 20.0


class PostgresqlServer:
    """A server on a free port of 127.0.0.1, its data in a folder of its own."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="radio-archive-postgresql-"))
        self._data = str(self._folder / "data")
        self._port = free_port()
        self.host = f"127.0.0.1:{self._port}"
        self.url = self.url_of("postgres")

    @classmethod
    def find(cls) -> PostgresqlServer | None:
        """The newest installed server, or None."""
        on_path = shutil.which("initdb")
        if on_path:
            return cls(Path(on_path).resolve().parent)
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        return cls(found[-1].parent) if found else None

    @classmethod
    def find_or_skip(cls) -> PostgresqlServer:
        """The newest installed server; without one the test is skipped."""
        server = cls.find()
        if server is None:
            pytest.skip("PostgreSQL is not installed (apt install postgresql)")
        return server

    def url_of(self, name: str) -> str:
        """Address of one of its databases."""
        return f"postgresql+psycopg://archive@{self.host}/{name}"

    def __enter__(self) -> PostgresqlServer:
        self._give_folder()
        self._run("initdb", "-D", self._data, "-U", "archive", "-A", "trust", "-E", "UTF8", "-N")
        self.start()
        return self

    def create(self, name: str) -> str:
        """Make another database on the server; returns its address."""
        address = f"host=127.0.0.1 port={self._port} user=archive dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        return self.url.removesuffix("postgres") + name

    def __exit__(self, *_: object) -> None:
        if (self._folder / "data" / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -k {self._folder} -F"
        self._run("pg_ctl", "-D", self._data, "-o", options, "-l", f"{self._data}/log", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; ``immediate`` as a power cut would."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def promote(self) -> None:
        """Make a replica the primary."""
        self._run("pg_ctl", "-D", self._data, "-w", "promote")

    @contextmanager
    def replica(self) -> Iterator[PostgresqlServer]:
        """A server that streams all that this one writes, and can only be read."""
        replica = PostgresqlServer(self._binaries)
        replica._give_folder()
        source = f"host=127.0.0.1 port={self._port} user=archive"
        self._run("pg_basebackup", "-d", source, "-D", replica._data, "-R", "-c", "fast", "-N")
        replica.start()
        try:
            yield replica
        finally:
            replica.__exit__()

    def wait_for(self, replica: PostgresqlServer) -> None:
        """Wait until a replica has all that was written here."""
        here = self.ask("select pg_current_wal_lsn()")
        end = time.monotonic() + PATIENCE_S
        while not replica.ask(f"select pg_last_wal_replay_lsn() >= '{here}'::pg_lsn"):
            assert time.monotonic() < end, "the replica does not catch up"
            time.sleep(0.05)

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """Address of an empty database, dropped afterwards."""
        name = f"archive_{secrets.token_hex(4)}"
        self.ask(f"create database {name}")
        try:
            yield self.url_of(name)
        finally:
            self.ask(f"drop database {name} with (force)")

    def demand_password(self, account: str) -> None:
        """Make an account that comes in with its password only; that is ``right``."""
        rules = Path(self._data) / "pg_hba.conf"
        rule = f"host all {account} 127.0.0.1/32 scram-sha-256\n"
        rules.write_text(rule + rules.read_text(encoding="utf-8"), encoding="utf-8")
        self.ask(f"create role {account} login password 'right'")
        self.ask("select pg_reload_conf()")

    def ask(self, statement: str) -> object:
        """The first value a statement gives, past everything that is tested."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                found = connection.execute(text(statement.replace(":", r"\:")))
                return found.scalar() if found.returns_rows else None
        finally:
            engine.dispose()

    def _give_folder(self) -> None:
        if os.geteuid() == 0:  # the server refuses to run as root
            account = pwd.getpwnam("postgres")
            os.chown(self._folder, account.pw_uid, account.pw_gid)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/"
        )

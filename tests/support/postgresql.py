"""Starts a PostgreSQL server for the tests and throws it away afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql


class PostgresqlServer:
    """A server on a free port of 127.0.0.1, its data in a folder of its own."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="radio-archive-postgresql-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"postgresql+psycopg://archive@127.0.0.1:{self._port}/postgres"

    @classmethod
    def find(cls) -> PostgresqlServer | None:
        """The newest installed server, or None."""
        on_path = shutil.which("initdb")
        if on_path:
            return cls(Path(on_path).parent)
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        return cls(found[-1].parent) if found else None

    def __enter__(self) -> PostgresqlServer:
        data = str(self._folder / "data")
        if os.geteuid() == 0:  # the server refuses to run as root
            account = pwd.getpwnam("postgres")
            os.chown(self._folder, account.pw_uid, account.pw_gid)
        self._run("initdb", "-D", data, "-U", "archive", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -k {self._folder} -F"
        self._run("pg_ctl", "-D", data, "-o", options, "-l", f"{data}/log", "-w", "start")
        return self

    def create(self, name: str) -> str:
        """Make another database on the server; returns its address."""
        address = f"host=127.0.0.1 port={self._port} user=archive dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        return self.url.removesuffix("postgres") + name

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/"
        )

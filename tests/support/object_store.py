"""An S3-compatible server for the tests, and a line to it that can be cut."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import boto3

from radio_archive.media.cache import MediaCache
from radio_archive.media.object_store import ObjectMediaStore
from radio_archive.media.outage import PAUSE_S
from radio_archive.media.places import ObjectPlace
from tests.support.ports import free_port

BUCKET = "recordings"
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "never-shown-anywhere"}

#: names in one page of a listing: few, so that every test with more meets a second page
PAGE = 7


class ObjectServer:
    """moto's S3 server in a process of its own, its files in memory."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        """Prepare a server; a context manager runs it.

        Args:
            environment: moto's own settings.
        """
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._environment = {**os.environ, "MOTO_S3_DEFAULT_MAX_KEYS": str(PAGE)}
        self._environment |= environment or {}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ObjectServer:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self._process = subprocess.Popen(
            command,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            time.sleep(0.1)
        raise TimeoutError("moto did not start")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """Answer nothing any more, connections stay open."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def make_bucket(self, name: str) -> None:
        """Make a bucket, as whoever runs a store does."""
        self.client().create_bucket(Bucket=name)

    def client(self) -> Any:
        """Another library's client, to look at the store from outside."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )


class Line:
    """Passes bytes on to a server, counts what comes back, and can be cut and mended."""

    def __init__(self, server: ObjectServer) -> None:
        self._server = server
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        self._is_cut = False
        self.bytes_back = 0
        self.cut_after: int | None = None  #: bytes back after which the line breaks by itself
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.mend()

    def mend(self) -> None:
        """Take calls (again), and wait until nobody takes the outage for granted any more."""
        self.cut_after = None
        listener = socket.create_server(("127.0.0.1", self.port))
        self._listener = listener
        threading.Thread(target=self._listen, args=(listener,), daemon=True).start()
        if self._is_cut:  # who met the outage a moment ago is waited for as well
            time.sleep(PAUSE_S)
        self._is_cut = False

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self._is_cut = True
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(caller,), daemon=True).start()

    def _pass_on(self, caller: socket.socket) -> None:
        with (
            suppress(OSError),
            caller,
            socket.create_connection(("127.0.0.1", self._server.port)) as server,
        ):
            self._open += [caller, server]
            other = {caller: server, server: caller}
            while True:
                for ready in select.select([caller, server], [], [], 30)[0]:
                    piece = ready.recv(65_536)
                    if not piece:
                        return
                    if ready is server:
                        self.bytes_back += len(piece)
                        if self.cut_after is not None and self.bytes_back > self.cut_after:
                            self.cut()
                            return
                    other[ready].sendall(piece)


def object_store(
    endpoint: str, prefix: str, cache: Path, *, cache_bytes: int = 1_000_000_000
) -> ObjectMediaStore:
    """A store in the tests' bucket."""
    place = ObjectPlace.parse(f"s3://{BUCKET}/{prefix}", endpoint=endpoint, environ={})
    return ObjectMediaStore(place, MediaCache(cache, max_bytes=cache_bytes))

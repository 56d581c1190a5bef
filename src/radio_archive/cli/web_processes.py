"""More than one process that answers: Python computes on one core in each of them.

All take visitors from the same listening socket. The first, which started them, also answers; it
replaces those that die and ends those that are left when it ends.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING

from radio_archive.cli.logs import log_to_stderr
from radio_archive.cli.processes import stop_on_signals
from radio_archive.cli.warming import warmed_up
from radio_archive.errors import RadioArchiveError
from radio_archive.settings import Settings

if TYPE_CHECKING:
    import uvicorn

    from radio_archive.archive import Archive

#: seconds open connections get when a server is stopped
GRACE_S = 5
#: where the processes keep what they counted; the name is prometheus-client's, which reads it when
#: it is imported
COUNTED_IN = "PROMETHEUS_MULTIPROC_DIR"
#: seconds before a process that died is replaced: at first, and at most where it dies again
_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 60.0
#: seconds between two looks at whether all are alive
_TICK_S = 0.5

_processes = multiprocessing.get_context("spawn")


def make_server(archive: Archive) -> uvicorn.Server:
    """The web server over an open archive."""
    import uvicorn

    from radio_archive.web import create_app

    config = uvicorn.Config(
        create_app(archive),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    return uvicorn.Server(config)


@contextmanager
def counting_together(processes: int) -> Iterator[None]:
    """Have several processes count their requests in one place; before they import the web site."""
    if processes < 2:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        os.environ[COUNTED_IN] = folder
        try:
            yield
        finally:
            del os.environ[COUNTED_IN]


class WebProcesses:
    """The processes beside the first."""

    def __init__(
        self, settings: Settings, listener: socket.socket, on_note: Callable[[str], None]
    ) -> None:
        """Start nothing yet.

        Args:
            settings: of the archive that each opens for itself.
            listener: where visitors come in.
            on_note: told a sentence for the operator.
        """
        self._settings = settings
        self._listener = listener
        self._on_note = on_note
        self._over = threading.Event()

    @contextmanager
    def running(self, count: int, is_ending: Callable[[], bool]) -> Iterator[None]:
        """Keep so many going meanwhile, until the first one ends."""
        if not count:
            yield
            return
        places = [
            threading.Thread(target=self._keep, args=(self._start(), is_ending))
            for _ in range(count)
        ]
        for place in places:
            place.start()
        try:
            yield
        finally:
            self._over.set()
            for place in places:
                place.join()

    def _keep(self, process: SpawnProcess, is_ending: Callable[[], bool]) -> None:
        """Keep one going: replace it when it dies, end it at the end."""
        pause = _PAUSE_S
        while True:
            while process.is_alive() and not self._over.wait(_TICK_S):
                pass
            if self._over.is_set() or is_ending():
                self._end(process)
                return
            self._on_note(
                f"A process that answers ended with exit status {process.exitcode}; another one "
                f"starts in {pause:g} s."
            )
            process.join()
            if self._over.wait(pause):
                return
            pause = min(2 * pause, _LONGEST_PAUSE_S)
            process = self._start()

    def _start(self) -> SpawnProcess:
        process = _processes.Process(
            target=_answer,
            args=(self._settings, self._listener, os.getpid()),
            name="radio-archive-web",
            daemon=True,
        )
        process.start()
        return process

    @staticmethod
    def _end(process: SpawnProcess) -> None:
        process.terminate()
        process.join(2 * GRACE_S)
        if process.is_alive():
            process.kill()
        process.join()


def _answer(settings: Settings, listener: socket.socket, parent: int) -> None:
    """The life of one process that answers."""
    from radio_archive.archive import open_archive

    log_to_stderr(with_time=True)
    with stop_on_signals(), listener:
        try:
            with open_archive(settings, may_lag=True) as archive:
                server = make_server(archive)
                _end_with(parent, server)
                with warmed_up(archive):
                    server.run(sockets=[listener])
        except RadioArchiveError as error:
            raise SystemExit(f"error: {error}") from error


def _end_with(parent: int, server: uvicorn.Server) -> None:
    """End a server whose first process was killed: nobody else would."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_TICK_S)
        server.should_exit = True

    threading.Thread(target=watch, name="parent", daemon=True).start()

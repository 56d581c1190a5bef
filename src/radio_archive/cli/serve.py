"""``radio-archive serve``: the web site, with a worker beside it if wanted."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from radio_archive.cli.command import Home, Quiet, example, open_home
from radio_archive.cli.processes import Hooks, WorkerProcesses, stop_on_signals
from radio_archive.cli.progress import WorkReport
from radio_archive.cli.screen import Screen
from radio_archive.cli.warming import warmed_up
from radio_archive.cli.web_processes import (
    GRACE_S,
    WebProcesses,
    counting_together,
    make_server,
)
from radio_archive.errors import BadSettings, RadioArchiveError
from radio_archive.model import Ground
from radio_archive.settings import Settings

if TYPE_CHECKING:
    from radio_archive.archive import Archive

NAME = "serve"
EXAMPLE = example("radio-archive serve --with-worker", "radio-archive serve --host 0.0.0.0 -p 80")

#: seconds between two looks whether the search answers
_MENDING_S = 5.0
#: and at most, where it could not be mended
_LONGEST_S = 300.0


def run(
    host: Annotated[
        str | None, typer.Option(metavar="H", help="Address to serve on. Default: 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", "-p", min=0, max=65535, metavar="P", help="Default: 8000."),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="Processes that answer. Default: one, in a large archive one for each core.",
        ),
    ] = None,
    with_worker: Annotated[
        bool, typer.Option("--with-worker", help="Also transcribe and index what comes in.")
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """Serve the web site until it is stopped; prints its address.

    Looks meanwhile whether everything is in order and says so on standard error where it is not.
    Other machines reach it only with --host 0.0.0.0.
    """
    screen = Screen(is_quiet=quiet)
    changes = {"host": host, "port": port, "web_processes": processes}
    given: dict[str, Any] = {name: each for name, each in changes.items() if each is not None}
    with open_home(home, may_lag=True, **given) as archive:
        _mend_index(archive, screen)
        wanted = archive.web_processes()
        with counting_together(wanted), _listen(archive.settings) as listener:
            server = make_server(archive)
            others = WebProcesses(archive.settings, listener, screen.note)
            # uvicorn raises the signal that stopped it once more; our handlers let all end well
            with (
                stop_on_signals(),
                others.running(wanted - 1, lambda: server.should_exit),
                warmed_up(archive),
                _mending(archive, screen),
                looked_over(archive, screen),
                _worker(archive, screen, wanted=with_worker),
            ):
                screen.line(f"http://{_shown(listener)}/")
                server.run(sockets=[listener])


def _mend_index(archive: Archive, screen: Screen) -> bool:
    """Rebuild the index where it is needed; False where that cannot be done now."""
    try:
        if archive.mend_index() is not None:
            screen.note("The index was missing or of another version; it has been rebuilt.")
    except RadioArchiveError as error:
        screen.note(f"warning: {error}")
        return False
    return True


@contextmanager
def _mending(archive: Archive, screen: Screen) -> Iterator[None]:
    """Look now and then whether the search answers, and rebuild its index where it does not."""
    over = threading.Event()

    def watch() -> None:
        pause = _MENDING_S
        while not over.wait(pause):
            is_whole = all(each.ground is not Ground.SEARCH for each in archive.look())
            # a disk that is full stays so for a while
            is_mended = is_whole or _mend_index(archive, screen)
            pause = _MENDING_S if is_mended else min(2 * pause, _LONGEST_S)

    thread = threading.Thread(target=watch, name="mending", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(GRACE_S)  # a rebuild that is broken off leaves the old index


def _listen(settings: Settings) -> socket.socket:
    """Take the address before anything is promised.

    Raises:
        BadSettings: somebody else has it, or this machine does not.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise BadSettings(
            f"{settings.host} port {settings.port} cannot be served on: {error.strerror}.",
            hint="Choose another with --host and --port.",
        ) from error
    return listener


def _shown(listener: socket.socket) -> str:
    """The address as it is typed into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  # shown, not bound
        host = "localhost"
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@contextmanager
def looked_over(archive: Archive, screen: Screen) -> Iterator[None]:
    """Say what is not in order, beside whatever goes on inside.

    In a large archive the look takes half a minute, for the database reads all its pages: nobody
    waits for it, neither the first visitor nor who stops the server.
    """

    def look() -> None:
        for check in archive.doctor():
            if not check.is_ok:
                screen.note(f"warning: {check.finding} {check.remedy}")

    threading.Thread(target=look, name="doctor", daemon=True).start()
    yield


@contextmanager
def _worker(archive: Archive, screen: Screen, *, wanted: bool) -> Iterator[None]:
    """A worker process beside the server, for as long as that runs."""
    if not wanted:
        yield
        return
    over = threading.Event()

    def supervise() -> None:
        with WorkReport(screen, lambda found: archive.withdrawing.find(found).title) as report:
            hooks = Hooks(
                on_progress=report.on_progress, on_result=report.on_result, on_note=report.on_note
            )
            workers = WorkerProcesses(
                settings=archive.settings, count=1, until_idle=False, hooks=hooks
            )
            try:
                workers.run(over.is_set)
            except RadioArchiveError as error:
                screen.error(f"The worker stopped: {error}")

    thread = threading.Thread(target=supervise, name="supervisor")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()

"""Worker processes: started, listened to, replaced when they die, ended in order."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import FrameType

from radio_archive.cli.logs import log_to_stderr
from radio_archive.errors import RadioArchiveError
from radio_archive.layout import lower_priority
from radio_archive.model import Job, Progress, WorkResult
from radio_archive.settings import Settings

#: seconds a worker gets to give its job back before it is killed; its lease then runs out
GRACE_S = 30.0
#: workers that may die within an hour before we stop replacing them; dying again and again is no
#: accident, and over months a few may
MOST_DEATHS = 5
_HOUR_S = 3_600.0
_TICK_S = 0.25

_processes = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Who wants to know what the workers do."""

    on_progress: Callable[[Job, Progress], None]
    on_result: Callable[[WorkResult], None]
    on_note: Callable[[str], None]  #: a sentence for the operator


@dataclass(slots=True, kw_only=True)
class _Worker:
    process: SpawnProcess
    events: Connection
    error: RadioArchiveError | None = None  #: why it gave up, in its own words


@contextmanager
def stop_on_signals() -> Iterator[Callable[[], bool]]:
    """Turn the first SIGTERM or Ctrl-C into a stop signal; a second Ctrl-C breaks off at once.

    A terminal that is closed (SIGHUP) counts as SIGTERM, unless ``nohup`` says otherwise.
    """
    asked = False

    def ask(number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked and number == signal.SIGINT:
            raise KeyboardInterrupt
        asked = True

    def hang_up(_number: int, _frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGTERM)  # whoever handles that now: the web server has its own

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, hang_up)
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(slots=True, kw_only=True)
class WorkerProcesses:
    """Several workers, each a process with an archive of its own."""

    settings: Settings
    count: int
    until_idle: bool
    hooks: Hooks
    _workers: list[_Worker] = field(default_factory=list)
    _deaths: list[float] = field(default_factory=list)  # when, within the last hour
    _is_stopping: bool = False
    _deadline: float = math.inf  # when the grace period is over

    def run(self, stop: Callable[[], bool]) -> None:
        """Keep the workers going until they are idle or ``stop`` says so.

        Raises:
            RadioArchiveError: a worker cannot work at all, or they die one after the other.
        """
        try:
            for _ in range(self.count):
                self._start()
            while self._workers and time.monotonic() < self._deadline:
                if stop() and not self._is_stopping:
                    self._ask_to_stop()
                self._listen()
        finally:
            self._end()

    def _start(self) -> None:
        events, send = _processes.Pipe(duplex=False)
        process = _processes.Process(
            target=_work,
            args=(self.settings, self.until_idle, send, os.getpid()),
            name="radio-archive-worker",
            daemon=True,
        )
        process.start()
        send.close()  # the worker's end: closed here, so that its death is seen
        self._workers.append(_Worker(process=process, events=events))

    def _listen(self) -> None:
        by_events = {worker.events: worker for worker in self._workers}
        for ready in wait(list(by_events), timeout=_TICK_S):
            worker = by_events[ready]  # type: ignore[index]  # only connections were given
            try:
                event = worker.events.recv()
            except (EOFError, OSError):
                self._has_ended(worker)
                continue
            match event:
                case WorkResult():
                    self.hooks.on_result(event)
                case (Job() as job, Progress() as progress):
                    self.hooks.on_progress(job, progress)
                case RadioArchiveError():
                    worker.error = event

    def _has_ended(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.events.close()
        worker.process.join()
        if worker.error is not None:
            raise worker.error
        if self._is_stopping or (self.until_idle and worker.process.exitcode == 0):
            return
        now = time.monotonic()
        self._deaths = [each for each in self._deaths if each > now - _HOUR_S] + [now]
        if len(self._deaths) > MOST_DEATHS:
            raise RadioArchiveError(
                f"{len(self._deaths)} workers died, the last with exit status "
                f"{worker.process.exitcode}.",
                hint="Look for a lack of memory; try --workers 1.",
            )
        self.hooks.on_note(
            f"A worker died with exit status {worker.process.exitcode}; another one starts. "
            "Its job is taken up again when its lease runs out."
        )
        self._start()

    def _ask_to_stop(self) -> None:
        self._is_stopping = True
        self._deadline = min(self._deadline, time.monotonic() + GRACE_S)
        for worker in self._workers:
            worker.process.terminate()

    def _end(self) -> None:
        """End what still runs: politely, and after the grace period for good."""
        self._ask_to_stop()
        for worker in self._workers:
            worker.process.join(max(0.0, self._deadline - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.events.close()
        self._workers.clear()


def _work(settings: Settings, until_idle: bool, send: Connection, parent: int) -> None:
    """The life of one worker process."""
    from radio_archive.archive import open_archive
    from radio_archive.worker import open_patiently, run_worker

    log_to_stderr(with_time=True)
    lower_priority()
    with stop_on_signals() as is_asked:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which decides

        def stop() -> bool:
            return is_asked() or os.getppid() != parent

        try:
            opened = open_archive(settings) if until_idle else open_patiently(settings, stop)
            if opened is None:
                return
            with opened as archive:
                run_worker(
                    archive,
                    until_idle=until_idle,
                    on_progress=lambda job, progress: send.send((job, progress)),
                    on_result=send.send,
                    stop=stop,
                )
        except RadioArchiveError as error:
            send.send(error)
        except BrokenPipeError:
            pass  # nobody listens any more: the parent is gone

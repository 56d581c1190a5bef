"""How far a step is: a bar on a terminal, plain lines in a pipe, nothing when quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

import typer

from radio_archive.answers import work_answer
from radio_archive.cli.screen import Screen, plain
from radio_archive.errors import RadioArchiveError
from radio_archive.model import BroadcastId, Job, JobKind, Progress, WorkResult

if TYPE_CHECKING:
    from rich.progress import TaskID

#: seconds between two plain lines about the same broadcast
PLAIN_INTERVAL_S = 10.0


def describe(progress: Progress) -> str:
    """The same numbers on every screen: ``3.0 of 12.0 min, 14.2 × real time, 38 s left``."""
    done, total = progress.done_ms / 60_000, progress.total_ms / 60_000
    parts = [f"{done:.1f} of {total:.1f} min"]
    if progress.seconds_left is not None:
        parts += [f"{progress.speed:.1f} × real time", f"{duration(progress.seconds_left)} left"]
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Seconds for people: ``38 s``, ``12 min``, ``3 h 05 min``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


class Display(Protocol):
    """Where progress is shown."""

    def show(self, key: str, title: str, progress: Progress) -> None:
        """This step of a broadcast, or this file, is this far."""
        ...

    def forget(self, key: str) -> None:
        """That ended."""
        ...

    def aside(self) -> AbstractContextManager[None]:
        """While it lasts, lines can be printed."""
        ...

    def close(self) -> None:
        """Nothing more will come."""
        ...


class NoDisplay:
    """Shows nothing: ``--quiet``."""

    def show(self, key: str, title: str, progress: Progress) -> None:
        """Say nothing."""

    def forget(self, key: str) -> None:
        """Say nothing."""

    def aside(self) -> AbstractContextManager[None]:
        """There is nothing in the way."""
        return nullcontext()

    def close(self) -> None:
        """Say nothing."""


class PlainDisplay:
    """A line now and then, for pipes and log files."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def show(self, key: str, title: str, progress: Progress) -> None:
        """Print a line, unless there was one about this broadcast a moment ago."""
        now = time.monotonic()
        last = self._last.get(key)
        if last is None or now - last >= PLAIN_INTERVAL_S:
            self._last[key] = now
            typer.echo(f"{plain(title)}: {describe(progress)}", err=True)

    def forget(self, key: str) -> None:
        """Let the next job of it speak at once."""
        self._last.pop(key, None)

    def aside(self) -> AbstractContextManager[None]:
        """Lines are not in each other's way."""
        return nullcontext()

    def close(self) -> None:
        """Lines need no end."""


class BarDisplay:
    """One bar for each step that goes on, on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bars

        self._escape = escape
        self._tasks: dict[str, TaskID] = {}
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[numbers]}"),
            console=Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._bars.start()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bars off the screen while lines are printed, which then stay above them."""
        self._bars.stop()
        try:
            yield
        finally:
            self._bars.start()

    def show(self, key: str, title: str, progress: Progress) -> None:
        """Move its bar."""
        task = self._tasks.get(key)
        if task is None:
            label = self._escape(plain(title)[:40])
            task = self._bars.add_task(label, total=progress.total_ms, numbers="")
            self._tasks[key] = task
        self._bars.update(task, completed=progress.done_ms, numbers=describe(progress))

    def forget(self, key: str) -> None:
        """Take the bar away."""
        task = self._tasks.pop(key, None)
        if task is not None:
            self._bars.remove_task(task)

    def close(self) -> None:
        """Give the terminal back."""
        self._bars.stop()


def choose_display(screen: Screen) -> Display:
    """Bars on a terminal, lines in a pipe, nothing when quiet."""
    if screen.is_quiet:
        return NoDisplay()
    return BarDisplay() if sys.stderr.isatty() else PlainDisplay()


class WorkReport:
    """Reports the work of one command and remembers whether all of it went well."""

    def __init__(self, screen: Screen, title_of: Callable[[BroadcastId], str]) -> None:
        """Report on a screen.

        Args:
            screen: where to.
            title_of: finds the title of a broadcast; its `RadioArchiveError` harms nothing.
        """
        self._screen = screen
        self._title_of = title_of
        self._titles: dict[BroadcastId, str] = {}
        self._failed: set[tuple[BroadcastId, JobKind]] = set()
        self._display = choose_display(screen)
        self.done = 0  #: jobs that ended well

    def __enter__(self) -> WorkReport:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._display.close()

    @property
    def all_went_well(self) -> bool:
        """Whether every job that was tried ended well, at the last attempt."""
        return not self._failed

    def on_progress(self, job: Job, progress: Progress) -> None:
        """A job is this far."""
        title = f"{job.kind} {self._title(job.broadcast_id)}"
        self._display.show(_key(job.broadcast_id, job.kind), title, progress)

    def on_result(self, result: WorkResult) -> None:
        """A job ended."""
        self._display.forget(_key(result.broadcast_id, result.kind))
        with self._display.aside():
            self._tell(result)

    def on_note(self, text: str) -> None:
        """Something the operator should know happened."""
        with self._display.aside():
            self._screen.note(text)

    def _title(self, broadcast_id: BroadcastId) -> str:
        """Its title; its id as long as the catalogue does not answer."""
        if broadcast_id not in self._titles:
            try:
                self._titles[broadcast_id] = self._title_of(broadcast_id)
            except RadioArchiveError:  # no work ends because its name is not to be had
                return broadcast_id
        return self._titles[broadcast_id]

    def _tell(self, result: WorkResult) -> None:
        self._screen.json_line(work_answer(result))
        step = (result.broadcast_id, result.kind)
        if result.is_done:
            self.done += 1
            self._failed.discard(step)
            self._screen.line(f"{result.broadcast_id}  {result.kind:10}  {plain(result.title)}")
            return
        self._failed.add(step)
        again = " It will be tried again." if result.will_retry else ""
        self._screen.error(f"{result.kind} {result.broadcast_id}: {result.error}{again}")


def _key(broadcast_id: BroadcastId, kind: JobKind) -> str:
    return f"{broadcast_id} {kind}"

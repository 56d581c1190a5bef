"""One running ffmpeg: what it writes, what it says, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Self

from radio_archive.errors import BadAudio, FfmpegMissing, RadioArchiveError
from radio_archive.model import Milliseconds

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

TICK_S = 1.0
"""Seconds between two looks at a running ffmpeg."""

STALL_TICKS = 60
"""After so many looks in a row without a byte, ffmpeg is stuck and gets killed.

Looks are counted and not seconds: where a laptop sleeps, a virtual machine is paused or a worker is
stopped (Ctrl-Z), hours go by between two of them, and nothing is stuck.
"""

MEMORY_BYTES = 4 << 30
"""Address space one ffmpeg may take, so that a header claiming terabytes hurts nobody else."""

_STOPPED = 255
"""Status of an ffmpeg that was told to stop: what it wrote ends wherever it was.

It is also what is left of -1, "Operation not permitted", with which ffmpeg 9 ends over some damaged
files: only where it says that it was told to stop was it so.
"""

#: what others end a process with; any other signal is a crash of its own making
_STOPPING = frozenset(
    getattr(signal, name)
    for name in ("SIGHUP", "SIGINT", "SIGTERM", "SIGKILL")
    if hasattr(signal, name)
)

HOW_TO_INSTALL = "Install it (apt install ffmpeg), or: pip install imageio-ffmpeg."

_LINE_BYTES = 4096
_INPUT = re.compile(r"^\[info\] Input #0, (.+?), from ")
_DURATION = re.compile(r"^\[info\]   Duration: (\d+):(\d\d):(\d\d)\.(\d+)")
_STREAM = re.compile(r"^\[info\]   Stream #0:\d+[^ ]*: Audio: ([^ ,]+)(?:.*?, (\d+) Hz)?")
_TOLD_TO_STOP = re.compile(r"^\[info\] Exiting normally, received signal \d+")
# ffmpeg 5 says the first, ffmpeg 7 and later the others
_DECODE_ERROR = re.compile(r"Error while decoding|Decoding error|Error submitting packet")
_ERROR = re.compile(r"(?:^|\] )\[(?:error|fatal)\] (.*)")


class Interrupted(RadioArchiveError):
    """Somebody stopped ffmpeg in the middle: that says nothing about the sound."""

    code = "ffmpeg_stopped"
    retryable: ClassVar[bool] = True


class FfmpegFailed(BadAudio):
    """ffmpeg crashed over the sound or got stuck in it; the bytes may be good."""

    code = "ffmpeg_failed"
    retryable: ClassVar[bool] = True


def require_uninterrupted(status: int, report: Report, name: str) -> None:
    """Make sure that ffmpeg ended by itself, well or not.

    Args:
        status: how it ended, negative for a signal.
        report: all that it said.
        name: the file it was at.

    Raises:
        Interrupted: somebody stopped it.
    """
    if (status == _STOPPED and report.was_told_to_stop) or -status in _STOPPING:
        raise Interrupted(
            f"ffmpeg was stopped from outside at {name} (status {status}).",
            hint="Nothing is lost: start it again. If that recurs, look for a lack of memory.",
        )


class Report:
    """What ffmpeg says on its error output, read in the background so that it never blocks."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.container = ""
        self.codec = ""
        self.sample_rate = 0
        self.header_duration_ms: Milliseconds | None = None
        #: the last things that went wrong, in ffmpeg's words
        self.errors: deque[str] = deque(maxlen=5)
        #: whether some of the sound could not be decoded
        self.has_decode_errors = False
        #: whether a signal ended it, in ffmpeg's words
        self.was_told_to_stop = False
        self._is_input_told = False
        self._stream = stream
        self._thread = threading.Thread(target=self._read, name="ffmpeg-report", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Wait until all is read."""
        self._thread.join()
        self._stream.close()

    def _read(self) -> None:
        while line := self._stream.readline(_LINE_BYTES):
            self._take(line.decode("utf-8", "replace").rstrip())

    def _take(self, line: str) -> None:
        if found := _ERROR.search(line):
            self.errors.append(found[1])
            self.has_decode_errors |= bool(_DECODE_ERROR.match(found[1]))
        elif _TOLD_TO_STOP.match(line):
            self.was_told_to_stop = True
        elif line.startswith(("[info] Output #0", "[info] Stream mapping")):
            self._is_input_told = True
        elif self._is_input_told:
            return
        elif found := _INPUT.match(line):
            self.container = found[1].split(",")[0]
        elif self.header_duration_ms is None and (found := _DURATION.match(line)):
            hours, minutes, seconds = (int(part) for part in found.groups()[:3])
            fraction = int(float(f"0.{found[4]}") * 1000)
            whole = (hours * 60 + minutes) * 60 + seconds
            self.header_duration_ms = Milliseconds(whole * 1000 + fraction)
        elif not self.codec and (found := _STREAM.match(line)):
            self.codec = found[1]
            self.sample_rate = int(found[2] or 0)


class Process:
    """A running ffmpeg; leaving the ``with`` block ends it, finished or not."""

    def __init__(self, command: list[str], *, is_fed: bool = False) -> None:
        """Start ffmpeg.

        Args:
            command: the whole command line.
            is_fed: whether ``write`` will be called; otherwise ffmpeg has no input to wait for.

        Raises:
            FfmpegMissing: it cannot be started.
        """
        try:
            self._process = subprocess.Popen(  # noqa: S603 - a list, never a shell
                command,
                stdin=subprocess.PIPE if is_fed else subprocess.DEVNULL,
                stdout=subprocess.DEVNULL if is_fed else subprocess.PIPE,
                stderr=subprocess.PIPE,
                # Ctrl-C goes to whoever started it, who ends it when the time has come
                start_new_session=True,
            )
        except OSError as error:
            raise FfmpegMissing(
                f"{command[0]} cannot be started: {error.strerror}.", hint=HOW_TO_INSTALL
            ) from error
        _limit_memory(self._process.pid)
        assert self._process.stderr is not None  # noqa: S101 - asked for above
        self.report = Report(self._process.stderr)
        self.is_stuck = False
        self._watch = _Watch(self.give_up)

    def read(self, size: int) -> bytes:
        """Read ``size`` bytes, less at the end only."""
        assert self._process.stdout is not None  # noqa: S101 - only unfed processes are read
        with self._watch:
            return self._process.stdout.read(size)

    def write(self, data: bytes | memoryview) -> bool:
        """Hand bytes over; False when ffmpeg has gone and takes no more."""
        assert self._process.stdin is not None  # noqa: S101 - only fed processes are written
        try:
            with self._watch:
                self._process.stdin.write(data)
        except BrokenPipeError:
            return False
        return True

    def finish(self) -> int:
        """Wait for the end; answers the exit status, negative for a signal."""
        with self._watch:
            if self._process.stdin is not None:
                with suppress(BrokenPipeError):  # it ended by itself; its exit status says why
                    self._process.stdin.close()
            status = self._process.wait()
        self.report.close()
        return status

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._kill()
        self.finish()
        self._watch.close()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def give_up(self) -> None:
        """Kill it because it is stuck."""
        self.is_stuck = True
        self._kill()

    def _kill(self) -> None:
        """End it, and what it started where it is somebody's script around ffmpeg."""
        if self._process.poll() is not None:
            return
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()


class _Watch:
    """Ends ``with`` blocks over it that last for `STALL_TICKS` looks; one thread for all."""

    def __init__(self, give_up: Callable[[], None]) -> None:
        self._give_up = give_up
        self._blocks = 0
        #: number of the block that goes on, 0 between two; written by those who wait alone
        self._block = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="ffmpeg-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._is_over.set()
        self._thread.join()

    def __enter__(self) -> None:
        self._blocks += 1
        self._block = self._blocks

    def __exit__(self, *_: object) -> None:
        self._block = 0

    def _look(self) -> None:
        seen, ticks = 0, 0
        while not self._is_over.wait(TICK_S):
            block = self._block
            ticks = ticks + 1 if block and block == seen else 0
            seen = block
            if ticks >= STALL_TICKS:
                self._give_up()
                return


def ask(ffmpeg: str, question: str) -> str:
    """Run ffmpeg for one of its listings (``-version``, ``-encoders``).

    Raises:
        FfmpegMissing: it cannot be started, or does not answer.
    """
    command = [ffmpeg, "-hide_banner", question]
    try:
        answer = subprocess.run(  # noqa: S603 - a list, never a shell
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            check=True,
            start_new_session=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise FfmpegMissing(
            f"{ffmpeg} does not answer to {question}: {error}.", hint=HOW_TO_INSTALL
        ) from error
    return answer.stdout.decode("utf-8", "replace")


def file_argument(path: Path) -> str:
    """Name a file so that ffmpeg can take it for nothing else.

    ``-x.mp3`` is then no option, ``http:x.mp3`` no address, and a line of dots stays where it is.
    """
    return f"file:{path.absolute()}"


def _limit_memory(pid: int) -> None:
    if resource is not None and hasattr(resource, "prlimit"):
        # gone already, or bound tighter already
        with suppress(ProcessLookupError, PermissionError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def program(ffmpeg: str) -> list[str]:
    """Begin a command line: no questions, no statistics, each line of the report with its level."""
    return [ffmpeg, "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info"]

"""How the cores of a machine are shared out: processes, and workers inside each.

A worker is a replica of the speech model that computes on one core. Replicas of one process share
its weights and may all work on one recording, so one process with a worker per core leaves no core
idle, however many recordings wait. Several processes, each with weights of its own, are worth their
memory only where they were measured to be faster, or where the engine has no replicas.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MARGIN = 1.05
"""So many times as fast several processes must be to be chosen: less is within what two
measurements of the same thing differ by."""

MOST_WORKERS = 8
"""Workers in one process. Reading sound and finding speech in it keeps up with 16 of them (398 s in
2.1 s, which one worker writes down in 35 s); Python's lock binds before that."""

MOST_WEB_PROCESSES = 4
"""Processes that answer, where nobody says how many: each keeps names and words in its own memory.
Two took 2.1 GB together at 1.7 million passages (docs/scale.md)."""

LARGE = 100_000
"""Passages from which more than one process answers: below, an answer takes so little of a core
that one serves dozens of visitors (docs/search.md)."""

PROCESS_BYTES = 1_500_000_000
"""What a process with weights of its own takes at most: 0.7 to 1.4 GB were measured with Whisper
base, eight groups to a batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Who works side by side."""

    processes: int
    workers: int  #: in each process

    def __str__(self) -> str:
        """``1 process with 2 workers``."""
        return f"{_count(self.processes, 'process')} with {_count(self.workers, 'worker')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What there is to share out."""

    cores: int
    memory_bytes: int  #: of the whole machine; 0: the system does not say

    @classmethod
    def this(cls) -> Machine:
        """The machine this runs on, as far as this process may use it."""
        try:
            memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        except (AttributeError, ValueError, OSError):
            memory = 0
        return cls(cores=usable_cores(), memory_bytes=memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speeds:
    """What was measured: seconds of speech written down in one second."""

    together: float  #: one process with a worker per core
    apart: float | None = None  #: a process per core with one worker each; None: not tried


def choose_layout(
    speeds: Speeds | None, waiting: int, machine: Machine, *, has_workers: bool = True
) -> Layout:
    """The fastest way of working that leaves no core idle.

    Args:
        speeds: what was measured here; None: nothing.
        waiting: recordings to be transcribed.
        machine: the cores, and the memory of which processes may take half.
        has_workers: whether the engine keeps several cores busy in one process.
    """
    most = min(machine.cores, max(1, waiting))
    if machine.memory_bytes:
        most = min(most, max(1, machine.memory_bytes // 2 // PROCESS_BYTES))
    if not has_workers:
        return Layout(processes=most, workers=1)
    is_apart_faster = bool(speeds and speeds.apart and speeds.apart > MARGIN * speeds.together)
    if is_apart_faster and most == machine.cores:
        return Layout(processes=most, workers=1)
    return forced_layout(min(most, -(-machine.cores // MOST_WORKERS)), machine.cores)


def forced_layout(processes: int, cores: int) -> Layout:
    """So many processes, with the cores shared out among them."""
    return Layout(processes=processes, workers=min(MOST_WORKERS, max(1, cores // processes)))


def web_processes(wanted: int, cores: int, passages: int) -> int:
    """How many processes answer visitors.

    Args:
        wanted: as set; 0 leaves it to the size of the archive.
        cores: of this machine.
        passages: in the index.
    """
    if wanted:
        return wanted
    return min(cores, MOST_WEB_PROCESSES) if passages >= LARGE else 1


def usable_cores() -> int:
    """Cores this process may use: those it is bound to, within its container's share of time."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(bound or 1, _quota(Path("/sys/fs/cgroup/cpu.max")) or bound or 1))


def _quota(file: Path) -> int | None:
    """Cores' worth of time a container gets (cgroup v2: ``200000 100000``); None: all there is."""
    try:
        granted, period = file.read_text(encoding="ascii").split()
        return -(-int(granted) // int(period))
    except (OSError, ValueError):  # no such file, or "max"
        return None


def lower_priority() -> None:
    """Let everything else on this machine go first: a search does not wait for a transcription.

    Threads and processes started afterwards are as patient. Systems without priorities are left
    alone.
    """
    if hasattr(os, "getpriority"):
        patient = max(NICE, os.getpriority(os.PRIO_PROCESS, 0))
        os.setpriority(os.PRIO_PROCESS, 0, patient)


NICE = 10
"""Where other work is waiting, a process this nice gets a tenth of a core (``man 7 sched``: each
step is a factor of 1.25); where none is, all of it."""


def _count(number: int, noun: str) -> str:
    plural = noun + ("es" if noun.endswith("s") else "s")
    return f"{number} {noun if number == 1 else plural}"

"""Workers of several machines, played on one: processes that are started, killed and replaced.

The queue is what they show: recordings are seconds long, and a scripted engine writes them down in
a given time without computing, as if it waited for a GPU.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from multiprocessing.forkserver import set_forkserver_preload
from pathlib import Path

import numpy as np
from sqlalchemy import func, select

from radio_archive.archive import open_archive
from radio_archive.audio import SPEECH_RATE, Audio
from radio_archive.db import Database
from radio_archive.db.schema import indexed, jobs, passages, transcripts
from radio_archive.media import Area
from radio_archive.model import BroadcastId, Milliseconds, Recording
from radio_archive.settings import Settings
from radio_archive.transcribers import DecodedGroup, DecodeOptions, Samples
from radio_archive.worker import run_worker
from tests.support.archives import SAMPLES
from tests.support.making import AIRED, make_new_broadcast
from tests.support.sounds import read_all, write_wav
from tests.transcription.making import ScriptedEngine

Machines = Sequence[tuple[str, tuple[str, ...]]]
"""The machine of each worker in turn, and the steps it does."""

#: the first keeps the index
MACHINES: Machines = (("one", ("transcribe", "index")), ("two", ("transcribe",)))

#: what is aired so far apart is not looked through for repeats
APART = timedelta(days=31)

CLIP_S = 2

_processes = multiprocessing.get_context("forkserver")
set_forkserver_preload(["radio_archive.archive", "radio_archive.worker", __name__])


@dataclass(slots=True)
class PacedEngine(ScriptedEngine):
    """A scripted engine that takes its time."""

    seconds: float = 0.0  #: for each call

    def decode(self, groups: Sequence[Samples], options: DecodeOptions) -> list[DecodedGroup]:
        time.sleep(self.seconds)
        return ScriptedEngine.decode(self, groups, options)


def stock(settings: Settings, count: int, folder: Path) -> list[BroadcastId]:
    """Take in broadcasts of some seconds each, cut out of a sample; nothing is planned yet."""
    speech = read_all(Audio.find(), SAMPLES / "2015-03-12-journal.mp3")
    length = CLIP_S * SPEECH_RATE
    step = (len(speech) - length) // count
    ids = []
    with open_archive(settings) as archive:
        parts = archive._parts
        for number in range(count):
            clip = np.asarray(speech[number * step : number * step + length])
            path = write_wav(folder / "clip.wav", [clip])
            stored = parts.media.save_file(Area.RECORDINGS, path, ".wav")
            new = make_new_broadcast(f"{number}", programme=None, aired_at=AIRED - number * APART)
            broadcast_id, _ = parts.catalogue.broadcasts.put(new)
            recording = Recording(
                key=stored.key,
                extension=".wav",
                media_type="audio/wav",
                size_bytes=stored.size_bytes,
                duration_ms=Milliseconds(CLIP_S * 1_000),
                original_name=f"{number}.wav",
            )
            parts.catalogue.recordings.attach(broadcast_id, recording)
            ids.append(broadcast_id)
        archive.plan()
    return ids


@dataclass(slots=True, kw_only=True)
class Fleet:
    """The workers that are at work."""

    settings: Settings
    engine_s: float  #: seconds the engine takes for a broadcast
    machines: Machines = MACHINES
    are_apart: bool = False  #: each machine has a home folder of its own
    environment: Mapping[str, str] = field(default_factory=dict)  #: of every worker
    workers: list[tuple[str, ForkServerProcess]] = field(default_factory=list)

    def start(self, count: int) -> None:
        """Add workers, on both machines in turn."""
        for _ in range(count):
            self._start(self.machines[len(self.workers) % len(self.machines)][0])

    def _start(self, host: str) -> None:
        settings = replace(self.settings, worker_host=host, work_kinds=dict(self.machines)[host])
        if self.are_apart:
            settings = replace(settings, home=self.settings.home / host)
        work = (settings, self.engine_s, dict(self.environment))
        process = _processes.Process(target=_work, args=work, daemon=True)
        process.start()
        self.workers.append((host, process))

    def kill(self, chance: random.Random, spared: set[int]) -> int:
        """Kill any worker but some (``kill -9``), and start another on its machine.

        Returns:
            The process that is no more.
        """
        at_risk = [worker for worker in self.workers if worker[1].pid not in spared]
        host, process = chance.choice(at_risk)
        self.workers.remove((host, process))
        process.kill()
        process.join()
        self._start(host)
        assert process.pid is not None
        return process.pid

    def lose_machine(self, host: str) -> set[int]:
        """Kill all workers of a machine at once; none is replaced."""
        lost = [worker for worker in self.workers if worker[0] == host]
        for worker in lost:
            worker[1].kill()
            worker[1].join()
            self.workers.remove(worker)
        return {process.pid for _, process in lost if process.pid is not None}

    def stop(self) -> None:
        """End all."""
        for _, process in self.workers:
            process.kill()
            process.join()
        self.workers.clear()


def _work(settings: Settings, engine_s: float, environment: Mapping[str, str]) -> None:
    """The life of one worker."""
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    engine = PacedEngine(seconds=engine_s)
    parent = os.getppid()
    with open_archive(settings) as archive:
        archive._parts = replace(archive._parts, transcriber=lambda _tag: engine)
        run_worker(archive, until_idle=False, stop=lambda: os.getppid() != parent)


class Watch:
    """Looks into the database from outside, as nobody who works does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def transcripts(self) -> Counter[str]:
        """Machine transcripts that were stored, by broadcast."""
        statement = select(transcripts.c.broadcast_id, func.count()).group_by(
            transcripts.c.broadcast_id
        )
        with self._database.read() as connection:
            return Counter({row[0]: row[1] for row in connection.execute(statement)})

    def searchable(self) -> int:
        """Broadcasts that the index holds."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(indexed)).scalar_one()

    def passages(self) -> int:
        """Passages in the catalogue, all of which are to be searched."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(passages)).scalar_one()

    def held(self) -> dict[str, tuple[int, int]]:
        """Jobs that are held: token -> process and attempts."""
        statement = select(jobs.c.token, jobs.c.worker, jobs.c.attempts).where(
            jobs.c.state == "held"
        )
        with self._database.read() as connection:
            return {
                row.token: (int(row.worker.split(":")[1]), row.attempts)
                for row in connection.execute(statement)
            }


@dataclass(slots=True)
class Reclaiming:
    """How long it takes until a job whose worker was killed is another's."""

    watch: Watch
    seconds: list[float] = field(default_factory=list)
    _since: dict[str, float] = field(default_factory=dict)

    def note(self, killed: set[int]) -> None:
        """Take down which jobs the killed held."""
        for token, (process, _) in self.watch.held().items():
            if process in killed:
                self._since.setdefault(token, time.monotonic())

    def look(self) -> int:
        """See which of them are free or another's by now; returns how many are not."""
        held = self.watch.held()
        for token in [token for token in self._since if token not in held]:
            self.seconds.append(time.monotonic() - self._since.pop(token))
        return len(self._since)

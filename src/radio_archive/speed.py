"""How fast this machine transcribes, measured once and remembered beside the weights.

The same half minute of synthetic news is transcribed by one process with a worker per core and by a
process per core, in turns, everything included but loading. The best of all rounds counts, those of
earlier measurements too: other work on the machine only ever makes it slower.
"""

from __future__ import annotations

import hashlib
import json
import logging
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from importlib.resources import as_file, files
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from radio_archive import __version__
from radio_archive.audio import Audio
from radio_archive.errors import RadioArchiveError, TranscriptionError
from radio_archive.layout import MOST_WORKERS, Layout, Machine, Speeds, choose_layout, forced_layout
from radio_archive.model import LanguageTag
from radio_archive.transcribers import SAMPLE_RATE, Samples, Transcriber
from radio_archive.transcribers.lookup import EngineChoice, has_workers, load_transcriber
from radio_archive.transcription import RecipeOptions, transcribe

FILE_NAME = "speed.json"
"""Lies in the folder of the models."""

ROUNDS = 2
BUDGET_S = 10.0
"""No further round begins after so many seconds."""

_APART_S = 5.0
"""An engine that keeps each core busy for longer with half a minute is large: a process each would
not fit into memory, so it is not tried."""

_PAUSE_S = 9
"""Longer than ``MAX_JOINED_GAP_MS``: each half minute fills a window of its own."""

_ANSWER_S = 120.0
"""A process that has not loaded its weights by then does not count."""

log = logging.getLogger(__name__)

_processes = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured, and of what."""

    engine: str  #: ``faster-whisper/base``
    precision: str
    cores: int
    together: float  #: times real time, one process with all workers
    apart: float | None  #: a process per core
    share: float  #: of the cores' time that we got, 0-1; other work had the rest

    @property
    def speeds(self) -> Speeds:
        """What a layout is chosen by."""
        return Speeds(together=self.together, apart=self.apart)

    @property
    def best(self) -> float:
        """Times real time, in the faster layout."""
        return max(self.together, self.apart or 0.0)

    def or_better(self, earlier: Measured | None) -> Measured:
        """The best of this and an earlier measurement of the same."""
        if earlier is None:
            return self
        apart = [each.apart for each in (self, earlier) if each.apart is not None]
        return replace(
            self,
            together=max(self.together, earlier.together),
            apart=max(apart, default=None),
            share=max(self.share, earlier.share),
        )


class SpeedBook:
    """What is remembered of this machine, by engine, weights, precision, version and cores."""

    def __init__(self, choice: EngineChoice) -> None:
        self._choice = replace(choice, workers=min(choice.workers, MOST_WORKERS))
        self._file = choice.models_dir / FILE_NAME

    def find(self) -> Measured | None:
        """What was measured of this engine here; None: nothing.

        Raises:
            NoEngine: the engine is not installed.
            WeightsMissing: its weights are not on this machine.
        """
        found = self._read().get(self._key(load_transcriber(self._choice)))
        try:
            return Measured(**found) if found else None
        except TypeError:
            return None

    def measure(self, audio: Audio) -> Measured:
        """Measure, and remember it where the folder of the models can be written to.

        Raises:
            NoEngine: the engine is not installed.
            WeightsMissing: its weights are not on this machine.
            TranscriptionError: the engine failed.
        """
        measured = measure(self._choice, sample(audio)).or_better(self.find())
        key = self._key(load_transcriber(self._choice))
        text = json.dumps({**self._read(), key: asdict(measured)}, indent=1)
        beside = self._file.with_suffix(f".{os.getpid()}.part")
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(self._file)
        except OSError:  # read-only models are common in containers: it is measured again
            beside.unlink(missing_ok=True)
        return measured

    def choose(self, waiting: int, audio: Callable[[], Audio]) -> Layout:
        """How to share out this machine's cores for the recordings that wait.

        Measures first where there is something to choose and nothing is remembered.
        """
        machine = Machine.this()
        try:
            engine = load_transcriber(self._choice)
            if _is_on_gpu(engine):
                return Layout(processes=1, workers=1)
            measured = self.find()
            if measured is None and waiting >= machine.cores > 1 and has_workers(engine):
                measured = self.measure(audio())
        except RadioArchiveError as error:  # the work itself says what it lacks
            log.info("speed not measured", extra={"error": str(error)})
            return forced_layout(1, machine.cores)
        speeds = measured.speeds if measured else None
        return choose_layout(speeds, waiting, machine, has_workers=has_workers(engine))

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def _key(self, transcriber: Transcriber) -> str:
        shaped = [transcriber.name, *sorted(transcriber.parameters.items())]
        what = f"{shaped} {self._choice.workers} {self._choice.batch_size} {__version__}"
        return hashlib.sha256(what.encode()).hexdigest()[:16]


def sample(audio: Audio) -> Samples:
    """Half a minute of synthetic news."""
    with as_file(files("radio_archive") / "data" / "speed.opus") as path:
        return np.concatenate(list(audio.decode(path)))


def measure(choice: EngineChoice, speech: Samples) -> Measured:
    """Time both layouts of an engine.

    Args:
        choice: the engine; its ``workers`` are the cores.
        speech: transcribed once per core and round; less than half a minute.

    Raises:
        NoEngine: the engine is not installed.
        WeightsMissing: its weights are not on this machine.
        TranscriptionError: the engine failed.
    """
    transcriber = load_transcriber(choice)
    cores = 1 if _is_on_gpu(transcriber) else choice.workers
    transcriber.identify([speech[:SAMPLE_RATE]])  # loads the weights
    seconds = len(speech) / SAMPLE_RATE
    together, apart, shares = [], [], []
    started = time.perf_counter()
    with ExitStack() as stack:
        others: list[_Process] = []
        for _ in range(ROUNDS):
            wall, share = _timed(transcriber, speech, cores if has_workers(transcriber) else 1)
            together.append(wall)
            shares.append(share)
            if cores > 1 and wall * share < _APART_S:
                others = others or [stack.enter_context(_started(choice)) for _ in range(cores)]
                apart.append(_timed_apart(others, speech))
            if time.perf_counter() - started > BUDGET_S:
                break
    alone = cores if has_workers(transcriber) else 1
    return Measured(
        engine=transcriber.name,
        precision=transcriber.parameters.get("compute_type", ""),
        cores=cores,
        together=round(alone * seconds / min(together), 1),
        apart=round(cores * seconds / min(apart), 1) if apart else None,
        share=round(min(1.0, max(shares)), 2),
    )


def _is_on_gpu(transcriber: Transcriber) -> bool:
    """Whether cores matter little: one process keeps a GPU busy."""
    return transcriber.parameters.get("device") == "cuda"


def _timed(transcriber: Transcriber, speech: Samples, times: int) -> tuple[float, float]:
    """Seconds to transcribe some speech so many times, and the share of the cores that we got."""
    pause = np.zeros(_PAUSE_S * SAMPLE_RATE, np.float32)
    options = RecipeOptions(language=LanguageTag("fr"))
    wall, busy = time.perf_counter(), time.process_time()
    transcribe([speech, pause] * times, transcriber, options)
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    return wall, busy / wall / times


@dataclass(frozen=True, slots=True)
class _Process:
    """A process with weights of its own, waiting for something to transcribe."""

    events: Connection

    def answer(self) -> float:
        """Seconds it took, or that it is ready.

        Raises:
            TranscriptionError: it failed, or says nothing.
        """
        try:
            answer = self.events.recv() if self.events.poll(_ANSWER_S) else "it does not answer"
        except (EOFError, OSError):
            answer = "it died"
        if isinstance(answer, float):
            return answer
        raise TranscriptionError(
            f"The speed of several processes could not be measured: {answer}.",
            hint="Look for a lack of memory; radio-archive work --workers 1 needs least.",
        )


@contextmanager
def _started(choice: EngineChoice) -> Iterator[_Process]:
    events, theirs = _processes.Pipe()
    process = _processes.Process(target=_serve, args=(choice, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield _Process(events)
    finally:
        events.close()
        process.kill()
        process.join()


def _timed_apart(processes: list[_Process], speech: Samples) -> float:
    """Seconds until the last of several processes has transcribed some speech."""
    for process in processes:
        process.events.send(speech[:SAMPLE_RATE])  # it loads its weights, if it has not
    for process in processes:
        process.answer()
    started = time.perf_counter()
    for process in processes:
        process.events.send(speech)
    for process in processes:
        process.answer()
    return time.perf_counter() - started


def _serve(choice: EngineChoice, events: Connection) -> None:
    """The life of a process that is measured."""
    try:
        transcriber = load_transcriber(replace(choice, workers=1))
        while True:
            events.send(_timed(transcriber, events.recv(), 1)[0])
    except (EOFError, OSError):
        pass  # the measuring is over
    except RadioArchiveError as error:
        events.send(str(error))

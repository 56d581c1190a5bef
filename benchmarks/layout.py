"""Ways of sharing out the cores: replicas in one process, several processes, threads.

Each layout transcribes the same sound, a real reader, as one long recording and as four short ones;
every process is started anew, wall time and peak memory are those of all of its processes, loading
included. Medians of the runs in turns are printed, and ratios. Then the share of the wall time in
which no model computes: reading, judging, cutting sentences, or waiting for them. Where somebody
speaks is known from the sound map, which is made before, as in the archive.

    python benchmarks/layout.py [--seconds 398] [--runs 5]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import radio_file  # noqa: E402 - the line above makes it importable
from radio_archive.audio import Audio  # noqa: E402
from radio_archive.layout import usable_cores  # noqa: E402
from radio_archive.model import LanguageTag  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.sound_map import map_sound  # noqa: E402
from radio_archive.transcribers.faster_whisper import FasterWhisper  # noqa: E402
from radio_archive.transcribers.weights import get_weights  # noqa: E402
from radio_archive.transcription import RecipeOptions, transcribe  # noqa: E402
from radio_archive.weights import models_dir  # noqa: E402

MODELS = models_dir(Settings.load(os.environ))
CALLS = ("encode", "generate", "align", "detect_language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who works: so many processes, each with workers of so many threads."""

    processes: int = 1
    workers: int = 1
    threads: int = 1

    def __str__(self) -> str:
        return f"{self.processes} x {self.workers} x {self.threads}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What one process says of itself."""

    wall_s: float = 0.0  #: transcribing, without loading
    model_s: float = 0.0  #: of these, while a call to the model went on
    calls: dict[str, int]  #: how often each was made
    text: str  #: all words, to be compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a layout."""

    wall_s: float
    peak_bytes: int  #: of all processes together
    children: tuple[Child, ...]


class Watched:
    """CTranslate2's model, with a note of when it was called."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.calls: list[tuple[float, float, str]] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        return self._noted(name, found) if name in CALLS else found

    def _noted(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: Any, **options: Any) -> Any:
            start = time.perf_counter()
            try:
                return call(*arguments, **options)
            finally:
                self.calls.append((start, time.perf_counter(), name))

        return noted

    @property
    def seconds(self) -> float:
        """Time in which at least one call went on."""
        total, until = 0.0, 0.0
        for start, end, _ in sorted(self.calls):
            total += max(0.0, end - max(start, until))
            until = max(until, end)
        return total


def work(cast: Cast, paths: Sequence[Path]) -> Child:
    """Transcribe some recordings, one after the other, in this process."""
    engine = FasterWhisper(
        get_weights("base", "faster-whisper", MODELS), threads=cast.threads, workers=cast.workers
    )
    whisper = engine._load()
    whisper.model = watched = Watched(whisper.model)
    audio = Audio.find()
    known = [map_sound(audio.decode(path)).speech for path in paths]
    started = time.perf_counter()
    words = [
        f"{word.start_ms} {word.text}"
        for path, speech in zip(paths, known, strict=True)
        for segment in transcribe(
            audio.decode(path), engine, RecipeOptions(language=LanguageTag("fr"), speech=speech)
        ).segments
        for word in segment.words
    ]
    wall = time.perf_counter() - started
    names = [name for _, _, name in watched.calls]
    calls = {name: names.count(name) for name in CALLS}
    return Child(wall_s=wall, model_s=watched.seconds, calls=calls, text="\n".join(words))


def run(cast: Cast, paths: Sequence[Path], folder: Path) -> Run:
    """One run of a layout: its processes share out the recordings."""
    started = time.perf_counter()
    children = []
    for number in range(cast.processes):
        mine = [str(path) for path in paths[number :: cast.processes]]
        if not mine:
            continue
        answer = folder / f"{number}.json"
        command = [sys.executable, __file__, "--cast", json.dumps(asdict(cast))]
        process = subprocess.Popen([*command, "--answer", str(answer), *mine])
        children.append((process, answer))
    peak = 0
    for process, _ in children:
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{cast} failed")
        peak += usage.ru_maxrss * 1024
    wall = time.perf_counter() - started
    answers = tuple(Child(**json.loads(answer.read_text())) for _, answer in children)
    return Run(wall_s=wall, peak_bytes=peak, children=answers)


def compare(options: argparse.Namespace) -> None:
    """All layouts, in turns."""
    cores = usable_cores()
    casts = [Cast(), Cast(workers=cores), Cast(processes=cores), Cast(threads=cores)]
    sound = radio_file.load(f"{radio_file.BENIN}.flac")[: int(options.seconds * radio_file.RATE)]
    seconds = len(sound) / radio_file.RATE
    print(f"{seconds:.0f} s of a real reader, {cores} cores, medians of {options.runs} runs")
    for label, pieces in (("one recording", 1), ("four recordings", 4)):
        with tempfile.TemporaryDirectory(prefix="radio-archive-") as name:
            folder, size = Path(name), -(-len(sound) // pieces)
            paths = [folder / f"{number}.wav" for number in range(pieces)]
            for number, path in enumerate(paths):
                radio_file.write_wav(path, [sound[number * size : (number + 1) * size]])
            runs: dict[Cast, list[Run]] = {cast: [] for cast in casts}
            for _ in range(options.runs):
                for cast in casts:
                    runs[cast].append(run(cast, paths, folder))
        show(label, seconds, runs)


def show(label: str, seconds: float, runs: dict[Cast, list[Run]]) -> None:
    """A line per layout, and whether they wrote the same."""
    first = next(iter(runs))
    reference = statistics.median(each.wall_s for each in runs[first])
    print(f"\n{label}\n{'processes x workers x threads':32}{'wall s':>8}{'x real':>8}", end="")
    print(f"{'as fast':>9}{'peak MB':>9}{'no model':>10}  same text")
    for cast, each in runs.items():
        wall = statistics.median(one.wall_s for one in each)
        peak = statistics.median(one.peak_bytes for one in each) / 1e6
        rest = statistics.median(
            1 - child.model_s / child.wall_s for one in each for child in one.children
        )
        same = {text_of(one) for one in each} == {text_of(runs[first][0])}
        print(f"{cast!s:32}{wall:8.1f}{seconds / wall:8.1f}{reference / wall:8.2f}x", end="")
        print(f"{peak:9.0f}{rest:10.1%}  {'yes' if same else 'no'}", flush=True)
    print(
        "calls:", *(f"{count} {name}" for name, count in runs[first][0].children[0].calls.items())
    )


def text_of(one: Run) -> str:
    """All that was written, in an order that does not depend on who wrote it."""
    return "\n".join(sorted(line for child in one.children for line in child.text.split("\n")))


def main() -> int:
    """Run the benchmark, or one process of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=398)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cast", type=json.loads, help=argparse.SUPPRESS)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("paths", nargs="*", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cast:
        child = work(replace(Cast(), **options.cast), options.paths)
        options.answer.write_text(json.dumps(asdict(child)))
    elif not radio_file.SHARED.is_dir():
        print("skipped: the shared test data (../shared/data) is not beside this checkout")
    else:
        compare(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Our pipeline beside the ``whisper`` command and bare faster-whisper, on the same weights.

Each contestant runs in a process of its own, one thread, in turns; wall time and peak memory are
those of the whole process, loading included. Medians of the runs are printed, and ratios.

    python benchmarks/transcription.py [--seconds 120] [--runs 5]
    python benchmarks/transcription.py --radio [--half test]
                                                   a radio-like file: errors, phantoms, start times
    python benchmarks/transcription.py --memory    ten minutes against three hours

Word error rates compare lower-case words without punctuation, apostrophes cut, digits as written.
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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
import numpy as np
import regex

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import radio_file  # noqa: E402 - the line above makes it importable

from radio_archive.audio import Audio  # noqa: E402
from radio_archive.model import LanguageTag  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber  # noqa: E402
from radio_archive.transcribers.weights import get_weights  # noqa: E402
from radio_archive.transcription import RecipeOptions, transcribe  # noqa: E402
from radio_archive.weights import models_dir  # noqa: E402

MODELS = models_dir(Settings.load(os.environ))
#: start times are compared with the first word a contestant puts into or near a zone
NEAR_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one run of one contestant gave."""

    wall_s: float
    peak_bytes: int
    words: tuple[tuple[float, str], ...]  #: (start seconds, word)


def ours(path: Path) -> list[tuple[float, str]]:
    """Our recipe, the engine that ``auto`` takes."""
    transcriber = load_transcriber(EngineChoice(models_dir=MODELS))
    options = RecipeOptions(language=LanguageTag("fr"))
    transcript = transcribe(Audio.find().decode(path), transcriber, options)
    return [
        (word.start_ms / 1000, word.text)
        for segment in transcript.segments
        for word in segment.words
    ]


def bare(path: Path) -> list[tuple[float, str]]:
    """faster-whisper's own batching with the same weights, precision, beam and batch."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    weights = get_weights("base", "faster-whisper", MODELS)
    model = WhisperModel(str(weights), device="cpu", compute_type="int8", cpu_threads=1)
    pipeline = BatchedInferencePipeline(model)
    segments, _ = pipeline.transcribe(
        str(path), language="fr", beam_size=5, batch_size=8, word_timestamps=True
    )
    return [(word.start, word.word) for segment in segments for word in segment.words or ()]


IN_PROCESS = {"ours": ours, "faster-whisper": bare}


def run(name: str, path: Path) -> Heard:
    """One run of a contestant in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        answer = Path(folder) / f"{path.stem}.json"
        if name == "whisper":
            command = [sys.executable, "-m", "whisper", str(path), "--language", "fr"]
            command += ["--model", str(get_weights("base", "openai-whisper", MODELS))]
            command += ["--output_format", "json", "--output_dir", folder, "--threads", "1"]
            command += ["--fp16", "False", "--verbose", "False"]
        else:
            command = [sys.executable, __file__, "--contestant", name]
            command += [str(path), "--answer", str(answer)]
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        if status:
            raise SystemExit(f"{name} failed on {path.name}")
        document = json.loads(answer.read_text(encoding="utf-8"))
    return Heard(
        wall_s=wall,
        peak_bytes=usage.ru_maxrss * 1024,
        words=tuple((float(start), word) for start, word in _words(document)),
    )


def _words(document: object) -> list[tuple[float, str]]:
    """Timed words; the ``whisper`` command times segments only, each word gets its segment's."""
    if isinstance(document, dict):
        return [
            (segment["start"], word)
            for segment in document["segments"]
            for word in segment["text"].split()
        ]
    assert isinstance(document, list)
    return [(start, word) for start, word in document]


def normalise(text: str) -> str:
    """Lower case, words only."""
    return " ".join(regex.findall(r"[\p{L}\p{M}\p{N}]+", text.lower()))


def wer(truth: str, words: Sequence[tuple[float, str]]) -> float:
    """Word error rate after `normalise`."""
    return float(jiwer.wer(normalise(truth), normalise(" ".join(word for _, word in words))))


def compare(options: argparse.Namespace) -> None:
    """Speed, memory and errors on a real reader."""
    reference = (radio_file.SHARED / f"{radio_file.BENIN}.ref.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in reference.splitlines()[1:]]
    inside = [row for row in rows if float(row[1]) <= options.seconds]
    end = float(inside[-1][1])
    truth = " ".join(row[3] for row in inside)
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        path = Path(folder) / "reader.wav"
        sound = radio_file.load(f"{radio_file.BENIN}.flac")[: int(end * radio_file.RATE)]
        radio_file.write_wav(path, [sound])
        names = ("ours", "faster-whisper", *(("whisper",) if options.peers else ()))
        heard: dict[str, list[Heard]] = {name: [] for name in names}
        for _ in range(options.runs):
            for name in names:
                heard[name].append(run(name, path))
    walls = {name: statistics.median(each.wall_s for each in heard[name]) for name in names}
    print(f"{end:.0f} s of a real reader, one thread, medians of {options.runs} runs")
    print(f"{'':16}{'wall s':>8}{'x real':>8}{'peak MB':>9}{'WER':>8}{'ours is':>10}")
    for name in names:
        peak = statistics.median(each.peak_bytes for each in heard[name]) / 1e6
        error = statistics.median(wer(truth, each.words) for each in heard[name])
        print(
            f"{name:16}{walls[name]:8.1f}{end / walls[name]:8.1f}{peak:9.0f}{error:8.3f}"
            f"{walls[name] / walls['ours']:9.2f}x"
        )
    print("promises: 8 times as fast as whisper, at most 10 % slower than faster-whisper")


def radio(options: argparse.Namespace) -> None:
    """Errors, phantom words and start times on the radio-like file."""
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        path = Path(folder) / "radio.wav"
        zones = radio_file.build(path, options.half)
        truth = " ".join(zone.text for zone in zones if zone.kind == "french")
        others = sorted({zone.kind for zone in zones} - {"french"})
        words = len(normalise(truth).split())
        print(f"radio-like file, {options.half} half, {zones[-1].end_s:.0f} s, {words} words")
        for name in ("ours", "whisper") if options.peers else ("ours",):
            heard = run(name, path)
            phantoms = {
                kind: sum(_inside(heard, zone) for zone in zones if zone.kind == kind)
                for kind in others
            }
            starts = [_start_error(heard, zone) for zone in zones if zone.kind == "french"]
            print(f"{name}: WER {wer(truth, heard.words):.3f}, wall {heard.wall_s:.0f} s")
            print(f"    words where nobody speaks French: {phantoms}")
            print(f"    start errors of the French zones, s: {starts}")


def _inside(heard: Heard, zone: radio_file.Zone) -> int:
    """Words placed inside a zone, half a second from its edges."""
    return sum(
        zone.start_s + 0.5 < start < zone.end_s - 0.5 and bool(normalise(word))
        for start, word in heard.words
    )


def _start_error(heard: Heard, zone: radio_file.Zone) -> float | None:
    near = [
        start - zone.start_s
        for start, word in heard.words
        if abs(start - zone.start_s) < NEAR_S and normalise(word)
    ]
    if not near:
        return None
    nearest: float = min(near, key=abs)
    return round(nearest, 1)


def memory() -> None:
    """Peak memory of ten minutes against three hours of the same reader."""
    sound = radio_file.load(f"{radio_file.BENIN}.flac")
    peaks = {}
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        for label, seconds in (("10 min", 600), ("3 h", 10_800)):
            path = Path(folder) / f"{seconds}.wav"
            count = seconds * radio_file.RATE
            whole, rest = divmod(count, len(sound))
            radio_file.write_wav(path, [*([sound] * whole), np.asarray(sound[:rest])])
            heard = run("ours", path)
            peaks[label] = heard.peak_bytes / 1e6
            print(
                f"{label}: peak {peaks[label]:.0f} MB, {heard.wall_s:.0f} s, "
                f"{seconds / heard.wall_s:.1f} x real time",
                flush=True,
            )
    print(f"difference {peaks['3 h'] - peaks['10 min']:.0f} MB (promise: within 100 MB)")


def main() -> int:
    """Run the benchmark, or one contestant of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--radio", action="store_true")
    parser.add_argument("--half", choices=("development", "test"), default="development")
    parser.add_argument(
        "--no-whisper", dest="peers", action="store_false", help="leave the slow command out"
    )
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--contestant", choices=sorted(IN_PROCESS), help=argparse.SUPPRESS)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("path", nargs="?", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contestant:
        options.answer.write_text(json.dumps(IN_PROCESS[options.contestant](options.path)))
    elif not radio_file.SHARED.is_dir():
        print("skipped: the shared test data (../shared/data) is not beside this checkout")
    elif options.radio:
        radio(options)
    elif options.memory:
        memory()
    else:
        compare(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Our pipeline beside the ``whisper`` command and bare faster-whisper, on the same weights.

A short look at one thread each, in turns; ``benchmarks/asr.py`` has more peers, recordings and
measures. Medians of the runs are printed, and ratios.

    python benchmarks/transcription.py [--seconds 120] [--runs 5]
    python benchmarks/transcription.py --radio [--half test]
                                                   a radio-like file: errors, phantoms, start times
    python benchmarks/transcription.py --memory    ten minutes against three hours

Word error rates compare lower-case words without punctuation, apostrophes cut, digits as written.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.contestants import Heard, Setup, run  # noqa: E402

from benchmarks import radio_file  # noqa: E402 - the line above makes it importable
from radio_archive.evaluation import count_errors  # noqa: E402
from radio_archive.languages.comparison import ComparisonRules, compared_words  # noqa: E402
from radio_archive.model import Transcript  # noqa: E402

#: how the figures of docs/benchmarks.md were counted
AS_WRITTEN = ComparisonRules(language="fr", spells_numbers=False, drops_hesitations=False)
#: start times are compared with the first word a contestant puts into or near a zone
NEAR_S = 20.0


#: peers get one thread, as one worker of ours does
SETUP = Setup(threads=1)


def timed_words(transcript: Transcript) -> list[tuple[float, str]]:
    """(start seconds, word); a text without word times gives each word its segment's."""
    return [
        (start_ms / 1000, text)
        for segment in transcript.segments
        for start_ms, text in (
            [(word.start_ms, word.text) for word in segment.words]
            or [(segment.start_ms, text) for text in segment.text.split()]
        )
    ]


def normalise(text: str) -> str:
    """Lower case, words only, digits as written."""
    return " ".join(compared_words(text, AS_WRITTEN))


def wer(truth: str, text: str) -> float:
    """Word error rate after `normalise`."""
    return count_errors(normalise(truth).split(), normalise(text).split()).rate


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
                heard[name].append(run(name, path, SETUP))
    walls = {name: statistics.median(each.wall_s for each in heard[name]) for name in names}
    print(f"{end:.0f} s of a real reader, one thread, medians of {options.runs} runs")
    print(f"{'':16}{'wall s':>8}{'x real':>8}{'peak MB':>9}{'WER':>8}{'ours is':>10}")
    for name in names:
        peak = statistics.median(each.peak_bytes for each in heard[name]) / 1e6
        error = statistics.median(wer(truth, each.transcript.text) for each in heard[name])
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
            heard = run(name, path, SETUP)
            phantoms = {
                kind: sum(_inside(heard, zone) for zone in zones if zone.kind == kind)
                for kind in others
            }
            starts = [_start_error(heard, zone) for zone in zones if zone.kind == "french"]
            print(f"{name}: WER {wer(truth, heard.transcript.text):.3f}, wall {heard.wall_s:.0f} s")
            print(f"    words where nobody speaks French: {phantoms}")
            print(f"    start errors of the French zones, s: {starts}")


def _inside(heard: Heard, zone: radio_file.Zone) -> int:
    """Words placed inside a zone, half a second from its edges."""
    return sum(
        zone.start_s + 0.5 < start < zone.end_s - 0.5 and bool(normalise(word))
        for start, word in timed_words(heard.transcript)
    )


def _start_error(heard: Heard, zone: radio_file.Zone) -> float | None:
    near = [
        start - zone.start_s
        for start, word in timed_words(heard.transcript)
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
            heard = run("ours", path, SETUP)
            peaks[label] = heard.peak_bytes / 1e6
            print(
                f"{label}: peak {peaks[label]:.0f} MB, {heard.wall_s:.0f} s, "
                f"{seconds / heard.wall_s:.1f} x real time",
                flush=True,
            )
    print(f"difference {peaks['3 h'] - peaks['10 min']:.0f} MB (promise: within 100 MB)")


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--radio", action="store_true")
    parser.add_argument("--half", choices=("development", "test"), default="development")
    parser.add_argument(
        "--no-whisper", dest="peers", action="store_false", help="leave the slow command out"
    )
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    if not radio_file.SHARED.is_dir():
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

"""Our pipeline beside its peers: speed, memory, errors, times, invented and dropped text.

    make bench-asr                          everything, medians of five runs: hours
    make bench-asr ASR="--quick"            a minute of each material, once

Peers that are not installed are left out, with the reason; ``make bench-asr`` installs them (group
``bench``). WhisperX does not take part: its releases pin a torch and a hub client that do not go
with ours. What it does, cutting at pauses found by a voice detector and decoding in batches, is
what faster-whisper's own batching does.

Each contestant runs in a process of its own, in turns; ours with as many threads as the archive
would choose, peers with ``--threads``. Error figures are of the run with the median word error. A
text without word times gives the starts of its segments. "dropped" is the share of audible speech,
pauses left out, without text within two seconds.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.contestants import CONTESTANTS, Heard, Setup, make_ggml, run  # noqa: E402
from benchmarks.material import Maker, Material  # noqa: E402
from benchmarks.radio_file import BENIN, QUEBEC, SHARED  # noqa: E402

from benchmarks import material  # noqa: E402 - the line above makes it importable
from radio_archive.evaluation import evaluate  # noqa: E402
from radio_archive.languages.comparison import ComparisonRules  # noqa: E402
from radio_archive.model import ErrorCounts, Evaluation, Transcript  # noqa: E402

RULES = ComparisonRules(language="fr")
QUICK_S = 60.0  #: of each material
QUEBEC_S = 600.0  #: of half an hour of much the same
MIN_QUIET_H = 1 / 60  #: less tells nothing of words per hour

MATERIALS: dict[str, tuple[Maker, float]] = {
    "benin": (material.shared_reading(BENIN), math.inf),
    "quebec": (material.shared_reading(QUEBEC), QUEBEC_S),
    "talk": (material.talk, math.inf),
    **{
        path.stem: (material.sample(path), math.inf)
        for path in sorted(material.SAMPLES.glob("*.mp3"))
    },
    "radio": (material.radio, math.inf),
    "non-speech": (material.non_speech, 900.0),
}
QUICK = ("benin", "quebec", "talk", "2015-03-12-journal", "non-speech")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a contestant gave on one material, or on all of them."""

    name: str
    length_s: float
    wall_s: float  #: median of the runs
    peak_bytes: float  #: median of the runs
    words: ErrorCounts
    characters: ErrorCounts
    errors_ms: tuple[int, ...]
    speech_ms: int
    covered_ms: int
    outside_words: int
    quiet_h: float

    def cells(self, ours_s: float) -> list[str]:
        """The columns of `HEAD`."""
        absolute = sorted(map(abs, self.errors_ms))
        p95 = absolute[math.ceil(0.95 * len(absolute)) - 1] if absolute else None
        return [
            f"{self.length_s / self.wall_s:.1f}",
            f"{self.wall_s:.1f}",
            f"{self.wall_s / ours_s:.2f}",
            f"{self.peak_bytes / 1e6:.0f}",
            f"{self.words.rate:.3f}" if self.words.reference else "-",
            f"{self.characters.rate:.3f}" if self.words.reference else "-",
            f"{statistics.median(absolute):.0f}" if absolute else "-",
            f"{p95}" if absolute else "-",
            f"{len(absolute)}",
            f"{self.outside_words / self.quiet_h:.0f}" if self.quiet_h > MIN_QUIET_H else "-",
            f"{1 - self.covered_ms / self.speech_ms:.1%}" if self.speech_ms else "-",
        ]


HEAD = ["x real", "wall s", "ours=1", "MB", "WER", "CER", "start ms", "95 %", "starts"]
HEAD += ["phantom/h", "dropped"]


def row_of(name: str, each: Material, runs: Sequence[Heard]) -> Row:
    """The medians of some runs on one material."""
    evaluations = sorted(
        ((evaluate(heard.transcript, each.said, RULES), heard.transcript) for heard in runs),
        key=_total_errors,
    )
    chosen, transcript = evaluations[(len(evaluations) - 1) // 2]
    voiced = evaluate(transcript, each.voiced, RULES).coverage
    assert chosen.coverage is not None
    assert voiced is not None
    return Row(
        name=name,
        length_s=each.length_s,
        wall_s=statistics.median(heard.wall_s for heard in runs),
        peak_bytes=statistics.median(heard.peak_bytes for heard in runs),
        words=chosen.words,
        characters=chosen.characters,
        errors_ms=() if chosen.timing is None else chosen.timing.errors_ms,
        speech_ms=voiced.speech_ms,
        covered_ms=voiced.covered_ms,
        outside_words=chosen.coverage.outside_words,
        quiet_h=each.quiet_h,
    )


def _total_errors(judged: tuple[Evaluation, Transcript]) -> int:
    return judged[0].words.total


def taken_together(rows: Sequence[Row]) -> Row:
    """One contestant on all materials; memory is that of the hungriest."""
    words, characters = rows[0].words, rows[0].characters
    for row in rows[1:]:
        words, characters = words + row.words, characters + row.characters
    quiet = [row for row in rows if row.quiet_h > MIN_QUIET_H]
    return Row(
        name=rows[0].name,
        length_s=sum(row.length_s for row in rows),
        wall_s=sum(row.wall_s for row in rows),
        peak_bytes=max(row.peak_bytes for row in rows),
        words=words,
        characters=characters,
        errors_ms=tuple(error for row in rows for error in row.errors_ms),
        speech_ms=sum(row.speech_ms for row in rows),
        covered_ms=sum(row.covered_ms for row in rows),
        outside_words=sum(row.outside_words for row in quiet),
        quiet_h=sum(row.quiet_h for row in quiet),
    )


def clips_with_text(each: Material, transcript: Transcript) -> str:
    """How many of the parts of a recording have text."""
    spans = [
        (part.start_ms / 1000, part.end_ms / 1000)
        for segment in transcript.segments
        for part in (segment.words or (segment,))
    ]
    spoken = [
        any(start < clip_end and clip_start < end for start, end in spans)
        for clip_start, clip_end in each.clips
    ]
    return f"{sum(spoken)} of {len(spoken)}"


def show(title: str, rows: Sequence[Row]) -> None:
    """Print one table."""
    ours_s = next((row.wall_s for row in rows if row.name == "ours"), rows[0].wall_s)
    print(f"\n{title}")
    print(f"{'':16}" + "".join(f"{head:>10}" for head in HEAD))
    for row in rows:
        print(f"{row.name:16}" + "".join(f"{cell:>10}" for cell in row.cells(ours_s)), flush=True)


def compete(names: Sequence[str], materials: Sequence[Material], setup: Setup, runs: int) -> None:
    """Let everybody hear everything, in turns, and print what came of it."""
    rows: dict[str, list[Row]] = {name: [] for name in names}
    for each in materials:
        heard: dict[str, list[Heard]] = {name: [] for name in names}
        for _ in range(runs):
            for name in names:
                heard[name].append(run(name, each.path, setup))
        for name in names:
            rows[name].append(row_of(name, each, heard[name]))
        show(f"{each.name}, {each.length_s:.0f} s", [rows[name][-1] for name in names])
        for name in names if each.clips else ():
            with_text = clips_with_text(each, heard[name][-1].transcript)
            print(f"{name:16} clips with text: {with_text}")
    show("taken together", [taken_together(rows[name]) for name in names])


def _able(wanted: Sequence[str], setup: Setup) -> list[str]:
    """Those who can take part; the others are named with the reason."""
    able = []
    for name in wanted:
        contestant = CONTESTANTS[name]
        if contestant.is_installed:
            able.append(name)
            threads = contestant.threads(setup)
            print(f"{name:16} {contestant.what}; 1 process, {threads} decoding threads")
        else:
            print(f"{name:16} skipped: {contestant.module} is not installed (make bench-asr)")
    return able


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="a minute of each material, once")
    parser.add_argument("--runs", type=int, help="default: 5, or 1 with --quick")
    parser.add_argument("--seconds", type=float, default=math.inf, help="at most, of each material")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of each peer")
    parser.add_argument("--only", choices=list(CONTESTANTS), action="append")
    parser.add_argument("--material", choices=list(MATERIALS), action="append")
    options = parser.parse_args()
    if not SHARED.is_dir():
        print("skipped: the shared test data (../shared/data) is not beside this checkout")
        return 0
    wanted = options.material or (QUICK if options.quick else MATERIALS)
    limit = min(options.seconds, QUICK_S if options.quick else math.inf)
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as made:
        folder = Path(made)
        setup = Setup(threads=options.threads, ggml=folder / "base.ggml")
        names = _able(options.only or list(CONTESTANTS), setup)
        if "whisper.cpp" in names:
            make_ggml(folder / "base.ggml")
        chosen = [MATERIALS[name] for name in wanted]
        materials = [make(folder, min(limit, longest)) for make, longest in chosen]
        compete(names, materials, setup, options.runs or (1 if options.quick else 5))
    print(f"\ncompared: {RULES.description}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

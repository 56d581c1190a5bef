"""How right the times of words are, and whether they drift over three hours.

    python benchmarks/times.py             starts of utterances and of single words
    python benchmarks/times.py --drift     the first and the last ten minutes of three hours

*Utterances*: the first word of each, against where the sound rises. *Words*: prompts of a single
word from a real speaker, a quarter of a second apart, so that the start of every word is known.
*Drift*: the same ten minutes again and again, so that both ends can be compared. Only words that
are written right count; early is negative.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.contestants import FRENCH, MODELS  # noqa: E402
from benchmarks.material import Material, onset_ms, rows_of, utterances  # noqa: E402
from benchmarks.radio_file import BENIN, QUEBEC, RATE, SHARED, Sound, load, write_wav  # noqa: E402

from benchmarks import material  # noqa: E402 - the line above makes it importable
from radio_archive.audio import Audio  # noqa: E402
from radio_archive.evaluation import evaluate  # noqa: E402
from radio_archive.languages.comparison import ComparisonRules, compared_words  # noqa: E402
from radio_archive.model import Milliseconds, Segment, Transcript, Word  # noqa: E402
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber  # noqa: E402
from radio_archive.transcription import RecipeOptions, transcribe  # noqa: E402

RULES = ComparisonRules(language="fr")
WORD_GAP_S = 0.25  #: between single words
BREATH_S = 1.0  #: after every tenth of them
DRIFT_S = 3 * 3600
EDGE_S = 600.0  #: compared at both ends: the same sound
QUEBEC_S = 600.0


def single_words(folder: Path, seconds: float) -> Material:
    """Prompts of one word, each cut where it is heard, in a row."""
    sound = load(f"{QUEBEC}.flac")
    pieces: list[Sound] = []
    said: list[Segment] = []
    offset = 0.0
    for start, end, text in rows_of(SHARED / f"{QUEBEC}.ref.tsv"):
        if len(compared_words(text, RULES)) != 1:
            continue
        first = onset_ms(sound, start, end) / 1000
        piece = sound[int(max(start, first - WORD_GAP_S / 2) * RATE) : int(end * RATE)]
        gap = BREATH_S if len(said) % 10 == 9 else WORD_GAP_S / 2
        begins = offset + first - max(start, first - WORD_GAP_S / 2)
        offset += len(piece) / RATE + gap
        if offset > seconds:
            break
        word = Word(
            start_ms=Milliseconds(round(begins * 1000)),
            end_ms=Milliseconds(round((offset - gap) * 1000)),
            text=text,
        )
        said.append(Segment(start_ms=word.start_ms, end_ms=word.end_ms, text=text, words=(word,)))
        pieces += [piece, np.zeros(int(gap * RATE), np.float32)]
    path = folder / "words.wav"
    write_wav(path, pieces)
    return Material(name="single words", path=path, length_s=offset, said=tuple(said))


def long_reading(folder: Path) -> Material:
    """Three hours of the same ten minutes: half of them one reader, half another."""
    length_s = EDGE_S / 2
    parts = [
        (
            sound := load(f"{name}.flac")[: int(length_s * RATE)],
            utterances(
                sound, [row for row in rows_of(SHARED / f"{name}.ref.tsv") if row[1] <= length_s]
            ),
        )
        for name in (BENIN, QUEBEC)
    ]
    pieces: list[Sound] = []
    said: list[Segment] = []
    samples = 0
    while samples < DRIFT_S * RATE:
        for sound, segments in parts:
            shift = round(samples * 1000 / RATE)
            said += [_moved(segment, shift) for segment in segments]
            pieces.append(sound)
            samples += len(sound)
    path = folder / "long.wav"
    write_wav(path, pieces)
    return Material(name="three hours", path=path, length_s=samples / RATE, said=tuple(said))


def _moved(segment: Segment, shift_ms: int) -> Segment:
    return replace(
        segment,
        start_ms=Milliseconds(segment.start_ms + shift_ms),
        end_ms=Milliseconds(segment.end_ms + shift_ms),
    )


def heard(each: Material) -> Transcript:
    """What our recipe writes."""
    transcriber = load_transcriber(EngineChoice(models_dir=MODELS, workers=os.cpu_count() or 1))
    options = RecipeOptions(language=FRENCH)
    return transcribe(Audio.find().decode(each.path), transcriber, options)


def between(segments: Sequence[Segment], start_s: float, end_s: float) -> tuple[Segment, ...]:
    """The segments that begin in a stretch."""
    return tuple(
        each for each in segments if start_s * 1000 <= each.start_ms < min(end_s, 1e9) * 1000
    )


def report(name: str, transcript: Transcript, said: Sequence[Segment]) -> None:
    """Print how far starts are off."""
    timing = evaluate(transcript, said, RULES).timing
    if timing is None:
        print(f"{name:28} no word was written right")
        return
    errors = np.array(timing.errors_ms)
    low, quarter, three_quarters, high = np.percentile(errors, (5, 25, 75, 95))
    print(
        f"{name:28}{len(errors):6}{timing.median_ms:8}{timing.p95_ms:8}{timing.shift_ms:+8}"
        f"{(np.abs(errors) > 200).mean():9.0%}   "
        f"{low:+.0f} {quarter:+.0f} {three_quarters:+.0f} {high:+.0f}",
        flush=True,
    )


def drift(folder: Path) -> None:
    """Both ends of three hours."""
    each = long_reading(folder)
    transcript = heard(each)
    for label, start in (("first ten minutes", 0.0), ("last ten minutes", each.length_s - EDGE_S)):
        part = replace(transcript, segments=between(transcript.segments, start, start + EDGE_S))
        report(label, part, between(each.said, start, start + EDGE_S))


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--drift", action="store_true")
    parser.add_argument("--seconds", type=float, default=math.inf, help="at most, of each")
    options = parser.parse_args()
    if not SHARED.is_dir():
        print("skipped: the shared test data (../shared/data) is not beside this checkout")
        return 0
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print(
        f"{'starts, ms':28}{'count':>6}{'median':>8}{'95 %':>8}{'shift':>8}{'> 200':>9}"
        "   5 25 75 95 % of them, with sign"
    )
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as made:
        folder = Path(made)
        if options.drift:
            drift(folder)
            return 0
        makers = (
            (material.shared_reading(BENIN), math.inf),
            (material.shared_reading(QUEBEC), QUEBEC_S),
            *((material.sample(path), math.inf) for path in sorted(material.SAMPLES.glob("*.mp3"))),
            (single_words, math.inf),
        )
        for make, longest in makers:
            each = make(folder, min(longest, options.seconds))
            report(each.name, heard(each), each.said)
    return 0


if __name__ == "__main__":
    sys.exit(main())

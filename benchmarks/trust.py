"""Do the bands good, weak and unsure mean anything?

    python benchmarks/trust.py [--cache FOLDER] [--diagram docs/images/trust.svg]

Recordings with a reference text are transcribed as recorded and made worse
(``benchmarks/trust_material.py``); thresholds are set on one half and measured on the other. Each
text is aligned with its reference as a whole, and every error is counted for the sentence it lies
in. Words left out between two sentences count half for each, unless those are three seconds or more
apart: the page shows a gap there, and no sentence claims it.

Printed: how well several figures rank sentences by their errors; the thresholds that the first half
proposes; word errors by band of sentences and passages, beside the engine's own mean
log-probability with the limits people use; and whole transcripts, with what marks them as weak.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.contestants import MODELS  # noqa: E402
from benchmarks.transcription import normalise  # noqa: E402
from benchmarks.trust_material import DEV, TEST, Material, materials, segments_of  # noqa: E402

from benchmarks import radio_file, trust_diagram  # noqa: E402 - the line above makes it importable
from radio_archive.model import (  # noqa: E402
    Band,
    Broadcast,
    BroadcastId,
    Segment,
    Transcript,
)
from radio_archive.model.bands import (  # noqa: E402
    band_of,
    is_mostly_doubtful,
    score_of,
)
from radio_archive.search.passages import split_passages  # noqa: E402
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber  # noqa: E402

ENGINE = "faster-whisper/base"
#: sentences further apart do not answer for what was left out between them
FAR_MS = 3_000
#: word error at which, by the line through the first half, good ends and weak ends
GOOD_ERROR, WEAK_ERROR = 0.2, 0.35
#: mean log-probability under which faster-whisper itself doubts, and the limit we had before
PEERS = {"log-probability, -1.0": -1.0, "log-probability, -0.6": -0.6}


@dataclass(slots=True)
class Counted:
    """A sentence or a passage beside what was said."""

    material: Material
    segment: Segment
    band: Band | None = None
    said: int = 0  #: words of the reference
    errors: int = 0


def count_errors(material: Material, segments: Sequence[Segment]) -> list[Counted]:
    """Align a transcript with its reference and give each sentence its errors."""
    counted = [Counted(material, segment, band_of(segment.words, ENGINE)) for segment in segments]
    written = [
        (number, word)
        for number, segment in enumerate(segments)
        for word in normalise(segment.text).split()
    ]
    owners = [counted[number] for number, _ in written]
    if not owners:
        return counted
    text = " ".join(word for _, word in written)
    for chunk in jiwer.process_words(normalise(material.text()), text).alignments[0]:
        if chunk.type == "delete":
            _share_out(owners, chunk.hyp_start_idx, chunk.ref_end_idx - chunk.ref_start_idx)
            continue
        for owner in owners[chunk.hyp_start_idx : chunk.hyp_end_idx]:
            owner.said += chunk.type != "insert"
            owner.errors += chunk.type != "equal"
    return counted


def _share_out(owners: Sequence[Counted], place: int, length: int) -> None:
    """Count words left out before the written word at ``place``."""
    before, after = owners[max(0, place - 1)], owners[min(place, len(owners) - 1)]
    if before is not after and after.segment.start_ms - before.segment.end_ms >= FAR_MS:
        return
    for owner, share in ((before, length - length // 2), (after, length // 2)):
        owner.said += share
        owner.errors += share


def passages_of(counted: Sequence[Counted]) -> list[Counted]:
    """The same errors, by the passages that are searched."""
    if not counted:
        return []
    material = counted[0].material
    spoken = material.source.language
    banded = [
        Segment(
            start_ms=each.segment.start_ms,
            end_ms=each.segment.end_ms,
            text=each.segment.text,
            words=each.segment.words,
            band=each.band,
        )
        for each in counted
    ]
    broadcast = Broadcast(id=BroadcastId("0" * 16), title="", programme=None, language=spoken)
    cut = split_passages(Transcript(language=spoken, segments=tuple(banded)), broadcast)
    found = []
    for passage in cut:
        inside = [
            each for each in counted if passage.start_ms <= each.segment.start_ms < passage.end_ms
        ]
        found.append(
            Counted(
                material,
                inside[0].segment,
                passage.band,
                sum(each.said for each in inside),
                sum(each.errors for each in inside),
            )
        )
    return found


def error_of(counted: Iterable[Counted]) -> float:
    """Word error rate of sentences taken together; NaN where nothing was said."""
    rows = list(counted)
    said = sum(each.said for each in rows)
    return sum(each.errors for each in rows) / said if said else float("nan")


def _share(counted: Sequence[Counted], of: Sequence[Counted]) -> float:
    written = sum(len(each.segment.words) for each in of)
    return sum(len(each.segment.words) for each in counted) / max(1, written)


def _mean(segment: Segment) -> float:
    return score_of(segment.words) or 0.0


def _probabilities(segment: Segment) -> np.ndarray:
    return np.array([max(word.probability or 0, 1e-3) for word in segment.words])


#: figures that come with a decoded sentence, as one number that grows with its worth
FIGURES: Mapping[str, Callable[[Segment], float]] = {
    "mean word probability": _mean,
    "mean log of word probability": lambda each: float(np.log(_probabilities(each)).mean()),
    "least word probability": lambda each: float(_probabilities(each).min()),
    "share of words above 0.5": lambda each: float((_probabilities(each) >= 0.5).mean()),
    "log-probability of the window": lambda each: each.avg_logprob or 0.0,
    "no-speech probability, turned": lambda each: -(each.no_speech_prob or 0.0),
    "words per second, near 2.8": lambda each: (
        -abs(len(each.words) / max(0.3, (each.end_ms - each.start_ms) / 1000) - 2.8)
    ),
    "length in words": lambda each: float(len(each.words)),
}


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's, equals sharing their rank."""
    return float(np.corrcoef(_ranks(one), _ranks(other))[0, 1])


def _ranks(values: Sequence[float]) -> np.ndarray:
    _, places, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    middles: np.ndarray = (np.cumsum(counts) - (counts + 1) / 2)[places]
    return middles


def print_figures(halves: Mapping[str, list[Counted]]) -> None:
    """How well each figure ranks sentences."""
    print("rank correlation of sentences' word accuracy with each figure")
    for name, figure in FIGURES.items():
        row = [
            rank_correlation(
                [figure(each.segment) for each in rows],
                [-min(1.0, each.errors / max(1, each.said)) for each in rows],
            )
            for rows in halves.values()
        ]
        print(f"  {name:32}" + "".join(f"{value:8.2f}" for value in row))


def print_proposal(dev: Sequence[Counted]) -> None:
    """Where a line through the first half crosses the errors that end the bands."""
    scores = np.array([_mean(each.segment) for each in dev])
    errors = np.array([each.errors / max(1, each.said) for each in dev])
    weights = np.sqrt([each.said for each in dev])
    slope, start = np.polyfit(scores, np.minimum(errors, 1.0), 1, w=weights)
    good, weak = ((error - start) / slope for error in (GOOD_ERROR, WEAK_ERROR))
    print(
        f"word error = {start:.2f} {slope:+.2f} x score: good from {good:.2f}, weak from {weak:.2f}"
    )


def print_bands(label: str, rows: Sequence[Counted]) -> None:
    """Word error and share of each band, and how many times worse unsure is than good."""
    parts = {band: [each for each in rows if each.band is band] for band in Band}
    cells = [f"{error_of(part):6.3f} ({_share(part, rows):4.0%})" for part in parts.values()]
    good = error_of(parts[Band.GOOD])
    ratio = error_of(parts[Band.UNSURE]) / good if good else math.nan  # all of a few words right
    print(f"  {label:44}" + "  ".join(cells) + f"{ratio:7.1f}")


def print_peers(rows: Sequence[Counted]) -> None:
    """The same for the figure that engines and their users go by."""
    for name, limit in PEERS.items():
        above = [each for each in rows if (each.segment.avg_logprob or 0) >= limit]
        below = [each for each in rows if (each.segment.avg_logprob or 0) < limit]
        cells = [f"{error_of(part):6.3f} ({_share(part, rows):4.0%})" for part in (above, below)]
        print(f"  {name:44}{cells[0]}{'':17}{cells[1]}{error_of(below) / error_of(above):7.1f}")


def print_transcripts(by_material: Mapping[str, list[Counted]]) -> None:
    """Word error of each recording, its share of good speech, and whether it is marked weak."""
    print("whole transcripts: word error, speech in good sentences, marked weak now, by -0.6")
    rows = sorted(by_material.items(), key=lambda item: error_of(item[1]))
    for name, counted in rows:
        lengths = [each.segment.end_ms - each.segment.start_ms for each in counted]
        bands = [each.band for each in counted]
        good = sum(length for band, length in zip(bands, lengths, strict=True) if band is Band.GOOD)
        figures = [each.segment.avg_logprob or 0 for each in counted]
        was_weak = np.average(figures, weights=lengths) < -0.6
        is_weak = is_mostly_doubtful(zip(bands, lengths, strict=True))
        print(
            f"  {name:44}{error_of(counted):6.3f}{good / sum(lengths):7.0%}"
            f"{'weak' if is_weak else '-':>7}{'weak' if was_weak else '-':>7}"
        )


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cache", type=Path, help="keeps transcripts from one run to the next")
    parser.add_argument("--diagram", type=Path, help="SVG file to write")
    options = parser.parse_args()
    if not radio_file.SHARED.is_dir():
        print("skipped: the shared test data (../shared/data) is not beside this checkout")
        return 0
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        engine = load_transcriber(EngineChoice(models_dir=MODELS))
        kept = options.cache or Path(folder)
        counted = {
            each.name: count_errors(each, segments_of(each, engine, kept)) for each in materials()
        }
    report(counted, options.diagram)
    return 0


def report(counted: Mapping[str, list[Counted]], diagram: Path | None) -> None:
    """Print all tables, and draw the diagram."""
    by_half = {
        half: [
            each for rows in counted.values() for each in rows if each.material.source.half == half
        ]
        for half in (DEV, TEST)
    }
    print_figures({half: [each for each in rows if each.said] for half, rows in by_half.items()})
    print_proposal(by_half[DEV])
    print("word error (share of words) of good, weak, unsure; unsure / good")
    for half, rows in by_half.items():
        print_bands(f"{half}, sentences", rows)
        of_half = [
            each for each in counted.values() if each and each[0].material.source.half == half
        ]
        print_bands(f"{half}, passages", [each for row in of_half for each in passages_of(row)])
        print_peers(rows)
    for name, rows in counted.items():
        print_bands(name, rows)
    print_transcripts({name: rows for name, rows in counted.items() if rows})
    if diagram is not None:
        points = {half: _reliability(rows) for half, rows in by_half.items()}
        diagram.write_text(trust_diagram.draw(points), encoding="utf-8")


def _reliability(rows: Sequence[Counted], parts: int = 10) -> list[tuple[float, float]]:
    """Mean score and word error of tenths of the sentences, the least sure first."""
    ordered = sorted(rows, key=lambda each: _mean(each.segment))
    tenths = [
        ordered[len(ordered) * n // parts : len(ordered) * (n + 1) // parts] for n in range(parts)
    ]
    return [
        (float(np.mean([_mean(each.segment) for each in tenth])), error_of(tenth))
        for tenth in tenths
        if tenth
    ]


if __name__ == "__main__":
    sys.exit(main())

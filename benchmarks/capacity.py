"""What an archive of any size needs: computed from what was measured, each with its command.

python -m benchmarks.capacity           writes the tables of docs/scale.md and its plot
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from radio_archive.audio import RENDITIONS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "scale.md"
PLOT = ROOT / "docs" / "images" / "search-times.svg"
BEGIN, END = "<!-- computed by benchmarks/capacity.py -->", "<!-- end of what is computed -->"

SIZES = (1, 100, 1_000, 14_000, 100_000, 1_000_000)
"""Hours: a sample, a month, what Whoosh serves, Studio Tamani, all studios, the internet."""

KB, GB = 1e3, 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure that the model stands on."""

    value: float
    unit: str
    what: str
    source: str  #: the command that measured it, or why it is assumed


FIGURES: Mapping[str, Figure] = {
    "passages": Figure(
        value=120, unit="an hour", what="passages", source="passages of 30 s: search.md"
    ),
    "recording": Figure(
        value=16_000, unit="bytes a second", what="recordings", source="assumed: MP3 of 128 kbit/s"
    ),
    "renditions": Figure(
        value=sum(spec.bits_per_second for spec in RENDITIONS) / 8,
        unit="bytes a second",
        what="renditions",
        source="`audio/formats.py`",
    ),
    "catalogue": Figure(
        value=2_677,
        unit="bytes a passage",
        what="catalogue, SQLite, a time for every word",
        source="`benchmarks/filling.py` with 1.7 million passages, file over passages",
    ),
    "whoosh": Figure(
        value=1_480,
        unit="bytes a passage",
        what="index, Whoosh",
        source="`benchmarks/search.py --sizes 100000`: search.md",
    ),
    "tantivy": Figure(
        value=610,
        unit="bytes a passage",
        what="index, Tantivy as the archive writes it",
        source="`benchmarks/search_scale.py --sizes 3500000 --only tantivy`",
    ),
    "core": Figure(
        value=11.2,
        unit="x real time",
        what="transcription on one core, Whisper base",
        source="benchmarks.md, sharing out the cores",
    ),
    "gpu": Figure(
        value=100, unit="x real time", what="transcription on a GPU", source="assumed, not measured"
    ),
    "indexing": Figure(
        value=1_406,
        unit="passages a second",
        what="indexing, Tantivy as the archive writes it",
        source="`benchmarks/search_scale.py --sizes 3500000 --only tantivy`, busy machine",
    ),
    "core price": Figure(value=0.02, unit="€ an hour", what="one core", source="assumed"),
    "byte price": Figure(
        value=0.02 / GB, unit="€ a byte and month", what="storage", source="assumed: 0.02 € a GB"
    ),
}

WHOOSH_PASSAGES = 100_000
"""Up to here Whoosh serves: see docs/search.md."""

SHARD_PASSAGES = 3_500_000
"""Passages that one machine with Tantivy is planned for; more are shared out by year or language.
The largest index that was searched here had as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What so many hours need."""

    hours: float
    passages: float
    recordings: float  #: bytes, renditions left out
    renditions: float  #: bytes
    catalogue: float  #: bytes
    index: float  #: bytes
    core_hours: float  #: of transcription
    gpu_hours: float  #: of transcription instead
    rebuild_s: float  #: of the whole index by one process
    shards: int  #: machines that search; 0: Whoosh, inside the one process
    once: float  #: euros for transcribing everything on processor cores
    monthly: float  #: euros for storing everything once


def needs(hours: float) -> Needs:
    """Compute what so many hours of broadcasts need."""
    value = {name: figure.value for name, figure in FIGURES.items()}
    passages, seconds = hours * value["passages"], hours * 3_600
    is_small = passages <= WHOOSH_PASSAGES
    recordings = seconds * value["recording"]
    renditions, catalogue = seconds * value["renditions"], passages * value["catalogue"]
    index = passages * value["whoosh" if is_small else "tantivy"]
    core_hours = hours / value["core"]
    return Needs(
        hours=hours,
        passages=passages,
        recordings=recordings,
        renditions=renditions,
        catalogue=catalogue,
        index=index,
        core_hours=core_hours,
        gpu_hours=hours / value["gpu"],
        rebuild_s=passages / value["indexing"],
        shards=0 if is_small else math.ceil(passages / SHARD_PASSAGES),
        once=core_hours * value["core price"],
        monthly=(recordings + renditions + catalogue + index) * value["byte price"],
    )


def needs_table() -> str:
    """All sizes side by side."""
    rows = [
        "| hours | passages | recordings | renditions | catalogue | index | core hours (GPU) "
        "| index anew | search machines | € once | € a month |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {each.hours:,} | {each.passages:,.0f} | {_bytes(each.recordings)} "
        f"| {_bytes(each.renditions)} | {_bytes(each.catalogue)} | {_bytes(each.index)} "
        f"| {_two(each.core_hours)} ({_two(each.gpu_hours)}) | {_time(each.rebuild_s)} "
        f"| {each.shards or 'none: Whoosh'} | {_two(each.once)} | {_two(each.monthly)} |"
        for each in map(needs, SIZES)
    ]
    return "\n".join(rows)


def figures_table() -> str:
    """What the model stands on."""
    rows = ["| figure | value | from |", "|---|---|---|"]
    for each in FIGURES.values():
        shown = "0.02 / 10⁹" if each.value < 1e-6 else f"{each.value:,g}"
        rows.append(f"| {each.what} | {shown} {each.unit} | {each.source} |")
    return "\n".join(rows)


def _two(number: float) -> str:
    """Two digits that count."""
    if number == 0:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(abs(number))))
    rounded = round(number, 1 - math.floor(math.log10(abs(number))))
    return f"{rounded:,.{digits}f}"


def _bytes(number: float) -> str:
    for size, name in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if number >= size:
            return f"{_two(number / size)} {name}"
    return f"{_two(number / KB)} kB"


def _time(seconds: float) -> str:
    for size, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{_two(seconds / size)} {name}"
    return f"{_two(seconds)} s"


# the plot

PLOTTED = (100_000, 400_000, 1_700_000, 3_500_000)
QUERY_TIMES: Mapping[str, Sequence[float]] = {
    "very common word": (0.82, 2.26, 8.50, 16.0),
    "common word": (0.52, 0.79, 3.07, 4.55),
    "common and mid word": (0.38, 0.38, 1.59, 1.95),
    "rare word": (0.38, 0.41, 0.87, 0.93),
}
"""p50 in ms at the sizes of `PLOTTED`: bare Tantivy with totals, facets and the best twenty
broadcasts. `benchmarks/search_scale.py --sizes 100000,400000,1700000,3500000 --runs 5 --no-site
--only tantivy "best 20" --keep ../bench`, medians of five runs, little beside them (load 1.3)."""

_WIDTH, _HEIGHT, _LEFT, _TOP = 640, 380, 60, 24
_X, _Y = (5.0, 6.6), (-1.0, 2.0)
_COLOURS = ("#8b1e3f", "#1b6ca8", "#3c7a3c", "#b07c1f")


def plot() -> str:
    """Time against size, both logarithmic, as SVG; dashed is what linear growth would be."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        "<title>Time of a search against passages</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
    ]
    for power in range(-1, 3):
        y = _at(1e5, 10**power)[1]
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - 150}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:g}</text>'
        )
    for size in PLOTTED:
        x = _at(size, 1)[0]
        label = f"{size / 1e6:g} M" if size >= 1e6 else f"{size // 1000} k"
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 22}" text-anchor="middle">{label}</text>')
    parts.append(f'<text x="{_LEFT}" y="{_HEIGHT - 6}">passages</text>')
    parts.append(f'<text x="8" y="{_TOP - 8}">ms, half of the searches</text>')
    first = QUERY_TIMES["common word"][0]
    linear = [first * size / PLOTTED[0] for size in PLOTTED]
    parts.append(_line(linear, "#888", "linear", ' stroke-dasharray="5 4"', lift=8))
    for colour, (kind, times) in zip(_COLOURS, QUERY_TIMES.items(), strict=True):
        parts.append(_line(times, colour, kind, ""))
    return "\n".join([*parts, "</svg>\n"])


def _at(size: float, milliseconds: float) -> tuple[float, float]:
    across = (math.log10(size) - _X[0]) / (_X[1] - _X[0])
    up = (math.log10(milliseconds) - _Y[0]) / (_Y[1] - _Y[0])
    return (
        _LEFT + 10 + across * (_WIDTH - 150 - _LEFT),
        _HEIGHT - 44 - up * (_HEIGHT - 44 - _TOP),
    )


def _line(times: Sequence[float], colour: str, name: str, style: str, lift: int = 0) -> str:
    points = [_at(size, each) for size, each in zip(PLOTTED, times, strict=True)]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return (
        f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"{style}/>'
        f'<text x="{x + 6:.1f}" y="{y + 4 - lift:.1f}" fill="{colour}">{name}</text>'
    )


def page(text: str) -> str:
    """The page with its computed part renewed."""
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    computed = f"{BEGIN}\n\n{needs_table()}\n\n{figures_table()}\n\n{END}"
    return head + computed + tail


def main() -> int:
    """Write the tables and the plot."""
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    PLOT.write_text(plot(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

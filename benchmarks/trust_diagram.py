"""The reliability diagram of the bands, as SVG: how sure the machine was, and how right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.trust_material import DEV, TEST

from radio_archive.model.bands import GOOD_FROM, WEAK_FROM

LEFT, TOP, SIDE = 64, 16, 320
WIDE, HIGH = LEFT + SIDE + 24, TOP + SIDE + 56
#: the score the left edge stands for; hardly any sentence has less
FIRST = 0.3
#: the word error the upper edge stands for
MOST = 1.0
STYLE = {
    DEV: ("fill='none' stroke='#5f5a52'", "limits set on these"),
    TEST: ("fill='#8a3b12' stroke='#8a3b12'", "held out"),
}


def draw(points: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Write the diagram.

    Args:
        points: for each half, mean score (0-1) and word error of tenths of its sentences.
    """
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDE} {HIGH}' width='440'"
        " role='img' font-family='sans-serif' font-size='12' fill='#1d1b18'>",
        "<title>Word error against the mean probability of a sentence's words</title>",
        f"<rect width='{WIDE}' height='{HIGH}' fill='#fff'/>",
        *_bands(),
        *_axes(),
        f"<path d='M{_x(FIRST)} {_y(1 - FIRST)}L{_x(1)} {_y(0)}' stroke='#8d867a'"
        " stroke-dasharray='3 4' fill='none'/>",
    ]
    for half, row in points.items():
        look, _ = STYLE[half]
        parts += [
            f"<circle cx='{_x(score)}' cy='{_y(error)}' r='4' {look} stroke-width='1.5'/>"
            for score, error in row
        ]
    return "\n".join((*parts, *_legend(points), "</svg>", ""))


def _bands() -> list[str]:
    edges = (FIRST, WEAK_FROM, GOOD_FROM, 1.0)
    shades = ("#f3d9cb", "#faeede", "#e6f0e6")
    names = ("unsure", "weak", "good")
    return [
        f"<rect x='{_x(first)}' y='{TOP}' width='{_x(last) - _x(first)}' height='{SIDE}'"
        f" fill='{shade}'/><text x='{(_x(first) + _x(last)) / 2}' y='{TOP + 16}'"
        f" text-anchor='middle' font-weight='bold'>{name}</text>"
        for first, last, shade, name in zip(edges[:-1], edges[1:], shades, names, strict=True)
    ]


def _axes() -> list[str]:
    bottom = TOP + SIDE
    across = [
        f"<text x='{_x(n / 10)}' y='{bottom + 18}' text-anchor='middle'>{n / 10:.1f}</text>"
        for n in range(round(FIRST * 10), 11)
    ]
    up = [
        f"<text x='{LEFT - 8}' y='{_y(n / 10) + 4}' text-anchor='end'>{n / 10:.1f}</text>"
        f"<path d='M{LEFT} {_y(n / 10)}h{SIDE}' stroke='#dedad1'/>"
        for n in range(0, round(MOST * 10) + 1, 2)
    ]
    middle = LEFT + SIDE / 2
    return [
        *up,
        *across,
        f"<text x='{middle}' y='{bottom + 40}' text-anchor='middle'>mean probability of a"
        " sentence's words</text>",
        f"<text transform='translate(18 {TOP + SIDE / 2}) rotate(-90)' text-anchor='middle'>"
        "word error</text>",
    ]


def _legend(points: Mapping[str, Sequence[tuple[float, float]]]) -> list[str]:
    rows = []
    for number, half in enumerate(points):
        look, name = STYLE[half]
        y = TOP + 40 + 20 * number
        rows.append(
            f"<circle cx='{LEFT + SIDE - 140}' cy='{y - 4}' r='4' {look} stroke-width='1.5'/>"
            f"<text x='{LEFT + SIDE - 130}' y='{y}'>{name}</text>"
        )
    return rows


def _x(score: float) -> float:
    return round(LEFT + SIDE * (max(FIRST, score) - FIRST) / (1 - FIRST), 1)


def _y(error: float) -> float:
    return round(TOP + SIDE * (1 - min(MOST, error) / MOST), 1)

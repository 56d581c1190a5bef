"""Text with marked words, as HTML that can hold nothing else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

import regex
from markupsafe import Markup, escape

#: what readers take for one letter: no mark begins or ends inside (UAX 29, extended clusters)
_LETTER = regex.compile(r"\X")


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """Escape ``text`` and put ``<mark>`` around the given character spans.

    Spans that overlap, run backwards or leave the text are cut to what is left of them; one that
    begins or ends between a letter and its accents takes the whole letter.
    """
    parts: list[Markup] = []
    done = 0
    for start, end in _whole_letters(text, spans):
        start, end = max(start, done), min(end, len(text))
        if start < end:
            parts += [escape(text[done:start]), Markup("<mark>"), escape(text[start:end])]
            parts.append(Markup("</mark>"))
            done = end
    parts.append(escape(text[done:]))
    return Markup("").join(parts)


def _whole_letters(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans in reading order, widened to the letters they touch."""
    wanted = sorted(span for span in spans if span[0] < span[1])
    if not wanted:
        return
    letters = [match.span() for match in _LETTER.finditer(text)]
    ends = [end for _, end in letters]
    starts = [start for start, _ in letters]
    for start, end in wanted:
        first = bisect_right(starts, max(start, 0)) - 1
        last = bisect_left(ends, min(end, len(text)))
        if first >= 0 and last < len(ends) and start < len(text) and end > 0:
            yield starts[first], ends[last]

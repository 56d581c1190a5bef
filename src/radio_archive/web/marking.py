"""Text with marked words, as HTML that can hold nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """Escape ``text`` and put ``<mark>`` around the given character spans.

    Spans that overlap, run backwards or leave the text are cut to what is left of them.
    """
    parts: list[Markup] = []
    done = 0
    for start, end in sorted(spans):
        start, end = max(start, done), min(end, len(text))
        if start < end:
            parts += [escape(text[done:start]), Markup("<mark>"), escape(text[start:end])]
            parts.append(Markup("</mark>"))
            done = end
    parts.append(escape(text[done:]))
    return Markup("").join(parts)

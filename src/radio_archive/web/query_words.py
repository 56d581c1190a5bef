"""Which characters of a sentence the searched words are, for marking them in a transcript."""

from __future__ import annotations

from collections.abc import Callable

Spans = tuple[tuple[int, int], ...]


def span_finder(query: str, language: str) -> Callable[[str], Spans]:
    """What marks the words of ``query`` in sentences of ``language``."""
    import re

    words = [re.escape(w) for w in re.findall(r"\w+", query)]
    pattern = re.compile("|".join(words) or r"(?!)", re.I)
    return lambda text: tuple(m.span() for m in pattern.finditer(text))

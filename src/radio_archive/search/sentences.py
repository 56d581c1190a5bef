"""What a result page shows of a hit: the sentences found, and one on either side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import regex

from radio_archive.model import Milliseconds, Passage, SpokenSentence
from radio_archive.search.highlight import SENTENCE_START, Snippet, time_of

#: characters shown of a sentence beside: a line or two on a telephone
NEAR_CHARACTERS = 100

_SPACE = regex.compile(r"\s+")
_CUT = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The passages of the same text before and after one, where there are."""

    before: Passage | None = None
    after: Passage | None = None


def sentences_around(
    passage: Passage, snippet: Snippet, beside: Neighbours
) -> tuple[SpokenSentence, ...]:
    """The sentences of a hit, in spoken order.

    Args:
        passage: the one found.
        snippet: what of it was found; without found words it is shown as it is.
        beside: where the sentence before the first, and after the last, may stand.
    """
    bounds = _bounds(passage.text)
    first, last = snippet.char_start, snippet.char_end
    if snippet.highlights:
        begin, end = (first + snippet.highlights[0][0], first + snippet.highlights[-1][1])
        first = max(first, max(start for start in bounds[:-1] if start <= begin))
        last = min(last, min(stop for stop in bounds[1:] if stop >= end))
    inside = [start for start in bounds if first < start < last]
    edges = [first, *inside, last]
    found = [_sentence(passage, start, stop, snippet) for start, stop in pairwise(edges)]
    if not snippet.highlights:
        return tuple(found)
    before = _before(passage, bounds, first, beside.before)
    after = _after(passage, bounds, last, beside.after)
    return tuple(each for each in (before, *found, after) if each is not None)


def _bounds(text: str) -> list[int]:
    """Where sentences begin, and the end of the text."""
    starts = [match.start() for match in SENTENCE_START.finditer(text)]
    return [0, *(start for start in starts if start > 0), len(text)]


def _sentence(passage: Passage, start: int, stop: int, snippet: Snippet) -> SpokenSentence:
    spans = ((snippet.char_start + a, snippet.char_start + b) for a, b in snippet.highlights)
    return SpokenSentence(
        text=passage.text[start:stop].rstrip(),
        start_ms=time_of(passage, start),
        end_ms=_end_of(passage, stop),
        highlights=tuple((a - start, b - start) for a, b in spans if start <= a and b <= stop),
    )


def _before(
    passage: Passage, bounds: list[int], first: int, earlier: Passage | None
) -> SpokenSentence | None:
    """The sentence before; None where what is shown begins in the middle of one."""
    if first not in bounds:
        return None
    if first > 0:
        start, stop, source = bounds[bounds.index(first) - 1], first, passage
    elif earlier is not None:
        start, stop, source = _bounds(earlier.text)[-2], len(earlier.text), earlier
    else:
        return None
    text = source.text[start:stop].rstrip()
    if len(text) > NEAR_CHARACTERS:
        place = _SPACE.search(text, len(text) - NEAR_CHARACTERS)
        cut = place.end() if place else len(text) - NEAR_CHARACTERS
        start, text = start + cut, f"{_CUT} {text[cut:]}"
    return SpokenSentence(
        text=text, start_ms=time_of(source, start), end_ms=_end_of(source, stop), is_near=True
    )


def _after(
    passage: Passage, bounds: list[int], last: int, later: Passage | None
) -> SpokenSentence | None:
    """The sentence after; None where what is shown ends in the middle of one."""
    if last not in bounds:
        return None
    if last < len(passage.text):
        start, stop, source = last, bounds[bounds.index(last) + 1], passage
    elif later is not None:
        start, stop, source = 0, _bounds(later.text)[1], later
    else:
        return None
    text = source.text[start:stop].rstrip()
    if len(text) > NEAR_CHARACTERS:
        places = [match.start() for match in _SPACE.finditer(text, 0, NEAR_CHARACTERS)]
        text = f"{text[: places[-1] if places else NEAR_CHARACTERS]} {_CUT}"
        stop = start + len(text)
    return SpokenSentence(
        text=text, start_ms=time_of(source, start), end_ms=_end_of(source, stop), is_near=True
    )


def _end_of(passage: Passage, stop: int) -> Milliseconds:
    return passage.end_ms if stop >= len(passage.text) else time_of(passage, stop)

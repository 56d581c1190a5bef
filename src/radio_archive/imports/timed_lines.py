"""Lines of text under lines of times: what SubRip and WebVTT have in common.

Read by ourselves because the libraries for them cannot name the line an error is about; ``pysubs2``
loses WebVTT's speakers and words between angle brackets, ``webvtt-py`` leaves damaged cues out
without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from radio_archive.errors import BadImport

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,:](\d{1,6}))?"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-{{1,3}}>(?:\s*{_CLOCK}(?![\d:]))?(.*)")
#: a line that can only be meant as times
_BROKEN_TIMES = re.compile(r"\s*\d+:\S*\s*-{2,3}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A line of times and the lines under it."""

    line: int  #: of the times, 1-based
    start_ms: int
    end_ms: int | None  #: None when it cannot be read
    lines: list[str]  #: as they stand, up to the next line of times


def find_blocks(lines: list[str], name: str, *, any_name: bool) -> Iterator[Block]:
    """Read every line of times with what stands under it.

    Args:
        lines: of the whole file.
        name: of the file, for messages.
        any_name: whether cues are named by any text, as in WebVTT, or by numbers only.

    Raises:
        BadImport: a line is meant as times and cannot be read.
    """
    places = [place for place, line in enumerate(lines) if _is_times(line, place, name)]
    for place, following in zip_longest(places, places[1:]):
        inside = lines[place + 1 : following]
        match = _TIMES.match(lines[place])
        assert match is not None  # noqa: S101 (that is how the places were found)
        yield Block(
            line=place + 1,
            start_ms=_clock(*match.groups()[:4]),
            end_ms=None if match.group(6) is None else _clock(*match.groups()[4:8]),
            lines=inside if following is None else _without_name(inside, any_name),
        )


def _is_times(line: str, place: int, name: str) -> bool:
    if _TIMES.match(line):
        return True
    if _BROKEN_TIMES.match(line):
        raise BadImport(
            f"Line {place + 1} of {name} holds times that cannot be read: {line.strip()[:60]!r}.",
            hint="Write them like 00:01:02,500 --> 00:01:05,000.",
        )
    return False


def _clock(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(((fraction or "0") + "00")[:3])


def _without_name(lines: list[str], any_name: bool) -> list[str]:
    """Leave out the number or name of the cue that comes after these lines."""
    place = len(lines) - 1
    if not any_name:  # some programs put an empty line between a cue's number and its times
        while place >= 0 and not lines[place].strip():
            place -= 1
    if place < 0 or not lines[place].strip():
        return lines
    is_after_gap = place == 0 or not lines[place - 1].strip()
    is_number = lines[place].strip().isdecimal()
    if (is_after_gap and (any_name or is_number)) or (is_number and place == len(lines) - 1):
        return lines[:place]
    return lines

"""Two texts of one broadcast beside each other, paired by time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from radio_archive.errors import BadInput
from radio_archive.model import Segment, Track, Transcript
from radio_archive.web.transcript_view import GapLine, Line

#: an address names the second text by kind and language: ``translation.en``
_BETWEEN = "."


def name_of(track: Track) -> str:
    """What an address calls a text beside another."""
    return f"{track.kind}{_BETWEEN}{track.language}"


def find_beside(tracks: Sequence[Track], asked: str) -> Track | None:
    """The text an address wants beside the one shown; None where it wants none.

    Raises:
        BadInput: the broadcast has no such text.
    """
    if not asked:
        return None
    for track in tracks:
        if name_of(track) == asked:
            return track
    raise BadInput(
        f"There is no text {asked[:40]!r} to show beside this one.",
        hint=f"Texts: {', '.join(map(name_of, tracks)) or 'none'}.",
    )


def pair(lines: Sequence[Line | GapLine], other: Transcript) -> tuple[tuple[Segment, ...], ...]:
    """What another text says at each line.

    A sentence stands beside the line in which its middle is said; what comes before the first line
    stands beside that.

    Returns:
        For each line what stands beside it; together every sentence of ``other``, in order.
    """
    starts = [line.start_ms if isinstance(line, Line) else line.gap.start_ms for line in lines]
    beside: list[list[Segment]] = [[] for _ in lines]
    for segment in other.segments if lines else ():
        middle = (segment.start_ms + segment.end_ms) // 2
        beside[max(0, bisect_right(starts, middle) - 1)].append(segment)
    return tuple(map(tuple, beside))

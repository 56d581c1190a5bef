"""Jingles: short sounds that several broadcasts of one programme hold.

A sound is a jingle where it is heard in `LEAST_BROADCASTS` of them, however often in each. What is
longer than `LONGEST_MS` is an item that was aired again. Silence and steady tones are no jingles:
their numbers say nothing of their place (`fingerprints.MAX_OCCURRENCES`).
"""

from __future__ import annotations

from collections.abc import Sequence

from radio_archive.fingerprints import JINGLE, Lookup, SubFingerprints
from radio_archive.model import Chapter, Jingle, Milliseconds, SameSound, Transcript

LEAST_BROADCASTS = 3
"""In fewer, it may be a piece of music or an announcement that was used twice."""

LONGEST_MS = 20_000
"""Jingles of radio news last 3 to 15 s; chosen, not measured."""

LEAST_MS = 2_000
"""What is left of a sound where its broadcasts agree on all of it."""

JOINED_GAP_MS = 1_000
"""Two pieces this close are one jingle."""

OPENING_MS = 1_000
"""A jingle that begins before this opens the broadcast: its chapter is the broadcast itself."""

TITLE_WORDS = 9
"""Words of a sentence that make a chapter's title."""

_EARLY_MS = 500  # how far before a jingle's estimated end its first sentence may begin


def shared_briefly(lookup: Lookup, other: SubFingerprints) -> tuple[SameSound, ...]:
    """What a recording shares with another one and is as short as a jingle."""
    found = lookup.find_in(other, JINGLE)
    return tuple(each for each in found if each.length_ms <= LONGEST_MS)


def find_jingles(shared: Sequence[Sequence[SameSound]]) -> tuple[Jingle, ...]:
    """Where a recording holds a jingle.

    Args:
        shared: for each other broadcast of the programme, what the recording shares with it.

    Returns:
        in order, none touching another.
    """
    turns = sorted(
        turn
        for number, of_one in enumerate(shared)
        for each in of_one
        for turn in (
            (int(each.start_ms), 1, number),
            (each.start_ms + each.length_ms, -1, number),
        )
    )
    heard: dict[int, int] = {}
    found: list[tuple[int, int]] = []
    since: int | None = None
    for moment, change, number in turns:
        heard[number] = heard.get(number, 0) + change
        is_jingle = sum(count > 0 for count in heard.values()) >= LEAST_BROADCASTS - 1
        if is_jingle and since is None:
            since = moment
        elif not is_jingle and since is not None:
            if found and since - found[-1][1] <= JOINED_GAP_MS:
                found[-1] = (found[-1][0], moment)
            else:
                found.append((since, moment))
            since = None
    return tuple(
        Jingle(start_ms=Milliseconds(start), end_ms=Milliseconds(end))
        for start, end in found
        if LEAST_MS <= end - start <= LONGEST_MS
    )


def chapters_of(jingles: Sequence[Jingle], transcript: Transcript | None) -> tuple[Chapter, ...]:
    """The parts that jingles begin, named by the first words said after each."""
    return tuple(
        Chapter(start_ms=each.start_ms, title=_title(each, following, transcript))
        for each, following in zip(jingles, [*jingles[1:], None], strict=False)
        if each.start_ms > OPENING_MS
    )


def _title(jingle: Jingle, following: Jingle | None, transcript: Transcript | None) -> str:
    if transcript is None:
        return ""
    for segment in transcript.segments:
        if following is not None and segment.start_ms >= following.start_ms:
            break
        if segment.start_ms >= jingle.end_ms - _EARLY_MS:
            words = segment.text.split()
            return " ".join(words[:TITLE_WORDS]) + (" …" if len(words) > TITLE_WORDS else "")
    return ""

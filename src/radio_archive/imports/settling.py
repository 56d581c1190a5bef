"""Cues as files have them, made into segments as the archive needs them.

Starts are believed, ends are not: in the subtitles of the RobotsMali griots 2,550 of 3,361 cues
claim to go on after the next one has begun, many of them by fifteen seconds, while their starts
are right. Whatever is changed or left out is counted and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from radio_archive.errors import BadImport
from radio_archive.imports.cues import LONGEST_MS, Cue, counted
from radio_archive.model import Milliseconds, Segment, Word

#: how far a text may run on behind its recording without being another one's: players and
#: encoders add as much
SLACK_MS = 5_000
#: share of cues beyond the end of the recording from which the file is another recording's
FOREIGN_SHARE = 0.05
#: share of words with a question mark inside from which letters were lost on the way
DAMAGED_SHARE = 0.01
#: and how many there must be: a slip of the keyboard is no damage
DAMAGED_WORDS = 5
_DAMAGED = re.compile(r"(?<=[^\W\d_])\?(?=[^\W\d_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Segments in order, and what was done to get them."""

    segments: tuple[Segment, ...]
    notes: tuple[str, ...]  #: one sentence each


def settle(cues: Sequence[Cue], name: str, duration_ms: int | None) -> Settled:
    """Order cues, mend their ends, leave out those without text.

    A cue ends where the next one of the same speaker begins, if it claims to go on; one whose
    end is missing or before its start ends there as well.

    Args:
        cues: as the file has them.
        name: of the file, for messages.
        duration_ms: of the recording; None when there is none.

    Raises:
        BadImport: nothing is left, a cue begins after 24 hours, or too many begin after the end
            of the recording.
    """
    worded = [cue for cue in cues if cue.lines]
    if not worded:
        raise BadImport(
            f"{name} holds times and no words.", hint="Check that it is the finished transcript."
        )
    for cue in worded:
        if cue.start_ms > LONGEST_MS:
            raise BadImport(
                f"The text on {cue.place} of {name} begins after more than 24 hours.",
                hint="Times are counted from the start of the recording; correct the file.",
            )
    ordered = sorted(worded, key=lambda cue: cue.start_ms)
    misplaced = sum(following.start_ms < cue.start_ms for cue, following in pairwise(worded))
    late = _count_late(ordered, name, duration_ms)
    nexts = _next_starts(ordered)
    last_ms = LONGEST_MS if duration_ms is None else duration_ms
    ended = [_end(cue, next_ms, last_ms) for cue, next_ms in zip(ordered, nexts, strict=True)]
    pairs = list(zip(ordered, ended, strict=True))
    unended = sum(cue.end_ms is None or cue.end_ms < cue.start_ms for cue in ordered)
    if all(cue.end_ms is None for cue in ordered):  # a format that has no ends lacks none
        unended = 0
    cut = sum(cue.end_ms is not None and cue.start_ms <= end < cue.end_ms for cue, end in pairs)
    changes = (
        (len(cues) - len(worded), "without text left out"),
        (misplaced, "not in order of time put in order"),
        (unended, "without a usable end given the start of the next as end"),
        (cut, "claiming to go on after the next, or the recording, cut short"),
        (late, "beginning after the end of the recording moved to its end"),
    )
    segments = tuple(_segment(cue, end, last_ms) for cue, end in pairs)
    notes = [f"{counted(count, 'cue', 'cues')} {done}." for count, done in changes if count]
    return Settled(segments=segments, notes=(*notes, *_damage(segments)))


def _count_late(ordered: Sequence[Cue], name: str, duration_ms: int | None) -> int:
    if duration_ms is None:
        return 0
    late = sum(cue.start_ms > duration_ms for cue in ordered)
    far = sum(cue.start_ms > duration_ms + SLACK_MS for cue in ordered)
    if far > FOREIGN_SHARE * len(ordered):
        raise BadImport(
            f"{name} goes on until {_clock(ordered[-1].start_ms)}, "
            f"the recording ends at {_clock(duration_ms)}.",
            hint="It is probably the transcript of another recording.",
        )
    return late


def _next_starts(ordered: Sequence[Cue]) -> list[int | None]:
    """For each cue, when its speaker begins anew at a later time; None for the last."""
    nexts: list[int | None] = []
    #: by speaker: the last start seen from behind, and the one after it that is greater
    seen: dict[str | None, tuple[int, int | None]] = {}
    for cue in reversed(ordered):
        start, greater = seen.get(cue.speaker, (None, None))
        following = greater if start == cue.start_ms else start
        nexts.append(following)
        seen[cue.speaker] = (cue.start_ms, following)
    return nexts[::-1]


def _end(cue: Cue, next_ms: int | None, last_ms: int) -> int:
    start_ms = min(cue.start_ms, last_ms)
    if cue.end_ms is None or cue.end_ms < cue.start_ms:
        return max(start_ms, min(next_ms if next_ms is not None else start_ms, last_ms))
    limit = last_ms if next_ms is None else min(next_ms, last_ms)
    return max(start_ms, min(cue.end_ms, limit))


def _segment(cue: Cue, end_ms: int, last_ms: int) -> Segment:
    return Segment(
        start_ms=Milliseconds(min(cue.start_ms, last_ms)),
        end_ms=Milliseconds(end_ms),
        text=" ".join(cue.lines),
        words=tuple(_word(word, last_ms) for word in cue.words),
        speaker=cue.speaker,
        language=cue.language,
        avg_logprob=cue.avg_logprob,
        no_speech_prob=cue.no_speech_prob,
        band=cue.band,
    )


def _word(word: Word, last_ms: int) -> Word:
    if word.end_ms <= last_ms:
        return word
    start_ms = min(word.start_ms, last_ms)
    return replace(word, start_ms=Milliseconds(start_ms), end_ms=Milliseconds(last_ms))


def _damage(segments: Iterable[Segment]) -> list[str]:
    words = [word for segment in segments for word in segment.text.split()]
    hurt = sum(_DAMAGED.search(word) is not None for word in words)
    if hurt < max(DAMAGED_WORDS, DAMAGED_SHARE * len(words)):
        return []
    return [
        f"{counted(hurt, 'word has', 'words have')} a question mark inside: letters were lost "
        "before the file came here, and only its author has them."
    ]


def _clock(time_ms: int) -> str:
    minutes, seconds = divmod(time_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"

"""In which order jobs are done: one number for each, the least first.

From its highest bits to its lowest a place says

* how urgent the job is: text that changed (withdrawn, corrected, new) before everything, then what
  was aired in the last days, then the rest, then translations;
* whose turn it is. Programmes take turns: each broadcast is one turn of its programme, the newest
  first, so that 10,000 recordings of one programme do not hold up another's. A programme that comes
  later joins at the turn that is being done, not at the first: start-time fair queueing (Goyal,
  Vin and Cheng 1996), each broadcast counted as one;
* which programme, so that one broadcast goes through its steps before the next begins: it is
  searchable early, however many were taken in at once;
* which step.

The fingerprint of what people have written down goes before all of its urgency: its repeats then
take over their text and need not be transcribed.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Self

from radio_archive.model import JobKind

RECENT_S = 3 * 86_400
"""What was aired within so many seconds goes before the rest: yesterday's news are news today, and
a weekend lies between."""

STEPS = (
    JobKind.INDEX,
    JobKind.DOWNLOAD,
    JobKind.PREPARE,
    JobKind.MAP,
    JobKind.FINGERPRINT,
    JobKind.TRANSCRIBE,
    JobKind.TRANSLATE,
)
"""Of one broadcast: a repeat is known before it would be written down again."""

_TURN_BITS, _LANE_BITS, _STEP_BITS = 36, 20, 4
#: bits of a place below its urgency
URGENCY_SHIFT = _TURN_BITS + _LANE_BITS + _STEP_BITS


class Urgency(IntEnum):
    """Which jobs are done before which others, whoever waits."""

    CHANGED = 0  #: text that is current and not yet what is searched
    RECENT = 1  #: aired in the last days
    ARCHIVE = 2  #: the back-catalogue, and what has no date
    BESIDE = 3  #: translations: they wait until all that was said is written down


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the queue, taken apart."""

    urgency: Urgency
    turn: int  #: of its programme, from 0
    lane: int  #: tells programmes of one turn apart
    step: int

    def __int__(self) -> int:
        """The number that is kept and compared; 62 bits."""
        number = int(self.urgency) << _TURN_BITS | self.turn
        return (number << _LANE_BITS | self.lane) << _STEP_BITS | self.step

    @classmethod
    def read(cls, number: int) -> Self:
        """Take a kept number apart."""
        rest, step = divmod(number, 1 << _STEP_BITS)
        rest, lane = divmod(rest, 1 << _LANE_BITS)
        urgency, turn = divmod(rest, 1 << _TURN_BITS)
        return cls(urgency=Urgency(urgency), turn=turn, lane=lane, step=step)

    def of(self, kind: JobKind, urgency: Urgency) -> Self:
        """The place of another step of the same broadcast."""
        return replace(self, urgency=urgency, step=STEPS.index(kind))

    @property
    def first(self) -> Self:
        """Before all others of the same urgency."""
        return replace(self, turn=0, lane=0)


def span_of(urgency: Urgency) -> tuple[int, int]:
    """The first place of an urgency, and the first beyond it."""
    return urgency << URGENCY_SHIFT, (urgency + 1) << URGENCY_SHIFT


def lane_of(origin: str) -> int:
    """A number for a programme; two that share one only share a turn's middle."""
    return zlib.crc32(origin.encode()) & ((1 << _LANE_BITS) - 1)


def urgency_of(
    kind: JobKind, aired_at: int | None, now: int, *, is_changed: bool = False
) -> Urgency:
    """How urgent a step is.

    Args:
        kind: the step.
        aired_at: seconds since 1970; None where nobody knows.
        now: likewise.
        is_changed: whether what readers get of the broadcast waits for this step.
    """
    if kind is JobKind.INDEX or is_changed:
        return Urgency.CHANGED
    if kind is JobKind.TRANSLATE:
        return Urgency.BESIDE
    is_recent = aired_at is not None and aired_at > now - RECENT_S
    return Urgency.RECENT if is_recent else Urgency.ARCHIVE

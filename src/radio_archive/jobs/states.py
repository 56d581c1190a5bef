"""What becomes of a job before it is done."""

from __future__ import annotations

from enum import StrEnum


class JobState(StrEnum):
    """Where a job is; what is done has no row any more."""

    WAITING = "waiting"  #: anybody able may claim it
    LATER = "later"  #: it failed, and is tried again when its time has come
    HELD = "held"  #: a worker is at it, until its lease runs out
    PARKED = "parked"  #: given up, until somebody asks for it

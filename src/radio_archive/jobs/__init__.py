"""Who does which piece of work, and until when: claims with lease, heartbeat and fencing token.

The jobs are disposable: they are derived from what the catalogue lacks, so an empty table costs
nothing. A job is claimed for `LEASE_S` seconds; its worker extends the lease while it lives. When
the lease runs out, anybody may claim the job, and the old holder's writes are refused because its
token is no longer the job's.

``queue`` hands the jobs out, ``places`` says in which order, ``workers`` knows who is there.
"""

from __future__ import annotations

from radio_archive.jobs.leases import (
    BACK_OFF_S,
    HEARTBEAT_S,
    LEASE_S,
    LONGEST_OUTAGE_S,
    MAX_ATTEMPTS,
    OUTAGE_S,
)
from radio_archive.jobs.queue import Jobs
from radio_archive.jobs.workers import Workers

__all__ = [
    "BACK_OFF_S",
    "HEARTBEAT_S",
    "LEASE_S",
    "LONGEST_OUTAGE_S",
    "MAX_ATTEMPTS",
    "OUTAGE_S",
    "Jobs",
    "Workers",
]

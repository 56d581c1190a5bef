"""How long a claim holds, and whose process is gone."""

from __future__ import annotations

import hashlib
import os
import socket
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: seconds a claim lasts without a heartbeat
LEASE_S = 60
#: seconds between heartbeats: two may be missed
HEARTBEAT_S = 20
#: seconds after which a worker that gave no sign counts as gone
ALIVE_S = LEASE_S + HEARTBEAT_S
#: claims of one job before a person must look
MAX_ATTEMPTS = 3
#: seconds before the second and the third attempt
BACK_OFF_S = (60, 300)
#: seconds a job waits for what the archive stands on to come back: at first, doubled each time it
#: is still away, and at most
OUTAGE_S = 5
LONGEST_OUTAGE_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which process a worker is, among all of all machines."""

    host: str  #: as the settings or the system name the machine
    process: int
    realm: str  #: within which process numbers mean the same: a boot, and a container of it

    @classmethod
    def of_this_process(cls, host: str = "") -> Identity:
        """Who we are.

        Args:
            host: the machine's name; empty takes the system's.
        """
        return cls(host=host or socket.gethostname(), process=os.getpid(), realm=_this_realm())

    @classmethod
    def read(cls, name: str) -> Identity | None:
        """From ``host:4242:realm``; None from anything else."""
        host, _, rest = name.partition(":")
        process, _, realm = rest.partition(":")
        return cls(host=host, process=int(process), realm=realm) if process.isdigit() else None

    def __str__(self) -> str:
        """As the tables keep it: ``host:4242:realm``."""
        return f"{self.host}:{self.process}:{self.realm}"

    def knows_dead(self, name: str | None) -> bool:
        """Whether another worker ran where we can look, and its process is gone.

        Its lease need not be awaited then. Of another machine, another container or an earlier
        boot of this machine only the lease tells.
        """
        other = Identity.read(name or "")
        if os.name != "posix" or other is None or (other.host, other.realm) != self._place:
            return False
        try:
            os.kill(other.process, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False

    @property
    def _place(self) -> tuple[str, str]:
        return self.host, self.realm


@cache
def _this_realm() -> str:
    """Boot and process namespace in eight letters; systems without either have one realm."""
    told = ""
    try:
        told = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        told += os.readlink("/proc/self/ns/pid")  # noqa: PTH115  # not a path: pid:[4026531836]
    except OSError:
        pass
    return hashlib.sha256(told.encode()).hexdigest()[:8]

"""Ports for servers that tests start, stop and start again."""

from __future__ import annotations

import os
import random
import socket

#: below those that systems give to whoever asks for any (Linux: from 32,768 on): nobody gets one by
#: chance while its server is not yet, or not now, there
_FIRST, _FOR_EACH = 20_000, 2_000

_given: set[int] = set()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has, and no other test process looks for."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    first = _FIRST + _FOR_EACH * (int(worker) % 6)
    mine = set(range(first, first + _FOR_EACH)) - _given
    for port in random.sample(sorted(mine), len(mine)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError(f"No port from {first} on is free.")

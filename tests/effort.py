"""How much work a call is, told in a number that no busy machine changes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines_run(call: Callable[[], object]) -> int:
    """How many lines of Python `call` runs in this thread.

    A test of speed on a clock fails where another program runs beside it. Lines are the same
    every time, and tell of work that grows faster than what is worked on. What runs inside a
    function written in C is not counted.
    """
    count = 0

    def follow(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return follow

    before = sys.gettrace()
    sys.settrace(follow)
    try:
        call()
    finally:
        sys.settrace(before)
    return count

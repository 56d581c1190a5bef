"""What part of a file a ``Range`` header asks for (RFC 9110, section 14); pure.

One range is served, never several: a list of ranges gets the whole file, which the standard allows
and which removes the class of attacks by overlapping ranges (CVE-2025-62727).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: a single byte range; 30 digits are more than any file and cheap to turn into a number
_SINGLE = re.compile(r"bytes=[ \t]*([0-9]{0,30})-([0-9]{0,30})[ \t]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteRange:
    """Bytes from ``start`` up to, not including, ``end``."""

    start: int
    end: int

    @property
    def is_satisfiable(self) -> bool:
        """Whether there is at least one byte to send; False means status 416."""
        return self.start < self.end


def parse_range(header: str | None, size: int) -> ByteRange | None:
    """Read a ``Range`` header for a file of ``size`` bytes.

    Returns:
        The range, cut to the file; one that holds no byte when it lies outside; None when the
        header must be ignored: absent, another unit, malformed, backwards, or a list of ranges.
    """
    match = _SINGLE.fullmatch(header) if header else None
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        return ByteRange(start=max(0, size - int(match[2])), end=size)
    start = int(match[1])
    if not match[2]:
        return ByteRange(start=min(start, size), end=size)
    last = int(match[2])
    return ByteRange(start=min(start, size), end=min(last + 1, size)) if start <= last else None

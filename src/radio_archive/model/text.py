"""Text that other formats can hold."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Whatever is no ``Char`` (W3C, XML 1.0, production 2)."""


def printable(text: str) -> str:
    """Text that XML 1.0 can hold: characters it forbids become U+FFFD."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)

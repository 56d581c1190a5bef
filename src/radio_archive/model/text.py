"""Text that other formats can hold."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Whatever is no ``Char`` (W3C, XML 1.0, production 2)."""

#: halves of characters; Python's stand-ins for bytes that are no UTF-8 are among them
_SURROGATES = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """Text that XML 1.0 can hold: characters it forbids become U+FFFD."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def readable(text: str) -> str:
    """Text that UTF-8 can hold: halves of characters and bytes nobody can read become U+FFFD."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def is_readable(text: str) -> bool:
    """Whether UTF-8 can hold text as it is."""
    return _SURROGATES.search(text) is None

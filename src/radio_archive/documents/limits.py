"""How much of a document is read: known to the process that reads, and to the one that waits."""

from __future__ import annotations

MAX_BYTES = 20_000_000
"""Of a file: a report of some hundred pages with pictures."""
MAX_PAGES = 500
MAX_CHARACTERS = 2_000_000
"""Of all pages together: four times *War and Peace* would be eleven millions."""
MAX_MEMORY = 1_000_000_000
"""Bytes of address space that the reading process may have, itself included."""

"""Text out of documents that strangers wrote: within limits, in a process of its own."""

from __future__ import annotations

from radio_archive.documents.pdf import MAX_BYTES, MAX_CHARACTERS, MAX_PAGES, read_pdf

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "MAX_PAGES", "read_pdf"]

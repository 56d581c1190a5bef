"""A PDF in, its text out. What cannot be read has a state, never an exception.

A PDF is a program in disguise, and may be made to take all time and memory there is. It is read by
another process (`radio_archive.documents.pdf_reader`), which is given so much of both and no more.
"""

from __future__ import annotations

import json
import subprocess
import sys
from threading import BoundedSemaphore

from radio_archive.documents.limits import MAX_BYTES, MAX_CHARACTERS, MAX_PAGES
from radio_archive.model import DocumentState, DocumentText
from radio_archive.model.text import printable

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "MAX_PAGES", "MAX_SECONDS", "read_pdf"]

MAX_SECONDS = 30.0
"""For the whole of a PDF: chosen, for somebody waits for the answer of a form."""

#: one at a time, for each takes a core and up to `limits.MAX_MEMORY`
_TURNS = BoundedSemaphore(1)

_HEAD = 1_024
"""Bytes within which ``%PDF-`` stands (ISO 32000-1, Annex H, implementation note 13)."""


def read_pdf(content: bytes, seconds: float = MAX_SECONDS) -> DocumentText:
    """The text of a PDF, page by page.

    Args:
        content: the file.
        seconds: how long reading it may take.
    """
    if b"%PDF-" not in content[:_HEAD] or len(content) > MAX_BYTES:
        return DocumentText(state=DocumentState.DAMAGED)
    command = [sys.executable, "-m", "radio_archive.documents.pdf_reader"]
    with _TURNS:
        try:
            done = subprocess.run(  # noqa: S603 (our own module, nothing of the file in it)
                command, input=content, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return DocumentText(state=DocumentState.TOO_HEAVY)
    if done.returncode:  # out of memory, in whatever way that ends a process
        return DocumentText(state=DocumentState.TOO_HEAVY)
    told = json.loads(done.stdout)
    pages = tuple(printable(page) for page in told["pages"])
    return DocumentText(state=DocumentState(told["state"]), pages=pages)

"""Offline editions: a folder of pages, sound and an in-page search that needs no server.

Pages open from a USB stick or a card, in old browsers, with scripts or without. Search data are
plain script files, for a page of a folder may fetch nothing. Each module is one part of it.
"""

from __future__ import annotations

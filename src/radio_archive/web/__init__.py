"""The web site and its JSON: Starlette over one ``Archive``.

``app`` holds the route table; start there.
"""

from __future__ import annotations

from radio_archive.web.app import create_app

__all__ = ["create_app"]

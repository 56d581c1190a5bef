"""Style, script and icon, under names that change with their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "static"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file that pages refer to."""

    content: bytes
    media_type: str


class Assets:
    """All files of ``static/``, read once. ``site.css`` is served as ``site.1f2e3d4c.css``."""

    def __init__(self) -> None:
        self._hashed_names: dict[str, str] = {}
        self._assets: dict[str, Asset] = {}
        for path in sorted(_FOLDER.iterdir()):
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:8]
            hashed = f"{path.stem}.{digest}{path.suffix}"
            self._hashed_names[path.name] = hashed
            self._assets[hashed] = Asset(content=content, media_type=_MEDIA_TYPES[path.suffix])

    def url(self, name: str) -> str:
        """Address of a file in ``static/``.

        Raises:
            KeyError: there is no such file; a mistake in a template.
        """
        return f"/static/{self._hashed_names[name]}"

    def find(self, hashed_name: str) -> Asset | None:
        """The file behind a hashed name; None for any other name."""
        return self._assets.get(hashed_name)

"""How a test runs a command."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Run(Protocol):
    """Runs a command; answers exit status, standard output and standard error."""

    def __call__(self, *arguments: str, home: Path | None = None) -> tuple[int, str, str]: ...

"""The weights of the speech engines on this machine: listed, fetched, verified.

Nothing else ever fetches weights; a transcription that lacks them says which command does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from radio_archive.fetch import Fetcher
from radio_archive.model import Check, ModelStatus
from radio_archive.settings import Settings
from radio_archive.transcribers.fetching import fetch_weights
from radio_archive.transcribers.weights import WEIGHTS, is_complete, verify_weights

#: no weights we know are larger
MAX_WEIGHTS_BYTES = 4_000_000_000


def models_dir(settings: Settings) -> Path:
    """Folder of the weights: as set, else in the user's cache."""
    if settings.models_dir:
        return Path(settings.models_dir)
    return Path.home() / ".cache" / "radio-archive" / "models"


class Weights:
    """The shelf of models."""

    def __init__(self, settings: Settings, fetcher: Fetcher) -> None:
        self.folder = models_dir(settings)
        self._fetcher = fetcher

    def all(self) -> tuple[ModelStatus, ...]:
        """Every model we know, and whether it is here."""
        return tuple(
            ModelStatus(
                name=known.name,
                size_bytes=known.megabytes * 1_000_000,
                is_here=is_complete(known.name, self.folder),
            )
            for known in WEIGHTS.values()
        )

    def fetch(self, name: str, on_progress: Callable[[str], None]) -> tuple[str, ...]:
        """Get a model from the first source that has it; nothing happens when it is here.

        Raises:
            WeightsMissing: no source gave it.
            StorageError: the disk refuses.
        """
        return tuple(fetch_weights(name, self.folder, self._download, on_progress))

    def verify(self, name: str) -> tuple[Check, ...]:
        """Read a model's files again and compare them with what they should be."""
        problems = verify_weights(name, self.folder)
        if not problems:
            return (Check(name=name, is_ok=True, finding="Every file is what it should be."),)
        remedy = f"radio-archive models fetch {name}"
        return tuple(
            Check(name=name, is_ok=False, finding=problem, remedy=remedy) for problem in problems
        )

    def _download(self, url: str, target: Path) -> None:
        with (
            self._fetcher.stream(url, max_bytes=MAX_WEIGHTS_BYTES) as chunks,
            target.open("wb") as stream,
        ):
            for chunk in chunks:
                stream.write(chunk)

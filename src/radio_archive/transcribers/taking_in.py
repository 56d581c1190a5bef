"""Getting the weights of other engines than Whisper's: from their makers, or from a folder.

Like ``fetching``: once, checked, and seen only when whole. What nobody published a digest of is
recorded as it comes, so that a later change is found.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from radio_archive.errors import BadInput, StorageError, WeightsMissing
from radio_archive.model import TakeIn
from radio_archive.transcribers.fetching import (
    WORK_PREFIX,
    Download,
    OnLine,
    clear_abandoned,
    fetch_weights,
    publish,
)
from radio_archive.transcribers.lookup import get_engine_class
from radio_archive.transcribers.shelf import SHELF, ShelfWeights, find_on_shelf
from radio_archive.transcribers.transformers_conversion import (
    convert_whisper,
    find_taught_code,
)
from radio_archive.transcribers.weights import (
    WEIGHTS,
    WHISPER_ENGINES,
    Origin,
    file_digest,
    find_origin,
    is_complete,
    split_name,
    write_origin,
)
from radio_archive.transcribers.whisper_fine_tune import (
    require_whisper_code,
    write_whisper_code,
)

FINE_TUNE = "whisper-fine-tune"
"""The engine whose weights are converted as they come in."""

_SUFFIXES = frozenset({".json", ".txt", ".onnx", ".weights", ".safetensors"})
"""What is copied from a folder; pickled weights are not, because loading them runs code."""


def take_in(
    name: str,
    models_dir: Path,
    download: Download,
    wish: TakeIn,
    on_progress: OnLine = lambda _line: None,
) -> list[str]:
    """Make weights available to their engine; does nothing when they are.

    Args:
        name: ``base``, or engine and model: ``omnilingual-ctc/300m-int8``.
        models_dir: where models are kept; made if need be.
        download: the door to the network.
        wish: where from, and what was agreed to.
        on_progress: told what is tried and what came of it.

    Returns:
        The sentences that say what is there now and where it came from.

    Raises:
        BadInput: the licence forbids commercial use and nobody agreed to that.
        NoEngine: there is no such engine.
        WeightsMissing: no source gave them, or what came is not what it should be.
        FetchError: the network did not give a file.
        StorageError: the disk refuses.
    """
    engine, model = split_name(name)
    if engine in ("", *WHISPER_ENGINES):
        return fetch_weights(model, models_dir, download, on_progress, wish.folder)
    _require_name(name, models_dir)
    if is_complete(name, models_dir):
        return [_present(name, models_dir)]
    known = find_on_shelf(name)
    _require_leave(name, known, wish)
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        clear_abandoned(models_dir)
        with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=models_dir) as work:
            target = Path(work) / model
            _Intake(name, target, download, on_progress).run(known, wish)
            publish(target, models_dir / model)
    except OSError as error:
        raise StorageError(
            f"The weights {name!r} cannot be stored: {error}.", hint="Free some space."
        ) from error
    return [_present(name, models_dir)]


def _require_name(name: str, models_dir: Path) -> None:
    """Refuse names no engine could be found by, and those that would mix two engines' files."""
    engine, model = split_name(name)
    get_engine_class(engine)
    if not model or "/" in model or model.startswith("."):
        raise BadInput(f"{name!r} is no name for weights.", hint="Write ENGINE/MODEL.")
    is_taken = (models_dir / model).exists() and not (models_dir / model / engine).exists()
    if model in WEIGHTS or is_taken:
        raise BadInput(
            f"There are weights called {model!r} for another engine.", hint="Choose another name."
        )


def _require_leave(name: str, known: ShelfWeights | None, wish: TakeIn) -> None:
    """Say no before anything is fetched."""
    if wish.folder is None and known is None:
        raise WeightsMissing(
            f"Nobody told us where the weights {name!r} are.",
            hint=f"Take them in from a folder: radio-archive models add {name} FOLDER. "
            f"Known: {', '.join([*WEIGHTS, *SHELF])}.",
        )
    if known is not None and known.is_non_commercial and not wish.accepts_non_commercial:
        raise BadInput(
            f"The licence of {name} ({known.licence}) forbids commercial use: {known.page}.",
            hint="If your station may use it, repeat the command with --accept-non-commercial.",
        )


def _present(name: str, models_dir: Path) -> str:
    origin = find_origin(models_dir / split_name(name)[1])
    return f"{name} is ready, from {origin.source if origin else 'an unknown source'}."


class _Intake:
    """One set of weights on its way in, in a folder nobody looks into."""

    def __init__(self, name: str, target: Path, download: Download, on_progress: OnLine) -> None:
        self._name = name
        self._engine = split_name(name)[0]
        self._target = target
        self._folder = target / self._engine
        # what a fine-tune is made from is not kept
        self._incoming = target.with_name("incoming") if self._is_converted else self._folder
        self._download = download
        self._on_progress = on_progress

    @property
    def _is_converted(self) -> bool:
        return self._engine == FINE_TUNE

    def run(self, known: ShelfWeights | None, wish: TakeIn) -> None:
        self._folder.mkdir(parents=True)
        self._incoming.mkdir(exist_ok=True)
        source = ""
        if wish.folder is not None:
            source = str(wish.folder)
            self._copy(wish.folder)
        elif known is not None:
            source = known.page
            self._fetch(known)
        if known is not None:
            self._require_published(known)
        if self._is_converted:
            self._convert(wish.whisper_code or (known.whisper_code if known else ""))
        # engines look at their files when they are made: what they refuse is not taken in
        get_engine_class(self._engine)(self._folder, languages=())
        files = sorted(path for path in self._folder.rglob("*") if path.is_file())
        digests = {str(path.relative_to(self._target)): file_digest(path) for path in files}
        write_origin(self._target, Origin(source=source, tensors_sha256="", files=digests))

    def _copy(self, folder: Path) -> None:
        found = [path for path in sorted(folder.glob("*")) if self._is_wanted(path)]
        if not found:
            raise WeightsMissing(
                f"{folder} holds no weights.", hint="Name the folder the model was saved in."
            )
        for path in found:
            self._on_progress(f"Copying {path.name}.")
            shutil.copyfile(path, self._incoming / path.name)

    def _is_wanted(self, path: Path) -> bool:
        is_model_bin = self._is_converted and path.name == "model.bin"
        return path.is_file() and (path.suffix in _SUFFIXES or is_model_bin)

    def _fetch(self, known: ShelfWeights) -> None:
        self._on_progress(f"{known.name}: {known.megabytes} MB, licence {known.licence}.")
        for file in known.files:
            self._on_progress(f"Asking {known.page} for {file.name}.")
            self._download(known.url_of(file), self._incoming / file.name)

    def _require_published(self, known: ShelfWeights) -> None:
        for file in known.files:
            path = self._incoming / file.name
            if file.sha256 and path.is_file() and file_digest(path) != file.sha256:
                raise WeightsMissing(
                    f"{file.name} has not the SHA-256 known for {known.name}.",
                    hint="Fetch it again; under another name a folder is taken as it is.",
                )

    def _convert(self, code: str) -> None:
        """Make CTranslate2's form of a fine-tune; what was converted before is taken as it is."""
        code = code or find_taught_code(self._incoming)
        require_whisper_code(code)
        if (self._incoming / "model.bin").is_file():
            for path in self._incoming.iterdir():
                path.rename(self._folder / path.name)
        else:
            self._on_progress("Converting the weights.")
            convert_whisper(self._incoming, self._folder)
        write_whisper_code(self._folder, code)

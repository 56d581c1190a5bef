"""Which Whisper weights we know, where they lie, and whether they are the right ones.

One folder per model, made in one move so that a half-fetched model is never seen::

    <models_dir>/base/ctranslate2/      model.bin and companions, for faster-whisper
    <models_dir>/base/openai-whisper/   base.pt, for openai-whisper
    <models_dir>/base/origin.json       where it came from, SHA-256 of every file

Models of other engines lie beside them, as ``<models_dir>/MODEL/ENGINE/``; ``shelf`` knows some.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from radio_archive.errors import WeightsMissing
from radio_archive.transcribers.shelf import SHELF, find_on_shelf

ORIGIN_FILE = "origin.json"
CTRANSLATE2_FOLDER = "ctranslate2"
OPENAI_FOLDER = "openai-whisper"

WHISPER_ENGINES = ("faster-whisper", "openai-whisper")

_OFFICIAL = "https://openaipublic.azureedge.net/main/whisper/models"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A set of weights we know how to get and to check."""

    name: str
    file: str  #: name of OpenAI's checkpoint
    sha256: str  #: of OpenAI's checkpoint, as ``whisper._MODELS`` lists it
    megabytes: int  #: about, to download
    tensors_sha256: str = ""  #: over the tensors, where measured; vouches for packaged copies

    @property
    def url(self) -> str:
        """OpenAI's address of the checkpoint."""
        return f"{_OFFICIAL}/{self.sha256}/{self.file}"


WEIGHTS: Mapping[str, Weights] = {
    weights.name: weights
    for weights in (
        Weights(
            name="tiny",
            file="tiny.pt",
            sha256="65147644a518d12f04e32d6f3b26facc3f8dd46e5390956a9424a650c0ce22b9",
            megabytes=76,
        ),
        Weights(
            name="base",
            file="base.pt",
            sha256="ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e",
            megabytes=145,
            # two independent uploads hold the same tensors
            tensors_sha256="effe2cf54c7d66ed936899d4627ae0522208a37a540bdef779bfbacae49d9da8",
        ),
        Weights(
            name="small",
            file="small.pt",
            sha256="9ecf779972d90ba49c06d968637d720dd632c55bbf19d441fb42bf17a411e794",
            megabytes=484,
        ),
        Weights(
            name="medium",
            file="medium.pt",
            sha256="345ae4da62f9b3d59415adc60127b97c714f32e89e936602e85993674d08dcb1",
            megabytes=1528,
        ),
        Weights(
            name="large-v3",
            file="large-v3.pt",
            sha256="e5b1a55b89c1367dacf97e3e19bfd829a01529dbfdeefa8caeb59b3f1b81dadb",
            megabytes=3087,
        ),
        Weights(
            name="turbo",
            file="large-v3-turbo.pt",
            sha256="aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a",
            megabytes=1618,
        ),
    )
}
"""The weights that ``radio-archive models list`` shows, smallest first but for ``turbo``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What ``origin.json`` records of a fetched model."""

    source: str  #: address, packages or folder it was taken from
    tensors_sha256: str  #: empty for models that are not Whisper's own
    files: Mapping[str, str]  #: path inside the model's folder -> SHA-256


def is_small_or_bigger(name: str) -> bool:
    """Whether it is Whisper ``small`` or one with more; False for weights we do not know."""
    known = WEIGHTS.get(name)
    return known is not None and known.megabytes >= WEIGHTS["small"].megabytes


def get_known(name: str) -> Weights:
    """The row of a model.

    Raises:
        WeightsMissing: we know no model of this name.
    """
    try:
        return WEIGHTS[name]
    except KeyError:
        raise WeightsMissing(
            f"There are no weights called {name!r}.",
            hint=f"Known: {', '.join([*WEIGHTS, *SHELF])}.",
        ) from None


def find_weights(name: str, engine: str, models_dir: Path) -> Path | None:
    """What an engine is given to load: a folder or a file; None when it is not there.

    Args:
        name: the model: ``base``; or the path of a folder (for ``openai-whisper``: of a file).
        engine: ``faster-whisper``, ``openai-whisper``, or another engine, whose weights are
            looked for in a folder of its name.
        models_dir: folder that holds a folder per model.
    """
    if Path(name).is_absolute():
        return Path(name) if Path(name).exists() else None
    if engine == "faster-whisper":
        folder = models_dir / name / CTRANSLATE2_FOLDER
        return folder if (folder / "model.bin").is_file() else None
    if engine == "openai-whisper":
        file = models_dir / name / OPENAI_FOLDER / f"{name}.pt"
        return file if file.is_file() else None
    folder = models_dir / name / engine
    return folder if folder.exists() else None


def get_weights(name: str, engine: str, models_dir: Path) -> Path:
    """Like ``find_weights``.

    Raises:
        WeightsMissing: they are not on this machine; the hint is the command that fetches them.
    """
    path = find_weights(name, engine, models_dir)
    if path is None:
        raise WeightsMissing(
            f"The weights {name!r} for {engine} are not on this machine.",
            hint=_how_to_get(name, engine),
        )
    return path


def _how_to_get(name: str, engine: str) -> str:
    if Path(name).is_absolute():
        return "Put the folder back, or name another under [engines] in radio-archive.toml."
    if engine in WHISPER_ENGINES:
        return f"Fetch them once: radio-archive models fetch {name}."
    known = find_on_shelf(f"{engine}/{name}")
    if known is None:
        return f"Take them in: radio-archive models add {engine}/{name} FOLDER."
    consent = " --accept-non-commercial" if known.is_non_commercial else ""
    return f"Fetch them once: radio-archive models fetch {known.name}{consent}."


def split_name(name: str) -> tuple[str, str]:
    """Engine and model of ``omnilingual-ctc/300m-int8``; the engine is empty in ``base``."""
    engine, slash, model = name.partition("/")
    return (engine, model) if slash else ("", name)


def name_of(engine: str, weights: Path) -> str:
    """Engine and model, from the folder an engine was given."""
    return f"{engine}/{(weights.parent if weights.name == engine else weights).name}"


def folder_digest(weights: Path, names: Iterable[str]) -> str:
    """SHA-256 over the names and digests of an engine's files; recorded digests are believed.

    Args:
        weights: the folder the engine was given.
        names: its files that shape the text; those that are missing are left out.
    """
    origin = find_origin(weights.parent)
    recorded = origin.files if origin else {}
    digest = hashlib.sha256()
    for name in sorted(names):
        path = weights / name
        if path.is_file():
            known = recorded.get(f"{weights.name}/{name}") or file_digest(path)
            digest.update(f"{name} {known}\n".encode())
    return digest.hexdigest()


def find_origin(folder: Path) -> Origin | None:
    """What is recorded of the model in a folder; None when nothing readable is."""
    try:
        content = json.loads((folder / ORIGIN_FILE).read_text(encoding="utf-8"))
        return Origin(**content)
    except (OSError, ValueError, TypeError):
        return None


def write_origin(folder: Path, origin: Origin) -> None:
    """Record where a model came from."""
    text = json.dumps(asdict(origin), indent=1)
    (folder / ORIGIN_FILE).write_text(text, encoding="utf-8")


def find_recorded_digest(engine_folder: Path) -> str | None:
    """SHA-256 over the tensors of the model whose engine folder this is; None if unrecorded."""
    origin = find_origin(engine_folder.parent)
    return origin.tensors_sha256 if origin else None


def is_complete(name: str, models_dir: Path) -> bool:
    """Whether every recorded file of a model is there; the bytes are not read."""
    engine, name = split_name(name)
    if engine not in ("", *WHISPER_ENGINES) and not (models_dir / name / engine).is_dir():
        return False
    origin = find_origin(models_dir / name)
    return origin is not None and all((models_dir / name / path).is_file() for path in origin.files)


def find_own_weights(models_dir: Path) -> list[tuple[str, int, str]]:
    """What a station took in that we know nothing of: name, bytes and where it came from."""
    found = []
    for record in sorted(models_dir.glob(f"[!.]*/{ORIGIN_FILE}")):
        folder, origin = record.parent, find_origin(record.parent)
        engines = {path.partition("/")[0] for path in (origin.files if origin else ())}
        known = folder.name in WEIGHTS or any(f"{each}/{folder.name}" in SHELF for each in engines)
        if origin is None or known:
            continue
        paths = [folder / path for path in origin.files]
        size = sum(path.stat().st_size for path in paths if path.is_file())
        found += [(f"{engine}/{folder.name}", size, origin.source) for engine in sorted(engines)]
    return found


def verify_weights(name: str, models_dir: Path) -> list[str]:
    """Read every file of a model and compare it with what is known of it.

    Returns:
        One sentence per problem; empty when all is well.
    """
    engine, model = split_name(name)
    folder = models_dir / model
    origin = find_origin(folder)
    if origin is None:
        return [f"The weights {name!r} are not on this machine, or not fetched by us."]
    problems = [
        f"{path} of {name!r} is missing or changed; delete the folder and fetch it again."
        for path, digest in origin.files.items()
        if not (folder / path).is_file() or file_digest(folder / path) != digest
    ]
    if problems:
        return problems
    if engine in ("", *WHISPER_ENGINES):
        return _verify_tensors(model, folder, origin)
    known = find_on_shelf(name)
    return [
        f"{file.name} of {name!r} has not the SHA-256 known for it; fetch it again."
        for file in (known.files if known else ())
        if file.sha256 and origin.files.get(f"{engine}/{file.name}", file.sha256) != file.sha256
    ]


def _verify_tensors(name: str, folder: Path, origin: Origin) -> list[str]:
    """Compare a Whisper's tensors, whatever file they lie in, with those we know."""
    from radio_archive.transcribers.conversion import tensors_digest

    known = WEIGHTS.get(name)
    checkpoint = f"{OPENAI_FOLDER}/{name}.pt"
    is_official = known is not None and origin.files.get(checkpoint) == known.sha256
    expected = origin.tensors_sha256
    if known is not None and known.tensors_sha256 and not is_official:
        expected = known.tensors_sha256
    return [
        f"{path} of {name!r} holds other tensors than it should; fetch it again."
        for path in (f"{CTRANSLATE2_FOLDER}/model.bin", checkpoint)
        if tensors_digest(folder / path) != expected
    ]


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

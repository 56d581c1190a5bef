"""The folder of an edition: only what differs is written, and only what was ours is removed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from radio_archive.editions.signing import Signer, is_signed
from radio_archive.errors import BadInput, StorageError
from radio_archive.model.editions import EditionCheck, EditionFile

MANIFEST, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.json.sig", "public-key.txt"
FORMAT = 1

_BLOCK = 1 << 20


class EditionFolder:
    """One edition on a disk."""

    def __init__(self, path: Path) -> None:
        """Open a folder, or one that is to be made.

        Raises:
            BadInput: it holds something else than an edition.
        """
        self.path = path
        self._known, self.known_items = _read(path)
        self._files: dict[str, EditionFile] = {}
        if path.exists() and (not path.is_dir() or (not self._known and any(path.iterdir()))):
            raise BadInput(
                f"{path} is there and is no offline edition.",
                hint="Give an empty folder, or one that holds an edition.",
            )

    def put(self, name: str, content: bytes) -> None:
        """Write a file, unless it is there already."""
        new = EditionFile(sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))
        if self._known.get(name) != new or not self._is_there(name, new):
            self._write(name, [content])
        self._files[name] = new

    def put_blocks(self, name: str, wanted: EditionFile, blocks: Iterable[bytes]) -> None:
        """The same for a large file of which the digest is known.

        Raises:
            StorageError: the bytes are others.
        """
        if self._known.get(name) != wanted or not self._is_there(name, wanted):
            digest = hashlib.sha256()
            self._write(name, _digesting(blocks, digest))
            if digest.hexdigest() != wanted.sha256:
                (self.path / name).unlink()
                raise StorageError(
                    f"The sound for {name} is damaged.", hint="Run `radio-archive verify`."
                )
        self._files[name] = wanted

    def keep(self, name: str) -> bool:
        """Leave a file as it is; False where it is not there as it was."""
        known = self._known.get(name)
        if known is None or not self._is_there(name, known):
            return False
        self._files[name] = known
        return True

    def finish(self, about: Mapping[str, object], items: Mapping[str, str], signer: Signer) -> int:
        """Remove what belongs to it no more, write and sign the manifest; answers its size.

        Args:
            about: what the manifest says of the edition.
            items: what each broadcast was made of, for the next run.
            signer: the station's key.
        """
        for name in self._known.keys() - self._files.keys():
            with suppress(FileNotFoundError):
                (self.path / name).unlink()
        files = {name: [each.size_bytes, each.sha256] for name, each in sorted(self._files.items())}
        told = {"format": FORMAT, **about, "items": items, "files": files}
        content = json.dumps(told, ensure_ascii=False, indent=1).encode()
        self._write(MANIFEST, [content])
        self._write(SIGNATURE, [signer.sign(content).encode()])
        self._write(PUBLIC_KEY, [signer.public_key.encode()])
        return sum(each.size_bytes for each in self._files.values()) + len(content)

    def _is_there(self, name: str, wanted: EditionFile) -> bool:
        path = self.path / name
        return path.is_file() and path.stat().st_size == wanted.size_bytes

    def _write(self, name: str, blocks: Iterable[bytes]) -> None:
        path = self.path / name
        aside = path.with_name(f".{path.name}.part")
        with _writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with aside.open("wb") as file:
                    for block in blocks:
                        file.write(block)
                    file.flush()
                    os.fsync(file.fileno())
                aside.replace(path)
            finally:
                aside.unlink(missing_ok=True)


def check(path: Path, public_key: str = "") -> EditionCheck:
    """Compare an edition with its manifest, and that with its signature.

    Args:
        path: the folder.
        public_key: the station's, as it told; empty takes the one that lies in the folder, which
            proves only that nothing was changed since whoever made it.

    Raises:
        BadInput: there is no edition.
    """
    files, _ = _read(path)
    try:
        content = (path / MANIFEST).read_bytes()
        signature = (path / SIGNATURE).read_text().strip()
        beside = (path / PUBLIC_KEY).read_text().strip()
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} holds no whole offline edition.") from error
    problems = []
    if not is_signed(content, signature, public_key or beside):
        problems.append(f"{MANIFEST}: not signed with this key")
    for name, wanted in sorted(files.items()):
        problem = _look_at(path / name, wanted)
        if problem:
            problems.append(f"{name}: {problem}")
    own = {MANIFEST, SIGNATURE, PUBLIC_KEY}
    held = {each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file()}
    problems += [f"{name}: not in the manifest" for name in sorted(held - files.keys() - own)]
    return EditionCheck(public_key=beside, problems=tuple(problems), files=files)


def _look_at(path: Path, wanted: EditionFile) -> str:
    """What is wrong with a file; empty when nothing is."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError:
        return "missing"
    return "" if digest.hexdigest() == wanted.sha256 else "changed"


def _read(path: Path) -> tuple[dict[str, EditionFile], dict[str, str]]:
    """Files and items of the edition that is there; nothing without one.

    Raises:
        BadInput: its manifest names files outside of it.
    """
    try:
        told = json.loads((path / MANIFEST).read_bytes())
        if told["format"] != FORMAT:
            return {}, {}
        files = {
            str(name): EditionFile(size_bytes=int(size), sha256=str(sha256))
            for name, (size, sha256) in told["files"].items()
        }
        items = {str(key): str(value) for key, value in told["items"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}, {}
    for name in files:
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise BadInput(f"The manifest in {path} names {name!r}: that is no edition of ours.")
    return files, items


def _digesting(blocks: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for block in blocks:
        digest.update(block)
        yield block


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror or error}.",
            hint="Make room, or give --max-size. Another run goes on from here.",
        ) from error

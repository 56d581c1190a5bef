"""The files of a Tantivy index: which there are, whether they are whole, and what is left over."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

#: folders of the passages and of the words, inside one of the index
PASSAGES, WORDS = "passages", "words"
#: Tantivy's list of segments
META = "meta.json"

#: what each of Tantivy's files ends with, after the length of its footer in as many bytes
_MAGIC = (1337).to_bytes(4, "little")
#: bytes read at a time
_PIECE = 1 << 20


def require_whole(path: Path) -> None:
    """Look at every file that the lists of segments name.

    Raises:
        OSError, ValueError: one is missing or does not end as Tantivy ends its files. Opened all
            the same, it would end the process: files are mapped.
    """
    for part in (PASSAGES, WORDS):
        folder = path / part
        for file in _files_of(folder):
            with file.open("rb") as opened:
                opened.seek(-len(_MAGIC), os.SEEK_END)
                if opened.read() != _MAGIC:
                    raise ValueError(f"{file.name} was cut off")


def require_sound(path: Path) -> None:
    """Read every file that the lists of segments name: a second for each gigabyte or so.

    Raises:
        ValueError: one does not hold what Tantivy wrote: the CRC-32 in its footer is another's.
        OSError: one is missing, or the disk does not give it.
    """
    for part in (PASSAGES, WORDS):
        for file in _files_of(path / part):
            _require_checksum(file)


def _require_checksum(file: Path) -> None:
    with file.open("rb") as opened:
        end = opened.seek(-2 * len(_MAGIC), os.SEEK_END)
        length = int.from_bytes(opened.read(len(_MAGIC)), "little")
        if length > end:
            raise ValueError(f"{file.name} has no footer")
        left = opened.seek(end - length)
        told = json.loads(opened.read(length))["crc"]
        opened.seek(0)
        found = 0
        while left:
            piece = opened.read(min(left, _PIECE))
            found = zlib.crc32(piece, found)
            left -= len(piece)
    if found != told:
        raise ValueError(f"{file.name} does not hold what was written")


def forget_deletions(folder: Path) -> None:
    """Clear away what a commit that was killed, or met a full disk, left of its deletions.

    The next one would write a file of the same name, which Tantivy refuses. Only whoever holds the
    writer's lock may do this.
    """
    named = set(_files_of(folder))
    for file in folder.glob("*.del"):
        if file not in named:
            file.unlink()


def _files_of(folder: Path) -> Iterator[Path]:
    meta = json.loads((folder / META).read_text("utf-8"))
    for segment in meta["segments"]:
        name = segment["segment_id"].replace("-", "")
        for extension in ("idx", "pos", "term", "store", "fast", "fieldnorm"):
            yield folder / f"{name}.{extension}"
        if segment["deletes"]:
            yield folder / f"{name}.{segment['deletes']['opstamp']}.del"

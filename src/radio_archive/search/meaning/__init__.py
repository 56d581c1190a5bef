"""Search by meaning: texts as points, where what says the same thing lies close together.

Only a help beside the words, and only in the languages where it was measured to be one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from radio_archive.model import LanguageTag

#: where the encoder was shown to serve (docs/relevance.md); it knows no language of Mali
SERVED = (LanguageTag("fr"), LanguageTag("en"))

Vectors = npt.NDArray[np.floating[Any]]
"""Rows of unit length, or zero for what says nothing."""


class Encoder(Protocol):
    """Turns texts into vectors whose inner product tells how alike they are in meaning."""

    @property
    def fingerprint(self) -> str:
        """Model and version; vectors of different fingerprints cannot be compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; no texts give no rows."""
        ...

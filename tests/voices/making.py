"""Voices made of numbers: directions with some noise around them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from radio_archive.voices.encoder import Embeddings
from radio_archive.voices.pieces import Piece
from tests.support.making import ms


def make_heard(
    voices: Sequence[int], *, noise: float = 0.03, likeness: float = 0.5, seed: int = 1
) -> Embeddings:
    """One row per piece.

    Args:
        voices: the number of the voice of each piece.
        noise: how far pieces of one voice lie apart.
        likeness: cosine between any two voices.
        seed: of the noise.
    """
    chance = np.random.default_rng(seed)
    centres = np.sqrt(1 - likeness) * np.eye(256)[: max(voices, default=0) + 1]
    centres[:, 255] = np.sqrt(likeness)
    rows = centres[list(voices)] + noise * chance.normal(size=(len(voices), 256))
    unit: Embeddings = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def make_pieces(count: int, *, telephone: Sequence[int] = ()) -> list[Piece]:
    """Pieces of one stretch each, a second apart."""
    return [
        Piece(
            stretch=number,
            start_ms=ms(number * 2_600),
            end_ms=ms(number * 2_600 + 1_600),
            is_telephone=number in telephone,
        )
        for number in range(count)
    ]


def stretches_of(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """What each of those pieces was cut from."""
    return [(piece.start_ms, piece.end_ms) for piece in pieces]

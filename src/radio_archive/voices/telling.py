"""Which voice speaks when, as far as a machine can be believed: else nothing is said at all.

The limits were chosen on pairs and sets of voices joined from real recordings in French, English
and Arabic (`benchmarks/voices.py`, the development half) and measured on others: docs/voices.md.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from radio_archive.model import Milliseconds, SpeechStretch, VoiceFinding
from radio_archive.speech import find_groups
from radio_archive.transcribers import Samples
from radio_archive.voices.clustering import Labels, cluster
from radio_archive.voices.encoder import Embeddings, VoiceEncoder
from radio_archive.voices.pieces import Piece, cut_pieces

SAME_VOICE = 0.30
"""Mean cosine distance up to which pieces are put together. Chosen between 0.25 (one voice falls
into several) and 0.40 (the debate's two women become one)."""

ALIKE_VOICES = 0.20
"""Distance between the centres of two voices up to which they are one: halves of one voice were
found up to 0.18 apart."""

LEAST_PIECES = 10
"""Pieces a voice needs, 8 s of speech: fewer are a laugh, two people at once, or one voice that
sounds unlike itself for a sentence, as happened with 5."""

LEAST_SHARE = 0.02
"""Share of all pieces a voice needs."""

LEAST_SPOKEN_MS = 30_000
"""Speech needed to tell voices apart: in 20 s three like voices were heard as two."""

LEAST_APARTNESS = 0.60
"""Mean of how much nearer a piece is to its own centre than to the next, as a share of the distance
to the next. What was told apart rightly had 0.57 to 0.78, what was not 0.45 to 0.56."""

MOST_OF_ONE = 0.95
"""Share of one voice from which the others are nothing to be told of."""

SURE_MARGIN = 0.08
"""How much nearer to its own centre than to the next a piece must be, in cosine."""

_ROUNDS = 3
"""Times that pieces choose the nearest centre anew; nothing moves after two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A stretch of speech in one voice."""

    start_ms: Milliseconds
    end_ms: Milliseconds
    voice: str  #: ``A`` for the voice that speaks first, ``B`` for the next
    is_sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of listening for voices."""

    finding: VoiceFinding
    turns: tuple[Turn, ...] = ()  #: in order of time; empty unless voices were told apart


def tell_voices(
    blocks: Iterable[Samples],
    encoder: VoiceEncoder,
    speech: Iterable[SpeechStretch] | None = None,
) -> Told:
    """Listen to a recording and tell its voices apart.

    Args:
        blocks: consecutive sound at 16 kHz, in pieces of any length.
        encoder: what hears how a piece sounds.
        speech: where somebody speaks, where that is known.
    """
    pieces: list[Piece] = []
    heard: list[Embeddings] = []
    stretches: list[tuple[int, int]] = []
    for group in find_groups(blocks, speech):
        cut = list(cut_pieces(group, len(stretches)))
        stretches += [
            (group.start_ms + start, group.start_ms + end) for start, end in group.stretches
        ]
        pieces += [piece for piece, _ in cut]
        heard.append(encoder.embed([sound for _, sound in cut]))
    return tell(pieces, np.concatenate(heard) if heard else encoder.embed([]), stretches)


def tell(
    pieces: Sequence[Piece], embeddings: Embeddings, stretches: Sequence[tuple[int, int]]
) -> Told:
    """Tell voices apart by how the pieces sound.

    Args:
        pieces: in order of time.
        embeddings: one row per piece.
        stretches: start and end of each stretch of speech, in milliseconds.
    """
    is_clear = np.array([not piece.is_telephone for piece in pieces], bool)
    if 2 * is_clear.sum() < len(pieces):
        return Told(finding=VoiceFinding.TELEPHONE)
    if sum(end - start for start, end in stretches) < LEAST_SPOKEN_MS:
        return Told(finding=VoiceFinding.TOO_SHORT)
    clear = embeddings[is_clear]
    labels, centres = _find_voices(clear)
    if np.bincount(labels).max() > MOST_OF_ONE * len(labels):
        return Told(finding=VoiceFinding.ONE_VOICE)
    if _apartness(clear, centres) < LEAST_APARTNESS:
        return Told(finding=VoiceFinding.ALIKE)
    return Told(
        finding=VoiceFinding.TOLD_APART,
        turns=_turns(pieces, embeddings, centres[_by_appearance(labels)], stretches),
    )


def _find_voices(embeddings: Embeddings) -> tuple[Labels, Embeddings]:
    """The voice of each piece, and the centre of each voice."""
    sets = cluster(embeddings, SAME_VOICE)
    counts = np.bincount(sets)
    least = max(LEAST_PIECES, LEAST_SHARE * len(sets))
    large = np.flatnonzero(counts >= min(least, counts.max()))
    sums = _join_alike([embeddings[sets == each].sum(axis=0) for each in large])
    centres = _unit(np.stack(sums))
    for _ in range(_ROUNDS):
        labels: Labels = (embeddings @ centres.T).argmax(axis=1)
        kept = np.unique(labels)
        centres = _unit(np.stack([embeddings[labels == each].sum(axis=0) for each in kept]))
    return (embeddings @ centres.T).argmax(axis=1), centres


def _join_alike(sums: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """Put the nearest two together while they may be one voice."""
    while len(sums) > 1:
        centres = _unit(np.stack(sums))
        distances = 1 - centres @ centres.T
        np.fill_diagonal(distances, np.inf)
        first, second = sorted(np.unravel_index(distances.argmin(), distances.shape))
        if distances[first, second] > ALIKE_VOICES:
            break
        sums[first] = sums[first] + sums.pop(second)
    return sums


def _unit(vectors: NDArray[np.float32]) -> Embeddings:
    unit: Embeddings = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _apartness(embeddings: Embeddings, centres: Embeddings) -> float:
    """See `LEAST_APARTNESS`."""
    likeness = np.sort(embeddings @ centres.T, axis=1)
    own, other = likeness[:, -1], likeness[:, -2]
    return float(np.mean((own - other) / np.maximum(1 - other, 1e-6)))


def _by_appearance(labels: Labels) -> Labels:
    """The voices in the order in which they first speak."""
    voices, firsts = np.unique(labels, return_index=True)
    ordered: Labels = voices[np.argsort(firsts)]
    return ordered


def _turns(
    pieces: Sequence[Piece],
    embeddings: Embeddings,
    centres: Embeddings,
    stretches: Sequence[tuple[int, int]],
) -> tuple[Turn, ...]:
    """What each stretch is, cut halfway between pieces that differ."""
    likeness = embeddings @ centres.T
    margins = np.sort(likeness, axis=1)
    is_sure = margins[:, -1] - margins[:, -2] >= SURE_MARGIN
    numbered = enumerate(zip(pieces, likeness.argmax(axis=1), is_sure, strict=True))
    turns: list[Turn] = []
    for stretch, members in groupby(numbered, key=lambda row: row[1][0].stretch):
        rows = [
            (piece.middle_ms, _letter(int(voice)), bool(sure) and not piece.is_telephone)
            for _, (piece, voice, sure) in members
        ]
        turns += _cut(rows, *stretches[stretch])
    return tuple(turns)


def _cut(rows: Sequence[tuple[int, str, bool]], start: int, end: int) -> list[Turn]:
    """One stretch as turns: what its pieces say, each until halfway to the next."""
    ends = [(first[0] + second[0]) // 2 for first, second in pairwise(rows)] + [end]
    turns: list[Turn] = []
    for (_, voice, is_sure), until in zip(rows, ends, strict=True):
        last = turns[-1] if turns else None
        if last is not None and (last.voice, last.is_sure) == (voice, is_sure):
            start = last.start_ms
            turns.pop()
        turns.append(
            Turn(
                start_ms=Milliseconds(start),
                end_ms=Milliseconds(until),
                voice=voice,
                is_sure=is_sure,
            )
        )
        start = until
    return turns


def _letter(number: int) -> str:
    """``A`` to ``Z``, then ``A2`` and on."""
    rounds, place = divmod(number, len(string.ascii_uppercase))
    return string.ascii_uppercase[place] + (str(rounds + 1) if rounds else "")

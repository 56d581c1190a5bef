"""How likely somebody speaks, every 32 ms: Silero's voice detector, from inside faster-whisper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radio_archive.speech.limits import WINDOW
from radio_archive.transcribers import Samples

_CONTEXT = 64
"""Samples of the window before that the detector sees again."""

BLOCK_WINDOWS = 256
"""Windows handed to the detector at once: 8.2 s."""

_WARM_UP_WINDOWS = 64
"""Windows before a block that the detector hears first: 2 s."""


def even_blocks(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """The same sound in blocks of one size; only the last may be shorter."""
    size = BLOCK_WINDOWS * WINDOW
    waiting: list[Samples] = []
    have = 0
    for block in blocks:
        waiting.append(block)
        have += len(block)
        if have >= size:
            joined = np.concatenate(waiting)
            whole = have - have % size
            for start in range(0, whole, size):
                yield joined[start : start + size]
            waiting, have = [joined[whole:].copy()], have - whole
    if have:
        yield np.concatenate(waiting)


class VoiceDetector:
    """Silero's detector, started afresh for each block.

    Its memory drifts during long noise or silence until it misses what is then said: sentences
    after 28 s of hiss were found only by a fresh one. So each block starts with an empty memory
    and the two seconds before it. Measured on music, noise and silence, that finds no more there.
    """

    def __init__(self) -> None:
        self._before: Samples = np.zeros(0, np.float32)

    def probabilities(self, block: Samples) -> NDArray[np.float32]:
        """Probability of speech, 0-1, for each 512 samples; the last window is filled up."""
        warm_up = len(self._before) // WINDOW
        sound = np.concatenate([self._before, block]).astype(np.float32, copy=False)
        self._before = sound[-_WARM_UP_WINDOWS * WINDOW :]
        windows = np.pad(sound, (0, -len(sound) % WINDOW)).reshape(-1, WINDOW)
        context = np.vstack([np.zeros((1, _CONTEXT), np.float32), windows[:-1, -_CONTEXT:]])
        nothing = np.zeros((1, 1, 128), np.float32)
        inputs = {"input": np.hstack([context, windows]), "h": nothing, "c": nothing}
        found = _session().run(None, inputs)[0]
        return np.asarray(found, np.float32).reshape(-1)[warm_up:]


def _session() -> Any:
    """The detector's network, loaded once per process."""
    from faster_whisper.vad import get_vad_model

    return get_vad_model().session

"""What a piece of speech sounds like, as 256 numbers: Resemblyzer's voice encoder.

The network and its weights are those of Resemblyzer 0.1.4 (Apache-2.0; "Generalized end-to-end loss
for speaker verification", arXiv 1710.10467). The package itself is not installed: it needs a
compiler and a dozen libraries to compute what stands below.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from radio_archive.transcribers import SAMPLE_RATE, Samples

if TYPE_CHECKING:
    import torch

Embeddings = NDArray[np.float32]
"""One row of length 1 per piece of speech: the more alike two voices, the greater the product."""

WINDOW_MS = 1600
"""Length of a piece: what the encoder was trained on."""

WINDOW = WINDOW_MS * SAMPLE_RATE // 1000

_SIZE = 256
"""Numbers per layer, and per voice."""

_BANDS, _FRAME, _STEP = 40, 400, 160
"""Mel bands, samples per frame and between frames, as the encoder was trained."""

_LOUDNESS = 10 ** (-30 / 20)
"""Root mean square a piece is brought to: Resemblyzer's -30 dB."""

_BATCH = 64


class VoiceEncoder:
    """The network, with its weights.

    Args:
        weights: the file ``pretrained.pt`` of Resemblyzer.
    """

    def __init__(self, weights: Path) -> None:
        import torch

        self._lstm = torch.nn.LSTM(_BANDS, _SIZE, num_layers=3, batch_first=True)
        self._linear = torch.nn.Linear(_SIZE, _SIZE)
        state = torch.load(weights, map_location="cpu", weights_only=True)["model_state"]
        for name, layer in (("lstm", self._lstm), ("linear", self._linear)):
            layer.load_state_dict(
                {
                    key.removeprefix(f"{name}."): value
                    for key, value in state.items()
                    if key.startswith(f"{name}.")
                }
            )

    def embed(self, windows: Sequence[Samples]) -> Embeddings:
        """What each piece of speech sounds like.

        Args:
            windows: pieces of 1.6 s; a shorter one is repeated until it is as long.
        """
        parts = [
            self._embed(windows[start : start + _BATCH]) for start in range(0, len(windows), _BATCH)
        ]
        return np.concatenate([np.zeros((0, _SIZE), np.float32), *parts])

    def _embed(self, windows: Sequence[Samples]) -> Embeddings:
        import torch

        with torch.inference_mode():
            mels = torch.from_numpy(np.stack([mel_bands(_prepared(each)) for each in windows]))
            _, (hidden, _) = self._lstm(mels)
            raw: torch.Tensor = torch.relu(self._linear(hidden[-1]))
            found: Embeddings = torch.nn.functional.normalize(raw, dim=1).numpy()
        return found


def _prepared(window: Samples) -> Samples:
    """A piece at the length and loudness the encoder knows; its bands are no logarithms."""
    whole = np.resize(window, WINDOW).astype(np.float32, copy=False)
    loudness = float(np.sqrt(np.mean(np.square(whole, dtype=np.float64))))
    return whole * np.float32(_LOUDNESS / loudness) if loudness > 0 else whole


def mel_bands(sound: Samples) -> NDArray[np.float32]:
    """Energy in 40 mel bands, a row every 10 ms; as librosa's ``melspectrogram`` computes it."""
    padded = np.pad(sound, _FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_STEP]
    hann = np.hanning(_FRAME + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(frames * hann, axis=1)) ** 2
    bands: NDArray[np.float32] = (power @ _filters()).astype(np.float32)
    return bands[: len(sound) // _STEP]


@cache
def _filters() -> NDArray[np.float64]:
    """Triangles over the frequencies of a frame, one column per band, each of the same area.

    The scale is that of M. Slaney's Auditory Toolbox (1998): even up to 1 kHz, then logarithmic.
    """
    octave = np.log(6.4) / 27
    top = 15 + np.log(SAMPLE_RATE / 2 / 1000) / octave
    mels = np.linspace(0, top, _BANDS + 2)
    edges = np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * octave))
    frequencies = np.linspace(0, SAMPLE_RATE / 2, _FRAME // 2 + 1)[:, None]
    rising = (frequencies - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - frequencies) / np.diff(edges)[1:]
    area = 2 / (edges[2:] - edges[:-2])
    filters: NDArray[np.float64] = np.maximum(0, np.minimum(rising, falling)) * area
    return filters

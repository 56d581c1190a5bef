"""From any number of channels to one, without losing a voice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CANCELLATION = 0.2
"""Below this share (7 dB) of the energy that unrelated channels would leave in their mean, the
channels cancel each other: one was wired with the wrong polarity, and the mean would be silence."""

_RAMP_MS = 20  # long enough that no click is heard when the weights change


class Downmix:
    """Mixes consecutive windows of sound to mono.

    The mean of the channels, except where they cancel each other: there the loudest one alone.
    Decided for each window, since a programme may change from a good to a wrongly wired microphone.
    """

    def __init__(self, channels: int, sample_rate: int) -> None:
        self._mean = np.full(channels, 1 / channels, dtype=np.float32)
        self._weights: NDArray[np.float32] | None = None
        self._ramp = max(1, sample_rate * _RAMP_MS // 1000)

    def mix(self, window: NDArray[np.float32]) -> NDArray[np.float32]:
        """Mix one window.

        Args:
            window: samples by channels, of any scale; what is not a number counts as silence.

        Returns:
            one value per sample, within -1 to 1.
        """
        window = np.nan_to_num(window, nan=0.0, posinf=0.0, neginf=0.0)
        target = self._choose(window)
        before = target if self._weights is None else self._weights
        mono: NDArray[np.float32] = window @ target
        if not np.array_equal(before, target):
            n = min(self._ramp, len(window))
            fade = np.linspace(1, 0, n, endpoint=False, dtype=np.float32)
            mono[:n] += fade * (window[:n] @ (before - target))
        self._weights = target
        return np.clip(mono, -1, 1, out=mono)

    def _choose(self, window: NDArray[np.float32]) -> NDArray[np.float32]:
        energies = np.einsum("ij,ij->j", window, window, dtype=np.float64)
        mean = window @ self._mean
        unrelated = energies.sum() / len(energies) ** 2
        if unrelated == 0:
            return self._mean if self._weights is None else self._weights
        if float(np.dot(mean, mean)) >= CANCELLATION * unrelated:
            return self._mean
        loudest = int(np.argmax(energies))
        current = self._weights
        if current is not None and current.max() == 1 and len(current) > 1:
            held = int(np.argmax(current))
            # half as loud is loud enough: going to and fro between equals would be heard
            loudest = held if energies[held] >= energies[loudest] / 2 else loudest
        weights = np.zeros(len(energies), dtype=np.float32)
        weights[loudest] = 1
        return weights

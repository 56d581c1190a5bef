"""Making sound files, and comparing what came out of them."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio_archive.audio import SPEECH_RATE, Audio

Samples = NDArray[np.float32]


def make(audio: Audio, target: Path, *arguments: str) -> Path:
    """Let ffmpeg write a file; for sources that nobody would commit."""
    command = [audio.ffmpeg, "-hide_banner", "-loglevel", "error", "-y", *arguments, str(target)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=120)
    return target


def write_wav(path: Path, channels: list[Samples], rate: int = SPEECH_RATE) -> Path:
    """Write 16-bit sound; one array of -1 to 1 for each channel."""
    frames = np.stack([np.round(np.clip(each, -1, 1) * 32767) for each in channels], axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames.astype("<i2").tobytes())
    return path


def read_all(audio: Audio, path: Path, **options: int) -> Samples:
    """Decode a whole file."""
    return np.concatenate(list(audio.decode(path, **options)))


def offset_ms(original: Samples, other: Samples) -> float:
    """How much later the same sound comes in ``other``, by cross-correlation."""
    n = min(len(original), len(other))
    size = 1 << (2 * n - 1).bit_length()
    spectrum = np.fft.rfft(other[:n], size) * np.conj(np.fft.rfft(original[:n], size))
    lag = int(np.argmax(np.fft.irfft(spectrum, size)))
    return (lag if lag < size // 2 else lag - size) * 1000 / SPEECH_RATE


def loudness(samples: Samples) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def noise(seconds: float, seed: int = 1) -> Samples:
    """Sound that is like nothing but itself, as cross-correlation wants it."""
    chance = np.random.default_rng(seed)
    # smoothed, so that low bit rates keep it
    white = chance.normal(0, 0.3, int(seconds * SPEECH_RATE) + 7)
    return np.convolve(white, np.ones(8) / 8, mode="valid").astype(np.float32)


def fake_ffmpeg(folder: Path, script: str) -> Audio:
    """A program that behaves as no ffmpeg should."""
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return Audio.find(str(path))


def levels(sound: bytes, folder: Path) -> list[float]:
    """How loud each second is."""
    path = folder / "heard"
    path.write_bytes(sound)
    samples = np.concatenate(list(Audio.find("").decode(path)))
    seconds = [samples[at : at + 16_000] for at in range(0, len(samples), 16_000)]
    return [float(np.sqrt(np.mean(each**2))) for each in seconds]

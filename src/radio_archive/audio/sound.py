"""Decoding, measuring and rendering recordings."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio_archive.audio.decoder import WHOLE, Decoder, OnDecoded, Part, ignore
from radio_archive.audio.encoder import encode, rewrap
from radio_archive.audio.formats import (
    FINGERPRINT,
    RENDITIONS,
    AudioFacts,
    RenditionSpec,
    extension_for,
)
from radio_archive.audio.process import HOW_TO_INSTALL, ask
from radio_archive.errors import FfmpegMissing
from radio_archive.model import Milliseconds

SPEECH_RATE = 16_000
"""Hertz of decoded sound: what Whisper was trained on."""


class Audio:
    """Reads any recording and writes the renditions, through one ffmpeg binary."""

    def __init__(self, ffmpeg: str, on_decoded: OnDecoded = ignore) -> None:
        #: path of the ffmpeg binary
        self.ffmpeg = ffmpeg
        self._on_decoded = on_decoded

    @classmethod
    def find(cls, ffmpeg: str = "") -> Audio:
        """Find an ffmpeg.

        Args:
            ffmpeg: configured path or name; empty means the system's, else the one of the
                ``imageio-ffmpeg`` package.

        Raises:
            FfmpegMissing: the configured one is not there, or there is none at all.
        """
        if ffmpeg:
            configured = shutil.which(ffmpeg)
            if configured is None:
                raise FfmpegMissing(
                    f"There is no program {ffmpeg}, which the setting ffmpeg names.",
                    hint=f"Correct or remove the setting. {HOW_TO_INSTALL}",
                )
            return cls(configured)
        return cls(shutil.which("ffmpeg") or _packaged_ffmpeg())

    def telling(self, on_decoded: OnDecoded) -> Audio:
        """The same ffmpeg, telling how far it is whenever it decodes.

        Args:
            on_decoded: told of each second, counted from where decoding began; what it raises
                passes through, and nothing half made is left.
        """
        return type(self)(self.ffmpeg, on_decoded)

    def version(self) -> str:
        """Version as ffmpeg gives it: ``5.1.9``, ``n9.0.2``.

        Raises:
            FfmpegMissing: it cannot be started.
        """
        words = ask(self.ffmpeg, "-version").split()
        return words[2] if len(words) > 2 else "unknown"

    def missing_encoders(self) -> tuple[str, ...]:
        """Names of the encoders the renditions need and this ffmpeg lacks.

        Raises:
            FfmpegMissing: it cannot be started.
        """
        lines = ask(self.ffmpeg, "-encoders").splitlines()
        listed = {name for line in lines for name in line.split()[1:2]}
        return tuple(sorted({spec.codec for spec in RENDITIONS} - listed))

    @cached_property
    def can_fingerprint(self) -> bool:
        """Whether this ffmpeg was built with Chromaprint.

        Raises:
            FfmpegMissing: it cannot be started.
        """
        return any(
            FINGERPRINT.container in line.split()[1:2]
            for line in ask(self.ffmpeg, "-muxers").splitlines()
        )

    def extension_for(self, name: str, container: str = "") -> str:
        """Choose the extension a stored file gets; see ``formats.extension_for``."""
        return extension_for(name, container)

    def probe(self, path: Path) -> AudioFacts:
        """Decode the whole recording and tell what it is.

        Raises:
            BadAudio: not sound, or damaged beyond use.
            NoSound: a valid file that holds no sound. Silence is sound.
            FfmpegMissing: ffmpeg cannot be started.
        """
        samples = 0
        with self._decoder(path, SPEECH_RATE) as decoder:
            for window in decoder.windows():
                samples += len(window)
            report = decoder.report
            return AudioFacts(
                duration_ms=Milliseconds(round(samples * 1000 / SPEECH_RATE)),
                container=report.container,
                codec=report.codec,
                sample_rate=report.sample_rate,
                channels=decoder.channels,
                header_duration_ms=report.header_duration_ms,
                is_damaged=decoder.is_damaged,
            )

    def decode(
        self, path: Path, *, block_ms: int = 30_000, start_ms: int = 0
    ) -> Iterator[NDArray[np.float32]]:
        """Stream the recording as mono sound at 16 kHz.

        Memory does not grow with the length; closing the iterator early ends ffmpeg.

        Args:
            path: the recording.
            block_ms: length of each block in milliseconds; the last one may be shorter.
            start_ms: where to begin, in milliseconds. Exact in renditions; a recording without
                an index may be off by seconds.

        Yields:
            values from -1 to 1, one per sample.

        Raises:
            BadAudio: not sound, or damaged beyond use.
            NoSound: a valid file that holds no sound.
        """
        size = max(1, SPEECH_RATE * block_ms // 1000)
        held: list[NDArray[np.float32]] = []
        length = 0
        with self._decoder(path, SPEECH_RATE, Part(start_ms=start_ms)) as decoder:
            for piece in decoder.mono():
                held.append(piece)
                length += len(piece)
                while length >= size:
                    joined = np.concatenate(held)
                    yield joined[:size]
                    held, length = [joined[size:]], length - size
        if length:
            yield np.concatenate(held)

    def fingerprint(self, path: Path) -> NDArray[np.uint32]:
        """Chromaprint's sub-fingerprints of a recording, one about every 0.124 s.

        Sound shorter than 2.7 s has none.

        Raises:
            BadAudio: not sound, or damaged beyond use.
            NoSound: a valid file that holds no sound.
            AudioError: this ffmpeg has no Chromaprint: see `can_fingerprint`.
        """
        with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
            target = Path(folder) / "fingerprint"
            with self._decoder(path, FINGERPRINT.sample_rate) as decoder:
                encode(self.ffmpeg, decoder.mono(), target, FINGERPRINT)
            return np.fromfile(target, dtype="<u4").astype(np.uint32)

    def render(
        self,
        source: Path,
        target: Path,
        spec: RenditionSpec,
        *,
        start_ms: int = 0,
        end_ms: int | None = None,
    ) -> None:
        """Write a rendition of a recording, or of a part of it, whole or not at all.

        Args:
            source: the recording; a rendition when only a part is wanted, since only there
                the beginning is exact.
            target: the file to write; its folder must exist.
            spec: one of ``RENDITIONS``.
            start_ms: first millisecond wanted.
            end_ms: first millisecond not wanted; None for the end.

        Raises:
            BadAudio: the source is not sound, or damaged beyond use.
            NoSound: the source holds no sound, or none in that part.
            StorageError: the target cannot be written.
        """
        self._write(source, target, spec, Part(start_ms=start_ms, end_ms=end_ms))

    def rewrap(self, source: Path, target: Path, spec: RenditionSpec) -> None:
        """Write the packets of a rendition into another kind of file; see ``encoder.rewrap``."""
        rewrap(self.ffmpeg, source, target, spec)

    def render_muted(
        self, source: Path, target: Path, spec: RenditionSpec, muted: Sequence[tuple[int, int]]
    ) -> None:
        """Write a rendition in which stretches are silent; for the rest see `render`.

        Args:
            source: the recording.
            target: the file to write; its folder must exist.
            spec: one of ``RENDITIONS``.
            muted: first millisecond that is silent, and first that is not any more.
        """
        self._write(source, target, spec, Part(), muted)

    def _decoder(self, path: Path, sample_rate: int, part: Part = WHOLE) -> Decoder:
        return Decoder(self.ffmpeg, path, sample_rate, part, self._on_decoded)

    def _write(
        self,
        source: Path,
        target: Path,
        spec: RenditionSpec,
        part: Part,
        muted: Sequence[tuple[int, int]] = (),
    ) -> None:
        unfinished = target.with_name(f".{os.getpid()}-{target.name}.part")
        try:
            with self._decoder(source, spec.sample_rate, part) as decoder:
                sound = _muted(decoder.mono(), muted, spec.sample_rate)
                encode(self.ffmpeg, sound, unfinished, spec)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)


def _muted(
    pieces: Iterator[NDArray[np.float32]], muted: Sequence[tuple[int, int]], rate: int
) -> Iterator[NDArray[np.float32]]:
    begin = 0
    for piece in pieces:
        quiet = piece.copy() if muted else piece
        for start, end in muted:
            first, last = start * rate // 1000 - begin, -(-end * rate // 1000) - begin
            quiet[max(0, first) : max(0, last)] = 0
        begin += len(piece)
        yield quiet


def _packaged_ffmpeg() -> str:
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise FfmpegMissing("There is no ffmpeg on this machine.", hint=HOW_TO_INSTALL) from error

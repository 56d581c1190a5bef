"""From a file to numbers: one ffmpeg that decodes, and what its silence or its errors mean."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from radio_archive.audio.formats import CONTAINER_EXTENSIONS
from radio_archive.audio.mono import Downmix
from radio_archive.audio.process import (
    FfmpegFailed,
    Process,
    Report,
    file_argument,
    program,
    require_uninterrupted,
)
from radio_archive.errors import AudioError, BadAudio, NoSound
from radio_archive.model import Milliseconds

LONGEST_HOURS = 48
"""A recording that goes on for longer is a mistake or an attack: a small file can hold years."""

_LOOK = "Check that it is a sound file (MP3, M4A, Ogg, Opus, FLAC, WAV, WMA), and get it again."
_AU_HEADER = struct.Struct(">4s5I")  # Sun audio: magic, offset, size, encoding, rate, channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a recording is wanted."""

    start_ms: int = 0  #: first millisecond wanted
    end_ms: int | None = None  #: first millisecond not wanted; None for the end


WHOLE = Part()

OnDecoded = Callable[[Milliseconds], None]
"""Told of each second when it is decoded, by how much that makes; what it raises ends ffmpeg."""


def ignore(_done_ms: Milliseconds) -> None:
    """Who does not want to know how far a decoding is."""


class Decoder:
    """Decodes the first sound stream of a file at a given rate, all channels, second by second.

    ffmpeg writes Sun audio: its short header tells the number of channels, which nothing else
    tells reliably before the first sample.
    """

    def __init__(
        self,
        program: str,
        path: Path,
        sample_rate: int,
        part: Part = WHOLE,
        on_decoded: OnDecoded = ignore,
    ) -> None:
        """Start decoding.

        Args:
            program: path of the ffmpeg binary.
            path: the recording.
            sample_rate: what it is decoded at.
            part: what is wanted of it.
            on_decoded: told of each second.

        Raises:
            BadAudio: there is nothing to decode.
            FfmpegMissing: ffmpeg cannot be started.
        """
        _require_content(path)
        self._path = path
        self._rate = sample_rate
        self._on_decoded = on_decoded
        self._process = Process(_command(program, path, sample_rate, part))
        #: channels of the source; 0 until the first window
        self.channels = 0
        #: whether some of it could not be decoded; right after the last window
        self.is_damaged = False

    @property
    def report(self) -> Report:
        """What ffmpeg said; complete after the last window."""
        return self._process.report

    def windows(self) -> Iterator[NDArray[np.float32]]:
        """Yield samples by channels, a second at a time.

        Raises:
            BadAudio: not sound, damaged beyond use, or endless.
            FfmpegFailed: ffmpeg crashed over it, or got stuck in it.
            NoSound: nothing came, and nothing was wrong.
            Interrupted: somebody stopped ffmpeg; what came is not all there is.
        """
        self.channels = self._read_header()
        frame_bytes = 4 * max(1, self.channels)
        samples = 0
        while data := self._process.read(self._rate * frame_bytes if self.channels else 0):
            window = np.frombuffer(
                data, dtype=">f4", count=len(data) // frame_bytes * self.channels
            )
            window = window.reshape(-1, self.channels).astype(np.float32)
            samples += len(window)
            if samples > LONGEST_HOURS * 3600 * self._rate:
                raise BadAudio(
                    f"{self._path.name} goes on for more than {LONGEST_HOURS} hours.",
                    hint="Cut it into broadcasts first.",
                )
            self._on_decoded(Milliseconds(samples * 1000 // self._rate))
            yield window
        self._judge(self._process.finish(), samples)

    def mono(self) -> Iterator[NDArray[np.float32]]:
        """Yield the same, mixed to one channel; raises the same."""
        downmix: Downmix | None = None
        for window in self.windows():
            downmix = downmix or Downmix(self.channels, self._rate)
            yield downmix.mix(window)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.__exit__(kind, error, trace)

    def _read_header(self) -> int:
        header = self._process.read(_AU_HEADER.size)
        if len(header) < _AU_HEADER.size:
            return 0
        _, offset, _, _, _, channels = _AU_HEADER.unpack(header)
        self._process.read(offset - _AU_HEADER.size)
        return int(channels)

    def _judge(self, status: int, samples: int) -> None:
        """Turn the way ffmpeg ended into an answer."""
        name, report = self._path.name, self.report
        if self._process.is_stuck:
            raise FfmpegFailed(f"ffmpeg got stuck in {name}.", hint=_LOOK)
        require_uninterrupted(status, report, name)
        if status < 0:
            raise FfmpegFailed(
                f"ffmpeg crashed over {name} (signal {-status}).",
                hint="Get the file again, or convert it to MP3 or FLAC with another program.",
            )
        self.is_damaged = status > 0 or report.has_decode_errors
        if not samples:
            raise _nothing(name, report, is_failure=self.is_damaged)


def _nothing(name: str, report: Report, *, is_failure: bool) -> AudioError:
    """Why not one sample came."""
    if not report.container:
        # what comes before the last colon is the path, which is nobody's business
        reason = report.errors[-1].rpartition(": ")[2] if report.errors else "unknown format"
        return BadAudio(f"{name} cannot be read as sound (ffmpeg: {reason}).", hint=_LOOK)
    if report.codec and is_failure:
        return BadAudio(
            f"The {report.codec} sound in {name} cannot be decoded.",
            hint="It may be damaged or copy-protected: get it again, or convert it to MP3.",
        )
    return NoSound(
        f"{name} is a valid file without any sound in it.",
        hint="Check that the right file was taken, and that the recorder recorded.",
    )


def _require_content(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise BadAudio(
            f"{path.name} cannot be opened: {error.strerror}.", hint="Check the path."
        ) from error
    if not path.is_file():
        raise BadAudio(f"{path.name} is not a file.", hint="Give the path of one sound file.")
    if size == 0:
        raise BadAudio(f"{path.name} is empty (0 bytes).", hint="Get it again.")


def _command(ffmpeg_program: str, path: Path, sample_rate: int, part: Part) -> list[str]:
    reading: dict[str, Any] = {
        "protocol_whitelist": "file",
        "format_whitelist": ",".join(CONTAINER_EXTENSIONS),
        # a picture of three megabytes is not decoded on the way
        "vn": None,
        "sn": None,
        "dn": None,
    }
    if part.start_ms:
        reading["ss"] = f"{part.start_ms / 1000:.3f}"
    if part.end_ms is not None:
        reading["t"] = f"{max(0, part.end_ms - part.start_ms) / 1000:.3f}"
    sound = ffmpeg.input(file_argument(path), **reading)["a:0"]
    output = sound.output(
        "pipe:1", format="au", acodec="pcm_f32be", ar=sample_rate, map_metadata=-1
    )
    return list(output.compile(cmd=program(ffmpeg_program)))

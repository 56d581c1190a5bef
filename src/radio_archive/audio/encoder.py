"""From numbers to a file: one ffmpeg that encodes what it is fed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from radio_archive.audio.formats import RenditionSpec
from radio_archive.audio.process import (
    FfmpegFailed,
    Process,
    file_argument,
    program,
    require_uninterrupted,
)
from radio_archive.errors import AudioError, StorageError

#: writes the list of moments in front, which ffmpeg otherwise leaves at the end; from 5.0 on
INDEXED = {"cues_to_front": 1}

_AGAIN = "Try again; if that recurs, name another ffmpeg in the setting ffmpeg."

#: how the system and ffmpeg name a disk that takes no more
_FULL = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO))


def encode(
    ffmpeg_program: str, sound: Iterator[NDArray[np.float32]], target: Path, spec: RenditionSpec
) -> None:
    """Write mono sound as a file, and see it safely on the disk.

    Args:
        ffmpeg_program: path of the ffmpeg binary.
        sound: pieces at the rate ``spec`` names; its errors pass through.
        target: file to write; half of it may be there when an error is raised.
        spec: how to write it.

    Raises:
        StorageError: the file cannot be written.
        Interrupted: somebody stopped ffmpeg.
        FfmpegFailed: it crashed or got stuck.
        AudioError: it failed otherwise.
    """
    with Process(_command(ffmpeg_program, target, spec), is_fed=True) as encoder:
        for piece in sound:
            if not encoder.write(piece.astype("<f4", copy=False).tobytes()):
                break
        status = encoder.finish()
        _require_success(encoder, status, target)
    try:
        with target.open("rb") as written:
            os.fsync(written.fileno())
    except OSError as error:
        raise _failure(target, os.strerror(error.errno or 0)) from error


def rewrap(ffmpeg_program: str, source: Path, target: Path, spec: RenditionSpec) -> None:
    """Write the packets of a rendition into another kind of file, as they are.

    Where each moment lies stands in front, so that a player finds it with one more request.

    Args:
        ffmpeg_program: path of the ffmpeg binary.
        source: a rendition of the same codec.
        target: file to write; half of it may be there when an error is raised.
        spec: what it becomes; of it only the container counts.

    Raises:
        StorageError: the file cannot be written.
        Interrupted: somebody stopped ffmpeg.
        FfmpegFailed: it crashed or got stuck.
        AudioError: it failed otherwise.
    """
    sound = ffmpeg.input(file_argument(source), format="ogg")
    output = sound.output(
        file_argument(target), format=spec.container, acodec="copy", fflags="+bitexact", **INDEXED
    )
    command = list(output.compile(cmd=program(ffmpeg_program), overwrite_output=True))
    with Process(command, is_fed=True) as process:
        status = process.finish()
    _require_success(process, status, target)


def _require_success(process: Process, status: int, target: Path) -> None:
    errors = process.report.errors
    failure = _failure(target, "; ".join(errors) or f"it ended with status {status}")
    if isinstance(failure, StorageError):
        raise failure
    if process.is_stuck:
        raise FfmpegFailed(f"ffmpeg got stuck at the rendition {target.name}.", hint=_AGAIN)
    require_uninterrupted(status, process.report, target.name)
    if status < 0:
        raise FfmpegFailed(
            f"ffmpeg crashed over the rendition {target.name} (signal {-status}).", hint=_AGAIN
        )
    if status or errors:
        raise failure


def _failure(target: Path, reason: str) -> AudioError | StorageError:
    for words in _FULL:
        if words in reason:
            return StorageError(
                f"The rendition {target.name} cannot be written: {words}.",
                hint=f"Make room on the disk of {target.parent}.",
            )
    return AudioError(
        f"ffmpeg cannot write the rendition {target.name}: {reason}.",
        hint="radio-archive doctor tells whether this ffmpeg has all it needs.",
    )


def _command(ffmpeg_program: str, target: Path, spec: RenditionSpec) -> list[str]:
    sound = ffmpeg.input("pipe:0", format="f32le", ar=spec.sample_rate, ac=1)
    output = sound.output(
        file_argument(target),
        format=spec.container,
        acodec=spec.codec,
        audio_bitrate=spec.bits_per_second,
        # the same sound gives the same bytes, hence the same key
        fflags="+bitexact",
        **{"flags:a": "+bitexact"},
        **dict(spec.options),
    )
    return list(output.compile(cmd=program(ffmpeg_program), overwrite_output=True))

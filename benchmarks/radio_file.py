"""A radio-like recording, joined from real sound, with what was said and where.

Music, silence, white noise and Maninka lie between French readers, some of them over music. The
same bytes every time. Used by ``benchmarks/transcription.py --radio``.
"""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio_archive.audio import Audio

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio"
RATE = 16_000
MUSIC_UNDER_SPEECH = 10 ** (-15 / 20)  #: 15 dB below the speech

BENIN = "fr/benin/session_200625-154904"
QUEBEC = "fr/asterisk_june/all_prompts_8k"
COFFEE = "nonspeech/moh_manolo_camp-morning_coffee.mp3"
COLD_DAY = "nonspeech/moh_macroform-cold_day.mp3"
MANINKA = "man/nicolingua_agent_joined.mp3"

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A stretch of the recording."""

    kind: str  #: ``french``, ``music``, ``silence``, ``noise``, ``maninka``
    start_s: float
    end_s: float
    text: str = ""  #: what is said, for French
    source: str = ""  #: which reader, for French


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    kind: str
    sound: Sound
    text: str = ""
    source: str = ""


def build(target: Path) -> tuple[Zone, ...]:
    """Write the recording as a WAV file and tell its zones."""
    sound, zones = join()
    write_wav(target, [sound])
    return zones


def join() -> tuple[Sound, tuple[Zone, ...]]:
    """The recording, and its zones."""
    zones, offset, sounds = [], 0.0, []
    for piece in _pieces():
        length = len(piece.sound) / RATE
        zones.append(
            Zone(
                kind=piece.kind,
                start_s=offset,
                end_s=offset + length,
                text=piece.text,
                source=piece.source,
            )
        )
        offset += length
        sounds.append(piece.sound)
    return np.concatenate(sounds), tuple(zones)


def write_wav(target: Path, sounds: Sequence[Sound]) -> None:
    """Write mono 16-bit sound at 16 kHz, piece by piece."""
    with wave.open(str(target), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(RATE)
        for sound in sounds:
            stream.writeframes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())


def load(name: str) -> Sound:
    """A whole shared recording as 16 kHz mono."""
    return np.concatenate(list(Audio.find().decode(SHARED / name)))


def _pieces() -> list[_Piece]:
    coffee, cold_day, maninka = load(COFFEE), load(COLD_DAY), load(MANINKA)
    noise = np.random.default_rng(20141016).normal(0, 0.05, 15 * RATE).astype(np.float32)

    def silence(seconds: int) -> _Piece:
        return _Piece(kind="silence", sound=np.zeros(seconds * RATE, np.float32))

    return [
        _Piece(kind="music", sound=coffee[: 20 * RATE]),
        _read(BENIN, 0, 60),
        silence(40),
        _over(_read(BENIN, 60, 120), cold_day[60 * RATE :]),
        _Piece(kind="music", sound=cold_day[: 40 * RATE]),
        _read(QUEBEC, 30, 80),
        _Piece(kind="noise", sound=noise),
        _read(BENIN, 120, 180),
        _Piece(kind="maninka", sound=maninka),
        silence(30),
        _read(QUEBEC, 200, 260),
        _Piece(kind="music", sound=coffee[30 * RATE : 60 * RATE]),
        _read(BENIN, 180, 240),
    ]


def _read(name: str, start_s: float, end_s: float) -> _Piece:
    """The utterances that lie inside a stretch of a French recording."""
    lines = (SHARED / f"{name}.ref.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    inside = [row for row in rows if float(row[0]) >= start_s and float(row[1]) <= end_s]
    sound = load(f"{name}.flac")
    first, last = float(inside[0][0]), float(inside[-1][1])
    return _Piece(
        kind="french",
        sound=sound[int(first * RATE) : int(last * RATE)],
        text=" ".join(row[3] for row in inside),
        source=name,
    )


def _over(piece: _Piece, music: Sound) -> _Piece:
    """Speech with music under it."""
    bed = music[: len(piece.sound)]
    level = float(np.sqrt((piece.sound**2).mean()) / np.sqrt((bed**2).mean()))
    mixed = piece.sound.copy()
    mixed[: len(bed)] += bed * level * MUSIC_UNDER_SPEECH
    return replace(piece, sound=mixed)

"""A radio-like recording, joined from real sound, with what was said and where.

Music, silence, noise and languages that Whisper does not know lie between French readers, some of
them over music. There are two halves without a second of sound in common: the *development* half,
on which the recipe's constants were chosen, and the *test* half, on which they are only measured.
The same bytes every time. Used by ``benchmarks/transcription.py --radio``.

    python benchmarks/radio_file.py FOLDER      write both, each with its zones as TSV
"""

from __future__ import annotations

import sys
import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from radio_archive.audio import Audio

Half = Literal["development", "test"]

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio"
RATE = 16_000
MUSIC_UNDER_SPEECH = 10 ** (-15 / 20)  #: 15 dB below the speech

BENIN = "fr/benin/session_200625-154904"
QUEBEC = "fr/asterisk_june/all_prompts_8k"
COFFEE = "nonspeech/moh_manolo_camp-morning_coffee.mp3"
COLD_DAY = "nonspeech/moh_macroform-cold_day.mp3"
MANINKA = "man/nicolingua_agent_joined.mp3"
PULAR = "ff/nicolingua_agent_joined.mp3"
BAMBARA = "bm/words"  #: single words, one file each
MIXED = "nonspeech/musanmix.wav"  #: music until 22.4 s, noise from 29.1 to 52.8 s
LAUGHTER = "nonspeech/laugh1.mp3"
LONG_SILENCE = "long/45-minutes-of-silence.mp3"

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A stretch of the recording."""

    kind: str  #: ``french``, or why no French may be written: ``music``, ``maninka``, ...
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


def build(target: Path, half: Half = "development") -> tuple[Zone, ...]:
    """Write one half as a WAV file and tell its zones."""
    sound, zones = join(half)
    write_wav(target, [sound])
    return zones


def join(half: Half = "development") -> tuple[Sound, tuple[Zone, ...]]:
    """One half, and its zones."""
    zones, offset, sounds = [], 0.0, []
    for piece in _development() if half == "development" else _test():
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


def _silence(seconds: int) -> _Piece:
    return _Piece(kind="silence", sound=np.zeros(seconds * RATE, np.float32))


def _development() -> list[_Piece]:
    coffee, cold_day, maninka = load(COFFEE), load(COLD_DAY), load(MANINKA)
    noise = np.random.default_rng(20141016).normal(0, 0.05, 15 * RATE).astype(np.float32)

    return [
        _Piece(kind="music", sound=coffee[: 20 * RATE]),
        _read(BENIN, 0, 60),
        _silence(40),
        _over(_read(BENIN, 60, 120), cold_day[60 * RATE :]),
        _Piece(kind="music", sound=cold_day[: 40 * RATE]),
        _read(QUEBEC, 30, 80),
        _Piece(kind="noise", sound=noise),
        _read(BENIN, 120, 180),
        _Piece(kind="maninka", sound=maninka),
        _silence(30),
        _read(QUEBEC, 200, 260),
        _Piece(kind="music", sound=coffee[30 * RATE : 60 * RATE]),
        _read(BENIN, 180, 240),
    ]


def _test() -> list[_Piece]:
    coffee, cold_day, mixed = load(COFFEE), load(COLD_DAY), load(MIXED)
    pink = np.cumsum(np.random.default_rng(20261125).normal(0, 0.002, 20 * RATE))
    hum = 0.02 * np.sin(2 * np.pi * 50 * np.arange(20 * RATE) / RATE)
    drift = (0.05 * np.sin(pink) + hum).astype(np.float32)
    words = [load(str(path.relative_to(SHARED))) for path in sorted((SHARED / BAMBARA).iterdir())]
    return [
        _Piece(kind="music", sound=mixed[: 22 * RATE]),
        _read(QUEBEC, 300, 350),
        _Piece(kind="bambara", sound=np.concatenate(words)[: 45 * RATE]),
        _read(BENIN, 240, 300),
        _Piece(kind="silence", sound=load(LONG_SILENCE)[600 * RATE : 660 * RATE]),
        _over(_read(BENIN, 300, 345), coffee[25 * RATE :]),
        _Piece(kind="noise", sound=mixed[int(29.1 * RATE) : int(52.8 * RATE)]),
        _read(QUEBEC, 500, 560),
        _Piece(kind="pular", sound=load(PULAR)),
        _Piece(kind="laughter", sound=load(LAUGHTER)),
        _read(BENIN, 345, 398),
        _Piece(kind="music", sound=cold_day[150 * RATE : 190 * RATE]),
        _Piece(kind="noise", sound=drift),
        _over(_read(QUEBEC, 700, 740), cold_day[200 * RATE :]),
        _silence(30),
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


def main() -> int:
    """Write both halves into a folder."""
    if len(sys.argv) != 2:
        print("usage: python benchmarks/radio_file.py FOLDER", file=sys.stderr)
        return 2
    halves: tuple[Half, Half] = ("development", "test")
    for half in halves:
        target = Path(sys.argv[1]) / f"radio-{half}.wav"
        zones = build(target, half)
        rows = [f"{zone.start_s:.3f}\t{zone.end_s:.3f}\t{zone.kind}\t{zone.text}" for zone in zones]
        heading = "start\tend\tkind\ttext"
        target.with_suffix(".tsv").write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        print(f"{target}: {zones[-1].end_s:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())

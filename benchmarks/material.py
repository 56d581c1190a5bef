"""Recordings with what is said in them and when, for the benchmarks of transcription.

Starts are those of the sound: reference times are of whole prompts, with the silence before the
first word, so each is moved to where its utterance rises above its own background for 60 ms.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import regex
from benchmarks.radio_file import RATE, SHARED, Sound, load, write_wav
from numpy.typing import NDArray

from benchmarks import radio_file
from radio_archive.audio import Audio
from radio_archive.model import Milliseconds, Segment

SAMPLES = Path(__file__).resolve().parents[1] / "media" / "samples"
FRAME_MS = 20
FRAME = RATE * FRAME_MS // 1000  #: samples in it
PAUSE_MS = 300  #: silence that parts words: shorter ones are stops inside them
LOUD_SHARE = 0.1  #: of the utterance's loud frames (95th percentile)
NOISE_FACTOR = 4  #: speech is so much louder than the quietest tenth of its utterance

NON_SPEECH = (
    "nonspeech/empty.mp3",
    "nonspeech/laugh1.mp3",
    "nonspeech/moh_macroform-cold_day.mp3",
    "nonspeech/moh_manolo_camp-morning_coffee.mp3",
    "nonspeech/silence2sec.wav",
)
"""Without ``musanmix.wav``, in which somebody speaks English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A recording and its reference."""

    name: str
    path: Path
    length_s: float
    said: tuple[Segment, ...]  #: empty where nobody speaks
    #: the stretches of ``said`` that are no pause, whatever is said; empty where nobody asks
    voiced: tuple[Segment, ...] = ()
    clips: tuple[tuple[float, float], ...] = ()  #: seconds of each of its parts, where it has some

    @property
    def quiet_h(self) -> float:
        """Hours in which nobody speaks French."""
        speech = sum(each.end_ms - each.start_ms for each in self.said) / 1000
        return max(0.0, self.length_s - speech) / 3600


Maker = Callable[[Path, float], Material]
"""Writes a recording into a folder, at most so many seconds of it."""


def onset_ms(samples: Sound, start_s: float, end_s: float) -> int:
    """Where an utterance becomes audible: the first 60 ms well above its background."""
    is_loud = _is_loud(samples, start_s, end_s)
    sustained = np.convolve(is_loud, np.ones(3), "valid") >= 3 if len(is_loud) else is_loud
    first = int(np.flatnonzero(sustained)[0]) if sustained.any() else 0
    return round(start_s * 1000) + first * FRAME_MS


def voiced_spans(samples: Sound, start_s: float, end_s: float) -> list[tuple[int, int]]:
    """Where an utterance is audible, in milliseconds; shorter pauses than a word are part of it."""
    loud = np.flatnonzero(_is_loud(samples, start_s, end_s)) * FRAME_MS + round(start_s * 1000)
    spans: list[tuple[int, int]] = []
    for moment in loud.tolist():
        if spans and moment - spans[-1][1] <= PAUSE_MS:
            spans[-1] = (spans[-1][0], moment + FRAME_MS)
        else:
            spans.append((moment, moment + FRAME_MS))
    return spans


def _is_loud(samples: Sound, start_s: float, end_s: float) -> NDArray[np.bool_]:
    """Which frames of an utterance stand well above its background."""
    piece = samples[int(start_s * RATE) : int(end_s * RATE)]
    frames = piece[: len(piece) // FRAME * FRAME].reshape(-1, FRAME)
    if not len(frames):
        return np.zeros(0, np.bool_)
    loudness = np.sqrt((frames**2).mean(axis=1))
    floor = max(
        NOISE_FACTOR * np.percentile(loudness, 10), LOUD_SHARE * np.percentile(loudness, 95)
    )
    is_loud: NDArray[np.bool_] = loudness > floor
    return is_loud


def rows_of(reference: Path) -> list[tuple[float, float, str]]:
    """(start seconds, end seconds, text) of a table of utterances."""
    lines = reference.read_text(encoding="utf-8").splitlines()[1:]
    fields = [line.split("\t") for line in lines]
    return [(float(each[0]), float(each[1]), each[-1]) for each in fields]


def utterances(samples: Sound, rows: Iterable[tuple[float, float, str]]) -> tuple[Segment, ...]:
    """Segments that begin where they become audible."""
    return tuple(
        Segment(
            start_ms=Milliseconds(onset_ms(samples, start, end)),
            end_ms=Milliseconds(round(end * 1000)),
            text=text,
        )
        for start, end, text in rows
        if text.strip()
    )


def voiced_parts(samples: Sound, rows: Iterable[tuple[float, float, str]]) -> tuple[Segment, ...]:
    """What of the utterances is no pause."""
    return tuple(
        Segment(start_ms=Milliseconds(first), end_ms=Milliseconds(last), text=text)
        for start, end, text in rows
        if text.strip()
        for first, last in voiced_spans(samples, start, end)
    )


def shared_reading(name: str) -> Maker:
    """A reader of the shared test data, from the beginning."""

    def make(folder: Path, seconds: float) -> Material:
        rows = [row for row in rows_of(SHARED / f"{name}.ref.tsv") if row[1] <= seconds]
        return _written(folder, name, load(f"{name}.flac")[: int(rows[-1][1] * RATE)], rows)

    return make


def sample(path: Path) -> Maker:
    """A sample broadcast, from the beginning."""

    def make(folder: Path, seconds: float) -> Material:
        script = json.loads(path.with_suffix(".script.json").read_text(encoding="utf-8"))
        rows = [
            (turn["start_ms"] / 1000, turn["end_ms"] / 1000, turn["text"])
            for turn in script["turns"]
            if turn["end_ms"] <= seconds * 1000
        ]
        sound = np.concatenate(list(Audio.find().decode(path)))
        return _written(folder, path.stem, sound[: int(min(seconds, rows[-1][1] + 1) * RATE)], rows)

    return make


def talk(folder: Path, seconds: float) -> Material:
    """Nine people talking (SPPAS), a second of silence between them."""
    pieces: list[Sound] = []
    rows: list[tuple[float, float, str]] = []
    offset = 0.0
    for reference in sorted((SHARED / "fr" / "sppas").glob("*.ref.tsv")):
        [(_, _, text)] = rows_of(reference)
        sound = load(f"fr/sppas/{reference.name.removesuffix('.ref.tsv')}.wav")
        length = len(sound) / RATE
        if offset + length > seconds:
            break
        rows.append((offset, offset + length, plain_talk(text)))
        pieces += [sound, np.zeros(RATE, np.float32)]
        offset += length + 1
    return _written(folder, "talk", np.concatenate(pieces), rows)


def plain_talk(text: str) -> str:
    """What is said, out of SPPAS's enriched transcription.

    ``[de toute façon,dtfasson]`` and ``<euh,et>`` give what is meant first; ``$ Arles $`` marks
    names, ``@`` laughter; a word that breaks off (``p-``) is none.
    """
    meant = regex.sub(r"[\[<]([^,\]>]*),[^\]>]*[\]>]", r"\1", text)
    meant = regex.sub(r"\$\s*([^$,]*?)\s*(?:,[^$]*)?\$", r"\1", meant)
    return regex.sub(r"(?<!\S)\p{L}+-(?!\S)|@", " ", meant)


def radio(folder: Path, _seconds: float) -> Material:
    """The radio-like file: French between music, silence, noise and Maninka."""
    path = folder / "radio.wav"
    zones = radio_file.build(path)
    sound = np.concatenate(list(Audio.find().decode(path)))
    rows = [(zone.start_s, zone.end_s, zone.text) for zone in zones if zone.kind == "french"]
    return Material(
        name="radio",
        path=path,
        length_s=zones[-1].end_s,
        said=utterances(sound, rows),
        voiced=voiced_parts(sound, rows),
    )


def non_speech(folder: Path, seconds: float) -> Material:
    """Music, laughter, silence, white noise and hum, at most a third of the time each."""
    longest = int(seconds * RATE / 3)
    times = np.arange(min(60 * RATE, longest), dtype=np.float32) / RATE
    noise = np.random.default_rng(20141016).normal(0, 0.05, len(times)).astype(np.float32)
    hum = (0.1 * np.sin(2 * np.pi * 50 * times)).astype(np.float32)
    silence = np.zeros(min(300 * RATE, longest), np.float32)
    pieces = [*(load(name)[:longest] for name in NON_SPEECH), silence, noise, hum]
    ends = np.cumsum([len(piece) for piece in pieces]) / RATE
    starts = [0.0, *ends[:-1]]
    made = _written(folder, "non-speech", np.concatenate(pieces), [])
    clips = tuple((float(start), float(end)) for start, end in zip(starts, ends, strict=True))
    return replace(made, clips=clips)


def _written(
    folder: Path, name: str, sound: Sound, rows: Sequence[tuple[float, float, str]]
) -> Material:
    path = folder / f"{Path(name).name}.wav"
    write_wav(path, [sound])
    return Material(
        name=Path(name).name,
        path=path,
        length_s=len(sound) / RATE,
        said=utterances(sound, rows),
        voiced=voiced_parts(sound, rows),
    )

"""Recordings whose words are known, as they are and made worse, and what we write of them.

Two halves: what thresholds are set on, and what they are measured on. No speaker, no voice and no
text is in both. What makes the sound worse is of the same kinds in both, with other noise and
another piece of music.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from benchmarks.radio_file import COFFEE, COLD_DAY, RATE, SHARED, Sound

from benchmarks import radio_file
from radio_archive.model import LanguageTag, Milliseconds, Segment, Word
from radio_archive.transcribers import Transcriber
from radio_archive.transcription import RecipeOptions, transcribe

SAMPLES = Path(__file__).resolve().parents[1] / "media" / "samples"
FRENCH = LanguageTag("fr")
DEV, TEST = "dev", "test"
#: seconds taken of long sources: decoding one in every condition takes long
MOST_S = 240
PAUSE = np.zeros(RATE, np.float32)  #: between joined clips


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Sound and its words, as recorded."""

    name: str
    half: str  #: ``DEV`` or ``TEST``
    read: Callable[[], tuple[Sound, str]]
    language: LanguageTag = FRENCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """One source in one condition."""

    source: Source
    condition: str  #: a key of `conditions`

    @property
    def name(self) -> str:
        """As tables print it."""
        return f"{self.source.name}, {self.condition}"

    def sound(self) -> Sound:
        """16 kHz mono."""
        sound, _ = self.source.read()
        seed = int.from_bytes(hashlib.sha256(self.name.encode()).digest()[:4], "big")
        music = COFFEE if self.source.half == DEV else COLD_DAY
        return conditions(seed, music)[self.condition](sound)

    def text(self) -> str:
        """What is said."""
        return self.source.read()[1]


def conditions(seed: int, music: str) -> Mapping[str, Callable[[Sound], Sound]]:
    """What is done to sound, by its name; decibels are speech over what is added."""

    def noisy(decibels: float) -> Callable[[Sound], Sound]:
        def add(sound: Sound) -> Sound:
            noise = np.random.default_rng(seed).standard_normal(len(sound)).astype(np.float32)
            return mixed(sound, noise, decibels)

        return add

    return {
        "as recorded": lambda sound: sound,
        "noise 10 dB": noisy(10),
        "music 0 dB": lambda sound: mixed(sound, radio_file.load(music), 0),
        "mp3, 8 kHz, 16 kbit/s": through_mp3,
    }


def mixed(sound: Sound, added: Sound, decibels: float) -> Sound:
    """Sound with something under it, repeated as often as need be."""
    bed = np.resize(added, len(sound))
    level = loudness(sound) / loudness(bed) * 10 ** (-decibels / 20)
    both = sound + bed * level
    return np.asarray(both / max(1.0, float(np.abs(both).max())), np.float32)


def loudness(sound: Sound) -> float:
    """Root mean square of what is not silence."""
    heard = sound[np.abs(sound) > 1e-3]
    return float(np.sqrt(np.square(heard if len(heard) else sound).mean()))


def through_mp3(sound: Sound) -> Sound:
    """What is left after a telephone's rate and a stream's compression."""
    raw = ["-f", "f32le", "-ar", str(RATE), "-ac", "1"]
    worse = ["-ar", "8000", "-c:a", "libmp3lame", "-b:a", "16k", "-f", "mp3"]
    quiet = ["ffmpeg", "-v", "error"]
    packed = _piped([*quiet, *raw, "-i", "-", *worse, "-"], sound.tobytes())
    return np.frombuffer(_piped([*quiet, "-i", "-", *raw, "-"], packed), np.float32)


def _piped(command: list[str], given: bytes) -> bytes:
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True).stdout


@cache
def _rows_of(name: str) -> tuple[Sound, str]:
    """A recording with times per utterance, up to the last one that ends in time."""
    lines = (SHARED / f"{name}.ref.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    inside = [row for row in rows if float(row[1]) <= MOST_S]
    sound = radio_file.load(f"{name}.flac")[: int(float(inside[-1][1]) * RATE)]
    return sound, " ".join(row[3] for row in inside)


@cache
def _clips() -> tuple[Sound, str]:
    """Nine people who talk freely, 3 to 10 s each, a second of silence between them."""
    paths = sorted((SHARED / "fr" / "sppas").glob("*.wav"))
    texts = [
        line.split("\t")[2]
        for path in paths
        for line in path.with_suffix(".ref.tsv").read_text(encoding="utf-8").splitlines()[1:]
    ]
    return _joined(paths), " ".join(map(_spoken, texts))


def _spoken(text: str) -> str:
    """Without the marks of who wrote it down: broken words, two spellings of one sound."""
    words = (word.strip("<>").split(",")[0] for word in text.split())
    return " ".join(word for word in words if not word.endswith("-"))


@cache
def _readers() -> tuple[Sound, str]:
    paths = [*sorted((SHARED / "en" / "librivox").glob("*.wav")), SHARED / "en" / "jfk.flac"]
    texts = [path.with_suffix(".txt").read_text(encoding="utf-8") for path in paths]
    return _joined(paths), " ".join(texts)


def _joined(paths: list[Path]) -> Sound:
    return np.concatenate(
        [piece for path in paths for piece in (radio_file.load(str(path)), PAUSE)]
    )


def _sample(name: str) -> Callable[[], tuple[Sound, str]]:
    def read() -> tuple[Sound, str]:
        script = json.loads((SAMPLES / f"{name}.script.json").read_text(encoding="utf-8"))
        inside = [turn for turn in script["turns"] if turn["end_ms"] <= MOST_S * 1000]
        sound = radio_file.load(str(SAMPLES / f"{name}.mp3"))
        sound = sound[: inside[-1]["end_ms"] * RATE // 1000]
        return sound, " ".join(turn["text"] for turn in inside)

    return cache(read)


SOURCES = (
    Source(name="reader from Benin", half=DEV, read=lambda: _rows_of(radio_file.BENIN)),
    Source(name="sample debate", half=DEV, read=_sample("2014-10-16-grand-dialogue")),
    Source(name="prompts from Quebec", half=TEST, read=lambda: _rows_of(radio_file.QUEBEC)),
    Source(name="nine people talking", half=TEST, read=_clips),
    Source(name="English readers", half=TEST, read=_readers, language=LanguageTag("en")),
)


def materials() -> list[Material]:
    """Every source in every condition."""
    return [
        Material(source=source, condition=condition)
        for source in SOURCES
        for condition in conditions(0, COFFEE)
    ]


def segments_of(material: Material, engine: Transcriber, cache_at: Path) -> tuple[Segment, ...]:
    """What we write of it: decoded once, kept as JSON in a folder."""
    digest = hashlib.sha256(f"{engine.name} {material.name}".encode()).hexdigest()[:16]
    kept = cache_at / f"{digest}.json"
    if not kept.exists():
        options = RecipeOptions(language=material.source.language)
        written = transcribe([material.sound()], engine, options)
        cache_at.mkdir(parents=True, exist_ok=True)
        rows = [_row(segment) for segment in written.segments]
        kept.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return tuple(_segment(*row) for row in json.loads(kept.read_text(encoding="utf-8")))


def _row(segment: Segment) -> list[object]:
    words = [[word.start_ms, word.end_ms, word.text, word.probability] for word in segment.words]
    return [segment.text, segment.avg_logprob, segment.no_speech_prob, words]


def _segment(
    text: str, logprob: float | None, no_speech: float | None, words: list[list[object]]
) -> Segment:
    timed = tuple(_word(*word) for word in words)
    return Segment(
        start_ms=timed[0].start_ms,
        end_ms=Milliseconds(max(word.end_ms for word in timed)),
        text=text,
        words=timed,
        avg_logprob=logprob,
        no_speech_prob=no_speech,
    )


def _word(start: object, end: object, text: object, probability: object) -> Word:
    assert isinstance(start, int)
    assert isinstance(end, int)
    assert isinstance(probability, float | None)
    return Word(
        start_ms=Milliseconds(start),
        end_ms=Milliseconds(end),
        text=str(text),
        probability=probability,
    )

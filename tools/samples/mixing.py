"""From sentences to a broadcast: jingle, pauses, even loudness, exact times, MP3."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tools.samples.script import Script, Speaker, Sting, Turn
from tools.samples.voices import RATE, Sound

#: Loudness every sentence is brought to: root mean square of its voiced frames, full scale 1.
SPEECH_RMS = 0.1
#: No sample of a sentence goes beyond this, so that MP3 rounding cannot clip.
SPEECH_PEAK = 0.8
#: Peak of the music: a little under the speech.
MUSIC_PEAK = 0.35
#: Frames quieter than this share of the sentence's loudest frame do not count as voiced.
VOICED_SHARE = 0.1
#: Shortest and longest pause in milliseconds after a sentence, and after a turn.
SENTENCE_PAUSE_MS = (300, 450)
TURN_PAUSE_MS = (450, 700)
MUSIC_PAUSE_MS = 400
#: Bit rate of the MP3; ample for one voice at 24 kHz.
BITRATE = "48k"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A sentence and where it lies in the broadcast."""

    #: Who says it.
    speaker: Speaker
    #: The exact words.
    text: str
    #: First and last sound of it, milliseconds from the start of the recording.
    start_ms: int
    end_ms: int


@dataclass(slots=True)
class Timeline:
    """A broadcast being put together; sounds are added at its end."""

    #: Sounds and silences so far.
    pieces: list[Sound] = field(default_factory=list)
    #: Number of samples in `pieces`.
    length: int = 0

    def add(self, sound: Sound) -> tuple[int, int]:
        """Append a sound; give back its start and end in milliseconds."""
        start = self.length
        self.pieces.append(sound)
        self.length += len(sound)
        return round(start * 1000 / RATE), round(self.length * 1000 / RATE)

    def pause(self, milliseconds: int) -> None:
        """Append silence."""
        self.add(np.zeros(milliseconds * RATE // 1000, dtype=np.float32))


def level(sound: Sound) -> Sound:
    """Bring a sentence to the common loudness without letting its peak clip."""
    frame = RATE // 50
    frames = sound[: len(sound) // frame * frame].reshape(-1, frame)
    powers = np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1))
    voiced = powers[powers >= VOICED_SHARE * powers.max()]
    loudness = float(np.sqrt(np.mean(np.square(voiced))))
    gain = min(SPEECH_RMS / loudness, SPEECH_PEAK / float(np.abs(sound).max()))
    return (sound * np.float32(gain)).astype(np.float32)


def play_notes(hertz: tuple[float, ...], spacing_s: float, ring_s: float) -> Sound:
    """Strike bell-like notes one after the other; the last rings for `ring_s` seconds."""
    sound = np.zeros(round((spacing_s * (len(hertz) - 1) + ring_s) * RATE))
    time = np.arange(round(ring_s * RATE)) / RATE
    envelope = np.minimum(time / 0.01, 1) * np.exp(-4 * time / ring_s)
    envelope *= np.minimum((ring_s - time) / 0.05, 1)
    for position, pitch in enumerate(hertz):
        overtones = ((1, 1.0), (2, 0.4), (3, 0.15))
        note = sum(share * np.sin(2 * np.pi * pitch * n * time) for n, share in overtones)
        start = round(spacing_s * position * RATE)
        end = min(start + len(time), len(sound))
        sound[start:end] += (note * envelope)[: end - start]
    music: Sound = (MUSIC_PEAK * sound / np.abs(sound).max()).astype(np.float32)
    return music


def mix(script: Script, say: Callable[[str, str, float], Sound]) -> tuple[Sound, list[Spoken]]:
    """Lay out a whole broadcast; `say` turns a sentence, a voice and a speed into sound."""
    random = np.random.default_rng(int.from_bytes(script.slug.encode(), "big"))
    jingle = play_notes(script.jingle, spacing_s=0.28, ring_s=1.6)
    sting = play_notes(script.jingle[-2:], spacing_s=0.22, ring_s=1.0)
    timeline = Timeline()
    spoken: list[Spoken] = []
    timeline.add(jingle)
    timeline.pause(MUSIC_PAUSE_MS)
    for item in script.items:
        if isinstance(item, Sting):
            timeline.add(sting)
            timeline.pause(MUSIC_PAUSE_MS)
            continue
        spoken.extend(_speak(item, timeline, say, random))
        timeline.pause(int(random.integers(*TURN_PAUSE_MS)))
    timeline.add(jingle)
    return np.concatenate(timeline.pieces), spoken


def _speak(
    turn: Turn,
    timeline: Timeline,
    say: Callable[[str, str, float], Sound],
    random: np.random.Generator,
) -> Iterator[Spoken]:
    speaker = turn.speaker
    for number, text in enumerate(turn.sentences):
        if number:
            timeline.pause(int(random.integers(*SENTENCE_PAUSE_MS)))
        start_ms, end_ms = timeline.add(level(say(text, speaker.voice, speaker.speed)))
        yield Spoken(speaker=speaker, text=text, start_ms=start_ms, end_ms=end_ms)


def encode_mp3(sound: Sound, path: Path, tags: dict[str, str]) -> None:
    """Write one channel of MP3 with these ID3 tags; the same bytes for the same ffmpeg."""
    samples = np.round(np.clip(sound, -1, 1) * 32767).astype("<i2")
    metadata = [part for key, text in tags.items() for part in ("-metadata", f"{key}={text}")]
    source = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0"]
    # bitexact keeps the encoder's version out of the file
    target = ["-c:a", "libmp3lame", "-b:a", BITRATE, "-fflags", "+bitexact", "-flags", "+bitexact"]
    command = [find_ffmpeg(), "-v", "error", "-y", *source, *target, *metadata, str(path)]
    subprocess.run(command, input=samples.tobytes(), check=True)


def find_ffmpeg() -> str:
    """Path of the system's ffmpeg, else of the one in the imageio-ffmpeg package."""
    system = shutil.which("ffmpeg")
    if system is not None:
        return system
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())

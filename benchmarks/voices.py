"""Voices told apart: how wrong, how often nothing is said, and how long it takes.

    python benchmarks/voices.py                 what the limits were not chosen on
    python benchmarks/voices.py --development   what they were chosen on
    python benchmarks/voices.py --speed         seconds per hour of sound, and peak memory

The error of all speech counts the guesses where ours is unsure, too; beside it stands how much is
marked (shown to readers), and how much of that is wrong. The plain recipe is Resemblyzer's: the
same pieces and numbers, average linkage at a distance of 0.40, everything marked. Real voices are
joined turn by turn from ../shared/data/audio, short clips three times over; without that folder
only the sample broadcasts are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.diarisation import Errors, Span, errors  # noqa: E402 - importable by the line above

from radio_archive.audio import Audio  # noqa: E402
from radio_archive.model import Milliseconds  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.speech import find_groups  # noqa: E402
from radio_archive.transcribers import SAMPLE_RATE, Samples  # noqa: E402
from radio_archive.voices import Told, VoiceEncoder, tell_voices  # noqa: E402
from radio_archive.voices.clustering import cluster  # noqa: E402
from radio_archive.voices.pieces import cut_pieces  # noqa: E402
from radio_archive.voices.weights import NAME, find_voice_weights  # noqa: E402
from radio_archive.weights import models_dir  # noqa: E402

SAMPLES = ROOT / "media" / "samples"
AUDIO = ROOT.parent / "shared" / "data" / "audio"
DEBATE = "2014-10-16-grand-dialogue"

#: distance of the plain recipe: the best of those tried on two and three clean voices
PEER_DISTANCE = 0.40

#: one voice each, as far as their sources say
DEVELOPMENT = {
    "benin": "fr/benin/session_200625-154904.flac",
    "guinea": "fr/guinea_prompts/nicolingua_agent_joined.mp3",
    "austen": "en/librivox/sense_and_sensibility_01_austen_64kb-*.wav",
    "ibm-fr-1": "fr/ibm/fr-FR_Broadband_sample1.wav",
    "ibm-fr-2": "fr/ibm/fr-FR_Broadband_sample2.wav",
    "harvard": "en/harvard_1.wav",
    "crepes": "fr/misc/french_7119hz.wav",
    "arabic": "ar/ar-AR_Broadband_sample1.wav",
}
HELD_OUT = {
    "linto": "fr/misc/linto_fr.mp3",
    "maninka": "man/nicolingua_agent_joined.mp3",
    "kennedy": "en/jfk.flac",
    "june": "fr/asterisk_june/demo-congrats.wav",
}

#: shortest and longest turn of joined voices
TURN_S = (3.0, 9.0)

#: sound and who speaks when; no spans where nobody wrote it down
Trial = tuple[str, Samples, list[Span]]


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--development", action="store_true")
    parser.add_argument("--speed", action="store_true")
    options = parser.parse_args()
    weights = find_voice_weights(models_dir(Settings.load(os.environ)))
    if weights is None:
        print(f"radio-archive models fetch {NAME}", file=sys.stderr)
        return 1
    encoder = VoiceEncoder(weights)
    if options.speed:
        _print_speed(encoder)
        return 0
    print(f"{'':36}{'finding':12}voices  of  error  marked  wrong of it  plain recipe: error")
    rows = [
        (name.partition(":")[0], _print_trial(name, sound, spans, encoder))
        for name, sound, spans in (_development() if options.development else _held_out())
    ]
    for kind in sorted({kind for kind, _ in rows}):
        _print_sum(kind, [row for each, row in rows if each == kind])
    return 0


def _held_out() -> Iterator[Trial]:
    for path in sorted(SAMPLES.glob("*.mp3")):
        script = json.loads(path.with_suffix(".script.json").read_text(encoding="utf-8"))
        turns = [(turn["start_ms"], turn["end_ms"], turn["speaker"]) for turn in script["turns"]]
        yield f"sample:{path.stem}", _sound(path), turns
    if not AUDIO.is_dir():
        return
    yield "telephone:pyannote_sample", _sound(AUDIO / "overlap/pyannote_sample.wav"), _stm()
    for name in ("ami_tst00", "fw_stereo_diarization"):
        yield f"no reference:{name}", _sound(AUDIO / f"overlap/{name}.wav"), []
    voices = {name: _joined(pattern) for name, pattern in HELD_OUT.items()}
    for name, sound in voices.items():
        yield f"one:{name}", *_thrice(sound, name)
    yield from _pairs("pair", voices)
    sppas = {path.name[:2]: _sound(path) for path in sorted((AUDIO / "fr/sppas").glob("*.wav"))}
    yield from _pairs("sppas", sppas, turn_s=(2, 4))


def _development() -> Iterator[Trial]:
    voices = {name: _joined(pattern) for name, pattern in DEVELOPMENT.items()}
    for name, sound in voices.items():
        yield f"one:{name}", *_thrice(sound, name)
    yield from _pairs("pair", voices)
    chance = np.random.default_rng(1)
    for _ in range(12):
        chosen = sorted(chance.choice(list(voices), 3 + int(chance.integers(2)), replace=False))
        sounds = {name: voices[name] for name in chosen}
        yield f"several:{'+'.join(chosen)}", *_mixed(sounds, chance, TURN_S)


def _pairs(
    kind: str, voices: Mapping[str, Samples], *, turn_s: tuple[float, float] = TURN_S
) -> Iterator[Trial]:
    chance = np.random.default_rng(2)
    for pair in combinations(sorted(voices), 2):
        sounds = {name: voices[name] for name in pair}
        yield f"{kind}:{'+'.join(pair)}", *_mixed(sounds, chance, turn_s)


def _mixed(
    voices: Mapping[str, Samples], chance: np.random.Generator, turn_s: tuple[float, float]
) -> tuple[Samples, list[Span]]:
    """The voices in turns of chance length, equally loud, 0.1 to 0.6 s apart."""
    left = {
        name: np.concatenate([sound[: 60 * SAMPLE_RATE]] * 3) * (0.06 / np.sqrt(np.mean(sound**2)))
        for name, sound in voices.items()
    }
    pieces: list[Samples] = []
    spans: list[Span] = []
    at, last = 0, ""
    while others := [name for name in left if name != last and len(left[name]) > SAMPLE_RATE]:
        last = str(chance.choice(others))
        cut = int(chance.uniform(*turn_s) * SAMPLE_RATE)
        said, left[last] = left[last][:cut], left[last][cut:]
        pause = np.zeros(int(chance.uniform(0.1, 0.6) * SAMPLE_RATE), np.float32)
        spans += _spoken(said, at, last)
        pieces += [said, pause]
        at += len(said) + len(pause)
    return np.concatenate(pieces).astype(np.float32), spans


def _spoken(sound: Samples, at: int, name: str) -> list[Span]:
    """Where somebody speaks in a turn: pauses of a reader are nobody's error."""
    start_ms = at * 1000 // SAMPLE_RATE
    return [
        (start_ms + group.start_ms + begin, start_ms + group.start_ms + end, name)
        for group in find_groups([sound])
        for begin, end in group.stretches
    ]


def _thrice(sound: Samples, name: str) -> tuple[Samples, list[Span]]:
    whole = np.concatenate([sound] * 3)
    return whole, _spoken(whole, 0, name)


def _print_trial(
    name: str, sound: Samples, spans: Sequence[Span], encoder: VoiceEncoder
) -> tuple[Told, int, Errors | None]:
    told = tell_voices([sound], encoder)
    turns = [(turn.start_ms, turn.end_ms, turn.voice) for turn in told.turns]
    sure = [(turn.start_ms, turn.end_ms, turn.voice) for turn in told.turns if turn.is_sure]
    real = len({voice for _, _, voice in spans})
    found, figures = None, ""
    if spans and turns:
        found, marked = errors(spans, turns), errors(spans, sure)
        share = 1 - marked.missed
        figures = f"{found.rate:7.3f}{share:8.0%}{marked.confused / share:13.3f}"
    peer = f"{errors(spans, _plain(sound, encoder)).rate:12.3f}" if spans else ""
    voices = len({voice for _, _, voice in turns}) or "-"
    print(f"{name[:35]:36}{told.finding:12}{voices:>6}{real or '?':>4}{figures:28}{peer}")
    return told, real, found


def _print_sum(kind: str, rows: Sequence[tuple[Told, int, Errors | None]]) -> None:
    marked = [(told, real, found) for told, real, found in rows if found is not None]
    right = sum(len({turn.voice for turn in told.turns}) == real for told, real, _ in marked)
    mean = np.mean([found.rate for _, _, found in marked]) if marked else float("nan")
    print(
        f"{kind}: {len(marked)} of {len(rows)} marked, {right} of them with the right number of "
        f"voices, mean error {mean:.3f}"
    )


def _plain(sound: Samples, encoder: VoiceEncoder) -> list[Span]:
    """Resemblyzer's numbers, average linkage, every piece given to its set."""
    cut = [pair for group in find_groups([sound]) for pair in cut_pieces(group, 0)]
    sets = cluster(encoder.embed([piece for _, piece in cut]), PEER_DISTANCE)
    spans: list[Span] = []
    for (piece, _), voice in zip(cut, sets, strict=True):
        start = piece.start_ms
        if spans and start < spans[-1][1]:  # pieces overlap: each holds until halfway
            start = Milliseconds((piece.start_ms + spans[-1][1]) // 2)
            spans[-1] = (spans[-1][0], start, spans[-1][2])
        spans.append((start, piece.end_ms, str(voice)))
    return spans


def _print_speed(encoder: VoiceEncoder) -> None:
    path = SAMPLES / f"{DEBATE}.mp3"
    seconds = len(_sound(path)) / SAMPLE_RATE
    started = time.perf_counter()
    tell_voices(Audio.find().decode(path), encoder)
    taken = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{taken * 3600 / seconds:.0f} s per hour of sound, decoding included; peak {peak} MB")


def _stm() -> list[Span]:
    lines = (AUDIO / "overlap/pyannote_sample.stm").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line.strip()]
    return [(int(float(row[3]) * 1000), int(float(row[4]) * 1000), row[2]) for row in rows]


def _joined(pattern: str) -> Samples:
    return np.concatenate([_sound(path) for path in sorted(AUDIO.glob(pattern))])


def _sound(path: Path) -> Samples:
    return np.concatenate(list(Audio.find().decode(path)))


if __name__ == "__main__":
    raise SystemExit(main())

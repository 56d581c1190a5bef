"""The sound map against what is known of the sound: milliseconds of each true kind by found kind.

The constants of `radio_archive.sound_map` were set on the first half of the material; the second
half is what they are measured on, and the radio-like file of ``radio_file.py``, in which a reader
recorded at 8 kHz between wider ones is to be found as a telephone.

    python benchmarks/soundmap.py                  both halves, the radio-like file, time
    python benchmarks/soundmap.py --music FOLDER   also each piece of music in a folder
    python benchmarks/soundmap.py --no-speed       without the timing

Where the package ``webrtcvad-wheels`` is installed, its voice detector is measured beside ours on
speech against all else. Room tone that the reference of ``musanmix`` calls *no energy* is silence.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.radio_file import BENIN, COFFEE, COLD_DAY, MANINKA, QUEBEC, RATE, Sound  # noqa: E402

from benchmarks import radio_file  # noqa: E402 - the line above makes it importable
from radio_archive.audio import Audio  # noqa: E402
from radio_archive.model import SPOKEN, SoundKind, SoundMap  # noqa: E402
from radio_archive.sound_map import map_sound  # noqa: E402

MUSANMIX = "nonspeech/musanmix.wav"
TELEPHONE_HERTZ = (300, 3_400)
#: kinds of the radio-like file's zones
ZONES = {
    "french": SoundKind.SPEECH,
    "maninka": SoundKind.SPEECH,
    "music": SoundKind.MUSIC,
    "noise": SoundKind.NOISE,
    "silence": SoundKind.SILENCE,
}
#: labels of the reference of musanmix
LABELS = {
    "male": SoundKind.SPEECH,
    "female": SoundKind.SPEECH,
    "music": SoundKind.MUSIC,
    "noise": SoundKind.NOISE,
    "noEnergy": SoundKind.SILENCE,
}
#: milliseconds of each true kind by found kind
Table = Counter[tuple[SoundKind, SoundKind]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Sound of one kind."""

    kind: SoundKind
    sound: Sound


def first_half() -> Iterator[Part]:
    """What the constants were set on."""
    benin = radio_file.load(f"{BENIN}.flac")[: 200 * RATE]
    yield from reading(benin)
    yield Part(kind=SoundKind.MUSIC, sound=radio_file.load(COLD_DAY)[: 236 * RATE])
    yield from ibm(1)
    yield from made(("white", "hum", "engine"))
    yield from musanmix(0, 41)
    yield from sppas(slice(0, 5))


def second_half() -> Iterator[Part]:
    """What they are measured on."""
    benin = radio_file.load(f"{BENIN}.flac")[200 * RATE :]
    yield from reading(benin)
    yield Part(kind=SoundKind.MUSIC, sound=radio_file.load(COFFEE)[: 70 * RATE])
    yield from ibm(2)
    yield from made(("pink", "gusts", "whistle", "crackle", "faint hum"))
    yield from musanmix(41, 75)
    yield from sppas(slice(5, 9))
    telephones = radio_file.load("overlap/pyannote_sample.wav")
    yield Part(kind=SoundKind.TELEPHONE, sound=telephones[int(6.6 * RATE) :])
    yield Part(kind=SoundKind.SPEECH, sound=radio_file.load(MANINKA))
    yield Part(kind=SoundKind.SPEECH, sound=radio_file.load("ar/ar-AR_Broadband_sample1.wav"))


def reading(sound: Sound) -> Iterator[Part]:
    """A reader in the studio, the same on the telephone, in the studio again, and silence."""
    third = len(sound) // 3
    yield Part(kind=SoundKind.SPEECH, sound=sound[:third])
    yield Part(kind=SoundKind.TELEPHONE, sound=over_telephone(sound[third : 2 * third]))
    yield Part(kind=SoundKind.SPEECH, sound=sound[2 * third :])
    yield Part(kind=SoundKind.SILENCE, sound=np.zeros(20 * RATE, np.float32))


def ibm(number: int) -> Iterator[Part]:
    """One sentence at 16 kHz and at 8."""
    wide = radio_file.load(f"fr/ibm/fr-FR_Broadband_sample{number}.wav")
    narrow = radio_file.load(f"fr/ibm/fr-FR_Narrowband_sample{number}.wav")
    yield Part(kind=SoundKind.SPEECH, sound=wide)
    yield Part(kind=SoundKind.TELEPHONE, sound=narrow)


def sppas(chosen: slice) -> Iterator[Part]:
    """French readers from a corpus."""
    for path in sorted((radio_file.SHARED / "fr/sppas").glob("*.wav"))[chosen]:
        yield Part(kind=SoundKind.SPEECH, sound=radio_file.load(str(path)))


def musanmix(start_s: float, end_s: float) -> Iterator[Part]:
    """A piece of the mix whose reference lies beside it."""
    sound = radio_file.load(MUSANMIX)
    reference = (radio_file.SHARED / "nonspeech/musanmix.seg.csv").read_text(encoding="utf-8")
    for line in reference.splitlines()[1:]:
        label, start, end = line.split("\t")
        first, last = max(start_s, float(start)), min(end_s, float(end))
        if first < last:
            yield Part(kind=LABELS[label], sound=sound[int(first * RATE) : int(last * RATE)])


def over_telephone(sound: Sound) -> Sound:
    """What a telephone carries, to 16 bits as a recorder keeps it.

    Cut off above by the sampling at 8 kHz, below by a microphone: 12 dB an octave.
    """
    lowest, highest = TELEPHONE_HERTZ
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    gain = np.where(hertz > highest, 0, np.minimum(1, (hertz / lowest) ** 2))
    narrow = np.fft.irfft(np.fft.rfft(sound) * gain, len(sound))
    return (np.round(narrow * 32_767) / 32_767).astype(np.float32)


def made(names: Iterable[str], seconds: int = 20) -> Iterator[Part]:
    """Noise by recipe, the same every time."""
    chance = np.random.default_rng(20141016)
    count = seconds * RATE
    moments = np.arange(count) / RATE

    def coloured(slope: float) -> NDArray[np.float64]:
        spectrum = np.fft.rfft(chance.normal(size=count))
        shaped = np.fft.irfft(spectrum / np.arange(1, len(spectrum) + 1) ** (slope / 2), count)
        return np.asarray(shaped / shaped.std())

    def harmonics(phase: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.sum([np.sin(number * phase) / number for number in range(1, 12)], axis=0)
        return np.asarray(total / total.std())

    hiss = chance.normal(size=count)
    mains = harmonics(2 * np.pi * 50 * moments)
    turning = np.cumsum(40 + 3 * np.sin(2 * np.pi * 0.3 * moments)) * 2 * np.pi / RATE
    sweep = np.cumsum(1_500 + 1_000 * np.sin(2 * np.pi * 0.07 * moments)) * 2 * np.pi / RATE
    recipes = {
        "white": 0.05 * hiss,
        "pink": 0.05 * coloured(1),
        "gusts": 0.08 * coloured(2) * (1 + 0.9 * np.sin(2 * np.pi * 0.4 * moments)),
        "hum": 0.05 * mains + 0.002 * hiss,
        "faint hum": 0.01 * mains + 0.01 * hiss,
        "engine": 0.05 * harmonics(turning) + 0.02 * coloured(1),
        "whistle": 0.03 * np.sin(sweep) + 0.03 * hiss,
        "crackle": np.where(chance.random(count) < 0.003, 0.5 * hiss, 0) + 0.01 * coloured(1),
    }
    for name in names:
        yield Part(kind=SoundKind.NOISE, sound=recipes[name].astype(np.float32))


def radio() -> Iterator[Part]:
    """The radio-like file; its reader from Quebec was recorded at 8 kHz."""
    sound, zones = radio_file.join()
    for zone in zones:
        is_narrow = zone.source == QUEBEC
        kind = SoundKind.TELEPHONE if is_narrow else ZONES[zone.kind]
        piece = sound[round(zone.start_s * RATE) : round(zone.end_s * RATE)]
        yield Part(kind=kind, sound=piece)


def compare(parts: Sequence[Part], found: SoundMap) -> Table:
    """Milliseconds of each true kind by found kind."""
    table: Table = Counter()
    start = 0.0
    for part in parts:
        end = start + len(part.sound) * 1000 / RATE
        for each in found.stretches:
            shared = min(end, each.end_ms) - max(start, each.start_ms)
            if shared > 0:
                table[part.kind, each.kind] += round(shared)
        start = end
    return table


def show(title: str, table: Table) -> None:
    """A table of seconds, with the share of each true kind that was found."""
    print(f"\n{title}\n{'true':>10}", *(f"{kind:>10}" for kind in SoundKind), f"{'found':>8}")
    for true in SoundKind:
        row = [table[true, found] for found in SoundKind]
        if sum(row):
            share = f"{100 * table[true, true] / sum(row):7.1f}%"
            print(f"{true:>10}", *(f"{value / 1000:10.1f}" for value in row), share)


def peer(parts: Sequence[Part], found: SoundMap) -> None:
    """Speech against all else, ours and WebRTC's."""
    ours = np.zeros(sum(len(part.sound) for part in parts) // 480, np.bool_)
    for each in found.stretches:
        ours[each.start_ms // 30 : each.end_ms // 30] = each.kind in SPOKEN
    rows = {"ours": ours}
    try:
        webrtcvad = importlib.import_module("webrtcvad")
    except ImportError:
        print("webrtcvad is not installed: no peer")
    else:
        joined = np.concatenate([part.sound for part in parts])
        frames = (np.clip(joined, -1, 1) * 32_767).astype("<i2")[: len(ours) * 480]
        for mode in (2, 3):
            detector = webrtcvad.Vad(mode)
            answers = [detector.is_speech(each.tobytes(), RATE) for each in frames.reshape(-1, 480)]
            rows[f"WebRTC mode {mode}"] = np.array(answers)
    true = np.repeat([part.kind for part in parts], [len(part.sound) for part in parts])[::480]
    for name, heard in rows.items():
        shares = [
            f"{kind} {100 * heard[true[: len(heard)] == kind].mean():.1f}%"
            for kind in SoundKind
            if (true == kind).any()
        ]
        print(f"{name:>14} calls speech:", ", ".join(shares))


def speed() -> None:
    """Seconds of one core for an hour of sound, beside its decoding."""
    path = radio_file.SHARED / f"{BENIN}.flac"
    started = time.process_time(), time.perf_counter()
    sound = np.concatenate(list(Audio.find().decode(path)))
    decoding = time.perf_counter() - started[1]
    hour = 3_600 * RATE / len(sound)
    started = time.process_time(), time.perf_counter()
    map_sound([sound])
    cpu, wall = time.process_time() - started[0], time.perf_counter() - started[1]
    print(
        f"\nan hour of sound: mapped in {wall * hour:.1f} s ({cpu * hour:.1f} s of processor),"
        f" decoded in {decoding * hour:.1f} s"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--music", type=Path)
    parser.add_argument("--no-speed", action="store_true")
    options = parser.parse_args()
    halves = {
        "first half (constants set on it)": first_half,
        "second half (measured)": second_half,
        "radio-like file": radio,
    }
    for title, make in halves.items():
        parts = list(make())
        found = map_sound(part.sound for part in parts)
        show(f"{title}: seconds", compare(parts, found))
        print(f"{len(found.stretches)} stretches")
        peer(parts, found)
    for path in sorted(options.music.iterdir()) if options.music else ():
        part = Part(kind=SoundKind.MUSIC, sound=radio_file.load(str(path)))
        table = compare([part], map_sound([part.sound]))
        total = sum(table.values())
        print(path.name, {found: f"{100 * ms / total:.1f}%" for (_, found), ms in table.items()})
    if not options.no_speed:
        speed()


if __name__ == "__main__":
    main()

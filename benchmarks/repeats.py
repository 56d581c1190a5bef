"""Are repeats and jingles found, and at the right moment? On real sound.

    python benchmarks/repeats.py [--days 30] [--shared FOLDER]

Passages of real speech are aired again as radio does: re-encoded, later, behind other music, louder
or compressed, cut, a little faster. Other passages, by the same reader too, must not be found. The
true offset is that of the cross-correlation of the two decoded sounds. Jingles are pieces of music
put between passages. Last, one broadcast is looked for among made-up fingerprints of many days.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio_archive.audio import SPEECH_RATE, Audio
from radio_archive.fingerprints import REPEAT, STEP_MS, Lookup, SubFingerprints
from radio_archive.jingles import find_jingles, shared_briefly
from radio_archive.model import SameSound

Sound = NDArray[np.float32]

ITEM_S = 100
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
SAMPLES = Path(__file__).parents[1] / "media" / "samples"

#: how it is aired again: a name, ffmpeg's arguments, the extension
WAYS = (
    ("mp3 8 kHz 16 kbit/s", ("-ar", "8000", "-b:a", "16k"), ".mp3"),
    ("mp3 48 kbit/s", ("-b:a", "48k"), ".mp3"),
    ("opus 24 kbit/s", ("-b:a", "24k"), ".opus"),
    ("12 dB quieter", ("-af", "volume=-12dB", "-b:a", "48k"), ".mp3"),
    ("compressed 6:1", ("-af", "acompressor=threshold=0.05:ratio=6", "-b:a", "48k"), ".mp3"),
    ("0.2 % faster", ("-af", "asetrate=16032,aresample=16000", "-b:a", "48k"), ".mp3"),
    ("1 % faster", ("-af", "asetrate=16160,aresample=16000", "-b:a", "48k"), ".mp3"),
)


class Studio:
    """Encodes sound and takes its fingerprint."""

    def __init__(self, folder: Path) -> None:
        self.audio = Audio.find()
        self._folder = folder

    def read(self, path: Path) -> Sound:
        """A whole file, decoded."""
        return np.concatenate(list(self.audio.decode(path)))

    def aired(self, sound: Sound, arguments: tuple[str, ...], extension: str) -> Path:
        """The sound as a file, encoded as ffmpeg is told; it lasts until the next one."""
        path = self._folder / f"aired{extension}"
        command = [self.audio.ffmpeg, "-v", "error", "-y", "-f", "f32le", "-ar", str(SPEECH_RATE)]
        command += ["-ac", "1", "-i", "-", *arguments, str(path)]
        subprocess.run(command, input=sound.astype("<f4").tobytes(), check=True)
        return path

    def fingerprint(self, sound: Sound) -> SubFingerprints:
        """Of sound as it is."""
        return self.audio.fingerprint(self.aired(sound, (), ".wav"))


def offset_ms(sound: Sound, other: Sound) -> float:
    """How much later the sound comes in the other, by cross-correlation."""
    size = 1 << (len(sound) + len(other) - 1).bit_length()
    product = np.fft.rfft(other, size) * np.conj(np.fft.rfft(sound, size))
    lag = int(np.argmax(np.fft.irfft(product, size)))
    return (lag if lag < size // 2 else lag - size) * 1000 / SPEECH_RATE


def seconds(sound: Sound, start_s: float, length_s: float) -> Sound:
    """A part of a sound."""
    return sound[int(start_s * SPEECH_RATE) : int((start_s + length_s) * SPEECH_RATE)]


def speech(studio: Studio, shared: Path) -> list[Sound]:
    """Passages by five readers, several by one."""
    french = shared / "audio" / "fr"
    long = [
        french / "asterisk_june" / "all_prompts_8k.flac",
        french / "benin" / "session_200625-154904.flac",
        SAMPLES / "2014-10-16-grand-dialogue.mp3",
        SAMPLES / "2015-03-12-journal.mp3",
        SAMPLES / "2015-08-19-magazine-sante.mp3",
    ]
    sounds = [studio.read(path) for path in long]
    return [
        seconds(sound, start, ITEM_S)
        for sound in sounds
        for start in range(0, min(len(sound) // SPEECH_RATE, 600) - ITEM_S, ITEM_S + 7)
    ]


def music(studio: Studio, shared: Path) -> list[Sound]:
    """Two pieces, to make jingles of."""
    folder = shared / "audio" / "nonspeech"
    return [studio.read(path) for path in sorted(folder.glob("moh_*.mp3"))]


def repeats(studio: Studio, passages: list[Sound], songs: list[Sound]) -> None:
    """Strangers, then every way of airing again."""
    prints = [studio.fingerprint(passage) for passage in passages]
    lookups = [Lookup(each) for each in prints]
    false = [
        (one, two)
        for one, lookup in enumerate(lookups)
        for two, other in enumerate(prints)
        if one != two and lookup.find_in(other, REPEAT)
    ]
    pairs = len(prints) * (len(prints) - 1)
    print(f"{len(passages)} passages of {ITEM_S} s; {len(false)} of {pairs} strangers taken as one")
    chosen = range(0, len(passages), 3)
    for name, arguments, extension in WAYS:
        found = 0
        errors: list[float] = []
        shares: list[float] = []
        bits: list[float] = []
        for place in chosen:
            intro = seconds(songs[place % len(songs)], 3 + place, 5.03 + 1.37 * (place % 7))
            path = studio.aired(np.concatenate([intro, passages[place]]), arguments, extension)
            shared = lookups[place].find_in(studio.audio.fingerprint(path), REPEAT)
            if shared:
                found += 1
                shares.append(sum(each.length_ms for each in shared) / ITEM_S / 1000)
                bits.append(max(each.bit_error for each in shared))
                errors += _errors(passages[place], studio.read(path), shared)
        line = f"{name:22} found {found} of {len(chosen)}"
        if errors:
            line += f", share {min(shares):.2f}-{max(shares):.2f}, bit error to {max(bits):.3f}"
            line += f", offset wrong by {np.median(errors):.0f} ms, at most {max(errors):.0f}"
        print(line, flush=True)
    _cut(passages[chosen[1]], lookups[chosen[1]], studio)


def _errors(sound: Sound, other: Sound, shared: tuple[SameSound, ...]) -> Iterator[float]:
    """How wrong each offset is, in the middle of what is shared."""
    for each in shared:
        middle = (each.start_ms + each.length_ms / 2) / 1000
        piece = seconds(sound, middle - 4, 8)
        there = seconds(other, middle - 6 + each.offset_ms / 1000, 12)
        yield abs(offset_ms(piece, there) - 2_000)


def _cut(passage: Sound, lookup: Lookup, studio: Studio) -> None:
    half = seconds(passage, 0, 45)
    rest = seconds(passage, 60, 40)
    shared = lookup.find_in(studio.fingerprint(np.concatenate([half, rest])), REPEAT)
    spans = [f"{each.start_ms / 1000:.1f}+{each.length_ms / 1000:.1f}" for each in shared]
    print(f"45 s, then 15 s cut out, then 40 s: found {', '.join(spans)}")


def jingles(studio: Studio, passages: list[Sound], songs: list[Sound]) -> None:
    """Pieces of music of many lengths between speech, in three and in two broadcasts."""
    for length in (2, 3, 4, 5, 7, 10, 15):
        jingle = seconds(songs[0], 20 + length, length)
        other = seconds(songs[1], 10 + length, length)
        prints = []
        for place in range(3):
            speech = passages[place * 4]
            parts = [jingle, seconds(speech, 0, 20 + 3 * place), jingle]
            parts += [seconds(speech, 40, 15)] + ([other] if place else [])
            arguments = ("-b:a", ("48k", "24k", "64k")[place])
            path = studio.aired(np.concatenate(parts), arguments, (".mp3", ".opus")[place % 2])
            prints.append(studio.audio.fingerprint(path))
        edges: list[str] = []
        wrong = 0
        for place, mine in enumerate(prints):
            rest = [each for each in prints if each is not mine]
            found = find_jingles([shared_briefly(Lookup(mine), each) for each in rest])
            truth = (0, (length + 20 + 3 * place) * 1000)
            for each in found:
                near = min(truth, key=lambda moment: abs(moment - each.start_ms))
                is_right = abs(each.start_ms - near) < 2_500
                wrong += not is_right
                if is_right:
                    ends = each.end_ms - near - length * 1000
                    edges.append(f"{each.start_ms - near:+d}/{ends:+d}")
        print(f"jingle {length:2} s: {len(edges)} of 6, {wrong} wrong; edges {' '.join(edges)}")


def cost(studio: Studio, passages: list[Sound], days: int) -> None:
    """One broadcast of 30 minutes against all of so many days to both sides, 3 hours a day."""
    hour = np.concatenate(passages * (3600 // (ITEM_S * len(passages)) + 1))[: 3600 * SPEECH_RATE]
    path = studio.aired(hour, ("-b:a", "48k"), ".mp3")
    start = time.perf_counter()
    real = studio.audio.fingerprint(path)
    print(f"fingerprint of an hour: {time.perf_counter() - start:.1f} s, {real.nbytes:,} bytes")
    chance = np.random.default_rng(1)
    count = round(1_800_000 / STEP_MS)
    mine = real[:count]
    start = time.perf_counter()
    lookup = Lookup(mine)
    made = time.perf_counter() - start
    spent = 0.0
    broadcasts = 2 * days * 6
    for _ in range(broadcasts):
        # real numbers with four bits changed, in another order: as common, and never the same sound
        other = chance.permutation(real)[:count]
        for _ in range(4):
            other ^= np.uint32(1) << chance.integers(0, 32, count, dtype=np.uint32)
        start = time.perf_counter()
        assert not lookup.find_in(other, REPEAT)
        spent += time.perf_counter() - start
    print(f"30 minutes among {broadcasts} of 30: {made:.2f} s to begin, {spent:.1f} s to compare")


def main() -> None:
    """Run it all and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of real recordings")
    parser.add_argument("--days", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        studio = Studio(Path(folder))
        passages, songs = speech(studio, options.shared), music(studio, options.shared)
        jingles(studio, passages, songs)
        cost(studio, passages, options.days)
        repeats(studio, passages, songs)


if __name__ == "__main__":
    main()

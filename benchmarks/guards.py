"""What the guards take out of text nobody said, and what of text somebody said.

The engine is given everything as if it were French: music, silence, noise and languages it does not
know, without voice detector and language check, and the French zones cut as always. Both halves of
the radio-like file: limits were chosen on the development half.

    python benchmarks/guards.py [--show]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import radio_file  # noqa: E402 - the line above makes it importable
from radio_archive.model import LanguageTag  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.speech import find_groups  # noqa: E402
from radio_archive.transcribers import DecodedGroup, DecodeOptions, Samples  # noqa: E402
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber  # noqa: E402
from radio_archive.transcription.guards import is_phantom, objection_to  # noqa: E402
from radio_archive.transcription.sentences import cut_sentences  # noqa: E402
from radio_archive.transcription.windows import pack_groups  # noqa: E402
from radio_archive.weights import models_dir  # noqa: E402

FRENCH = LanguageTag("fr")
WINDOW = 28 * radio_file.RATE
Piece = tuple[str, Samples, int]  #: kind, sound, milliseconds of speech


def pieces(half: radio_file.Half) -> Iterator[Piece]:
    """The windows of one half, each of one kind."""
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        path = Path(folder) / "radio.wav"
        zones = radio_file.build(path, half)
        sound = radio_file.load(str(path))
    for zone in zones:
        own = sound[int(zone.start_s * radio_file.RATE) : int(zone.end_s * radio_file.RATE)]
        if zone.kind == "french":
            for pack in pack_groups(find_groups([own])):
                yield zone.kind, pack.samples, sum(each.speech_ms for each in pack.groups)
        else:
            for start in range(0, len(own) - radio_file.RATE, WINDOW):
                piece = own[start : start + WINDOW]
                yield zone.kind, piece, len(piece) * 1000 // radio_file.RATE


def why_out(text: DecodedGroup, speech_ms: int) -> list[tuple[str, int]]:
    """Words by what took them out: a guard, the list of phrases, or ``kept``."""
    objection = objection_to(text, FRENCH, speech_ms)
    if objection is not None:
        return [(objection.value, len(text.words))]
    return [
        (
            "phrase" if is_phantom(" ".join(word.text for word in sentence)) else "kept",
            len(sentence),
        )
        for sentence in cut_sentences(text.words)
    ]


def main() -> int:
    """Print words by kind of sound and by what took them out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--show", action="store_true", help="print each text with its fate")
    options = parser.parse_args()
    if not radio_file.SHARED.is_dir():
        print("skipped: the shared test data (../shared/data) is not beside this checkout")
        return 0
    engine = load_transcriber(EngineChoice(models_dir=models_dir(Settings())))
    halves: tuple[radio_file.Half, radio_file.Half] = ("development", "test")
    for half in halves:
        fates: dict[str, Counter[str]] = {}
        for kind, sound, speech_ms in pieces(half):
            (text,) = engine.decode([sound], DecodeOptions(language=FRENCH))
            found = why_out(text, speech_ms)
            for fate, count in found:
                fates.setdefault(kind, Counter())[fate] += count
            if options.show:
                said = " ".join(word.text for word in text.words)
                print(f"    {kind} {dict(found)} {text.avg_logprob} {text.no_speech_prob} {said}")
        print(f"{half} half, words written with no voice detector and no language check:")
        for kind, counts in sorted(fates.items()):
            total = counts.total()
            out = ", ".join(f"{fate} {count}" for fate, count in sorted(counts.items()))
            print(f"    {kind:10}{total:6} words, {1 - counts['kept'] / total:.0%} out: {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

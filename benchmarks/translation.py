"""English by Whisper's ``translate`` beside the transcript: speed, times, names.

The sample broadcasts, whose scripts say what is said and when; weights *base*, one thread.

    python benchmarks/translation.py [--show 10]    and so many sentences with their translations

*Begins*: how far from the beginning of a sentence of the script each English sentence begins.
*Places*: of the regions, cercles, towns and countries that sentences of the script name, those that
the text of the same moment names too, in any spelling the archive knows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from radio_archive.audio import Audio  # noqa: E402 - the line above makes it importable
from radio_archive.languages.name_table import NameKind  # noqa: E402
from radio_archive.languages.names import Name, Names  # noqa: E402
from radio_archive.model import LanguageTag, Segment, Transcript, TranscriptId  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber  # noqa: E402
from radio_archive.transcription import RecipeOptions, transcribe, translate  # noqa: E402
from radio_archive.weights import models_dir  # noqa: E402

OPTIONS = RecipeOptions(language=LanguageTag("fr"))
PLACES = {NameKind.REGION, NameKind.CERCLE, NameKind.PLACE, NameKind.COUNTRY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A sentence of a script."""

    start_ms: int
    end_ms: int
    text: str

    def said_in(self, transcript: Transcript) -> str:
        """What a text has of the same moment."""
        return " ".join(each.text for each in transcript.segments if self._overlaps(each))

    def _overlaps(self, segment: Segment) -> bool:
        return segment.start_ms < self.end_ms and self.start_ms < segment.end_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """A sample in both languages, and how long that took."""

    script: Sequence[Turn]
    french: Transcript
    english: Transcript
    french_s: float
    english_s: float


def make_texts(path: Path) -> Texts:
    """Transcribe and translate a sample; the engine is loaded first."""
    engine = load_transcriber(EngineChoice(models_dir=models_dir(Settings.load(os.environ))))
    engine.identify([np.zeros(16_000, np.float32)])
    started = time.perf_counter()
    french = transcribe(Audio.find().decode(path), engine, OPTIONS)
    between = time.perf_counter()
    beside = replace(french, id=TranscriptId(1))
    english = translate(Audio.find().decode(path), engine, OPTIONS, beside)
    ended = time.perf_counter()
    script = json.loads(path.with_suffix(".script.json").read_text(encoding="utf-8"))
    return Texts(
        script=[
            Turn(start_ms=turn["start_ms"], end_ms=turn["end_ms"], text=turn["text"])
            for turn in script["turns"]
        ],
        french=french,
        english=english,
        french_s=between - started,
        english_s=ended - between,
    )


def places_in(names: Names, text: str) -> set[Name]:
    """The places a text names."""
    return {name for name in names.found_in(text) if name.kind in PLACES}


def count_places(texts: Sequence[Texts]) -> tuple[int, int, int]:
    """Places named in the scripts, and how many the transcripts and the translations keep."""
    names = Names.load()
    said = french = english = 0
    for each in texts:
        for turn in each.script:
            wanted = places_in(names, turn.text)
            said += len(wanted)
            french += len(wanted & places_in(names, turn.said_in(each.french)))
            english += len(wanted & places_in(names, turn.said_in(each.english)))
    return said, french, english


def offsets(each: Texts) -> list[int]:
    """How far each English sentence begins from the nearest beginning in the script, in ms."""
    starts = [turn.start_ms for turn in each.script]
    return [
        min(abs(segment.start_ms - start) for start in starts) for segment in each.english.segments
    ]


def show(texts: Sequence[Texts], count: int) -> None:
    """Some sentences with the English of the same moment, always the same ones."""
    pairs = [(turn.text, turn.said_in(each.english)) for each in texts for turn in each.script]
    for said, english in random.Random(2014).sample(pairs, count):
        print(f"\n{said}\n{english or '(nothing)'}")


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    texts = [make_texts(path) for path in sorted((ROOT / "media" / "samples").glob("*.mp3"))]
    sound = sum(each.script[-1].end_ms for each in texts) / 1000
    french, english = sum(each.french_s for each in texts), sum(each.english_s for each in texts)
    print(f"sound        {sound:.0f} s")
    print(f"transcribed  {french:.0f} s, {sound / french:.1f} times real time")
    print(f"translated   {english:.0f} s, {sound / english:.1f} times real time")
    found = sorted(offset for each in texts for offset in offsets(each))
    share = statistics.quantiles(found, n=20)
    print(f"begins       median {statistics.median(found):.0f} ms, 95 % {share[-1]:.0f} ms")
    said, in_french, in_english = count_places(texts)
    print(f"places       {said} named, {in_french} transcribed, {in_english} translated")
    show(texts, options.show)


if __name__ == "__main__":
    main()

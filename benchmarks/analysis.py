"""Tokens a second per language, of processor time, over the real texts beside the checkout.

python benchmarks/analysis.py [--seconds 2]

The word cache starts empty for each language and fills as it does while an archive is indexed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.relevance import texts
from tests.relevance.texts import LANGUAGE_DATA, Programme

from radio_archive.languages import LanguageTag
from radio_archive.languages.analysis import analyze


def main() -> int:
    """Measure and print; 1 when the texts are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="longest run per text")
    seconds = parser.parse_args().seconds
    if not LANGUAGE_DATA.is_dir():
        print("The texts (../shared/data/languages) are not beside this checkout.", file=sys.stderr)
        return 1
    print(f"{'language':<10}{'tokens':>9}{'first pass':>13}{'again':>11}   tokens/s")
    for tag, lines in corpora():
        tokens, first = _run(lines, tag, seconds)
        _, again = _run(lines, tag, seconds)
        print(f"{tag:<10}{tokens:>9,}{first:>13,.0f}{again:>11,.0f}")
    return 0


def corpora() -> Iterator[tuple[LanguageTag, list[str]]]:
    """Each language with its lines."""
    griots = list(texts.jeli())
    yield LanguageTag("fr"), [cue.text for each in griots for cue in each.french]
    yield LanguageTag("bm"), _lines(texts.oldi("bam_Latn", "bm"))
    yield LanguageTag("ffm"), _lines(texts.oldi("fuv_Latn", "ffm"))
    yield LanguageTag("taq"), _lines(texts.oldi("taq_Latn", "taq"))
    yield LanguageTag("ses"), _lines(texts.mozilla_songhay())
    yield LanguageTag("en"), _lines(texts.oldi("eng_Latn", "en"))


def _lines(programmes: Iterable[Programme]) -> list[str]:
    return [cue.text for programme in programmes for cue in programme.cues]


def _run(lines: list[str], tag: LanguageTag, seconds: float) -> tuple[int, float]:
    tokens, started = 0, time.process_time()
    for line in lines:
        tokens += len(analyze(line, tag))
        if time.process_time() - started > seconds:
            break
    return tokens, tokens / (time.process_time() - started)


if __name__ == "__main__":
    sys.exit(main())

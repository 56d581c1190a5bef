"""``python -m tests.relevance``: print how good search is, beside two engines as they come.

python -m tests.relevance [--queries 200]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.relevance import pairs, texts, trials
from tests.relevance.baselines import SqliteFts5, WhooshDefault
from tests.relevance.pairs import Pair
from tests.relevance.report import report
from tests.relevance.station import Station, open_station
from tests.relevance.texts import LANGUAGE_DATA, Programme
from tests.relevance.trials import Trial


def main() -> int:
    """Measure and print; 1 when the texts are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=200, help="sampled queries per language")
    wanted = parser.parse_args().queries
    if not LANGUAGE_DATA.is_dir():
        print("The texts (../shared/data/languages) are not beside this checkout.", file=sys.stderr)
        return 1
    started = time.perf_counter()
    print("Sample broadcasts, judged by hand")
    _print_report(list(texts.samples()), trials.judged_by_hand)
    print("\nGriots: Bambara in the official spelling, with a French track")
    _print_report(list(texts.jeli()), lambda station: griot_trials(station, wanted))
    print("\nReal text, all of it in one archive, much of it in mixed spellings")
    programmes = list(texts.real_texts())
    _print_report(programmes, lambda station: all_trials(station, programmes, wanted))
    _print_pairs("\nPairs of the test data", pairs.shared_pairs())
    _print_pairs("\nPairs held out", pairs.held_out_pairs())
    _print_pairs("\nPairs chosen blind", pairs.blind_pairs())
    print(f"\n{time.perf_counter() - started:.0f} s")
    return 0


def _print_report(
    programmes: list[Programme], make_trials: Callable[[Station], Iterable[Trial]]
) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="radio-archive-") as home,
        open_station(Path(home), programmes) as station,
    ):
        print(f"{len(station.passages)} passages of {len(programmes)} broadcasts")
        engines = (WhooshDefault(station.passages), SqliteFts5(station.passages))
        for line in report(station, engines, make_trials(station)):
            print(line, flush=True)


def _print_pairs(title: str, each: list[Pair]) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="radio-archive-") as home,
        pairs.open_pairs(Path(home), each) as station,
    ):
        print(pairs.describe(title, pairs.meet(station, each)))
        met = pairs.strangers_met(station, each)
        told = "; ".join(" / ".join(both) for both in met)
        print(f"  words of different pairs that met: {len(met)} of {len(each)} {told}", flush=True)


def griot_trials(station: Station, count: int) -> Iterator[Trial]:
    """Queries on the griots' programmes, as the test of the targets asks them, and across."""
    cues = [cue for programme in texts.jeli() for cue in programme.cues]
    yield from trials.sampled(station, "bm", cues, count)
    yield trials.translated(station, "bm", "French", trials.griots_in_french())


def all_trials(station: Station, programmes: list[Programme], count: int) -> Iterator[Trial]:
    """Every trial, language by language."""
    for language in ("bm", "ffm", "taq", "ses"):
        cues = [
            cue
            for programme in programmes
            for cue in programme.cues
            if programme.language == language and not programme.name.startswith(OTHER_SCRIPTS)
        ]
        yield from trials.sampled(station, language, cues, count)
        named = trials.names(station, language)
        if named.questions:
            yield named
        yield from _translated(station, language)


#: texts whose letters no typing style is about
OTHER_SCRIPTS = ("nqo_Nkoo", "taq_Tfng")

_OLDI = {"bm": "bam_Latn", "ffm": "fuv_Latn", "taq": "taq_Latn"}


def _translated(station: Station, language: str) -> Iterator[Trial]:
    if language in _OLDI:
        sides = trials.aligned(_OLDI[language], language)
        yield trials.translated(station, language, "English", sides)


if __name__ == "__main__":
    sys.exit(main())

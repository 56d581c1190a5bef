"""How long does it take to set a saved search beside what it finds today?

Fills an archive with generated broadcasts (``benchmarks/corpus.py``), saves searches as editors do,
and compares each of them then and now: as it is, and after a stretch was hidden in every tenth
broadcast it names. Beside it the page of results of the same words, which everybody waits for: how
many times that the comparison takes. There is no other engine beside it: none keeps a search.

    python benchmarks/saved_searches.py [--passages 20000] [--queries 10] [--runs 5]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.asked import choose  # noqa: E402
from benchmarks.corpus import make_broadcasts  # noqa: E402
from benchmarks.filling import fill  # noqa: E402
from benchmarks.timing import Times, clock  # noqa: E402

from radio_archive.archive import Archive, SearchOptions, open_archive  # noqa: E402
from radio_archive.db import Database  # noqa: E402
from radio_archive.model import Asked, BroadcastId, Excerpt, Milliseconds, SavedSearch  # noqa: E402
from radio_archive.model.withdrawals import NewWithdrawal  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402

KINDS = ("rare word", "mid word", "common word", "very common word", "phrase of 2")
#: of the broadcasts that a saved search names, so many have one with a hidden stretch
_EVERY = 10
#: ten seconds of a broadcast, twenty minutes long at most in the corpus
_HIDDEN = Excerpt(start_ms=Milliseconds(15_000), end_ms=Milliseconds(25_000))


def measure(archive: Archive, saved: Sequence[SavedSearch], runs: int) -> tuple[Times, Times]:
    """Times of comparing, and of the page of results with the same words; medians over runs."""
    comparing, paging = [], []
    for _ in range(runs):
        comparing.append(Times.of([clock(archive.searches.since, each) for each in saved]))
        pages = [clock(archive.search, each.asked.text, SearchOptions()) for each in saved]
        paging.append(Times.of(pages))
    return Times.median(comparing), Times.median(paging)


def hide(archive: Archive, saved: Sequence[SavedSearch]) -> int:
    """Hide ten seconds of some of the broadcasts that searches name; returns of how many."""
    named: dict[BroadcastId, None] = {
        hit.broadcast_id: None for each in saved for hit in archive.searches.hits(each)
    }
    chosen = list(named)[::_EVERY]
    for identity in chosen:
        wish = NewWithdrawal(excerpt=_HIDDEN, reason="benchmark", by="benchmark")
        archive.withdrawing.withdraw(identity, wish)
    return len(chosen)


def show(archive: Archive, kinds: dict[str, list[SavedSearch]], runs: int) -> None:
    """Measure every kind and print a row of it."""
    for kind, saved in kinds.items():
        comparing, paging = measure(archive, saved, runs)
        hits = statistics.median(each.count for each in saved)
        ratio = comparing.p50 / paging.p50
        print(f"{kind:20} {hits:6.0f} {comparing!s:>18} {paging!s:>18} {ratio:7.1f}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=10, help="of each kind")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(arguments)
    made = list(make_broadcasts(options.passages))
    asked = choose(made, options.queries)
    with (
        tempfile.TemporaryDirectory(prefix="radio-archive-") as folder,
        open_archive(Settings(home=Path(folder), min_free_bytes=0)) as archive,
    ):
        database = Database(f"sqlite:///{Path(folder) / 'media' / 'catalogue.sqlite'}")
        fill(database, made)
        database.close()
        archive.reindex()
        kinds = {
            kind: [archive.searches.save(Asked(text=each.typed), "Awa") for each in asked[kind]]
            for kind in KINDS
        }
        load = " ".join(f"{each:.1f}" for each in os.getloadavg())
        print(f"{options.passages:,} passages; load {load}")
        print("hits kept, then ms (median/95 %/99 %): comparing, results, comparing by results")
        show(archive, kinds, options.runs)
        hidden = hide(archive, [each for saved in kinds.values() for each in saved])
        print(f"with a stretch hidden in {hidden} broadcasts:")
        show(archive, kinds, options.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())

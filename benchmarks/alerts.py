"""What does a new broadcast cost the alerts?

Reads made-up broadcasts (``benchmarks/corpus.py``) for many saved searches at once, as a worker
does when a text came into the index, and prints the time for each broadcast.

    python benchmarks/alerts.py [--searches 100] [--broadcasts 20]
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import PASSAGES_PER_BROADCAST, make_broadcasts, passages_of  # noqa: E402
from benchmarks.timing import clock  # noqa: E402

from radio_archive.languages.name_table import FILE_NAME  # noqa: E402
from radio_archive.model import Asked, Passage  # noqa: E402
from radio_archive.search.expander import Expander  # noqa: E402
from radio_archive.standing import answers_in, query_of  # noqa: E402

#: the promise: seconds for one broadcast and a hundred searches, median; chosen: a worker takes
#: longer than that for the sound of a minute
TARGET_S = 2.0
SEARCHES = (
    *("mali", "prix du riz", '"crime organisé"', "école OR lycée", "sécurité Gao", "vaccin*"),
    *("Tombouctou", "accord de paix", "riz -mil", "language:bm mɔgɔ", "trust:good marché"),
)


def look(searches: Sequence[Asked], passages: Sequence[Passage], expander: Expander) -> int:
    """Ask every search of one broadcast; returns passages found."""
    return sum(len(list(answers_in(passages, query_of(each, expander)))) for each in searches)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 when the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--searches", type=int, default=100)
    parser.add_argument("--broadcasts", type=int, default=20)
    options = parser.parse_args(arguments)
    searches = [Asked(text=SEARCHES[n % len(SEARCHES)]) for n in range(options.searches)]
    expander = Expander(ROOT / FILE_NAME)
    made = make_broadcasts(options.broadcasts * PASSAGES_PER_BROADCAST)
    texts = [list(passages_of(each, has_marks=True)) for each in made]
    took = [clock(look, searches, passages, expander) for passages in texts]
    count = statistics.mean(map(len, texts))
    print(f"{options.searches} searches, broadcasts of {count:.0f} passages:")
    print(
        f"  the first {took[0]:,.0f} ms, then {statistics.median(took[1:]):,.0f} ms each (median)"
    )
    return int(statistics.median(took[1:]) / 1000 > TARGET_S * options.searches / 100)


if __name__ == "__main__":
    sys.exit(main())

"""What does a search cost around the engine, when the catalogue is large?

An index that answers at once with the hits of twenty broadcasts, five each, stands in for the
engine; everything else is the archive itself: reading the query, the names, the catalogue, the
highlighter, titles, coverage, JSON and pages.

    python benchmarks/around.py HOME [--queries 25] [--runs 5]

HOME is the home folder of an archive filled by ``search_scale.py --keep``.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.asked import choose  # noqa: E402 - importable from here on
from benchmarks.corpus import make_broadcasts  # noqa: E402
from benchmarks.search_scale import SAMPLE  # noqa: E402
from benchmarks.site_load import ask_alone, searches_needed  # noqa: E402

from radio_archive.archive import open_archive  # noqa: E402
from radio_archive.catalogue import Catalogue  # noqa: E402
from radio_archive.db import Database  # noqa: E402
from radio_archive.model import (  # noqa: E402
    BroadcastId,
    FacetCount,
    IndexHit,
    IndexPage,
    Query,
    SpokenName,
)
from radio_archive.search import Meanwhile  # noqa: E402
from radio_archive.search.engines import open_index  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402

BROADCASTS, HITS_EACH = 20, 5


class Canned:
    """Answers every search with other hits, chosen beforehand."""

    is_stale = False

    def __init__(self, ids: list[BroadcastId], fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self._ids = ids
        self._chance = random.Random(1)

    def search(
        self, _query: Query, _names: tuple[SpokenName, ...] = (), meanwhile: Meanwhile | None = None
    ) -> IndexPage:
        """Hits of some broadcasts."""
        some = self._chance.sample(self._ids, BROADCASTS)
        numbers = range(HITS_EACH)
        page = IndexPage(
            hits=tuple(
                IndexHit(broadcast_id=b, number=n, score=9.0) for b in some for n in numbers
            ),
            total=1_000,
            total_broadcasts=200,
            facets={name: (FacetCount(value="fr", count=9),) for name in ("language", "year")}
            | {"programme": (), "name": ()},
        )
        if meanwhile is not None:
            meanwhile(page.hits)
        return page

    def count(self) -> int:
        """Passages, about."""
        return len(self._ids) * HITS_EACH

    def close(self) -> None:
        """Nothing to let go of."""


def main() -> int:
    """Ask the site of one archive."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("home", type=Path)
    parser.add_argument("--queries", type=int, default=25)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    settings = Settings(home=options.home, min_free_bytes=0)
    database = Database(f"sqlite:///{settings.media_dir / 'catalogue.sqlite'}")
    database.migrate()
    ids = list(Catalogue(database).transcripts.current_versions())
    database.close()
    with open_archive(settings) as archive:
        fingerprint = open_index(settings.index_dir).fingerprint
        archive._wiring.__dict__["_index"] = Canned(ids, fingerprint)
        kinds = choose(make_broadcasts(SAMPLE), searches_needed(options.queries, options.runs))
        print(f"{len(ids):,} broadcasts, around the engine")
        ask_alone(archive, kinds, options.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())

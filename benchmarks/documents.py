"""How fast are the documents of public dossiers searched?

Fills a catalogue with made-up documents of twenty pages (``benchmarks/corpus.py``) and asks it
the searches of ``benchmarks/asked.py``, in turns with SQLite's own full text search (FTS5) over
the same pages and the same tokens. Ours says which document, which pages and which words of them;
FTS5 gives its best twenty pages and how many there are.

    python benchmarks/documents.py [--pages 10000] [--queries 25] [--runs 5]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.asked import FRENCH, Asked, choose  # noqa: E402
from benchmarks.bare import Fts5  # noqa: E402
from benchmarks.corpus import LANGUAGES, MadeBroadcast, make_broadcasts, passages_of  # noqa: E402
from benchmarks.timing import Times, clock  # noqa: E402

from radio_archive.catalogue import Catalogue  # noqa: E402
from radio_archive.catalogue.dossiers import MOST_ENTRIES  # noqa: E402
from radio_archive.db import Database  # noqa: E402
from radio_archive.document_retrieval import find_documents  # noqa: E402
from radio_archive.model import DocumentState, DocumentText, NewDocument  # noqa: E402

#: kinds of searches that documents answer; the others filter by what only broadcasts have
KINDS = (
    "rare word",
    "mid word",
    "common word",
    "very common word",
    "common AND mid",
    "very common AND very common",
    "phrase of 2",
    "phrase of 3",
    "beginning of 4 letters",
)


def fill(catalogue: Catalogue, texts: Sequence[MadeBroadcast]) -> None:
    """Put every text into a public dossier as a document, a passage on each page."""
    dossier = None
    for number, made in enumerate(texts):
        if number % MOST_ENTRIES == 0:
            dossier = catalogue.dossiers.make(f"dossier-{number}", "Dossier", "benchmark")
            catalogue.dossiers.change(replace(dossier, is_public=True), "benchmark")
        assert dossier is not None
        new = NewDocument(title=f"Document {number}", language=FRENCH)
        read = DocumentText(state=DocumentState.READ, pages=tuple(made.texts))
        catalogue.dossiers.add_document(dossier.id, new, read, "", "benchmark")


def measure(
    catalogue: Catalogue, peer: Fts5, searches: Iterable[Asked], runs: int
) -> tuple[Times, Times]:
    """Times of ours and of the peer, medians over runs in turns."""
    asked = list(searches)
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(Times.of([clock(find_documents, catalogue, each.query) for each in asked]))
        theirs.append(Times.of([clock(peer.search, each) for each in asked]))
    return Times.median(ours), Times.median(theirs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=25, help="of each kind")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(arguments)
    spoken = make_broadcasts(int(options.pages / LANGUAGES[FRENCH]))
    texts = [each for each in spoken if each.language == FRENCH]
    pages = sum(len(each.texts) for each in texts)
    kinds = choose(texts, options.queries)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/catalogue.sqlite")
        database.migrate()
        catalogue, peer = Catalogue(database), Fts5(Path(folder) / "peer")
        started = time.perf_counter()
        fill(catalogue, texts)
        filled = time.perf_counter() - started
        peer.build(passage for each in texts for passage in passages_of(each))
        print(f"{len(texts)} documents, {pages:,} pages, taken in {filled:.0f} s; load", end=" ")
        print(" ".join(f"{each:.1f}" for each in os.getloadavg()))
        print("ms: median/95 %/99 %, ours, FTS5, and ours by FTS5 (medians)")
        for kind in KINDS:
            ours, theirs = measure(catalogue, peer, kinds[kind], options.runs)
            print(f"{kind:32} {ours!s:>16} {theirs!s:>16} {ours.p50 / theirs.p50:>7.1f}")
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

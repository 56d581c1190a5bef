"""What would a search take if marking words, counting, titles or misspellings cost nothing?

Over an archive whose passages ``corpus.py`` made: one process for each part that is left out, one
that leaves nothing out, one that leaves them all out. Each search goes to all of them in turns,
those first that came last before, so that an hour in which the machine is slow is slow for all. No
search is asked twice. Printed are p50/p95 of ``/api/v1/search`` in milliseconds, and what the
average is of that of the whole.

    python benchmarks/search_scale.py --sizes 1700000 --only tantivy --keep ../bench
    python benchmarks/left_out.py --home ../bench/1700000/home-tantivy [--queries 15]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from unittest.mock import patch
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.asked import PROMISED, PROMISED_SLOWER, choose  # noqa: E402 - importable from here on
from benchmarks.corpus import make_broadcasts  # noqa: E402
from benchmarks.timing import Times, clock  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402

from radio_archive import retrieval  # noqa: E402
from radio_archive.archive import open_archive  # noqa: E402
from radio_archive.cli.warming import warmed_up  # noqa: E402
from radio_archive.model import Match, Passage, Query  # noqa: E402
from radio_archive.search.highlight import SNIPPET_CHARACTERS, Snippet  # noqa: E402
from radio_archive.search.tantivy_counts import Counts  # noqa: E402
from radio_archive.search.tantivy_snapshot import Snapshot  # noqa: E402
from radio_archive.search.tantivy_words import FiledWords  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.web import create_app  # noqa: E402

#: passages that words are chosen from, and searches of a kind before those that are measured
SAMPLE, BEFORE = 100_000, 6
PARTS = ("marking", "counting", "titles", "misspellings")
WHOLE, BARE = "nothing", "all four"
VARIANTS: Mapping[str, tuple[str, ...]] = {
    WHOLE: (),
    **{part: (part,) for part in PARTS},
    BARE: PARTS,
}
_NO_COUNTS = Counts(
    broadcasts=0,
    facets=MappingProxyType(dict.fromkeys(("language", "programme", "year", "name"), ())),
    in_translations=0,
)


def main() -> None:
    """Measure; or, started by itself, answer without some parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="the archive's folder")
    parser.add_argument("--queries", type=int, default=15, help="new searches of each kind")
    parser.add_argument("--answer-without", choices=VARIANTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer_without:
        answer(options.home, VARIANTS[options.answer_without])
    else:
        compare(options.home, options.queries)


def answer(home: Path, left_out: tuple[str, ...]) -> None:
    """Say how long each address takes that is written to the standard input."""
    with (
        without(left_out),
        open_archive(Settings(home=home, min_free_bytes=0)) as archive,
        warmed_up(archive),
        TestClient(create_app(archive)) as client,
    ):
        for line in sys.stdin:
            print(clock(_get, client, line.strip()), flush=True)


def _get(client: TestClient, address: str) -> None:
    client.get(address).raise_for_status()


@contextmanager
def without(left_out: tuple[str, ...]) -> Iterator[None]:
    """Have some parts of a search answer nothing, at once."""
    patches: dict[str, AbstractContextManager[object]] = {
        "marking": patch.object(retrieval, "make_snippet", _beginning),
        "counting": patch.object(Snapshot, "_count", lambda *_: _NO_COUNTS),
        "titles": patch.object(retrieval, "_titles", lambda *_: ()),
        "misspellings": patch.object(FiledWords, "neighbours", lambda *_: ()),
    }
    with ExitStack() as stack:
        for part in left_out:
            stack.enter_context(patches[part])
        yield


def _beginning(passage: Passage, _query: Query) -> Snippet:
    text = passage.text[:SNIPPET_CHARACTERS]
    return Snippet(
        text=text,
        highlights=(),
        start_ms=passage.start_ms,
        match=Match.EXACT,
        char_start=0,
        char_end=len(text),
    )


def compare(home: Path, queries: int) -> None:
    """Ask all of them, and print a line for each kind of search whose time is promised."""
    kinds = choose(make_broadcasts(SAMPLE), BEFORE + queries)
    wanted = {kind: kinds[kind] for kind in (*PROMISED, *PROMISED_SLOWER)}
    with ExitStack() as stack:
        answerers = {name: stack.enter_context(_started(home, name)) for name in VARIANTS}
        for asked in wanted.values():
            for each in asked[:BEFORE]:
                _ask(answerers, f"/api/v1/search?{urlencode(each.parameters)}")
        print(f"{'p50/p95 ms, without':36}" + "".join(f"{name:>14}" for name in VARIANTS))
        everything: dict[str, list[float]] = {name: [] for name in VARIANTS}
        for kind, asked in wanted.items():
            taken: dict[str, list[float]] = {name: [] for name in VARIANTS}
            for each in asked[BEFORE:]:
                times = _ask(answerers, f"/api/v1/search?{urlencode(each.parameters)}")
                for name, time_ms in times.items():
                    taken[name].append(time_ms)
                answerers = dict(reversed(answerers.items()))
            for name, times_ms in taken.items():
                everything[name] += times_ms
            print(f"{kind:36}" + "".join(f"{_told(each):>14}" for each in taken.values()))
    whole = statistics.fmean(everything[WHOLE])
    print(f"{'all':36}" + "".join(f"{_told(each):>14}" for each in everything.values()))
    shares = (statistics.fmean(each) / whole for each in everything.values())
    print(f"{'average, of the whole':36}" + "".join(f"{share:14.2f}" for share in shares))


@contextmanager
def _started(home: Path, name: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, __file__, "--home", str(home), "--answer-without", name]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def _ask(answerers: Mapping[str, subprocess.Popen[str]], address: str) -> dict[str, float]:
    """What each takes for one address, in milliseconds."""
    times = {}
    for name, process in answerers.items():
        assert process.stdin is not None
        assert process.stdout is not None
        print(address, file=process.stdin, flush=True)
        times[name] = float(process.stdout.readline())
    return times


def _told(times_ms: list[float]) -> str:
    times = Times.of(times_ms)
    return f"{times.p50:.0f}/{times.p95:.0f}"


if __name__ == "__main__":
    main()

"""Pages of a Tantivy index where very much answers equally well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.contracts.indexes import broadcasts, make_passage

from radio_archive.model import Passage
from radio_archive.search import tantivy_page
from radio_archive.search.query import QueryFilters, parse_query
from radio_archive.search.ranking import HITS_PER_BROADCAST
from radio_archive.search.tantivy_index import TantivyIndex

LONG, PASSAGES = 60, 40


def make_long(number: int, text: str, passages: int = PASSAGES) -> Iterator[Passage]:
    """A broadcast all of whose passages say the same; the greater the number, the newer."""
    aired = datetime(2014, 1, 1, tzinfo=UTC) + timedelta(days=number)
    for place in range(passages):
        yield replace(make_passage(f"b{number:05}", place, text), aired_at=aired)


@pytest.fixture
def index(tmp_path: Path) -> TantivyIndex:
    return TantivyIndex(tmp_path / "index")


@pytest.mark.parametrize("page_size", [7, 20, 60])
def test_broadcasts_with_more_hits_than_are_asked_for_at_once_stand_on_one_page_each(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch, page_size: int
) -> None:
    index.rebuild(each for number in range(LONG) for each in make_long(number, "studio tamani"))
    monkeypatch.setattr(tantivy_page, "_MOST_HITS", 3 * PASSAGES)
    pages = range(1, -(-LONG // page_size) + 1)
    found = [
        index.search(parse_query("tama*", QueryFilters(page=page, page_size=page_size)))
        for page in pages
    ]
    newest_first = [f"b{number:05}" for number in reversed(range(LONG))]
    assert [each for page in found for each in broadcasts(page)] == newest_first
    assert sum(len(page.hits) for page in found) == LONG * HITS_PER_BROADCAST


def test_equals_older_than_thousands_of_others_are_found_without_asking_for_each_of_those(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = 1_000, 1_000
    monkeypatch.setattr(tantivy_page, "HITS_FETCHED", 1)
    monkeypatch.setattr(tantivy_page, "_AT_ONCE", 5)
    index.rebuild(
        each
        for number in range(old + new)
        for each in make_long(number, "riz riz mil" if number < old else "riz mil eau", 1)
    )
    asked: list[int] = []
    ask = tantivy_page.Finder._inside

    def count(finder: tantivy_page.Finder, query: object, chosen: list[object]) -> object:
        asked.append(len(chosen))
        return ask(finder, query, chosen)  # type: ignore[arg-type]

    monkeypatch.setattr(tantivy_page.Finder, "_inside", count)
    found = broadcasts(index.search(parse_query("riz", QueryFilters(page_size=20))))
    assert found == [f"b{number:05}" for number in range(old - 1, old - 21, -1)]
    # 64 times, were all of the 320 newest asked for before more is fetched by score
    assert len(asked) <= 3 * tantivy_page._TIMES + 1

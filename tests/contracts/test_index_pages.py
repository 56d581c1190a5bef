"""What every ``SearchIndex`` promises of pages where many broadcasts answer equally well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from radio_archive.model import BroadcastId, Passage, TranscriptKind
from radio_archive.search import SearchIndex
from radio_archive.search.query import QueryFilters, parse_query
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.search.whoosh_index import WhooshIndex
from radio_archive.testing import MemoryIndex
from tests.contracts.indexes import OpenedIndex, broadcasts, make_passage, translated, weak

BROADCASTS, MOST_PAGES = 330, 50
TEXTS = ("des maliennes", "le riz des maliens au marché", "malien, malienne et maliens", "le mil")


def make_many() -> Iterator[Passage]:
    """Broadcasts in the order of their ids, aired at any time or nobody knows when."""
    names = sorted(sha256(b"%d" % number).hexdigest()[:16] for number in range(BROADCASTS))
    for number, name in enumerate(names):
        days = number * 37 % BROADCASTS // 2  # two on each day
        aired = datetime(2014, 1, 1, tzinfo=UTC) + timedelta(days=days)
        passage = replace(
            make_passage(name, 0, TEXTS[number % 4]), aired_at=None if number % 11 == 0 else aired
        )
        yield translated(passage) if number % 3 == 0 else passage
        yield replace(weak(passage), number=1, text="Ici studio Tamani.")


def in_order(passages: list[Passage]) -> list[BroadcastId]:
    """Newest first, those of no date last, those of one moment by id."""

    def place(passage: Passage) -> tuple[float, str]:
        aired = passage.aired_at
        return (-aired.timestamp() if aired else 1e12, passage.broadcast_id)

    return [each.broadcast_id for each in sorted(passages, key=place)]


def shown(index: SearchIndex, typed: str, page_size: int) -> list[str]:
    """The broadcasts of one page after the other, as far as pages go."""
    found: list[str] = []
    for page in range(1, MOST_PAGES + 1):
        filters = QueryFilters(page=page, page_size=page_size)
        names = broadcasts(index.search(parse_query(typed, filters)))
        if not names:
            break
        found += names
    return found


class IndexPagesContract(OpenedIndex):
    """The promises; a subclass gives the index."""

    @pytest.mark.parametrize("page_size", [3, 20])
    @pytest.mark.parametrize("typed", ["tamani", "tama*", "tamanni"])
    def test_each_of_many_equals_stands_on_one_page_the_newest_first(
        self, empty: SearchIndex, typed: str, page_size: int
    ) -> None:
        passages = list(make_many())
        empty.rebuild(passages)
        expected = in_order([each for each in passages if "Tamani" in each.text])
        assert shown(empty, typed, page_size) == expected[: MOST_PAGES * page_size]

    @pytest.mark.parametrize("page_size", [3, 20])
    def test_equals_that_come_after_better_answers_stand_on_one_page_each_as_well(
        self, empty: SearchIndex, page_size: int
    ) -> None:
        passages = list(make_many())
        empty.rebuild(passages)
        answering = [each for each in passages if "mali" in each.text]
        said = [each for each in answering if each.kind is not TranscriptKind.TRANSLATION]
        rest = [each for each in answering if each.kind is TranscriptKind.TRANSLATION]
        expected = [*in_order(said), *in_order(rest)]
        assert shown(empty, "mali*", page_size) == expected[: MOST_PAGES * page_size]


class TestMemoryIndex(IndexPagesContract):
    def make(self, folder: Path) -> SearchIndex:
        return MemoryIndex()


class TestWhooshIndex(IndexPagesContract):
    def make(self, folder: Path) -> SearchIndex:
        return WhooshIndex(folder / "index")


class TestTantivyIndex(IndexPagesContract):
    def make(self, folder: Path) -> SearchIndex:
        return TantivyIndex(folder / "index")

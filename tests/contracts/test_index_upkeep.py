"""What every ``SearchIndex`` promises of filters, pages and changes; run on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radio_archive.model import (
    Band,
    BroadcastId,
    Passage,
    Sort,
    TranscriptKind,
    Trust,
)
from radio_archive.search import SearchIndex
from radio_archive.search.query import QueryFilters, parse_query
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.search.whoosh_index import WhooshIndex
from radio_archive.testing import MemoryIndex
from tests.contracts.indexes import (
    ARCHIVE,
    OpenedIndex,
    broadcasts,
    make_passage,
)


def believed(
    name: str,
    band: Band | None = None,
    trust: Trust = Trust.MACHINE,
    kind: TranscriptKind = TranscriptKind.MACHINE,
) -> Passage:
    """A passage that says "paix", with what tells how far to believe it."""
    passage = make_passage(name, 0, "La paix.", where=("journal", 2014))
    return replace(passage, band=band, trust=trust, kind=kind)


BELIEVED = [
    believed("sure", Band.GOOD),
    believed("sure in a weak text", Band.GOOD, Trust.MACHINE_WEAK),
    believed("hesitant", Band.WEAK),
    believed("unsure", Band.UNSURE),
    believed("unmeasured", trust=Trust.MACHINE_WEAK),
    believed("imported", trust=Trust.IMPORTED),
    believed("corrected", trust=Trust.CHECKED, kind=TranscriptKind.CORRECTED),
    believed("imported with its doubts", Band.UNSURE, Trust.IMPORTED),
    believed("rough translation", Band.GOOD, kind=TranscriptKind.TRANSLATION),
    believed("translated by people", trust=Trust.CHECKED, kind=TranscriptKind.TRANSLATION),
]
SURE = {"sure", "sure in a weak text", "imported", "corrected", "translated by people"}


class IndexUpkeepContract(OpenedIndex):
    """The promises; a subclass gives the index."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("programme:journal", {"journal", "kunnafoni"}),
            ("language:fr", {"debat", "journal", "sante"}),
            ("after:2015", {"journal", "sante", "kunnafoni"}),
            ("before:2015", {"debat"}),
            ("after:2015 before:2016", {"journal", "sante"}),
            ("programme:journal language:bm mali", {"kunnafoni"}),
            ("programme:absent", set()),
            ("language:snk mali", set()),
            ("", {"debat", "journal", "sante", "kunnafoni", "maana"}),
        ],
    )
    def test_filters_narrow_with_and_without_words(
        self, index: SearchIndex, text: str, expected: set[str]
    ) -> None:
        assert set(broadcasts(index.search(parse_query(text)))) == expected

    @pytest.mark.parametrize("words", ["", "paix"])
    def test_a_floor_of_trust_leaves_out_what_does_not_reach_it(
        self, empty: SearchIndex, words: str
    ) -> None:
        empty.rebuild(iter(BELIEVED))
        good = empty.search(parse_query(f"{words} trust:good"))
        weak = empty.search(parse_query(f"{words} trust:weak"))
        assert set(broadcasts(good)) == SURE
        assert set(broadcasts(weak)) == {*SURE, "hesitant"}
        assert (good.total, good.total_broadcasts) == (len(SURE), len(SURE))
        assert [facet.count for facet in good.facets["programme"]] == [len(SURE)]
        assert empty.search(parse_query(words)).total == len(BELIEVED)

    def test_a_floor_of_trust_follows_what_is_indexed_anew(self, empty: SearchIndex) -> None:
        unsure = replace(make_passage("debat", 0, "La paix."), band=Band.UNSURE)
        empty.rebuild([unsure])
        assert empty.search(parse_query("paix trust:good")).total == 0
        empty.replace(BroadcastId("debat"), [replace(unsure, band=Band.GOOD)])
        assert empty.search(parse_query("paix trust:good")).total == 1

    def test_facets_count_all_matches(self, index: SearchIndex) -> None:
        page = index.search(parse_query("mali", QueryFilters(page_size=1)))
        facets = {name: [(f.value, f.count) for f in found] for name, found in page.facets.items()}
        assert facets == {
            "language": [("fr", 2), ("bm", 1)],
            "programme": [("dialogue", 2), ("journal", 1)],
            "year": [("2016", 1), ("2014", 2)],
        }

    def test_the_months_of_a_year_find_together_what_the_year_finds(
        self, index: SearchIndex
    ) -> None:
        query = parse_query("mali", QueryFilters(page_size=1))
        firsts = [datetime(2014, month, 1, tzinfo=UTC) for month in range(1, 13)]
        ends = [*firsts[1:], datetime(2015, 1, 1, tzinfo=UTC)]
        found = [
            index.search(replace(query, aired_from=first, aired_before=end)).total
            for first, end in zip(firsts, ends, strict=True)
        ]
        assert found == [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0]
        assert {f.value: f.count for f in index.search(query).facets["year"]}["2014"] == sum(found)

    def test_broadcasts_can_come_by_date_those_of_no_date_last(self, index: SearchIndex) -> None:
        newest = index.search(parse_query("", QueryFilters(sort=Sort.NEWEST)))
        oldest = index.search(parse_query("", QueryFilters(sort=Sort.OLDEST)))
        assert broadcasts(newest) == ["kunnafoni", "journal", "sante", "debat", "maana"]
        assert broadcasts(oldest) == ["debat", "journal", "sante", "kunnafoni", "maana"]

    def test_pages_hold_broadcasts_and_together_hold_all(self, index: SearchIndex) -> None:
        pages = [
            index.search(parse_query("", QueryFilters(page=page, page_size=2)))
            for page in (1, 2, 3, 4)
        ]
        assert [len(broadcasts(page)) for page in pages] == [2, 2, 1, 0]
        assert len({name for page in pages for name in broadcasts(page)}) == 5
        assert {page.total for page in pages} == {len(ARCHIVE)}

    def test_a_broadcast_shows_its_best_five_passages(self, empty: SearchIndex) -> None:
        passages = [
            make_passage("long", number, "paix " + "et bien autre chose " * number)
            for number in range(8)
        ]
        empty.replace(BroadcastId("long"), passages)
        page = empty.search(parse_query("paix"))
        assert page.total == 8
        assert len(page.hits) == 5
        assert [hit.score for hit in page.hits] == sorted(
            (h.score for h in page.hits), reverse=True
        )

    def test_the_broadcasts_on_a_page_are_never_interleaved(self, index: SearchIndex) -> None:
        names = [hit.broadcast_id for hit in index.search(parse_query("")).hits]
        assert len(set(names)) == sum(
            name != before for name, before in zip(names, [None, *names], strict=False)
        )

    def test_replacing_twice_equals_replacing_once(self, index: SearchIndex) -> None:
        passages = [make_passage("debat", 0, "Tout autre chose.")]
        index.replace(BroadcastId("debat"), passages)
        once = index.search(parse_query("chose"))
        index.replace(BroadcastId("debat"), passages)
        again = index.search(parse_query("chose"))
        assert once.hits[0].number == again.hits[0].number
        assert (once.total, again.total) == (1, 1)
        assert index.count() == len(ARCHIVE) - 2
        assert index.search(parse_query("organisé")).total == 0

    def test_replacing_by_nothing_empties_a_broadcast(self, index: SearchIndex) -> None:
        index.replace(BroadcastId("debat"), [])
        assert index.count() == len(ARCHIVE) - 3

    def test_a_removed_broadcast_is_not_found(self, index: SearchIndex) -> None:
        index.remove(BroadcastId("debat"))
        index.remove(BroadcastId("debat"))
        index.remove(BroadcastId("never there"))
        assert broadcasts(index.search(parse_query("mali"))) == ["kunnafoni"]
        assert index.count() == len(ARCHIVE) - 3

    def test_many_replacements_leave_the_last(self, empty: SearchIndex) -> None:
        for number in range(40):
            name = BroadcastId(f"b{number % 7}")
            empty.replace(name, [make_passage(name, 0, f"paix numéro{number}")])
        assert empty.count() == 7
        assert empty.search(parse_query("paix")).total == 7
        assert empty.search(parse_query("numéro32")).total == 0
        assert empty.search(parse_query("numéro39")).total == 1

    def test_an_index_that_was_just_built_is_not_scattered(self, index: SearchIndex) -> None:
        index.rebuild(ARCHIVE)
        assert not index.is_scattered

    def test_a_failed_rebuild_leaves_the_old_index(self, index: SearchIndex) -> None:
        def passages() -> Iterator[Passage]:
            yield ARCHIVE[0]
            raise RuntimeError("the catalogue went away")

        with pytest.raises(RuntimeError):
            index.rebuild(passages())
        assert index.count() == len(ARCHIVE)
        assert not index.is_stale


class TestMemoryIndexUpkeep(IndexUpkeepContract):
    def make(self, folder: Path) -> SearchIndex:
        return MemoryIndex()


class TestWhooshIndexUpkeep(IndexUpkeepContract):
    def make(self, folder: Path) -> SearchIndex:
        return WhooshIndex(folder / "index")


class TestTantivyIndexUpkeep(IndexUpkeepContract):
    def make(self, folder: Path) -> SearchIndex:
        return TantivyIndex(folder / "index")

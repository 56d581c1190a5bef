"""What every ``SearchIndex`` promises of names that are mentioned; run on each of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive.model import BroadcastId, FacetCount, IndexPage, Query, SpokenName
from radio_archive.search import SearchIndex
from radio_archive.search.highlight import make_snippet
from radio_archive.search.mentions import MOST_NAMES
from radio_archive.search.query import QueryFilters, parse_query
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.search.whoosh_index import WhooshIndex
from radio_archive.testing import MemoryIndex
from tests.contracts.indexes import OpenedIndex, added, broadcasts, make_passage

TOMBOUCTOU = SpokenName(
    name="Tombouctou",
    terms=(added("Tombouctou"), added("Timbuktu"), added("Tumutu", language="bm")),
)
AQMI = SpokenName(
    name="AQMI", terms=(added("AQMI"), added("Al-Qaïda au Maghreb islamique", language="fr"))
)
GAO = SpokenName(name="Gao", terms=(added("Gao"),))
SAN = SpokenName(name="San", terms=(added("San", language="fr"),))
NAMES = (TOMBOUCTOU, AQMI, GAO, SAN)

SAID = [
    make_passage("a", 0, "Tombouctou, Tombouctou et Gao."),
    make_passage("a", 1, "Al Qaïda au Maghreb islamique à Timbuktu."),
    make_passage("a", 2, "Al-Qaïda, au Maghreb ; un islamique. Tumutu."),
    make_passage("b", 0, "Tumutu kɔnɔ, san kelen, gao.", "bm"),
    make_passage("c", 0, "À San, à GAO, rien.", where=("journal", 2014)),
]


def counted(page: IndexPage) -> dict[str, int]:
    return {facet.value: facet.count for facet in page.facets["name"]}


def places(page: IndexPage) -> set[tuple[str, int]]:
    return {(hit.broadcast_id, hit.number) for hit in page.hits}


class IndexNamesContract(OpenedIndex):
    """The promises; a subclass gives the index."""

    @pytest.fixture
    def said(self, empty: SearchIndex) -> SearchIndex:
        empty.rebuild(iter(SAID))
        return empty

    def test_names_are_counted_only_when_asked(self, said: SearchIndex) -> None:
        assert "name" not in said.search(Query()).facets
        assert said.search(parse_query("zoologie"), NAMES).facets["name"] == ()

    def test_every_passage_that_says_a_name_in_any_way_counts_once(self, said: SearchIndex) -> None:
        assert said.search(Query(), NAMES).facets["name"] == (
            FacetCount(value="Gao", count=3),
            FacetCount(value="Tombouctou", count=3),
            FacetCount(value="AQMI", count=1),
            FacetCount(value="San", count=1),
        )

    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("gao", {"Gao": 3, "Tombouctou": 2, "San": 1}),
            ("islamique", {"Tombouctou": 1, "AQMI": 1}),
            ("language:bm", {"Gao": 1, "Tombouctou": 1}),
            ("after:2014", {"Gao": 1, "San": 1}),
            ("gao -rien", {"Gao": 2, "Tombouctou": 2}),
        ],
    )
    def test_names_are_counted_in_what_is_found(
        self, said: SearchIndex, typed: str, expected: dict[str, int]
    ) -> None:
        assert counted(said.search(parse_query(typed), NAMES)) == expected

    def test_all_that_is_found_counts_and_not_the_page_alone(self, said: SearchIndex) -> None:
        page = said.search(parse_query("", QueryFilters(page=2, page_size=1)), NAMES)
        assert len(broadcasts(page)) == 1
        assert counted(page)["Gao"] == 3

    def test_the_most_mentioned_are_given(self, empty: SearchIndex) -> None:
        words = [f"nom{letter}" for letter in "abcdefghijkl"]
        names = tuple(SpokenName(name=word, terms=(added(word),)) for word in words)
        empty.rebuild([make_passage("a", 0, " ".join(words)), make_passage("a", 1, "noml")])
        facets = empty.search(Query(), names).facets["name"]
        assert [facet.value for facet in facets] == ["noml", *words[: MOST_NAMES - 1]]

    def test_other_names_count_at_the_next_search(self, said: SearchIndex) -> None:
        assert counted(said.search(Query(), (GAO,))) == {"Gao": 3}
        assert counted(said.search(Query(), (TOMBOUCTOU, GAO))) == {"Gao": 3, "Tombouctou": 3}
        fewer = replace(TOMBOUCTOU, terms=TOMBOUCTOU.terms[:1])
        assert counted(said.search(Query(), (fewer, GAO))) == {"Gao": 3, "Tombouctou": 1}
        assert counted(said.search(Query(), (TOMBOUCTOU,))) == {"Tombouctou": 3}

    def test_what_is_indexed_anew_counts_at_the_next_search(self, said: SearchIndex) -> None:
        assert counted(said.search(Query(), NAMES))["Gao"] == 3
        said.replace(BroadcastId("d"), [make_passage("d", 0, "Gao, AQMI.")])
        said.replace(BroadcastId("a"), [make_passage("a", 0, "Rien.")])
        assert counted(said.search(Query(), NAMES)) == {
            "Gao": 3,
            "AQMI": 1,
            "San": 1,
            "Tombouctou": 1,
        }
        said.remove(BroadcastId("d"))
        assert counted(said.search(Query(), NAMES))["Gao"] == 2
        said.rebuild([make_passage("e", 0, "San.")])
        assert counted(said.search(Query(), NAMES)) == {"San": 1}

    @pytest.mark.parametrize("name", NAMES, ids=lambda name: name.name)
    @pytest.mark.parametrize("typed", ["", "gao", "tombouctou OR gao OR islamique", "language:bm"])
    @pytest.mark.parametrize("is_exact_only", [False, True])
    def test_a_search_narrowed_by_a_name_finds_as_many_as_were_counted(
        self, said: SearchIndex, name: SpokenName, typed: str, is_exact_only: bool
    ) -> None:
        query = parse_query(typed, QueryFilters(is_exact_only=is_exact_only))
        narrowed = replace(query, mentions=(name.terms,))
        found = said.search(narrowed, NAMES)
        assert found.total == counted(said.search(query, NAMES)).get(name.name, 0)
        assert counted(found).get(name.name, 0) == found.total
        shown = [passage for passage in SAID if query.language in (None, passage.language)]
        shown = [passage for passage in shown if make_snippet(passage, narrowed)]
        assert {(passage.broadcast_id, passage.number) for passage in shown} == places(found)

    def test_names_narrow_one_another(self, said: SearchIndex) -> None:
        query = Query(mentions=(TOMBOUCTOU.terms, GAO.terms))
        assert places(said.search(query)) == {("a", 0), ("b", 0)}

    def test_a_name_that_narrows_changes_no_order(self, said: SearchIndex) -> None:
        query = parse_query("gao")
        before = {(h.broadcast_id, h.number): h.score for h in said.search(query).hits}
        narrowed = said.search(replace(query, mentions=(TOMBOUCTOU.terms,)))
        assert {(h.broadcast_id, h.number): h.score for h in narrowed.hits} == {
            place: score for place, score in before.items() if place in places(narrowed)
        }


class TestMemoryIndex(IndexNamesContract):
    def make(self, folder: Path) -> SearchIndex:
        return MemoryIndex()


class TestWhooshIndex(IndexNamesContract):
    def make(self, folder: Path) -> SearchIndex:
        return WhooshIndex(folder / "index")


class TestTantivyIndex(IndexNamesContract):
    def make(self, folder: Path) -> SearchIndex:
        return TantivyIndex(folder / "index")

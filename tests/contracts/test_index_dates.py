"""What every ``SearchIndex`` promises of dates that stand for words; run on each of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive.model import AirDate, LanguageTag, Match, Term
from radio_archive.search import SearchIndex
from radio_archive.search.highlight import make_snippet
from radio_archive.search.query import parse_query
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.search.whoosh_index import WhooshIndex
from radio_archive.testing import MemoryIndex
from tests.contracts.indexes import ARCHIVE, OpenedIndex, broadcasts, dated, make_passage, weak


class IndexDatesContract(OpenedIndex):
    """The promises; a subclass gives the index."""

    @pytest.mark.parametrize(
        ("date", "expected"),
        [
            (AirDate(year=2014, month=10, day=16), {"debat"}),
            (AirDate(year=2014, month=10), {"debat"}),
            (AirDate(month=10, day=16), {"debat", "journal", "sante", "kunnafoni"}),
            (AirDate(month=10, day=15), set()),
            (AirDate(year=2014, month=11), set()),
        ],
    )
    def test_a_date_stands_for_words_in_what_was_aired_then(
        self, index: SearchIndex, date: AirDate, expected: set[str]
    ) -> None:
        typed = parse_query("absent")
        alone = replace(typed, variants=(dated(date),))
        assert set(broadcasts(index.search(alone))) == expected
        assert not index.search(replace(alone, is_exact_only=True)).total
        in_bambara = replace(alone, language=LanguageTag("bm"))
        assert set(broadcasts(index.search(in_bambara))) == expected & {"kunnafoni"}
        without = replace(alone, excluded=(Term(words=("mali",)),))
        assert index.search(without).total == index.search(alone).total - len(
            {"debat", "kunnafoni"} & expected
        ) - ("debat" in expected)
        crime = replace(typed, variants=(dated(date, "crime"),))
        found = {(hit.broadcast_id, hit.number) for hit in index.search(crime).hits}
        assert found == {each for each in {("debat", 1), ("sante", 0)} if each[0] in expected}

    def test_what_says_the_date_comes_before_what_was_aired_then_and_both_come_first(
        self, empty: SearchIndex
    ) -> None:
        texts = {
            "said": ("Le crime du 16 octobre.", 2013),
            "aired": ("Le crime, bien des crimes.", 2014),
            "inflected": ("Les crimes.", 2014),
            "other": ("Le crime.", 2015),
        }
        passages = [
            make_passage(name, 0, text, where=(None, year)) for name, (text, year) in texts.items()
        ]
        passages += [make_passage(f"x{n}", 0, "Autre chose.") for n in range(20)]
        empty.rebuild(passages)
        date = AirDate(year=2014, month=10, day=16)
        query = replace(parse_query("crime 16 octobre"), variants=(dated(date, "crime"),))
        assert broadcasts(empty.search(query)) == ["said", "aired", "inflected"]
        shown = {p.broadcast_id: make_snippet(p, query) for p in passages}
        assert {name: snippet.match for name, snippet in shown.items() if snippet} == {
            "said": Match.EXACT,
            "aired": Match.EXACT,
            "inflected": Match.FOLDED,
        }

    def test_a_date_alone_lists_its_passages_as_filters_do(self, index: SearchIndex) -> None:
        date = AirDate(month=10, day=16)
        query = replace(parse_query("absent"), variants=(dated(date),))
        assert broadcasts(index.search(query)) == ["kunnafoni", "journal", "sante", "debat"]
        shown = {p.broadcast_id: make_snippet(p, query) for p in ARCHIVE}
        assert {name: snippet and snippet.match for name, snippet in shown.items()} == {
            "debat": Match.EXACT,
            "journal": Match.EXACT,
            "sante": Match.EXACT,
            "kunnafoni": Match.EXACT,
            "maana": None,
        }

    def test_beside_a_date_words_are_read_in_all_their_ways(self, empty: SearchIndex) -> None:
        texts = {"joined": "La plateforme.", "close": "Le gouvernemant.", "none": "La plate."}
        passages = [
            weak(make_passage(name, 0, text, where=(None, 2014))) for name, text in texts.items()
        ]
        empty.rebuild(passages)
        date = AirDate(month=10, day=16)
        for typed, expected in (("plate forme", "joined"), ("gouvernement", "close")):
            query = replace(parse_query("absent"), variants=(dated(date, typed),))
            assert broadcasts(empty.search(query)) == [expected]
            assert [p.broadcast_id for p in passages if make_snippet(p, query)] == [expected]


class TestMemoryIndex(IndexDatesContract):
    def make(self, folder: Path) -> SearchIndex:
        return MemoryIndex()


class TestWhooshIndex(IndexDatesContract):
    def make(self, folder: Path) -> SearchIndex:
        return WhooshIndex(folder / "index")


class TestTantivyIndex(IndexDatesContract):
    def make(self, folder: Path) -> SearchIndex:
        return TantivyIndex(folder / "index")

"""What every ``SearchIndex`` promises; run on each of them, and on each against the plainest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radio_archive.errors import BadQuery, UnknownLanguage
from radio_archive.model import (
    BroadcastId,
    IndexPage,
    LanguageTag,
    Mark,
    Milliseconds,
    Passage,
    ProgrammeId,
    Sort,
)
from radio_archive.search import SearchIndex
from radio_archive.search.query import QueryFilters, parse_query
from radio_archive.search.whoosh_index import WhooshIndex
from radio_archive.testing import MemoryIndex


def make_passage(
    broadcast: str,
    number: int,
    text: str,
    language: str = "fr",
    where: tuple[str | None, int | None] = (None, None),
) -> Passage:
    """A passage of a broadcast; ``where`` is its programme and the year it was aired."""
    programme, year = where
    start = Milliseconds(number * 30_000)
    return Passage(
        broadcast_id=BroadcastId(broadcast),
        number=number,
        language=LanguageTag(language),
        start_ms=start,
        end_ms=Milliseconds(start + 30_000),
        text=text,
        marks=(Mark(char_start=0, start_ms=start, end_ms=start),),
        programme_id=ProgrammeId(programme) if programme else None,
        aired_at=datetime(year, 10, 16, 17, tzinfo=UTC) if year else None,
    )


ARCHIVE = [
    make_passage("debat", 0, "Bonjour à tous, nous parlons du Mali.", where=("dialogue", 2014)),
    make_passage("debat", 1, "Le crime organisé menace-t-il le Mali ?", where=("dialogue", 2014)),
    make_passage("debat", 2, "La plate-forme du 14 juin à Ménaka.", where=("dialogue", 2014)),
    make_passage("journal", 0, "À l'école de Gao, dix mille élèves.", where=("journal", 2015)),
    make_passage("journal", 1, "Le prix du riz baisse, 10 000 francs.", where=("journal", 2015)),
    make_passage("sante", 0, "Une ecole sans eau, un crime.", where=(None, 2015)),
    make_passage("kunnafoni", 0, "Mali kɔnɔ, mɔgɔ caman bɛ sɔrɔ.", "bm", ("journal", 2016)),
    make_passage("maana", 0, "soro la, togo fɔra.", "bm"),
]


class SearchIndexContract:
    """The promises; a subclass gives the index."""

    @pytest.fixture
    def empty(self, tmp_path: Path) -> Iterator[SearchIndex]:
        index = self.make(tmp_path)
        index.rebuild(())
        yield index
        index.close()

    @pytest.fixture
    def index(self, empty: SearchIndex) -> SearchIndex:
        empty.rebuild(iter(ARCHIVE))
        return empty

    def make(self, folder: Path) -> SearchIndex:
        raise NotImplementedError

    def test_nothing_is_found_in_an_empty_index(self, empty: SearchIndex) -> None:
        assert empty.count() == 0
        for text in ("Mali", "", "mal*", '"le Mali"'):
            page = empty.search(parse_query(text))
            assert (page.hits, page.total, page.total_broadcasts) == ((), 0, 0)

    def test_a_rebuilt_index_is_fresh_and_holds_everything(self, index: SearchIndex) -> None:
        assert not index.is_stale
        assert index.count() == len(ARCHIVE)
        assert index.fingerprint

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("mali", {("debat", 0), ("debat", 1), ("kunnafoni", 0)}),
            ("crime organise", {("debat", 1)}),
            ("le crime", {("debat", 1), ("sante", 0)}),
            ("crimes", {("debat", 1), ("sante", 0)}),
            ("menace le", {("debat", 1)}),
            ('"crime organisé"', {("debat", 1)}),
            ('"organisé crime"', set()),
            ('"menace le mali"', {("debat", 1)}),
            ("école", {("journal", 0), ("sante", 0)}),
            ("l'ecole", {("journal", 0), ("sante", 0)}),
            ("éco*", {("journal", 0), ("sante", 0)}),
            ("organisa*", set()),
            ("organis*", {("debat", 1)}),
            ("plateforme", {("debat", 2)}),
            ("plate-forme", {("debat", 2)}),
            ('"la plate forme du"', {("debat", 2)}),
            ("menaka", {("debat", 2)}),
            ("10.000 francs", {("journal", 1)}),
            ("crime -mali", {("sante", 0)}),
            ('mali -"crime organisé"', {("debat", 0), ("kunnafoni", 0)}),
            ("riz OR eau", {("journal", 1), ("sante", 0)}),
            ("riz OR eau crime", {("sante", 0)}),
            ("mogo", {("kunnafoni", 0)}),
            ("mɔg*", {("kunnafoni", 0)}),
            ("absent", set()),
            ("crime absent", set()),
        ],
    )
    def test_a_search_finds_the_passages_that_answer_it(
        self, index: SearchIndex, text: str, expected: set[tuple[str, int]]
    ) -> None:
        page = index.search(parse_query(text))
        assert {(hit.broadcast_id, hit.number) for hit in page.hits} == expected
        assert page.total == len(expected)
        assert page.total_broadcasts == len({broadcast for broadcast, _ in expected})

    def test_each_language_is_searched_by_its_own_rules(self, index: SearchIndex) -> None:
        # "la" is a little word of French only; a Bambara passage must hold it
        assert broadcasts(index.search(parse_query("la mali"))) == ["debat"]
        assert broadcasts(index.search(parse_query("soro la"))) == ["maana"]

    @pytest.mark.parametrize(("text", "best"), [("soro", "maana"), ("sɔrɔ", "kunnafoni")])
    def test_the_spelling_typed_comes_before_others_of_the_same_word(
        self, index: SearchIndex, text: str, best: str
    ) -> None:
        page = index.search(parse_query(text))
        assert page.total == 2
        assert page.hits[0].broadcast_id == best
        assert page.hits[0].score > page.hits[1].score

    def test_accents_typed_decide_the_order_in_french_too(self, index: SearchIndex) -> None:
        assert broadcasts(index.search(parse_query("école"))) == ["journal", "sante"]
        assert broadcasts(index.search(parse_query("ecole"))) == ["sante", "journal"]

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

    def test_facets_count_all_matches(self, index: SearchIndex) -> None:
        page = index.search(parse_query("mali", QueryFilters(page_size=1)))
        facets = {name: [(f.value, f.count) for f in found] for name, found in page.facets.items()}
        assert facets == {
            "language": [("fr", 2), ("bm", 1)],
            "programme": [("dialogue", 2), ("journal", 1)],
            "year": [("2016", 1), ("2014", 2)],
        }

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

    def test_a_failed_rebuild_leaves_the_old_index(self, index: SearchIndex) -> None:
        def passages() -> Iterator[Passage]:
            yield ARCHIVE[0]
            raise RuntimeError("the catalogue went away")

        with pytest.raises(RuntimeError):
            index.rebuild(passages())
        assert index.count() == len(ARCHIVE)
        assert not index.is_stale


class TestMemoryIndex(SearchIndexContract):
    def make(self, folder: Path) -> SearchIndex:
        return MemoryIndex()


class TestWhooshIndex(SearchIndexContract):
    def make(self, folder: Path) -> SearchIndex:
        return WhooshIndex(folder / "index")


def broadcasts(page: IndexPage) -> list[str]:
    """Broadcasts of a page in order, each once."""
    return list(dict.fromkeys(hit.broadcast_id for hit in page.hits))


WORDS = [
    *("mali", "Mali", "Malí", "école", "ecole", "écoles", "l'école", "plate-forme", "plateforme"),
    *("plate", "forme", "le", "la", "10 000", "10000", "M.O.C.", "MOC", "crime", "crimes", "Gao"),
]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
TYPED = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(WORDS).map(lambda word: f"-{word}"),
        st.sampled_from(["éco*", "eco*", "mal*", "pla*", "crim*", "OR", "language:bm"]),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(
            lambda words: f'"{" ".join(words)}"'
        ),
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(st.tuples(TEXTS, st.sampled_from(["fr", "bm"])), min_size=1, max_size=8),
    queries=st.lists(TYPED, min_size=1, max_size=12),
)
def test_whoosh_finds_what_reading_everything_finds(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str]], queries: list[str]
) -> None:
    passages = [
        make_passage(f"b{number // 3}", number, text, language)
        for number, (text, language) in enumerate(texts)
    ]
    index, plain = WhooshIndex(tmp_path_factory.mktemp("index")), MemoryIndex()
    index.rebuild(passages)
    plain.rebuild(passages)
    for typed in queries:
        try:
            query = parse_query(typed, QueryFilters(page_size=50))
        except (BadQuery, UnknownLanguage):
            continue
        found, expected = index.search(query), plain.search(query)
        assert found.total == expected.total, typed
        assert {(h.broadcast_id, h.number) for h in found.hits} == {
            (h.broadcast_id, h.number) for h in expected.hits
        }, typed
        assert found.facets == expected.facets

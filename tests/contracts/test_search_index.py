"""What every ``SearchIndex`` promises; run on each of them, and on each against the plainest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
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
    Match,
    Milliseconds,
    Origin,
    Passage,
    ProgrammeId,
    Query,
    Sort,
    Term,
    TranscriptKind,
    Trust,
    Variant,
)
from radio_archive.search import SearchIndex
from radio_archive.search.highlight import make_snippet
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


def weak(passage: Passage) -> Passage:
    """The same passage, likely misheard."""
    return replace(passage, trust=Trust.MACHINE_WEAK)


def translated(passage: Passage) -> Passage:
    """The same passage, not said but translated."""
    return replace(passage, kind=TranscriptKind.TRANSLATION)


def added(word: str, origin: Origin = Origin.ALIAS, language: str | None = None) -> Term:
    """A word that nobody typed."""
    return Term(
        words=tuple(word.split()),
        origin=origin,
        language=None if language is None else LanguageTag(language),
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
        # "les" is a little word of French only; a Bambara passage must hold it
        assert broadcasts(index.search(parse_query("les mali"))) == ["debat"]
        assert broadcasts(index.search(parse_query("soro les"))) == []

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

    def test_the_same_form_comes_before_other_forms_of_a_word(self, empty: SearchIndex) -> None:
        texts = ["Les élevés, un élevé.", "Un eleve parle.", "Des élèves, encore des élèves."]
        empty.rebuild(make_passage(f"b{n}", 0, text) for n, text in enumerate(texts))
        assert broadcasts(empty.search(parse_query("eleve"))) == ["b1", "b0", "b2"]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("école", {("journal", 0)}),
            ("ecole", {("sante", 0)}),
            ("ÉCOLE", {("journal", 0)}),
            ("crimes", set()),
            ('"crime organisé"', {("debat", 1)}),
            ('"crime organise"', set()),
            ("éco*", {("journal", 0)}),
            ("eco*", {("sante", 0)}),
            ("plateforme", set()),
            ("plate-forme", {("debat", 2)}),
            ("mɔgɔ", {("kunnafoni", 0)}),
            ("mogo", set()),
        ],
    )
    def test_only_the_spelling_typed_is_found_when_that_is_asked_for(
        self, index: SearchIndex, text: str, expected: set[tuple[str, int]]
    ) -> None:
        query = parse_query(text, QueryFilters(is_exact_only=True))
        page = index.search(query)
        assert {(hit.broadcast_id, hit.number) for hit in page.hits} == expected
        shown = [make_snippet(passage, query) for passage in ARCHIVE]
        assert sum(snippet is not None for snippet in shown) == len(expected)
        assert {snippet.match for snippet in shown if snippet} <= {Match.EXACT}

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("gouvernement", ["said", "misheard"]),
            ("gouvernemant", ["misheard"]),
            ('"le gouvernement"', ["said", "misheard"]),
            ("gouvernemen*", ["said"]),
            ("ministre -gouvernement", ["misheard", "sure"]),
        ],
    )
    def test_likely_misheard_passages_are_open_to_words_spelt_much_alike(
        self, empty: SearchIndex, text: str, expected: list[str]
    ) -> None:
        passages = [
            make_passage("said", 0, "Le gouvernement et le ministre."),
            weak(make_passage("misheard", 0, "Le gouvernemant et le ministre, le ministre.")),
            make_passage("sure", 0, "Le gouvermement et le ministre."),
        ]
        empty.rebuild(passages)
        query = parse_query(text)
        assert broadcasts(empty.search(query)) == expected
        assert {p.broadcast_id for p in passages if make_snippet(p, query)} == set(expected)

    def test_words_spelt_much_alike_count_everywhere_when_asked_for_and_come_last(
        self, empty: SearchIndex
    ) -> None:
        texts = {"close": "Kidall " * 5, "other": "Kayes", "exact": "Kidal, si loin de tout."}
        passages = [make_passage(name, 0, text) for name, text in texts.items()]
        empty.rebuild(passages)
        assert broadcasts(empty.search(parse_query("kidal"))) == ["exact"]
        query = parse_query("kidal", QueryFilters(is_close=True))
        assert broadcasts(empty.search(query)) == ["exact", "close"]
        found = [make_snippet(passage, query) for passage in passages]
        assert [snippet and snippet.match for snippet in found] == [
            Match.CLOSE,
            None,
            Match.EXACT,
        ]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("plate forme", {"joined", "hyphened", "apart"}),
            ('"plate forme"', {"joined", "hyphened", "apart"}),
            ("juin plate forme", {"joined"}),
            ("tout a fait", {"three"}),
            ("plate -forme", set()),
        ],
    )
    def test_words_typed_apart_find_them_written_as_one(
        self, empty: SearchIndex, text: str, expected: set[str]
    ) -> None:
        texts = {
            "joined": "La plateforme de juin.",
            "hyphened": "La plate-forme.",
            "apart": "Une plate et belle forme, une plate forme.",
            "three": "Toutafait.",
        }
        empty.rebuild(make_passage(name, 0, text) for name, text in texts.items())
        assert set(broadcasts(empty.search(parse_query(text)))) == expected

    def test_other_names_and_translations_come_after_what_was_typed(
        self, empty: SearchIndex
    ) -> None:
        texts = {
            "alias": "Tombouctou, Tombouctou, Tombouctou.",
            "typed": "On dit aussi Tumutus quelque part.",
            "translated": "Timbuktu, Timbuktu.",
            "none": "Gao.",
        }
        passages = [make_passage(name, 0, text) for name, text in texts.items()]
        empty.rebuild(passages)
        translation = added("timbuktu", Origin.TRANSLATION)
        group = (translation, added("Tombouctou"), Term(words=("tumutus",)))
        query = Query(text="tumutus", required=(group,))
        assert broadcasts(empty.search(query)) == ["typed", "alias", "translated"]
        shown = {p.broadcast_id: make_snippet(p, query) for p in passages}
        assert {name: snippet.match for name, snippet in shown.items() if snippet} == {
            "typed": Match.EXACT,
            "alias": Match.ALIAS,
            "translated": Match.TRANSLATED,
        }
        exact = replace(query, is_exact_only=True)
        assert broadcasts(empty.search(exact)) == ["typed"]

    def test_an_added_word_counts_in_texts_of_its_language_only(self, empty: SearchIndex) -> None:
        empty.rebuild(
            make_passage(tag, 0, "Tumutu kɔnɔ.", tag) for tag in ("bm", "fr", "snk", "dts")
        )
        for tag in ("bm", "snk"):
            term = added("Tumutu", language=tag)
            query = Query(required=((Term(words=("Tombouctou",)), term),))
            assert broadcasts(empty.search(query)) == [tag]

    def test_a_variant_answers_as_a_whole(self, empty: SearchIndex) -> None:
        texts = {
            "whole": "Le crime organisé.",
            "half": "Un crime banal.",
            "typed": "Organised crime, they say.",
            "both": "Organised crime, le crime organisé.",
        }
        passages = [make_passage(name, 0, text) for name, text in texts.items()]
        empty.rebuild(passages)
        variant = Variant(
            required=((added("crime organisé", Origin.TRANSLATION, "fr"),),),
            origin=Origin.TRANSLATION,
        )
        elsewhere = Variant(
            required=((added("banal", Origin.TRANSLATION, "bm"),),), origin=Origin.TRANSLATION
        )
        query = replace(parse_query("organised crime"), variants=(variant, elsewhere))
        assert set(broadcasts(empty.search(query))) == {"whole", "typed", "both"}
        assert broadcasts(empty.search(query))[-1] == "whole"
        shown = {p.broadcast_id: make_snippet(p, query) for p in passages}
        assert {name: snippet.match for name, snippet in shown.items() if snippet} == {
            "whole": Match.TRANSLATED,
            "typed": Match.EXACT,
            "both": Match.EXACT,
        }

    def test_what_was_not_said_but_translated_comes_last(self, empty: SearchIndex) -> None:
        passages = [
            translated(make_passage("a", 0, "Crime, crime, crime !")),
            make_passage("b", 0, "Et bien d'autres choses, des crimes par exemple."),
        ]
        empty.rebuild(passages)
        query = parse_query("crime")
        assert broadcasts(empty.search(query)) == ["b", "a"]
        snippet = make_snippet(passages[0], query)
        assert snippet is not None
        assert snippet.match is Match.TRANSLATED

    @pytest.mark.parametrize(
        ("typed", "suggested"),
        [
            ("gouvernmnt", ("gouvernement",)),
            ("gouvernmnt du Mali", ("gouvernement du Mali",)),
            ("menaka mali", ()),
            ("absolument", ()),
            ("mali", ()),
        ],
    )
    def test_the_closest_spelling_that_occurs_is_suggested(
        self, index: SearchIndex, typed: str, suggested: tuple[str, ...]
    ) -> None:
        index.replace(BroadcastId("x"), [make_passage("x", 0, "Le gouvernement du Niger.")])
        assert index.suggest(parse_query(typed)) == suggested

    def test_another_spelling_is_suggested_to_who_asked_for_one_only(
        self, index: SearchIndex
    ) -> None:
        query = parse_query("organise", QueryFilters(is_exact_only=True))
        assert index.suggest(query) == ("organisé",)

    @pytest.mark.parametrize(
        ("language", "text", "word"),
        [
            ("bm", "ߒߞߏ ߛߓߍߛߎ߲ ߦߋ߫ ߞߊ߲ߓߋ߲ ߘߌ߫", "ߛߓߍߛߎ߲"),
            ("ffm", "𞤆𞤵𞤤𞤢𞥄𞤪 𞤫 𞤊𞤵𞤤𞤬𞤵𞤤𞤣𞤫", "𞤆𞤵𞤤𞤢𞥄𞤪"),
            ("taq", "ⵜⴰⵎⴰⵌⴰⵆ ⴷ ⵜⴼⵏⵗ", "ⵜⴰⵎⴰⵌⴰⵆ"),
            ("mey", "السَّلامُ عليكم في تمبكتو", "السَّلامُ"),
            ("ar", "إذاعة تمبكتو المحلية", "تمبكتو"),
            ("bm", "mɔ̀gɔ́ bɛ́ sɔ̀rɔ yan", "mɔ̀gɔ́"),
            ("taq", "Tǝmažǝq d ăwal", "ăwal"),
        ],
    )
    def test_words_of_every_script_are_found_and_marked_whole(
        self, empty: SearchIndex, language: str, text: str, word: str
    ) -> None:
        passage = make_passage("a", 0, text, language)
        empty.rebuild([passage])
        for query in (parse_query(word), parse_query(f'"{text}"')):
            assert empty.search(query).total == 1
            snippet = make_snippet(passage, query)
            assert snippet is not None
            marked = [snippet.text[start:end] for start, end in snippet.highlights]
            assert word in marked
        assert empty.search(parse_query(word[:-1] + "zzz")).total == 0

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
    *("gouvernement", "gouvernemant", "gouvernments", "a", "boori", "aboori", "plat", "tumutu"),
]
LANGUAGES = ["fr", "bm", "ffm", "taq", "ses", "snk", "dts"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
TYPED = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(WORDS).map(lambda word: f"-{word}"),
        st.sampled_from(["éco*", "eco*", "mal*", "pla*", "crim*", "OR", "language:bm"]),
        PHRASES.map(lambda words: f'"{words}"'),
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
ADDED = st.builds(
    added,
    PHRASES,
    st.sampled_from([Origin.ALIAS, Origin.TRANSLATION]),
    st.sampled_from([None, *LANGUAGES]),
)
VARIANTS = st.builds(
    lambda terms, origin: Variant(required=tuple((term,) for term in terms), origin=origin),
    st.lists(ADDED, min_size=1, max_size=2),
    st.sampled_from([Origin.ALIAS, Origin.TRANSLATION]),
)
PASSAGES = st.tuples(
    TEXTS, st.sampled_from(LANGUAGES), st.sampled_from([Trust.MACHINE, Trust.MACHINE_WEAK])
)


@st.composite
def queries(draw: st.DrawFn) -> Query | None:
    """What somebody types, with names and translations added; None when it is refused."""
    matching = draw(st.sampled_from(["", "", "is_exact_only", "is_close"]))
    filters = QueryFilters(
        page_size=50,
        is_exact_only=matching == "is_exact_only",
        is_close=matching == "is_close",
    )
    try:
        query = parse_query(draw(TYPED), filters)
    except (BadQuery, UnknownLanguage):
        return None
    required = tuple((*group, *draw(st.lists(ADDED, max_size=1))) for group in query.required)
    return replace(query, required=required, variants=tuple(draw(st.lists(VARIANTS, max_size=1))))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(PASSAGES, min_size=1, max_size=8),
    asked=st.lists(queries(), min_size=1, max_size=12),
)
def test_whoosh_finds_what_reading_everything_finds(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[tuple[str, str, Trust]],
    asked: list[Query | None],
) -> None:
    passages = [
        replace(make_passage(f"b{number // 3}", number, text, language), trust=trust)
        for number, (text, language, trust) in enumerate(texts)
    ]
    index, plain = WhooshIndex(tmp_path_factory.mktemp("index")), MemoryIndex()
    index.rebuild(passages)
    plain.rebuild(passages)
    for query in filter(None, asked):
        found, expected = index.search(query), plain.search(query)
        assert found.total == expected.total, query
        assert {(h.broadcast_id, h.number) for h in found.hits} == {
            (h.broadcast_id, h.number) for h in expected.hits
        }, query
        assert found.facets == expected.facets
        if query.has_terms:
            searched = [p for p in passages if query.language in (None, p.language)]
            shown = [make_snippet(passage, query) for passage in searched]
            assert sum(snippet is not None for snippet in shown) == found.total, query

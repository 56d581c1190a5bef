"""What every ``SearchIndex`` promises to find; run on each of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive.model import (
    BroadcastId,
    IndexHit,
    Match,
    Origin,
    Query,
    Term,
    Variant,
)
from radio_archive.search import SearchIndex
from radio_archive.search.highlight import make_snippet
from radio_archive.search.query import QueryFilters, parse_query
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.search.whoosh_index import WhooshIndex
from radio_archive.testing import MemoryIndex
from tests.contracts.indexes import (
    ARCHIVE,
    OpenedIndex,
    added,
    broadcasts,
    make_passage,
    translated,
    weak,
)


class SearchIndexContract(OpenedIndex):
    """The promises; a subclass gives the index."""

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

    def test_what_is_done_meanwhile_gets_the_hits_of_the_page(self, index: SearchIndex) -> None:
        got: list[tuple[IndexHit, ...]] = []
        page = index.search(parse_query("crime"), meanwhile=got.append)
        assert page.hits
        assert got == [page.hits]

    def test_what_fails_meanwhile_is_told_as_it_is(self, index: SearchIndex) -> None:
        def fail(_hits: tuple[IndexHit, ...]) -> None:
            raise ValueError("the catalogue")

        with pytest.raises(ValueError, match="the catalogue"):
            index.search(parse_query("crime"), meanwhile=fail)
        assert index.search(parse_query("crime")).hits

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

    def test_translations_are_counted_and_can_be_left_out(self, empty: SearchIndex) -> None:
        empty.rebuild(
            [
                make_passage("a", 0, "Le riz."),
                translated(make_passage("a", 1, "Le riz, traduit.")),
                translated(make_passage("b", 0, "Du riz.")),
            ]
        )
        for text in ("riz", "language:fr", "riz -mil"):
            query = parse_query(text)
            page = empty.search(query)
            assert (page.total, page.in_translations) == (3, 2)
            said = empty.search(replace(query, is_said_only=True))
            assert (said.total, said.in_translations) == (1, 0)
            assert broadcasts(said) == ["a"]
            assert sum(facet.count for facet in said.facets["language"]) == 1

    def test_a_weak_translation_is_not_taken_for_something_misheard(
        self, empty: SearchIndex
    ) -> None:
        heard, read = make_passage("a", 0, "Bamaco."), make_passage("b", 0, "Bamaco.")
        empty.rebuild([weak(heard), translated(weak(read))])
        query = parse_query("Bamako")
        assert broadcasts(empty.search(query)) == ["a"]
        assert make_snippet(translated(weak(read)), query) is None
        assert set(broadcasts(empty.search(replace(query, is_close=True)))) == {"a", "b"}

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

    def test_a_misspelling_that_was_corrected_everywhere_is_offered_the_right_word(
        self, index: SearchIndex
    ) -> None:
        index.replace(BroadcastId("x"), [make_passage("x", 0, "Le gouvernemant du Niger.")])
        assert index.search(parse_query("gouvernemant")).total == 1
        index.replace(BroadcastId("x"), [make_passage("x", 0, "Le gouvernement du Niger.")])
        assert index.search(parse_query("gouvernemant")).total == 0
        assert index.suggest(parse_query("gouvernemant")) == ("gouvernement",)

    def test_a_word_that_no_passage_holds_any_more_is_not_suggested(
        self, index: SearchIndex
    ) -> None:
        index.replace(BroadcastId("x"), [make_passage("x", 0, "Le gouvernement du Niger.")])
        index.replace(BroadcastId("x"), [make_passage("x", 0, "Le Niger.")])
        assert index.suggest(parse_query("gouvernmnt")) == ()

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


class TestMemoryIndex(SearchIndexContract):
    def make(self, folder: Path) -> SearchIndex:
        return MemoryIndex()


class TestWhooshIndex(SearchIndexContract):
    def make(self, folder: Path) -> SearchIndex:
        return WhooshIndex(folder / "index")


class TestTantivyIndex(SearchIndexContract):
    def make(self, folder: Path) -> SearchIndex:
        return TantivyIndex(folder / "index")

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.effort import lines_run

from radio_archive.model import (
    BroadcastId,
    LanguageTag,
    Mark,
    Match,
    Milliseconds,
    Passage,
    Query,
    Term,
)
from radio_archive.search.highlight import SNIPPET_CHARACTERS, Snippet, find_spans, make_snippet
from radio_archive.search.query import parse_query

FR, BM = LanguageTag("fr"), LanguageTag("bm")
LONG = (
    "Bonsoir à tous et bienvenue dans ce débat. Nous recevons ce soir trois invités venus de Gao. "
    "La question est simple et tout le monde se la pose depuis des mois dans le pays. "
    "Le crime organisé menace-t-il le Mali ? Les avis sont partagés, et nos invités répondent. "
    "Il y a d'abord le trafic de cigarettes et de carburant, puis celui des armes. "
    "Et le crime paie, disent les uns, quand l'école ne paie plus."
)


def make_passage(text: str, language: LanguageTag = FR) -> Passage:
    """Every word of the text is said one second after the one before, from 100 s on."""
    marks, offset = [], 0
    for place, word in enumerate(text.split()):
        offset = text.index(word, offset)
        start = Milliseconds(100_000 + 1000 * place)
        marks.append(Mark(char_start=offset, start_ms=start, end_ms=Milliseconds(start + 900)))
        offset += len(word)
    return Passage(
        broadcast_id=BroadcastId("a"),
        number=0,
        language=language,
        start_ms=Milliseconds(99_500),
        end_ms=Milliseconds(200_000),
        text=text,
        marks=tuple(marks),
    )


def find(text: str, typed: str, language: LanguageTag = FR) -> Snippet:
    snippet = make_snippet(make_passage(text, language), parse_query(typed))
    assert snippet is not None
    return snippet


def marked(snippet: Snippet) -> list[str]:
    return [snippet.text[start:end] for start, end in snippet.highlights]


def test_a_short_passage_is_shown_whole() -> None:
    snippet = find("Le crime organisé menace-t-il le Mali ?", "organise mali")
    assert snippet.text == "Le crime organisé menace-t-il le Mali ?"
    assert marked(snippet) == ["organisé", "Mali"]
    assert snippet.start_ms == 102_000
    assert snippet.match is Match.FOLDED


def test_words_typed_as_spoken_match_exactly() -> None:
    assert find("Le crime organisé.", "Crime ORGANISÉ").match is Match.EXACT


def test_a_long_passage_is_cut_at_a_sentence_and_at_whole_words() -> None:
    snippet = find(LONG, "crime organisé")
    assert snippet.text.startswith(("La question", "Le crime"))
    assert marked(snippet)[:2] == ["crime", "organisé"]
    assert len(snippet.text) <= SNIPPET_CHARACTERS
    assert LONG[snippet.char_start : snippet.char_end] == snippet.text
    assert snippet.text.split()[-1] in LONG.split()


def test_the_snippet_shows_where_most_of_the_query_is() -> None:
    snippet = find(LONG, "crime école")
    assert marked(snippet)[-2:] == ["crime", "école"]
    assert snippet.text.endswith("quand l'école ne paie plus.")


def test_the_start_is_that_of_the_first_word_marked_in_the_snippet() -> None:
    text = "Le crime. " + "Et bien autre chose encore. " * 12 + "Le crime est à l'école."
    snippet = find(text, "crime école")
    assert marked(snippet) == ["crime", "école"]
    assert snippet.start_ms == 100_000 + 1000 * (len(text.split()) - 4)


def test_a_word_behind_its_article_starts_with_the_article() -> None:
    snippet = find("Dans l'école de Gao", "école")
    assert marked(snippet) == ["école"]
    assert snippet.start_ms == 101_000


def test_a_phrase_is_marked_where_its_words_follow_one_another_only() -> None:
    snippet = find("Le crime, puis le crime organisé.", '"crime organisé"')
    assert [start for start, _ in snippet.highlights] == [18, 24]
    assert marked(snippet) == ["crime", "organisé"]


def test_beginnings_and_joined_words_are_marked_whole() -> None:
    assert marked(find("des écoliers et des écoles", "éco*")) == ["écoliers", "écoles"]
    assert marked(find("la plate-forme", "plateforme")) == ["plate-forme"]
    assert marked(find("la plate-forme", "forme")) == ["forme"]
    assert marked(find("la plate-forme", "forme plate-forme")) == ["plate-forme"]


def test_little_words_are_marked_only_when_nothing_else_is_searched() -> None:
    assert marked(find("le Mali et le fleuve", "le fleuve")) == ["fleuve"]
    assert marked(find("le Mali et le fleuve", "le")) == ["le", "le"]


def test_words_of_other_scripts_and_tones_are_marked_whole() -> None:
    assert marked(find("a ye mɔ̀gɔ ye", "mogo", BM)) == ["mɔ̀gɔ"]
    assert marked(find("ߒ ߓߘߊ ߡߊ߲߬ߘߋ߲߬ ߞߊ߲", "ߡߊ߲߬ߘߋ߲߬", BM)) == ["ߡߊ߲߬ߘߋ߲߬"]


def test_filters_alone_show_the_beginning_unmarked() -> None:
    snippet = find(LONG, "language:fr")
    assert snippet.highlights == ()
    assert snippet.start_ms == 99_500
    assert LONG.startswith(snippet.text)
    assert len(snippet.text) <= SNIPPET_CHARACTERS


@pytest.mark.parametrize("typed", ["absent", "crime absent", '"organisé crime"', "xyz*"])
def test_a_passage_that_no_longer_answers_has_no_snippet(typed: str) -> None:
    assert make_snippet(make_passage(LONG), parse_query(typed)) is None


def test_excluded_words_are_not_marked() -> None:
    assert marked(find("le riz et le mil", "riz -maïs")) == ["riz"]


def test_all_words_of_a_text_can_be_marked_even_if_it_answers_half_the_query() -> None:
    text = "Le crime, toujours le crime."
    spans = find_spans(text, parse_query("crime organisé"), FR)
    assert [text[start:end] for start, end in spans] == ["crime", "crime"]
    assert find_spans(text, parse_query("language:fr"), FR) == ()


def test_a_passage_without_marks_starts_at_its_own_start() -> None:
    passage = Passage(
        broadcast_id=BroadcastId("a"),
        number=0,
        language=FR,
        start_ms=Milliseconds(7),
        end_ms=Milliseconds(8),
        text="le riz",
        marks=(),
    )
    snippet = make_snippet(passage, parse_query("riz"))
    assert snippet is not None
    assert snippet.start_ms == 7


def test_a_passage_of_an_hour_is_no_more_work_than_its_words() -> None:
    def work(repeats: int) -> int:
        passage = make_passage("le crime organisé et la paix " * repeats)
        return lines_run(lambda: make_snippet(passage, parse_query("paix crime")))

    assert make_snippet(make_passage("le crime et la paix " * 1500), parse_query("paix crime"))
    assert work(1500) < 12 * work(150)


WORDS = st.sampled_from(
    [
        "crime",
        "organisé",
        "l'école",
        "ecole",
        "plate-forme",
        "Mali.",
        "riz",
        "?",
        "mot" * 30,
        "10 000",
    ]
)


@given(
    st.lists(WORDS, min_size=1, max_size=120).map(" ".join),
    st.sampled_from(["crime", '"crime organisé"', "école riz", "pla*", "forme OR mali", "10000"]),
)
def test_a_snippet_is_a_cut_of_the_text_with_its_marks_on_whole_words(
    text: str, typed: str
) -> None:
    snippet = make_snippet(make_passage(text), parse_query(typed))
    if snippet is None:
        return
    assert snippet.text == text[snippet.char_start : snippet.char_end]
    assert snippet.highlights
    last = 0
    for start, end in snippet.highlights:
        assert last <= start < end <= len(snippet.text)
        last = end
    before, after = text[: snippet.char_start], text[snippet.char_end :]
    assert not before or before[-1].isspace()
    assert not after or after[0].isspace()
    assert snippet.start_ms >= 100_000


def test_a_name_filtered_by_is_shown_and_marked_beside_the_words() -> None:
    name = (Term(words=("Gao",)),)
    alone = make_snippet(make_passage(LONG), Query(mentions=(name,)))
    assert alone is not None
    assert marked(alone) == ["Gao"]
    assert alone.match is Match.EXACT
    both = make_snippet(
        make_passage("Le crime, à Gao."), replace(parse_query("crime"), mentions=(name,))
    )
    assert both is not None
    assert marked(both) == ["crime", "Gao"]
    assert make_snippet(make_passage("Le crime."), Query(mentions=(name,))) is None
    assert find_spans("À Gao.", Query(mentions=(name,)), FR) == ((2, 5),)

"""The sentences that a result shows of a hit, with one on either side."""

from __future__ import annotations

from dataclasses import replace

from tests.support.making import make_passage, ms

from radio_archive.model import Mark, Passage, SpokenSentence
from radio_archive.search.highlight import make_snippet
from radio_archive.search.query import parse_query
from radio_archive.search.sentences import NEAR_CHARACTERS, Neighbours, sentences_around

TEXT = "Bonsoir à tous. Le riz est cher. Le maïs aussi. Et le mil ? Merci."


def passage_of(text: str, number: int = 0) -> Passage:
    """A passage whose characters are said one hundredth of a second each, word by word."""
    start = number * 30_000
    places = [0, *(n + 1 for n, letter in enumerate(text) if letter == " ")]
    marks = tuple(
        Mark(char_start=n, start_ms=ms(start + 10 * n), end_ms=ms(start + 10 * n + 50))
        for n in places
    )
    return replace(make_passage("one", number, text), marks=marks)  # type: ignore[arg-type]


def around(
    query: str, passage: Passage, before: Passage | None = None, after: Passage | None = None
) -> tuple[SpokenSentence, ...]:
    snippet = make_snippet(passage, parse_query(query))
    assert snippet is not None
    return sentences_around(passage, snippet, Neighbours(before=before, after=after))


def told(found: tuple[SpokenSentence, ...]) -> list[tuple[str, bool]]:
    return [(each.text, each.is_near) for each in found]


def test_what_was_found_comes_with_a_sentence_before_and_after() -> None:
    found = around("maïs", passage_of(TEXT))
    assert told(found) == [
        ("Le riz est cher.", True),
        ("Le maïs aussi.", False),
        ("Et le mil ?", True),
    ]
    said = found[1]
    assert [said.text[a:b] for a, b in said.highlights] == ["maïs"]
    begin = TEXT.index("Le maïs")
    assert (said.start_ms, said.end_ms) == (10 * begin, 10 * TEXT.index("Et le"))
    assert [each.start_ms for each in found[1:]] == [each.end_ms for each in found[:-1]]


def test_the_sentence_beside_may_stand_in_another_passage() -> None:
    passage = passage_of("Le riz est cher.", 1)
    before, after = passage_of("Bonsoir. Voici les prix.", 0), passage_of("Merci. Adieu.", 2)
    found = around("riz", passage, before, after)
    assert [each.text for each in found] == ["Voici les prix.", "Le riz est cher.", "Merci."]
    assert (found[0].start_ms, found[0].end_ms) == (90, 30_000)
    assert (found[2].start_ms, found[2].end_ms) == (60_000, 60_070)
    assert [each.text for each in around("riz", passage)] == ["Le riz est cher."]


def test_words_in_several_sentences_show_all_of_them() -> None:
    found = around("riz mil", passage_of(TEXT))
    assert told(found) == [
        ("Bonsoir à tous.", True),
        ("Le riz est cher.", False),
        ("Le maïs aussi.", False),
        ("Et le mil ?", False),
        ("Merci.", True),
    ]
    assert [len(each.highlights) for each in found] == [0, 1, 0, 1, 0]


def test_a_long_sentence_beside_is_cut_between_words() -> None:
    long = " ".join(["parole"] * 40) + "."
    before, _, after = around("riz", passage_of(f"{long} Le riz. {long}"))
    assert before.text.startswith("… parole ")
    assert after.text.endswith(" parole …")
    assert max(len(before.text), len(after.text)) <= NEAR_CHARACTERS + 2
    assert before.start_ms > 0


def test_text_without_full_stops_is_shown_as_the_snippet() -> None:
    passage = passage_of(" ".join(f"mot{n}" for n in range(200)))
    snippet = make_snippet(passage, parse_query("mot100"))
    assert snippet is not None
    assert told(sentences_around(passage, snippet, Neighbours())) == [(snippet.text, False)]


def test_filters_alone_show_the_beginning_and_nothing_beside() -> None:
    found = around("language:fr", passage_of(TEXT), before=passage_of("Avant.", 0))
    assert "".join(each.text for each in found).replace(" ", "") == TEXT.replace(" ", "")
    assert not any(each.is_near for each in found)

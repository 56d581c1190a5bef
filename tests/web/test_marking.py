"""Marked text can hold nothing but text and marks."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from radio_archive.web.marking import marked


def test_a_word_is_marked_where_it_stands() -> None:
    assert marked("le crime organisé", [(3, 8)]) == "le <mark>crime</mark> organisé"


def test_tags_in_the_text_and_in_the_marked_words_stay_text() -> None:
    text = "<script>alert(1)</script>"
    assert marked(text, [(0, 8)]) == ("<mark>&lt;script&gt;</mark>alert(1)&lt;/script&gt;")


def test_overlapping_and_wild_spans_are_cut() -> None:
    assert marked("abcdef", [(4, 99), (0, 3), (2, 4), (3, 1)]) == (
        "<mark>abc</mark><mark>d</mark><mark>ef</mark>"
    )


@given(
    text=st.text(max_size=60),
    spans=st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6),
)
def test_without_its_marks_the_text_is_what_it_was(text: str, spans: list[tuple[int, int]]) -> None:
    html = str(marked(text, spans))
    assert Markup(re.sub("</?mark>", "", html)).unescape() == text
    assert set(re.findall("<[^>]*>", html)) <= {"<mark>", "</mark>"}

"""Words that need no mending are told from their letters alone, and come out the same."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from radio_archive.languages.repair import drop_marks, repair

LETTERS = "".join(map(chr, range(ord("A"), 0x250))) + "ɛɔɲŋɓɗƴəƐƆƝŊƁƊƳƏɣƔʼ'’-εєñ\u0301\u00ad"


@given(st.text(alphabet=LETTERS, min_size=1, max_size=10))
@example("Ségou")
@example("Straße")
@example("İstanbul")
@example("ŋɔmi")
def test_a_word_is_repaired_as_when_every_letter_is_looked_at(word: str) -> None:
    looked_at = repair(word + "\u200b")  # invisible at the end, and no letter among the sound ones
    assert repair(word).text == looked_at.text
    assert repair(word).places == looked_at.places


@given(st.text(max_size=20))
@example("ɛ̀ɔ́ ḍăž ﷺ 각 ệ ʼ")
def test_letters_lose_their_marks_as_if_decomposed_together(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(each for each in decomposed if not unicodedata.category(each).startswith("M"))
    assert drop_marks(text) == bare

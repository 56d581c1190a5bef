"""The vocabulary beside a Tantivy index: words are read back as they were filed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tantivy
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.languages.analysis import AnalyzedToken
from radio_archive.model import LanguageTag
from radio_archive.search.tantivy_words import (
    FiledWords,
    NewWords,
    _packed,
    _unpacked,
    make_words_schema,
)
from radio_archive.search.vocabulary import term_of

#: letters of one, two, three and four bytes
WORDS = st.text("aeŋɓⵣ𞤀", min_size=1, max_size=30)


def filed(folder: Path, words: Sequence[str]) -> FiledWords:
    """A vocabulary of French words."""
    schema = make_words_schema()
    tantivy.Index(schema, path=str(folder))
    new = NewWords()
    terms = [term_of(AnalyzedToken(word, word, word, 0, 0, 0)) for word in words]
    new.add(LanguageTag("fr"), terms)
    new.write(folder, schema)
    searcher = tantivy.Index(schema, path=str(folder)).searcher()
    return FiledWords(searcher, schema, "french", lambda _term: True)


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_letters_are_read_back_from_columns_where_they_fit(words: list[str]) -> None:
    columns = list(zip(*map(_packed, words), strict=True))
    fitting = [word if len(word.encode()) <= 24 else "" for word in words]
    assert _unpacked(columns) == fitting


def test_words_near_another_are_found_however_long_they_are(tmp_path: Path) -> None:
    long = "anticonstitutionnellement"
    words = filed(tmp_path, ["kidal", "kidel", "ⵣkidalⵣ", long, f"{long}s", "gao"])
    assert [near.folded for near in words.nearest("kidal", 3)] == ["kidel", "ⵣkidalⵣ"]
    assert words.nearest(long, 1)[0].folded == f"{long}s"
    assert words.nearest("zzz", 3) == []

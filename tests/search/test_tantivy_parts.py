"""Rows of very many terms."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tantivy import Query, Schema
from tests.contracts.indexes import broadcasts, make_passage

from radio_archive.errors import BadQuery
from radio_archive.model import SpokenName, Term, Trust
from radio_archive.search import tantivy_parts
from radio_archive.search.plan import Clause
from radio_archive.search.query import parse_query
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.search.tantivy_parts import any_row, within_reach
from radio_archive.search.tantivy_query import Compiler, total_of
from radio_archive.search.tantivy_schema import make_schema


def test_a_phrase_of_a_word_with_very_many_spellings_is_found(tmp_path: Path) -> None:
    chance, word = random.Random(1), "dɔgɔtɔrɔsobaw"

    def spell() -> str:
        letters = list(word)
        for _ in range(chance.choice([0, 1, 1, 2])):
            place = chance.randrange(1, len(word))
            letters[place] = chance.choice("aeiouɛɔ" if letters[place] in "aoɔ" else "bdgklmnrstw")
        tones = ["", "", "\u0300", "\u0301"]
        return "".join(
            chance.choice("oɔ") + chance.choice(tones) if each == "ɔ" else each for each in letters
        )

    said = [" ".join(f"{spell()} kura" for _ in range(10)) for _ in range(50)]
    index = TantivyIndex(tmp_path / "index")
    index.rebuild(
        replace(make_passage(f"b{n:02}", 0, text, "bm"), trust=Trust.MACHINE_WEAK)
        for n, text in enumerate(said)
    )
    assert index.search(parse_query(f'"{word} kura"')).total == 50


def test_a_row_of_more_terms_than_one_expression_holds_is_found(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path / "index")
    words = [f"{number:04}" + "abcdefghij" * 3 for number in range(200)]
    index.rebuild(make_passage(f"b{n:03}", 0, f"{word} riz") for n, word in enumerate(words))
    searcher = index._snapshot()._searcher
    query = any_row(make_schema(), [[f"be{word}" for word in words], ["beriz"]])
    assert total_of(searcher.search(query, limit=1, count=True)) == len(words)


def test_a_phrase_all_of_whose_words_have_very_many_spellings_is_found_as_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = TantivyIndex(tmp_path / "index")
    spelt = [f"jamana{one}untigiyab{other}" for one in "kgbdl" for other in "aeiouɛɔ"]
    said = [" ".join(spelt[at:] + spelt[:at]) for at in range(len(spelt))]
    index.rebuild(
        replace(make_passage(f"b{n:02}", 0, text, "bm"), trust=Trust.MACHINE_WEAK)
        for n, text in enumerate([*said, " ".join(["jamanakuntigiyaba"] * 12)])
    )
    asked: list[int] = []
    write = Query.regex_phrase_query

    def count(schema: Schema, field: str, patterns: list[Any]) -> Query:
        asked.append(len(patterns))
        return write(schema, field, patterns)

    monkeypatch.setattr(tantivy_parts, "_MOST_BYTES", 100)
    monkeypatch.setattr(tantivy_parts, "Query", SimpleQuery(count))
    found = index.search(parse_query('"' + " ".join(["jamanakuntigiyaba"] * 12) + '"'))
    assert broadcasts(found) == ["b35"]
    assert len(asked) <= tantivy_parts._MOST_ROWS


class SimpleQuery:
    """Tantivy's queries, of which one kind is counted."""

    def __init__(self, count: Callable[[Schema, str, list[Any]], Query]) -> None:
        self.regex_phrase_query = count

    def __getattr__(self, name: str) -> object:
        return getattr(Query, name)


def test_a_row_of_more_terms_than_can_be_looked_for_is_refused() -> None:
    many = [f"be{number:04}{'x' * 100}" for number in range(60)]
    with pytest.raises(BadQuery, match="phrase of 2"):
        any_row(make_schema(), [many, many])
    assert list(map(len, within_reach([many, many]))) == [7, 7]


def test_a_name_with_more_spellings_than_can_be_looked_for_ends_no_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = TantivyIndex(tmp_path / "index")
    index.rebuild([make_passage("a", 0, "Ibrahim Boubacar parle de Kidal")])
    find = Compiler.holders

    def refuse(compiler: Compiler, clause: Clause) -> Query | None:
        if len(clause.rows[0].words) > 1:
            raise BadQuery("It has too many spellings.")
        return find(compiler, clause)

    monkeypatch.setattr(Compiler, "holders", refuse)
    names = (
        SpokenName(name="Ibrahim Boubacar", terms=(Term(words=("ibrahim", "boubacar")),)),
        SpokenName(name="Kidal", terms=(Term(words=("kidal",)),)),
    )
    found = index.search(parse_query("parle"), names)
    assert [each.value for each in found.facets["name"]] == ["Kidal"]

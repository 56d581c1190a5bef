"""Rows of very many terms."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from tests.contracts.indexes import make_passage

from radio_archive.model import Trust
from radio_archive.search.query import parse_query
from radio_archive.search.tantivy_index import TantivyIndex
from radio_archive.search.tantivy_parts import any_row
from radio_archive.search.tantivy_query import total_of
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

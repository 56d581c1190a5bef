"""Which words of a vocabulary are looked at closely for one that is misspelt."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence

import pytest

from radio_archive.languages.analysis import ANALYZERS, close_grams
from radio_archive.search.vocabulary import MAX_CANDIDATES, SEPARATOR, Vocabulary


@pytest.fixture(scope="module")
def words() -> list[str]:
    chosen = random.Random(20141016)
    parts = ["ka", "la", "so", "fin", "mo", "go", "ba", "ra", "tu", "n", "di"]
    made = {"".join(chosen.choices(parts, k=chosen.randint(2, 4))) for _ in range(6_000)}
    return sorted(made)


def candidates(words: list[str], asked: str) -> set[str]:
    """Those that share most, rare grams counting more; of equals the first by spelling."""
    holders = Counter(gram for word in words for gram in close_grams(word))

    def weight(word: str) -> float:
        shared = sorted(close_grams(word) & close_grams(asked))
        return sum(math.log1p(len(words) / holders[gram]) for gram in shared)

    weighed = [(-round(weight(word), 9), word) for word in words]
    best = [word for less, word in sorted(weighed) if less][:MAX_CANDIDATES]
    return set(best) - {asked}


@pytest.mark.parametrize("asked", ["kalafin", "sogoba", "rabatu", "mogodi", "kalan"])
def test_of_many_words_those_that_share_most_are_judged(words: list[str], asked: str) -> None:
    vocabulary = Vocabulary([f"{word}{SEPARATOR}{SEPARATOR}" for word in words])
    judged: list[str] = []

    def close_among(one: str, some: Sequence[str]) -> list[str]:
        judged.extend(some)
        return ANALYZERS["bambara"].close_among(one, some)

    near = vocabulary.neighbours(asked, close_among)
    assert set(judged) == candidates(words, asked)
    assert len(judged) >= MAX_CANDIDATES - 1
    close = {word for word in judged if ANALYZERS["bambara"].is_close(asked, word)}
    assert {each.folded for each in near} == close
    assert near == tuple(sorted(near))

"""What the folded form throws together is one word, by the translations beside real text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from radio_archive.languages.spelling import load_spelling
from tests.relevance import texts
from tests.relevance.merged_words import (
    Judged,
    Pair,
    Verdict,
    Witness,
    by_rule,
    controls,
    corrected,
    folded_only_short,
    judge,
    merged,
)
from tests.relevance.spelling_pairs import dictionary_words, oldi_witness

FILES = {"ffm": "fuv_Latn", "taq": "taq_Latn"}
#: share of the dictionary-like words of a text that may be lost to another word
LIMIT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A text, its dictionary-like words and the pairs its folded form throws together."""

    language: str
    witness: Witness
    words: dict[str, int]
    pairs: list[Pair]

    def fold(self, word: str) -> str:
        return load_spelling(self.language).fold(word)


@pytest.fixture(scope="module", params=sorted(FILES))
def read(language_data: Path, request: pytest.FixtureRequest) -> Read:
    language = str(request.param)
    words = dictionary_words(language, texts.oldi(FILES[language], language))
    return Read(
        language=language,
        witness=oldi_witness(FILES[language], language),
        words=words,
        pairs=merged(words, load_spelling(language).fold),
    )


def test_few_words_lose_their_folded_form_to_another_word(read: Read) -> None:
    found = judge(read.witness, read.pairs)
    strangers, halves = controls(read.witness, read.pairs, read.words, read.fold)
    lost = 1 - len({read.fold(word) for word in read.words}) / len(read.words)
    assert found.verdicts[Verdict.SAME] >= 50
    assert lost * corrected(found, strangers, halves) <= LIMIT, (found, strangers, halves)


def test_what_only_meets_without_its_length_is_two_words_more_often(read: Read) -> None:
    short = judge(read.witness, folded_only_short(read.words, read.language))
    assert short.false > judge(read.witness, read.pairs).false


def test_the_verdicts_tell_two_words_from_one(read: Read) -> None:
    strangers, halves = controls(read.witness, read.pairs, read.words, read.fold)
    assert strangers.verdicts[Verdict.DIFFERENT] >= 50
    assert strangers.false >= 0.95, strangers
    assert halves.verdicts[Verdict.SAME] >= 50
    assert halves.false <= 0.25, halves


def test_every_pair_is_put_down_to_one_rule(read: Read) -> None:
    told = by_rule(read.pairs, read.language)
    assert sorted(pair for some in told.values() for pair in some) == sorted(read.pairs)
    assert "marks dropped" in told


def judged(same: int, different: int, unknown: int) -> Judged:
    verdicts = {Verdict.SAME: same, Verdict.DIFFERENT: different, Verdict.UNKNOWN: unknown}
    return Judged(pairs=same + different + unknown, verdicts=verdicts)


def test_the_controls_are_the_ends_of_the_scale() -> None:
    strangers, halves = judged(0, 60, 40), judged(50, 10, 40)
    assert corrected(strangers, strangers, halves) == 1
    assert corrected(halves, strangers, halves) == 0
    assert corrected(judged(20, 35, 45), strangers, halves) == pytest.approx(0.5)


def test_controls_that_tell_nothing_apart_excuse_nothing() -> None:
    assert corrected(judged(9, 1, 0), judged(5, 5, 0), judged(5, 5, 0)) == 1


def test_nothing_known_is_not_taken_for_false() -> None:
    assert Judged(pairs=3, verdicts=dict.fromkeys(Verdict, 0)).false == 0

"""The spelling rules alone, before any index or alias: pairs that meet, words thrown together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.relevance import texts
from tests.relevance.pairs import held_out_pairs, shared_pairs
from tests.relevance.spelling_pairs import merges, mode_of, pair_mode

#: share of pairs that meet without an alias; French ones are other names for the most part
TARGETS = {"bm": 0.93, "ffm": 0.95, "taq": 0.92, "ses": 0.85, "fr": 0.75}
HELD_OUT_TARGETS = {"bm": 0.95, "ffm": 0.95, "taq": 0.95, "ses": 0.95, "fr": 0.85}


@pytest.mark.parametrize("language", list(TARGETS))
def test_pairs_meet_by_the_rules_of_their_language(language_data: Path, language: str) -> None:
    modes = {
        (pair.query, pair.document): pair_mode(pair)
        for pair in shared_pairs()
        if pair.language == language
    }
    missed = [pair for pair, mode in modes.items() if mode is None]
    assert 1 - len(missed) / len(modes) >= TARGETS[language], missed


@pytest.mark.parametrize("language", list(HELD_OUT_TARGETS))
def test_pairs_no_rule_was_written_for_meet_as_well(language: str) -> None:
    pairs = [pair for pair in held_out_pairs() if pair.language == language]
    missed = [(pair.query, pair.document) for pair in pairs if pair_mode(pair) is None]
    assert 1 - len(missed) / len(pairs) >= HELD_OUT_TARGETS[language], missed


def test_other_words_meet_by_no_mode() -> None:
    assert mode_of("muso", "cɛ", "bm") is None
    assert mode_of("wuro", "laawol", "ffm") is None


def test_few_words_of_consistent_texts_are_thrown_together(language_data: Path) -> None:
    for language, programmes in (("bm", texts.jeli()), ("ses", texts.mozilla_songhay())):
        found = merges(language, programmes)
        assert found.words > 200
        assert found.folded <= 0.05, (language, found)
        assert found.close <= 0.005, (language, found)


@pytest.mark.parametrize(("language", "file"), [("taq", "taq_Latn"), ("ffm", "fuv_Latn")])
def test_few_words_are_close_to_one(language_data: Path, language: str, file: str) -> None:
    assert merges(language, texts.oldi(file, language)).close <= 0.005

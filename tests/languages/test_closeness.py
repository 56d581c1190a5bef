"""Words spelt much alike: what is looked at first never decides otherwise than all of it would."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from radio_archive.languages import french, fulfulde
from radio_archive.languages.analysis import ANALYZERS, close_grams
from radio_archive.languages.closeness import has_misspellings, is_misspelling

PARTS = [*"aeioubdfghjklmnprstvwxyzcq", "ou", "ch", "tch", "dj", "gn", "ng", "nd", "mb", "ck", "aa"]
WORDS = st.lists(st.sampled_from(PARTS), min_size=2, max_size=7).map("".join)


@given(WORDS)
@example("allah")
@example("ahalaha")
@example("bebbex")
def test_the_letters_that_last_are_those_a_bambara_spelling_keeps(word: str) -> None:
    assert french.lasting(french._as_bambara(word)) == french.lasting(word)


@pytest.mark.parametrize(
    ("one", "other"), [("ouahigouya", "wahiguya"), ("chiaka", "siyaka"), ("tombouctou", "tonbuktu")]
)
def test_spellings_of_a_malian_name_are_close_in_french(one: str, other: str) -> None:
    assert ANALYZERS["french"].is_close(one, other)
    assert not is_misspelling(one, other)


@given(WORDS, WORDS)
@example("worbe", "gorko")
def test_a_changed_consonant_is_found_as_both_stems_tell(one: str, other: str) -> None:
    stems = fulfulde._stem(one), fulfulde._stem(other)
    firsts = {stem[0] for stem in stems}
    alike = stems[0][1:] == stems[1][1:] and (len(firsts) == 1 or firsts <= fulfulde._G_SERIES)
    assert fulfulde._is_mutated(one, other) == (alike and min(len(one), len(other)) > 3)


@pytest.mark.parametrize("name", ANALYZERS)
def test_close_words_are_close_both_ways_and_share_a_gram(name: str) -> None:
    """Words are made of others by a letter or two, so that many are close."""
    analyzer, chosen = ANALYZERS[name], random.Random(8)
    close = 0
    for _ in range(2_000):
        word = "".join(chosen.choices(PARTS, k=4))
        place = chosen.randrange(len(word))
        other = word[:place] + chosen.choice(PARTS) + word[place + chosen.randrange(2) :]
        assert analyzer.is_close(word, other) == analyzer.is_close(other, word)
        if analyzer.is_close(word, other):
            close += 1
            assert not close_grams(word).isdisjoint(close_grams(other))
    assert close > 100


@pytest.mark.parametrize("name", ANALYZERS)
def test_what_is_close_to_a_short_word_has_its_stem_and_nothing_is_to_a_number(name: str) -> None:
    """So nobody need look for it: what has the stem of a word answers it anyway."""
    analyzer, chosen = ANALYZERS[name], random.Random(8)
    close = 0
    for _ in range(20_000):
        parts = chosen.choice((PARTS, "0123456789"))
        word = analyzer.fold("".join(chosen.choices(parts, k=chosen.randint(1, 5))))
        place = chosen.randrange(len(word) + 1)
        made = word[:place] + chosen.choice(parts) + word[place + chosen.randrange(2) :]
        other = analyzer.fold(made)
        if not word or has_misspellings(word) or word == other:
            continue
        if analyzer.is_close(word, other):
            close += 1
            assert not word.isdecimal(), (word, other)
            assert analyzer.stem(word, word) == analyzer.stem(other, other), (word, other)
    assert close or name not in ("fulfulde", "tamasheq"), "those tables take lengths for alike"


NEAR = {
    "french": ("ouahigouya", "wahiguya", "tombouctou", "tonbuktu", "ségou"),
    "fulfulde": ("worbe", "gorko", "yeeso", "gese", "ndungu", "dungu", "wobbe"),
    "tamasheq": (
        "ahales",
        "ales",
        "tolahad",
        "toled",
        "abarad",
        "ibarad",
        "naman",
        "aman",
        "nakatab",
    ),
}


@pytest.mark.parametrize("name", ANALYZERS)
@given(made=st.lists(WORDS, min_size=1, max_size=12), chance=st.randoms(use_true_random=False))
def test_of_many_words_those_are_close_that_each_alone_is(
    name: str, made: list[str], chance: random.Random
) -> None:
    rules = ANALYZERS[name]
    words = [*made, *NEAR.get(name, ()), "", "a", "né"]
    words += [word.replace(chance.choice(word), chance.choice(PARTS)) for word in words if word]
    words += [chance.choice("aeihn") + word[chance.randrange(3) :] for word in words]
    for one in words:
        close = [word for word in words if rules.is_close(one, word)]
        assert rules.close_among(one, words) == close


@pytest.mark.parametrize("name", NEAR)
def test_rules_of_a_language_reach_further_than_misspellings(name: str) -> None:
    one, other, *_ = NEAR[name]
    assert not is_misspelling(one, other)
    assert ANALYZERS[name].close_among(one, [other, "xylophone"]) == [other]

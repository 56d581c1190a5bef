"""The made-up station that search is measured with."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise

from benchmarks.corpus import (
    BLOCK,
    LANGUAGES,
    PASSAGES_PER_BROADCAST,
    make_broadcasts,
    make_passages,
)

from radio_archive.model import Trust

A_BLOCK = BLOCK * PASSAGES_PER_BROADCAST


def test_the_same_broadcasts_come_however_many_follow() -> None:
    few, many = list(make_broadcasts(60)), list(islice(make_broadcasts(A_BLOCK * 9), 3))
    assert few == many


def test_one_may_go_on_where_another_ended() -> None:
    together = list(make_passages(A_BLOCK + 200))
    apart = [*make_passages(A_BLOCK), *make_passages(200, first=BLOCK)]
    assert [each.text for each in together] == [each.text for each in apart]


def test_exactly_so_many_passages_are_made() -> None:
    made = list(make_passages(70))
    assert len(made) == 70
    assert Counter(each.broadcast_id for each in made).most_common()[-1][1] == 10


def test_another_seed_gives_other_words() -> None:
    assert next(make_passages(1)).text != next(make_passages(1, seed=1)).text


def test_languages_have_their_share_of_the_hours() -> None:
    made = Counter(each.language for each in make_broadcasts(A_BLOCK))
    for tag, share in LANGUAGES.items():
        assert abs(made[tag] / BLOCK - share) < 0.08  # type: ignore[index]


def test_few_words_are_common_and_many_are_rare() -> None:
    found = Counter(
        word for each in make_passages(4_000) for word in set(each.text.lower().split())
    )
    counts = sorted(found.values(), reverse=True)
    assert counts[0] > 1_000
    assert counts[len(counts) // 2] <= 3


def test_other_languages_are_heard_less_well_than_french() -> None:
    weak = Counter(
        each.language == "fr"
        for each in make_broadcasts(A_BLOCK)
        if each.trust is Trust.MACHINE_WEAK
    )
    assert weak[False] > 5 * weak[True]


def test_every_word_has_its_moment_one_after_the_other() -> None:
    for passage in make_passages(40, has_marks=True):
        words = passage.text.split(" ")
        assert len(passage.marks) == len(words)
        for mark, word in zip(passage.marks, words, strict=True):
            assert passage.text[mark.char_start :].startswith(word)
        assert all(one.end_ms <= other.start_ms for one, other in pairwise(passage.marks))
        assert passage.start_ms <= passage.marks[0].start_ms
        assert passage.marks[-1].end_ms <= passage.end_ms

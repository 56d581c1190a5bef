"""Windows are filled, and every word finds its way back to the recording's clock."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.speech import SpeechGroup
from radio_archive.transcription.gate import Heard
from radio_archive.transcription.windows import (
    MAX_JOINED_GAP_MS,
    MAX_PACK_MS,
    MIN_CUT_MS,
    MIN_UNHEARD_MS,
    Window,
    find_unheard,
    length_ms_of,
    pack_groups,
)
from tests.transcription.making import group, word


def test_neighbours_share_a_window() -> None:
    one, two = group(0, (200, 9_800)), group(12_000, (200, 7_800))
    (pack,) = pack_groups([one, two])
    assert pack.groups == (one, two)
    assert pack.spans == [(0, 10_000), (10_000, 18_000)]
    assert len(pack.samples) == 18_000 * 16


def test_a_long_pause_starts_a_new_window() -> None:
    one, two = group(0, (200, 9_800)), group(10_001 + MAX_JOINED_GAP_MS, (200, 7_800))
    assert len(list(pack_groups([one, two]))) == 2


def test_a_group_that_fits_in_part_is_cut_in_a_pause() -> None:
    one = group(0, (200, 19_800))
    two = group(21_000, (200, 7_000), (8_000, 19_800))
    first, second = pack_groups([one, two])
    assert [each.start_ms for each in first.groups] == [0, 21_000]
    assert first.groups[1].end_ms == 21_000 + 7_200
    assert second.groups[0].start_ms == 21_000 + 7_800
    assert second.groups[0].stretches == ((200, 12_000),)


def test_no_scrap_is_cut_off() -> None:
    one = group(0, (200, 19_800))
    two = group(21_000, (200, MIN_CUT_MS - 300), (5_000, 19_800))
    first, second = pack_groups([one, two])
    assert first.groups == (one,)
    assert second.groups == (two,)


def test_a_group_alone_keeps_its_very_array() -> None:
    one = group(0, (200, 19_800))
    (pack,) = pack_groups([one])
    assert pack.samples is one.samples


stretches = st.lists(st.tuples(st.integers(400, 3_000), st.integers(250, 9_000)), min_size=1)


def _groups(rows: list[list[tuple[int, int]]]) -> list[SpeechGroup]:
    """Groups of at most 28 s with pauses of at least 400 ms, one after another."""
    made: list[SpeechGroup] = []
    now = 0
    for row in rows:
        parts: list[tuple[int, int]] = []
        clock = 200
        for pause, length in row:
            if clock + pause + length > 27_800:
                break
            start = clock if not parts else clock + pause
            parts.append((start, start + length))
            clock = start + length
        if parts:
            made.append(group(now, *parts))
            now = made[-1].end_ms + 1_000
    return made


@given(rows=st.lists(stretches, max_size=8))
def test_packing_loses_no_speech_and_overfills_no_window(rows: list[list[tuple[int, int]]]) -> None:
    groups = _groups(rows)
    packs = list(pack_groups(groups))
    parts = [part for pack in packs for part in pack.groups]

    def speech(of: list[SpeechGroup]) -> list[tuple[int, int]]:
        return [(g.start_ms + a, g.start_ms + b) for g in of for a, b in g.stretches]

    assert speech(parts) == speech(groups)
    assert all(len(pack.samples) <= MAX_PACK_MS * 16 for pack in packs)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(parts))
    assert all(len(part.samples) == length_ms_of(part) * 16 for part in parts)


def test_words_go_back_to_their_groups() -> None:
    one, two = group(5_000, (200, 2_800)), group(9_000, (200, 3_800))
    window = Window.of([Heard(group=one, probability=1), Heard(group=two, probability=1)])
    said = [word("un", 500, 900), word("deux", 2_700, 3_100), word("trois", 4_000, 4_500)]
    (_, first), (_, second) = window.words_of_parts(said)
    assert [(each.text, each.start_ms) for each in first] == [("un", 5_500), ("deux", 7_700)]
    assert [(each.text, each.start_ms, each.end_ms) for each in second] == [
        ("trois", 10_000, 10_500)
    ]
    assert np.array_equal(window.pack.samples, np.concatenate([one.samples, two.samples]))


def test_speech_without_words_is_unheard() -> None:
    part = Heard(group=group(5_000, (200, 4_000), (5_000, 9_800)), probability=1)
    said = [word("un", 5_300, 6_000), word("deux", 6_100, 9_000)]
    [unheard] = find_unheard(part, said)
    assert (unheard.group.start_ms, unheard.group.end_ms) == (9_800, 15_000)
    assert unheard.group.stretches == ((200, 5_000),)
    assert len(unheard.group.samples) == 5_200 * 16


def test_a_pause_or_a_little_speech_without_words_is_not_unheard() -> None:
    part = Heard(group=group(0, (200, 4_000), (9_000, 9_000 + MIN_UNHEARD_MS - 1)), probability=1)
    assert find_unheard(part, [word("un", 300, 4_000)]) == []


def test_a_group_without_a_pause_is_no_smaller() -> None:
    assert Window.of([Heard(group=group(0, (200, 19_800)), probability=1)]).smaller() == []


def test_a_group_is_cut_in_the_pause_nearest_its_middle() -> None:
    whole = group(0, (200, 5_000), (6_000, 11_000), (12_000, 19_800))
    first, second = Window.of([Heard(group=whole, probability=1)]).smaller()
    assert second.parts[0].group.start_ms == 12_000 - 200
    assert first.is_second_try
    assert [each.smaller() for each in (second,)] == [[]]

"""A map covers its recording from start to end, however much of it is smoothed away."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.support.making import make_sound_map, ms

from radio_archive.model import SoundKind, SoundMap, SoundStretch, without_short

LENGTHS = st.lists(st.tuples(st.integers(1, 5_000), st.sampled_from(SoundKind)), min_size=1)


def stretches_of(lengths: list[tuple[int, SoundKind]]) -> list[SoundStretch]:
    found, start = [], 0
    for length, kind in lengths:
        found.append(SoundStretch(start_ms=ms(start), end_ms=ms(start + length), kind=kind))
        start += length
    return found


@given(lengths=LENGTHS, shortest_ms=st.integers(0, 8_000))
def test_nothing_is_lost_doubled_or_left_too_short(
    lengths: list[tuple[int, SoundKind]], shortest_ms: int
) -> None:
    given_ones = stretches_of(lengths)
    settled = without_short(given_ones, shortest_ms)
    assert settled[0].start_ms == 0
    assert settled[-1].end_ms == given_ones[-1].end_ms
    assert all(a.end_ms == b.start_ms and a.kind is not b.kind for a, b in pairwise(settled))
    assert len(settled) == 1 or min(each.length_ms for each in settled) >= shortest_ms


@given(lengths=LENGTHS, shortest_ms=st.integers(0, 8_000))
def test_what_is_long_enough_keeps_its_kind(
    lengths: list[tuple[int, SoundKind]], shortest_ms: int
) -> None:
    settled = without_short(stretches_of(lengths), shortest_ms)
    for each in stretches_of(lengths):
        if each.length_ms >= shortest_ms:
            around = [s for s in settled if s.start_ms <= each.start_ms < s.end_ms]
            assert [s.kind for s in around] == [each.kind]


def test_a_breath_beside_speech_goes_to_the_silence_and_not_to_the_speech() -> None:
    breath = stretches_of(
        [(9_000, SoundKind.SPEECH), (500, SoundKind.NOISE), (3_000, SoundKind.SILENCE)]
    )
    assert without_short(breath, 1_000) == (
        SoundStretch(start_ms=ms(0), end_ms=ms(9_000), kind=SoundKind.SPEECH),
        SoundStretch(start_ms=ms(9_000), end_ms=ms(12_500), kind=SoundKind.SILENCE),
    )


@given(lengths=LENGTHS, number=st.integers(1, 20))
def test_a_map_can_be_drawn_with_as_few_stretches_as_one_likes(
    lengths: list[tuple[int, SoundKind]], number: int
) -> None:
    whole = SoundMap(stretches=without_short(stretches_of(lengths), 0), version=1)
    drawn = whole.with_at_most(number)
    assert len(drawn.stretches) <= number
    assert drawn.stretches[-1].end_ms == whole.stretches[-1].end_ms
    assert drawn == whole or len(whole.stretches) > number


def test_lengths_are_told_by_kind_and_only_of_kinds_that_occur() -> None:
    found = make_sound_map("music 20 speech 60 music 5 silence 2")
    assert dict(found.lengths) == {"speech": 60_000, "music": 25_000, "silence": 2_000}
    assert list(found.lengths) == ["speech", "music", "silence"]

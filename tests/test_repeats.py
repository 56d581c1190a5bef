"""Text moved from one airing to another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from radio_archive.model import Gap, GapReason, SameSound, Segment, Transcript
from radio_archive.repeats import (
    SEAM_MS,
    carry_gaps,
    carry_segments,
    known_stretches,
    share_of,
    silenced,
)
from tests.support.making import make_segment, make_transcript, ms

HOUR = ms(3_600_000)


def shared(start: int, other_start: int, length: int) -> SameSound:
    return SameSound(
        start_ms=ms(start), other_start_ms=ms(other_start), length_ms=ms(length), bit_error=0.05
    )


def said(*segments: Segment) -> Transcript:
    return replace(make_transcript(), segments=segments)


def test_words_move_by_the_offset_of_the_stretch_they_are_said_in() -> None:
    source = said(make_segment("Le prix du riz", 1_000), make_segment("À Ségou", 70_000))
    stretches = [shared(7_300, 0, 60_000), shared(90_000, 65_000, 30_000)]
    first, second = carry_segments(source, stretches, HOUR)
    assert [word.start_ms for word in first.words] == [8_300, 8_700, 9_100, 9_500]
    assert (first.start_ms, first.end_ms) == (8_300, 9_900)
    assert second.words[0].start_ms == 95_000


def test_a_sentence_across_two_stretches_of_unlike_speed_stays_one() -> None:
    source = said(make_segment("Le prix du riz recule", 1_000))
    [only] = carry_segments(source, [shared(0, 0, 1_800), shared(1_800, 1_920, 30_000)], HOUR)
    assert only.text == "Le prix du riz recule"
    assert [word.start_ms for word in only.words] == [1_000, 1_400, 1_680, 2_080, 2_480]


def test_of_a_sentence_half_inside_only_those_words_are_taken() -> None:
    segment = make_segment("Bonsoir, le prix du riz recule.", 1_000)
    [only] = carry_segments(said(segment), [shared(0, 1_800, 1_200)], HOUR)
    assert only.text == "prix du riz"
    assert [word.start_ms for word in only.words] == [0, 400, 800]


def test_a_sentence_without_times_of_words_goes_by_its_middle() -> None:
    segment = replace(make_segment("Bonsoir à tous", 1_000, 9_000), words=())
    [only] = carry_segments(said(segment), [shared(0, 4_000, 60_000)], HOUR)
    assert (only.start_ms, only.end_ms, only.text) == (0, 5_000, "Bonsoir à tous")
    assert carry_segments(said(segment), [shared(0, 6_000, 60_000)], HOUR) == ()


def test_what_is_aired_twice_in_one_broadcast_is_carried_twice_by_time() -> None:
    source = said(make_segment("Le jingle", 500), make_segment("Voici le journal", 3_000))
    stretches = [shared(60_000, 0, 5_000), shared(1_000, 0, 5_000)]
    carried = carry_segments(source, stretches, HOUR)
    assert [each.start_ms for each in carried] == [1_500, 4_000, 60_500, 63_000]


def test_no_time_lies_beyond_the_end() -> None:
    [only] = carry_segments(said(make_segment("Bonsoir", 1_000)), [shared(0, 0, 5_000)], ms(1_300))
    assert only.end_ms == only.words[-1].end_ms == 1_300


def test_gaps_move_where_they_lie_in_what_is_shared() -> None:
    gaps = tuple(
        Gap(start_ms=ms(start), end_ms=ms(start + 2_000), reason=GapReason.NO_WORDS)
        for start in (500, 40_000)
    )
    [only] = carry_gaps(replace(make_transcript(), gaps=gaps), [shared(7_300, 0, 30_000)])
    assert (only.start_ms, only.end_ms) == (7_800, 9_800)


def test_the_share_of_a_recording_counts_no_moment_twice() -> None:
    assert share_of([shared(0, 0, 40_000), shared(20_000, 0, 30_000)], ms(100_000)) == 0.5


def test_known_stretches_are_silent_and_the_rest_is_untouched() -> None:
    stretches = known_stretches([shared(1_000, 0, 1_000), shared(2_100, 0, 500)], ms(4_000))
    assert stretches == ((1_000 - SEAM_MS, 2_600 + SEAM_MS),)
    blocks = [np.ones(16_000, np.float32) for _ in range(4)]
    quiet = np.concatenate(list(silenced(blocks, [(500, 2_250)])))
    assert np.flatnonzero(quiet == 0).tolist() == list(range(8_000, 36_000))
    assert all(block.all() for block in blocks)

"""Comparing fingerprints, on numbers whose likeness is known."""

from __future__ import annotations

import numpy as np
import pytest

from radio_archive.fingerprints import (
    JINGLE,
    REPEAT,
    STEP_MS,
    Lookup,
    SubFingerprints,
    covered,
)
from radio_archive.model import Milliseconds, SameSound


def prints(count: int, seed: int) -> SubFingerprints:
    return np.random.default_rng(seed).integers(0, 1 << 32, count, dtype=np.uint32)


def distorted(numbers: SubFingerprints, share: float) -> SubFingerprints:
    """The same numbers with a share of their bits turned."""
    chance = np.random.default_rng(9)
    turned = (chance.random((32, len(numbers))) < share).astype(np.uint32)
    bits = np.arange(32, dtype=np.uint32)[:, None]
    return np.asarray(numbers ^ np.bitwise_or.reduce(turned << bits, axis=0), dtype=np.uint32)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.14])
def test_the_same_sound_is_found_behind_other_sound(share: float) -> None:
    item = prints(600, 1)
    aired = np.concatenate([prints(77, 2), distorted(item, share)])
    [found] = Lookup(item).find_in(aired, REPEAT)
    assert abs(found.start_ms) < STEP_MS
    assert abs(found.offset_ms - 77 * STEP_MS) < 20
    assert found.length_ms > 599 * STEP_MS
    assert found.bit_error == pytest.approx(share, abs=0.01)


def test_other_sound_is_not() -> None:
    lookup = Lookup(prints(5_000, 1))
    assert [lookup.find_in(prints(5_000, seed), REPEAT) for seed in range(2, 8)] == [()] * 6


def test_sound_that_was_cut_is_found_in_pieces_at_their_own_offsets() -> None:
    item = prints(1_000, 1)
    aired = np.concatenate([item[:400], item[500:], prints(50, 2)])
    first, second = Lookup(item).find_in(aired, REPEAT)
    assert first.offset_ms == 0
    assert abs(second.offset_ms + 100 * STEP_MS) < 20
    assert second.start_ms >= first.start_ms + first.length_ms


def test_what_is_too_short_is_no_repeat_and_may_be_a_jingle() -> None:
    jingle = prints(40, 1)
    one = np.concatenate([prints(300, 2), jingle, prints(300, 3)])
    two = np.concatenate([prints(90, 4), jingle, prints(300, 5)])
    assert Lookup(one).find_in(two, REPEAT) == ()
    [found] = Lookup(one).find_in(two, JINGLE)
    assert abs(found.offset_ms + 210 * STEP_MS) < 20


def test_silence_steady_tones_and_loops_are_nothing_to_go_by() -> None:
    constant = np.full(400, 627_964_279, dtype=np.uint32)
    loop = np.tile(prints(20, 1), 20)
    for same in (constant, loop):
        one = np.concatenate([prints(300, 2), same, prints(300, 3)])
        two = np.concatenate([prints(90, 4), same, prints(300, 5)])
        assert Lookup(one).find_in(two, JINGLE) == ()


def test_a_recording_too_short_for_a_fingerprint_shares_nothing() -> None:
    nothing = np.zeros(0, dtype=np.uint32)
    assert Lookup(nothing).find_in(prints(500, 1), REPEAT) == ()
    assert Lookup(prints(500, 1)).find_in(nothing, JINGLE) == ()


def test_what_several_pieces_cover_is_told_once() -> None:
    pieces = [
        SameSound(
            start_ms=Milliseconds(start),
            other_start_ms=Milliseconds(0),
            length_ms=Milliseconds(length),
            bit_error=0.0,
        )
        for start, length in ((50, 20), (0, 30), (20, 15))
    ]
    assert covered(pieces) == ((0, 35), (50, 70))


def test_sound_that_runs_a_little_faster_is_found_whole_in_stretches() -> None:
    item = prints(1_500, 1)
    places = np.arange(1_497) * 1.002
    aired = item[places.round().astype(int)]
    found = Lookup(item).find_in(aired, REPEAT)
    assert len(found) > 2
    assert covered(found)[0][1] - covered(found)[0][0] > 1_480 * STEP_MS
    assert len({each.offset_ms for each in found}) == len(found)

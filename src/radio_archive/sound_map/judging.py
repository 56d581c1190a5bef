"""What the numbers of a recording say: its stretches of sound.

The constants were set on one half of real and made sound and measured on the other:
``benchmarks/soundmap.py``, docs/sound-map.md.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from radio_archive.model import (
    Milliseconds,
    SoundKind,
    SoundStretch,
    SpeechStretch,
    without_short,
)
from radio_archive.sound_map.spectra import UNIT, Numbers, Units
from radio_archive.speech import PAD_MS, QUIET_PEAK, WINDOW
from radio_archive.transcribers import SAMPLE_RATE

SHORTEST_MS = 1_000
"""No shorter stretch is kept: what nobody would look for on a map."""

MAX_PAUSE_MS = 2_000
"""A shorter pause belongs to the speech around it, whatever is heard in it."""

SILENCE_DB = -60.0
"""Level under which a unit is silence in any recording."""

ROOM_DB = 30.0
"""So far below the loud part of its recording, what holds no tone is silence too: a room."""

LOUDEST_SILENCE_DB = -42.0
"""Whatever the recording, nothing louder is silence."""

MUSIC_TONAL = 0.31
"""Strength of the bars from which a unit may be music; hum reaches it too."""

MUSIC_CHANGING = 0.08
"""Share of that strength that the longer look must not explain: for hum it explains all."""

VOTING_UNITS = 6
"""Units on each side whose majority says music or noise, 6.7 s: a drum break is still music."""

NARROW_DB = -50.0
"""High band against low from which speech is wide: real telephones stay under -60 dB whatever
resampler came after, and readers come above it every second or two."""

LONGEST_NARROW_MS = 4_000
"""So long even a wide voice may go without a sound above 4 kHz."""

LEAST_WIDE = 0.02
"""Share of speech and music that must be wide, or the whole recording is narrow: an archive kept
at 8 kHz has no telephone guests that anybody could tell from their host."""

_QUIET_DB = 20 * np.log10(QUIET_PEAK)

_NEAR_UNITS = 4
"""Units on each side whose loudest low band the high band of a unit is measured against."""

_LOUD_SHARE = 95
"""Percentile of the level that is called the loud part of a recording."""

Flags = NDArray[np.bool_]


def judge(units: Units, speech: Sequence[SpeechStretch], samples: int) -> tuple[SoundStretch, ...]:
    """The stretches of a whole recording.

    Args:
        units: its half seconds.
        speech: where the detector hears somebody, in windows.
        samples: length of the recording.
    """
    if not samples:
        return ()
    end = _milliseconds(samples)
    voices = _voices(units, speech, end)
    is_spoken = _covered(voices, len(units.peak_db))
    other = _other_kinds(units, is_spoken)
    is_carried = is_spoken | (other == SoundKind.MUSIC)
    spoken = list(_with_telephones(units, voices, speech, is_carried))
    return without_short(_filled(spoken, other, end), SHORTEST_MS)


def _voices(units: Units, speech: Sequence[SpeechStretch], end: int) -> list[tuple[int, int]]:
    """Speech in milliseconds, with padding and without its short pauses."""
    found: list[tuple[int, int]] = []
    for each in speech:
        heard = units.peak_db[each.start * WINDOW // UNIT : -(-each.end * WINDOW // UNIT)]
        if not len(heard) or heard.max() < _QUIET_DB:
            continue
        start = max(0, _milliseconds(each.start * WINDOW) - PAD_MS)
        stop = min(end, _milliseconds(each.end * WINDOW) + PAD_MS)
        if found and start - found[-1][1] < MAX_PAUSE_MS:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((start, stop))
    return found


def _other_kinds(units: Units, is_spoken: Flags) -> NDArray[np.str_]:
    """The kind of each unit where nobody speaks."""
    loud = float(np.percentile(units.level_db, _LOUD_SHARE))
    floor = min(LOUDEST_SILENCE_DB, max(SILENCE_DB, loud - ROOM_DB))
    # a long chord changes nothing for a while and is music all the same
    changing = _largest_around(units.changing, _NEAR_UNITS)
    has_tune = (units.tonal >= MUSIC_TONAL) & (changing >= MUSIC_CHANGING)
    is_silent = units.level_db < np.where(has_tune, SILENCE_DB, floor)
    is_music = _majority(has_tune, among=~is_silent & ~is_spoken)
    found = np.where(is_music, SoundKind.MUSIC.value, SoundKind.NOISE.value)
    return np.where(is_silent, SoundKind.SILENCE.value, found)


def _majority(flags: Flags, *, among: Flags) -> Flags:
    """Whether most of the units around each one are flagged, counting those ``among`` only."""
    reach = np.ones(2 * VOTING_UNITS + 1)
    ayes = np.convolve(flags & among, reach)[VOTING_UNITS:][: len(flags)]
    votes = np.convolve(among, reach)[VOTING_UNITS:][: len(flags)]
    return np.asarray(ayes * 2 >= np.maximum(1, votes), np.bool_)


def _largest_around(numbers: Numbers, reach: int) -> Numbers:
    """The largest of each number and its neighbours."""
    padded = np.pad(numbers, reach, constant_values=-np.inf)
    views = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.asarray(views.max(axis=1), np.float32)


def _covered(voices: Sequence[tuple[int, int]], number: int) -> Flags:
    """Which of a number of units lie in speech, at least in part."""
    flags = np.zeros(number, np.bool_)
    for start, end in voices:
        flags[start * SAMPLE_RATE // 1000 // UNIT : end * SAMPLE_RATE // 1000 // UNIT + 1] = True
    return flags


def _with_telephones(
    units: Units,
    voices: Sequence[tuple[int, int]],
    speech: Sequence[SpeechStretch],
    is_carried: Flags,
) -> Iterator[SoundStretch]:
    """Speech, cut where it goes over to a telephone and back."""
    is_wide = units.high_db - _largest_around(units.low_db, _NEAR_UNITS) >= NARROW_DB
    has_width = is_carried.any() and is_wide[is_carried].mean() >= LEAST_WIDE
    pauses = [_milliseconds(each.start * WINDOW) - PAD_MS for each in speech]
    for start, end in voices:
        whole = SoundStretch(
            start_ms=Milliseconds(start), end_ms=Milliseconds(end), kind=SoundKind.SPEECH
        )
        yield from _cut(whole, is_wide, pauses) if has_width else [whole]


def _cut(voice: SoundStretch, is_wide: Flags, pauses: Sequence[int]) -> Iterator[SoundStretch]:
    """A stretch of speech with its narrow parts as the telephone's.

    They begin and end in a pause where there is one nearby: who speaks changes there.
    """
    unit_ms = UNIT * 1000 / SAMPLE_RATE
    first, last = int(voice.start_ms // unit_ms), int(-(-voice.end_ms // unit_ms))
    wide = np.flatnonzero(is_wide[first:last]) + first
    edges = [voice.start_ms - unit_ms, *(wide * unit_ms), voice.end_ms]
    now = voice.start_ms
    for before, after in pairwise(edges):
        start, end = before + unit_ms, after
        if end - start < LONGEST_NARROW_MS:
            continue
        begin = _pause_near(pauses, start) if start > voice.start_ms else voice.start_ms
        finish = _pause_near(pauses, end) if end < voice.end_ms else voice.end_ms
        begin, finish = max(begin, now), min(finish, voice.end_ms)
        if begin > now:
            yield replace(voice, start_ms=now, end_ms=Milliseconds(begin))
        yield replace(
            voice,
            start_ms=Milliseconds(begin),
            end_ms=Milliseconds(finish),
            kind=SoundKind.TELEPHONE,
        )
        now = Milliseconds(finish)
    if now < voice.end_ms:
        yield replace(voice, start_ms=now)


def _pause_near(pauses: Sequence[int], moment: float) -> int:
    """The beginning of speech that is nearest to a moment, within two seconds; else the moment."""
    place = bisect(pauses, moment)
    around = pauses[max(0, place - 1) : place + 1]
    nearest = min(around, key=lambda pause: abs(pause - moment), default=int(moment))
    return nearest if abs(nearest - moment) < MAX_PAUSE_MS else int(moment)


def _filled(
    spoken: Sequence[SoundStretch], other: NDArray[np.str_], end: Milliseconds
) -> Iterator[SoundStretch]:
    """Speech, and between it what else is heard."""
    now = Milliseconds(0)
    for each in spoken:
        yield from _between(now, each.start_ms, other)
        yield each
        now = each.end_ms
    yield from _between(now, end, other)


def _between(
    start: Milliseconds, end: Milliseconds, other: NDArray[np.str_]
) -> Iterator[SoundStretch]:
    unit = start * SAMPLE_RATE // 1000 // UNIT
    while start < end:
        following = min(end, _milliseconds((unit + 1) * UNIT))
        if following > start:
            kind = SoundKind(str(other[min(unit, len(other) - 1)]))
            yield SoundStretch(start_ms=start, end_ms=following, kind=kind)
        start, unit = following, unit + 1


def _milliseconds(samples: int) -> Milliseconds:
    return Milliseconds(samples * 1000 // SAMPLE_RATE)

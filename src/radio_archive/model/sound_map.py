"""What is to be heard in a recording, and when: speech, music, noise, silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from radio_archive.model.units import Milliseconds


class SoundKind(StrEnum):
    """What a stretch of a recording sounds like."""

    SPEECH = "speech"
    TELEPHONE = "telephone"  #: speech in the band of a telephone, in a recording that holds wider
    MUSIC = "music"
    NOISE = "noise"  #: anything else that is loud enough: hiss, hum, applause, a street
    SILENCE = "silence"


SPOKEN = frozenset({SoundKind.SPEECH, SoundKind.TELEPHONE})
"""Kinds in which somebody speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundStretch:
    """A piece of a recording that sounds alike."""

    start_ms: Milliseconds
    end_ms: Milliseconds  #: later than the start
    kind: SoundKind

    @property
    def length_ms(self) -> Milliseconds:
        """How long it is."""
        return Milliseconds(self.end_ms - self.start_ms)


@dataclass(frozen=True, slots=True)
class SpeechStretch:
    """Speech as the voice detector heard it, in its windows of 32 ms; see `radio_archive.speech`.

    A side that was cut, because nobody paused, gets no padding when it is decoded.
    """

    start: int  #: first window of it, counted from the start of the recording
    end: int  #: first window after it
    is_cut_before: bool = False
    is_cut_after: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundMap:
    """A whole recording, stretch by stretch: from its start to its end, without a hole."""

    stretches: tuple[SoundStretch, ...]  #: no two neighbours of one kind; empty for no sound
    version: int  #: of the analysis that found them
    #: what the detector heard, for whoever decodes it; None where an earlier version mapped
    speech: tuple[SpeechStretch, ...] | None = None

    @property
    def lengths(self) -> Mapping[SoundKind, Milliseconds]:
        """How much there is of each kind, in the order of `SoundKind`; none, no entry."""
        totals = {
            kind: sum(each.length_ms for each in self.stretches if each.kind is kind)
            for kind in SoundKind
        }
        return {kind: Milliseconds(total) for kind, total in totals.items() if total}

    def with_at_most(self, number: int) -> SoundMap:
        """The same map with no more stretches than can be drawn: the shortest give way.

        Args:
            number: of stretches, at least 1.
        """
        stretches = list(self.stretches)
        while len(stretches) > number:
            by_length = sorted(range(len(stretches)), key=lambda place: stretches[place].length_ms)
            # one that gives way joins two others: that makes two less
            too_many = (len(stretches) - number + 1) // 2
            stretches = _joined(_given_away(stretches, frozenset(by_length[:too_many])))
        return replace(self, stretches=tuple(stretches))


def without_short(stretches: Iterable[SoundStretch], shortest_ms: int) -> tuple[SoundStretch, ...]:
    """Give every stretch that is too short to a neighbour, and join neighbours of one kind.

    A neighbour in which nobody speaks comes first, so that speech keeps its edges; then the longer
    one. Only a single stretch over the whole time may be too short.

    Args:
        stretches: in order of time, each beginning where the one before ends.
        shortest_ms: no shorter one stays.
    """
    settled = _joined(stretches)
    while short := _short(settled, shortest_ms):
        settled = _joined(_given_away(settled, short))
    return tuple(settled)


def _short(stretches: list[SoundStretch], shortest_ms: int) -> frozenset[int]:
    if len(stretches) == 1:
        return frozenset()
    return frozenset(place for place, each in enumerate(stretches) if each.length_ms < shortest_ms)


def _joined(stretches: Iterable[SoundStretch]) -> list[SoundStretch]:
    found: list[SoundStretch] = []
    for each in stretches:
        if found and found[-1].kind is each.kind:
            found[-1] = replace(found[-1], end_ms=each.end_ms)
        else:
            found.append(each)
    return found


def _given_away(stretches: list[SoundStretch], places: frozenset[int]) -> list[SoundStretch]:
    """One pass: the stretches at some places take the kind of the better neighbour.

    Of two neighbours only the first gives way, or each would take the other's kind.
    """
    found: list[SoundStretch] = []
    has_given_way = False
    for place, each in enumerate(stretches):
        has_given_way = place in places and not has_given_way
        if has_given_way:
            around = [*found[-1:], *stretches[place + 1 : place + 2]]
            best = max(around, key=lambda other: (other.kind not in SPOKEN, other.length_ms))
            found.append(replace(each, kind=best.kind))
        else:
            found.append(each)
    return found

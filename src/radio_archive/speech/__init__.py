"""Where somebody speaks: from a stream of sound to groups an engine can decode.

Silero's voice detector (the ONNX file inside faster-whisper) gives a probability of speech every
32 ms. From it come *stretches* of speech, and from neighbouring stretches *groups* of at most 28 s.
Sound is looked at in blocks of our own, so an hour takes no more memory than a minute, and the
groups do not depend on how the sound comes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from radio_archive.model import Milliseconds, SpeechStretch
from radio_archive.speech.detector import VoiceDetector, even_blocks
from radio_archive.speech.limits import (
    EDGE_PAD,
    MAX_GAP,
    MAX_GROUP_MS,
    MAX_STRETCH,
    MIN_SPEECH,
    PAD_MS,
    PARAMETERS,
    QUIET_PEAK,
    WINDOW,
)
from radio_archive.speech.stretches import Ear, Memory, StretchFinder
from radio_archive.transcribers import SAMPLE_RATE, Samples

__all__ = [
    "MAX_GROUP_MS",
    "PAD_MS",
    "PARAMETERS",
    "QUIET_PEAK",
    "WINDOW",
    "SpeechGroup",
    "StretchFinder",
    "VoiceDetector",
    "even_blocks",
    "find_groups",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeechGroup:
    """A piece of sound with speech in it, short enough for one window of the engine."""

    start_ms: Milliseconds  #: from the start of the recording
    samples: Samples  #: at most 28 s
    stretches: tuple[tuple[Milliseconds, Milliseconds], ...]  #: speech inside the group, without
    #: padding; times from the start of the group

    @property
    def end_ms(self) -> Milliseconds:
        """From the start of the recording."""
        return Milliseconds(self.start_ms + len(self.samples) * 1000 // SAMPLE_RATE)

    @property
    def speech_ms(self) -> int:
        """How long somebody speaks in it."""
        return sum(end - start for start, end in self.stretches)

    def split(self, at: int) -> tuple[SpeechGroup, SpeechGroup]:
        """Two groups, cut in the pause before a stretch; only padding is kept of the pause.

        Args:
            at: number of the stretch that the second group begins with, from 1.
        """
        end = min(self.stretches[at - 1][1] + PAD_MS, self.stretches[at][0])
        start = max(self.stretches[at][0] - PAD_MS, end)
        first = SpeechGroup(
            start_ms=self.start_ms,
            samples=self.samples[: end * SAMPLE_RATE // 1000],
            stretches=self.stretches[:at],
        )
        second = SpeechGroup(
            start_ms=Milliseconds(self.start_ms + start),
            samples=self.samples[start * SAMPLE_RATE // 1000 :],
            stretches=tuple(
                (Milliseconds(begin - start), Milliseconds(finish - start))
                for begin, finish in self.stretches[at:]
            ),
        )
        return first, second

    def between(self, start: int, end: int) -> SpeechGroup:
        """The part of the group between two moments, with no more than padding around its speech.

        Args:
            start: from the start of the group, in milliseconds.
            end: later than the start; there must be speech between them.
        """
        inside = [
            (max(begin, start), min(finish, end))
            for begin, finish in self.stretches
            if begin < end and finish > start
        ]
        first = max(start, inside[0][0] - PAD_MS)
        last = min(end, inside[-1][1] + PAD_MS)
        return SpeechGroup(
            start_ms=Milliseconds(self.start_ms + first),
            samples=self.samples[first * SAMPLE_RATE // 1000 : last * SAMPLE_RATE // 1000],
            stretches=tuple(
                (Milliseconds(begin - first), Milliseconds(finish - first))
                for begin, finish in inside
            ),
        )


def find_groups(
    blocks: Iterable[Samples], known: Iterable[SpeechStretch] | None = None
) -> Iterator[SpeechGroup]:
    """Find where somebody speaks, while the sound streams by.

    Args:
        blocks: consecutive sound at 16 kHz, in pieces of any length.
        known: where the detector heard speech in this very sound, so that it need not listen again;
            the groups are the same.

    Yields:
        Groups in order of time; they never overlap.
    """
    ear = Ear() if known is None else Memory(known)
    packer, sound = _Packer(), _Sound()
    for block in even_blocks(blocks):
        sound.append(block)
        for stretch in ear.hear(block):
            packer.add(stretch)
        packer.close_before(ear.earliest)
        yield from sound.groups(packer.take())
        sound.forget_before(min(ear.earliest, packer.earliest) * WINDOW - EDGE_PAD)
    for stretch in ear.finish():
        packer.add(stretch)
    packer.close()
    yield from sound.groups(packer.take())


class _Packed(NamedTuple):
    """A group to be: its stretches, and how many samples around them belong to it."""

    stretches: tuple[SpeechStretch, ...]
    before: int
    after: int


class _Packer:
    """Puts neighbouring stretches together."""

    def __init__(self) -> None:
        self._group: list[SpeechStretch] = []
        self._before = EDGE_PAD
        self._ready: list[_Packed] = []

    @property
    def earliest(self) -> float:
        """Where the unfinished group starts."""
        return self._group[0].start if self._group else np.inf

    def add(self, stretch: SpeechStretch) -> None:
        gap = stretch.start - self._group[-1].end if self._group else 0
        if self._group and (gap > MAX_GAP or stretch.end - self._group[0].start > MAX_STRETCH):
            # two groups share the pause between them
            self.close(min(EDGE_PAD, gap * WINDOW // 2))
        self._group.append(stretch)

    def close_before(self, earliest: int) -> None:
        """Close the group when no stretch still to come can join it."""
        if self._group and earliest - self._group[-1].end > MAX_GAP:
            self.close()

    def close(self, padding: int = EDGE_PAD) -> None:
        spoken = sum(stretch.end - stretch.start for stretch in self._group)
        is_cut = any(stretch.is_cut_before for stretch in self._group)
        if spoken >= MIN_SPEECH or (is_cut and spoken):
            self._ready.append(_Packed(tuple(self._group), self._before, padding))
        self._group, self._before = [], padding

    def take(self) -> list[_Packed]:
        """The groups that are done, once."""
        ready, self._ready = self._ready, []
        return ready


class _Sound:
    """The last minute or so of sound, from which groups are cut out."""

    def __init__(self) -> None:
        self._samples: Samples = np.zeros(0, np.float32)
        self._offset = 0  # sample of the recording that ``_samples`` starts with

    def append(self, block: Samples) -> None:
        self._samples = np.concatenate([self._samples, block])

    def forget_before(self, sample: float) -> None:
        drop = int(min(max(0, sample - self._offset), len(self._samples)))
        self._samples = self._samples[drop:]
        self._offset += drop

    def groups(self, packed: Iterable[_Packed]) -> Iterator[SpeechGroup]:
        for stretches, before, after in packed:
            start = self._start(stretches[0], before)
            end = self._end(stretches[-1], after)
            samples = self._samples[start - self._offset : end - self._offset].copy()
            if len(samples) and float(np.abs(samples).max()) >= QUIET_PEAK:
                yield SpeechGroup(
                    start_ms=_milliseconds(start),
                    samples=samples,
                    stretches=tuple(
                        (
                            _milliseconds(max(0, stretch.start * WINDOW - start)),
                            _milliseconds(min(stretch.end * WINDOW, end) - start),
                        )
                        for stretch in stretches
                    ),
                )

    def _start(self, stretch: SpeechStretch, padding: int) -> int:
        """Where a group starts, with its padding, inside the recording."""
        padding = 0 if stretch.is_cut_before else padding
        return max(self._offset, stretch.start * WINDOW - padding)

    def _end(self, stretch: SpeechStretch, padding: int) -> int:
        """Where a group ends, likewise."""
        padding = 0 if stretch.is_cut_after else padding
        return min(self._offset + len(self._samples), stretch.end * WINDOW + padding)


def _milliseconds(samples: int) -> Milliseconds:
    return Milliseconds(samples * 1000 // SAMPLE_RATE)

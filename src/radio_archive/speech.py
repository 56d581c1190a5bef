"""Where somebody speaks: from a stream of sound to groups an engine can decode.

Silero's voice detector (the ONNX file inside faster-whisper) gives a probability of speech every
32 ms. From it come *stretches* of speech, and from neighbouring stretches *groups* of at most 28 s.
Sound is looked at in blocks of our own, so an hour takes no more memory than a minute, and the
groups do not depend on how the sound comes in.

The numbers are measured on a radio-like file: with them music, noise and silence gave no word, and
starts were right within a second; a gap of 2 s glued a foreign passage to the one after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from radio_archive.model import Milliseconds
from radio_archive.transcribers import SAMPLE_RATE, Samples

WINDOW = 512
"""Samples per probability; fixed by the detector at 16 kHz."""

_CONTEXT = 64
"""Samples of the window before that the detector sees again."""

BLOCK_WINDOWS = 256
"""Windows handed to the detector at once: 8.2 s."""

_WARM_UP_WINDOWS = 64
"""Windows before a block that the detector hears first: 2 s."""

VOICE_THRESHOLD = 0.5
"""Probability from which a window is speech; Silero's own default."""

_SILENCE_THRESHOLD = 0.35
"""Probability under which speech ends; Silero's default, 0.15 lower."""

QUIET_PEAK = 10 ** (-66 / 20)
"""Peak under which a stretch is silence whatever the detector says: it fires on the noise of
near-digital silence (faster-whisper issue 843), which lies at one or two steps of 16 bits."""


MIN_SILENCE_MS = 400
"""A stretch of speech ends with so long a silence."""

PAD_MS = 200
"""Sound kept on both sides of a cut inside a group; two of them fit into the shortest silence."""

EDGE_PAD_MS = 400
"""Sound kept before and after a group, as faster-whisper does. Of the first four minutes of seven
French recordings Whisper base had 0.194 of the words wrong with 200 ms, 0.180 with 300 ms, 0.183
with 400 ms; of a radio-like file 0.227, 0.239 and 0.208. What it costs elsewhere is told in the
limits of ``docs/transcription.md``."""

MAX_GAP_MS = 1200
"""Stretches further apart are decoded apart."""

MAX_GROUP_MS = 28_000
"""Longest group: a little under the 30 s an engine hears at once."""

MIN_SPEECH_MS = 250
"""A group with less speech holds no word: a click, a cough, the end of a jingle."""


def _windows(milliseconds: int) -> int:
    return milliseconds * SAMPLE_RATE // 1000 // WINDOW


_MIN_SILENCE = _windows(MIN_SILENCE_MS) + 1
_MAX_GAP = _windows(MAX_GAP_MS)
_MAX_GROUP = _windows(MAX_GROUP_MS - 2 * EDGE_PAD_MS)
_MIN_SPEECH = _windows(MIN_SPEECH_MS)
_PAD = EDGE_PAD_MS * SAMPLE_RATE // 1000
_CUT_SMOOTHING = 5
"""Windows averaged to find the best place for a cut: 160 ms, a short pause."""

PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "voice_detector": "silero v6",
        "voice_threshold": str(VOICE_THRESHOLD),
        "min_silence_ms": str(MIN_SILENCE_MS),
        "pad_ms": str(PAD_MS),
        "edge_pad_ms": str(EDGE_PAD_MS),
        "max_gap_ms": str(MAX_GAP_MS),
        "max_group_ms": str(MAX_GROUP_MS),
    }
)
"""What shapes the groups, for the record of a transcription."""


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


def find_groups(blocks: Iterable[Samples]) -> Iterator[SpeechGroup]:
    """Find where somebody speaks, while the sound streams by.

    Args:
        blocks: consecutive sound at 16 kHz, in pieces of any length.

    Yields:
        Groups in order of time; they never overlap.
    """
    detector, finder, packer, sound = VoiceDetector(), StretchFinder(), _Packer(), _Sound()
    for block in even_blocks(blocks):
        sound.append(block)
        for stretch in finder.add(detector.probabilities(block)):
            packer.add(stretch)
        packer.close_before(finder.earliest)
        yield from sound.groups(packer.take())
        sound.forget_before(min(finder.earliest, packer.earliest) * WINDOW - _PAD)
    for stretch in finder.finish():
        packer.add(stretch)
    packer.close()
    yield from sound.groups(packer.take())


def even_blocks(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """The same sound in blocks of one size; only the last may be shorter."""
    size = BLOCK_WINDOWS * WINDOW
    waiting: list[Samples] = []
    have = 0
    for block in blocks:
        waiting.append(block)
        have += len(block)
        if have >= size:
            joined = np.concatenate(waiting)
            whole = have - have % size
            for start in range(0, whole, size):
                yield joined[start : start + size]
            waiting, have = [joined[whole:].copy()], have - whole
    if have:
        yield np.concatenate(waiting)


class VoiceDetector:
    """Silero's detector, started afresh for each block.

    Its memory drifts during long noise or silence until it misses what is then said: sentences
    after 28 s of hiss were found only by a fresh one. So each block starts with an empty memory
    and the two seconds before it. Measured on music, noise and silence, that finds no more there.
    """

    def __init__(self) -> None:
        self._before: Samples = np.zeros(0, np.float32)

    def probabilities(self, block: Samples) -> NDArray[np.float32]:
        """Probability of speech, 0-1, for each 512 samples; the last window is filled up."""
        warm_up = len(self._before) // WINDOW
        sound = np.concatenate([self._before, block]).astype(np.float32, copy=False)
        self._before = sound[-_WARM_UP_WINDOWS * WINDOW :]
        windows = np.pad(sound, (0, -len(sound) % WINDOW)).reshape(-1, WINDOW)
        context = np.vstack([np.zeros((1, _CONTEXT), np.float32), windows[:-1, -_CONTEXT:]])
        nothing = np.zeros((1, 1, 128), np.float32)
        inputs = {"input": np.hstack([context, windows]), "h": nothing, "c": nothing}
        found = _session().run(None, inputs)[0]
        return np.asarray(found, np.float32).reshape(-1)[warm_up:]


def _session() -> Any:
    """The detector's network, loaded once per process."""
    from faster_whisper.vad import get_vad_model

    return get_vad_model().session


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech between two windows; a side that was cut gets no padding."""

    start: int  #: first window of it, counted from the start of the recording
    end: int  #: first window after it
    is_cut_before: bool = False
    is_cut_after: bool = False


class StretchFinder:
    """Turns probabilities into stretches of speech, cut where they grow too long."""

    def __init__(self) -> None:
        self._now = 0
        self._start: int | None = None
        self._silence: int | None = None  # where the open stretch may have ended
        self._is_cut = False  # the open stretch goes on from a cut
        self._seen: list[float] = []  # probabilities since ``_start``

    @property
    def earliest(self) -> int:
        """No stretch still to come starts before this window."""
        return self._now if self._start is None else self._start

    def add(self, probabilities: NDArray[np.float32]) -> Iterator[Stretch]:
        """The stretches that end in the next windows, given their probabilities."""
        for probability in probabilities:
            stretch = self._step(float(probability))
            if stretch is not None:
                yield stretch

    def finish(self) -> Iterator[Stretch]:
        """The stretch that is open when the sound ends."""
        if self._start is not None:
            end = self._now if self._silence is None else self._silence
            yield Stretch(self._start, end, self._is_cut)

    def _step(self, probability: float) -> Stretch | None:
        window, self._now = self._now, self._now + 1
        if self._start is None:
            if probability >= VOICE_THRESHOLD:
                self._start, self._seen, self._is_cut = window, [probability], False
            return None
        self._seen.append(probability)
        if probability >= VOICE_THRESHOLD:
            self._silence = None
        elif probability < _SILENCE_THRESHOLD and self._silence is None:
            self._silence = window
        if self._silence is not None and self._now - self._silence >= _MIN_SILENCE:
            stretch = Stretch(self._start, self._silence, self._is_cut)
            self._start = self._silence = None
            return stretch
        return self._cut() if len(self._seen) >= _MAX_GROUP else None

    def _cut(self) -> Stretch:
        """End an over-long stretch where speech is least likely, in its second half."""
        start = self.earliest
        half = len(self._seen) // 2
        smooth = np.convolve(self._seen[half:], np.ones(_CUT_SMOOTHING), mode="valid")
        length = half + int(smooth.argmin()) + _CUT_SMOOTHING // 2
        stretch = Stretch(start, start + length, self._is_cut, is_cut_after=True)
        self._start, self._seen, self._is_cut = stretch.end, self._seen[length:], True
        if self._silence is not None:
            self._silence = max(self._silence, stretch.end)
        return stretch


class _Packed(NamedTuple):
    """A group to be: its stretches, and how many samples around them belong to it."""

    stretches: tuple[Stretch, ...]
    before: int
    after: int


class _Packer:
    """Puts neighbouring stretches together."""

    def __init__(self) -> None:
        self._group: list[Stretch] = []
        self._before = _PAD
        self._ready: list[_Packed] = []

    @property
    def earliest(self) -> float:
        """Where the unfinished group starts."""
        return self._group[0].start if self._group else np.inf

    def add(self, stretch: Stretch) -> None:
        gap = stretch.start - self._group[-1].end if self._group else 0
        if self._group and (gap > _MAX_GAP or stretch.end - self._group[0].start > _MAX_GROUP):
            # two groups share the pause between them
            self.close(min(_PAD, gap * WINDOW // 2))
        self._group.append(stretch)

    def close_before(self, earliest: int) -> None:
        """Close the group when no stretch still to come can join it."""
        if self._group and earliest - self._group[-1].end > _MAX_GAP:
            self.close()

    def close(self, padding: int = _PAD) -> None:
        spoken = sum(stretch.end - stretch.start for stretch in self._group)
        is_cut = any(stretch.is_cut_before for stretch in self._group)
        if spoken >= _MIN_SPEECH or (is_cut and spoken):
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

    def _start(self, stretch: Stretch, padding: int) -> int:
        """Where a group starts, with its padding, inside the recording."""
        padding = 0 if stretch.is_cut_before else padding
        return max(self._offset, stretch.start * WINDOW - padding)

    def _end(self, stretch: Stretch, padding: int) -> int:
        """Where a group ends, likewise."""
        padding = 0 if stretch.is_cut_after else padding
        return min(self._offset + len(self._samples), stretch.end * WINDOW + padding)


def _milliseconds(samples: int) -> Milliseconds:
    return Milliseconds(samples * 1000 // SAMPLE_RATE)

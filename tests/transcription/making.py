"""Groups, words and an engine that says what it was told to: for the rules around engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from radio_archive.model import LanguageTag, Milliseconds, Trust, Word
from radio_archive.speech import SpeechGroup
from radio_archive.transcribers import DecodedGroup, DecodeOptions, Samples, Span
from radio_archive.transcription.gate import Heard

FRENCH = LanguageTag("fr")
ENGLISH = LanguageTag("en")
HAUSA = LanguageTag("ha")


def word(text: str, start_ms: int, end_ms: int, probability: float = 0.9) -> Word:
    return Word(
        text=text,
        start_ms=Milliseconds(start_ms),
        end_ms=Milliseconds(end_ms),
        probability=probability,
    )


def group(start_ms: int, *stretches: tuple[int, int], end_ms: int | None = None) -> SpeechGroup:
    """Stretches on the group's own clock; the last one ends 200 ms before the group does."""
    length = (end_ms - start_ms) if end_ms is not None else stretches[-1][1] + 200
    samples = np.arange(length * 16, dtype=np.float32)
    return SpeechGroup(
        start_ms=Milliseconds(start_ms),
        samples=samples,
        stretches=tuple((Milliseconds(a), Milliseconds(b)) for a, b in stretches),
    )


def heard(
    start_ms: int, length_ms: int, probability: float, other_probability: float = 0.0
) -> Heard:
    return Heard(
        group=group(start_ms, (200, length_ms - 200), end_ms=start_ms + length_ms),
        probability=probability,
        other=ENGLISH if other_probability else None,
        other_probability=other_probability,
    )


def tongues(start_ms: int, *parts: tuple[LanguageTag | None, int]) -> SpeechGroup:
    """A group of stretches, each in one language and so many milliseconds long, for `Listener`."""
    ends = list(accumulate(length for _, length in parts))
    values = [_TONGUES.index(tag) for tag, _ in parts]
    return SpeechGroup(
        start_ms=Milliseconds(start_ms),
        samples=np.repeat(np.array(values, np.float32), [length * 16 for _, length in parts]),
        stretches=tuple(
            (Milliseconds(end - length + 200), Milliseconds(end - 200))
            for end, (_, length) in zip(ends, parts, strict=True)
        ),
    )


_TONGUES = (None, FRENCH, ENGLISH, HAUSA)


class Listener:
    """Hears what `tongues` made: the probability of a language is its share of the sound."""

    def __init__(self) -> None:
        self.alone_ms: list[int] = []  #: lengths of what was heard alone

    def identify(self, groups: Sequence[Samples]) -> list[Mapping[LanguageTag, float]]:
        self.alone_ms += [len(sound) // 16 for sound in groups]
        return [_shares(sound) for sound in groups]

    def identify_parts(
        self, groups: Sequence[Samples], parts: Sequence[Sequence[Span]]
    ) -> list[list[Mapping[LanguageTag, float]]]:
        return [
            [_shares(sound[start * 16 : end * 16]) for start, end in spans]
            for sound, spans in zip(groups, parts, strict=True)
        ]


def _shares(sound: Samples) -> Mapping[LanguageTag, float]:
    return {tag: float(np.mean(sound == value)) for value, tag in enumerate(_TONGUES) if tag}


@dataclass(slots=True)
class ScriptedEngine:
    """A ``Transcriber`` that answers by the length of what it hears."""

    probabilities: Mapping[int, float] = field(default_factory=dict)  #: by length in ms
    answers: Mapping[int, DecodedGroup] = field(default_factory=dict)  #: by length in ms
    decoded_ms: list[int] = field(default_factory=list)
    asked: list[DecodeOptions] = field(default_factory=list)
    name: str = "scripted/none"
    trust: Trust = Trust.MACHINE
    parameters: Mapping[str, str] = field(default_factory=dict)
    can_translate: bool = True

    def knows(self, language: LanguageTag) -> bool:
        return language == FRENCH

    def translates(self, language: LanguageTag) -> bool:
        return self.can_translate and language == FRENCH

    def identify(self, groups: Sequence[Samples]) -> list[Mapping[LanguageTag, float]]:
        return [{FRENCH: self.probabilities.get(len(sound) // 16, 0.95)} for sound in groups]

    def identify_parts(
        self, groups: Sequence[Samples], parts: Sequence[Sequence[Span]]
    ) -> list[list[Mapping[LanguageTag, float]]]:
        return [
            [{FRENCH: self.probabilities.get(end - start, 0.95)} for start, end in spans]
            for _, spans in zip(groups, parts, strict=True)
        ]

    def decode(
        self,
        groups: Sequence[Samples],
        options: DecodeOptions,
    ) -> list[DecodedGroup]:
        self.asked.append(options)
        self.decoded_ms += [len(sound) // 16 for sound in groups]
        return [self._answer(len(sound) // 16) for sound in groups]

    def _answer(self, length_ms: int) -> DecodedGroup:
        said = (word(f"long{length_ms}.", 200, length_ms - 200),)
        return self.answers.get(length_ms, DecodedGroup(words=said, avg_logprob=-0.3))

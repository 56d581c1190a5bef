"""Speech engines behind one Protocol.

An engine decodes short stretches of sound and nothing else. Finding speech, grouping it,
checking the language, placing times and cutting sentences is ``speech`` and ``transcription``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from radio_archive.model import LanguageTag, Milliseconds, Trust, Word

Samples = NDArray[np.float32]
"""Mono sound at 16 kHz, values -1 to 1, shape ``(n,)``."""

SAMPLE_RATE = 16_000
"""Samples per second every engine here expects (Whisper's front end)."""

Span = tuple[Milliseconds, Milliseconds]
"""Start and end, in milliseconds from the start of a group."""


class Task(StrEnum):
    """What an engine does with speech; the values are Whisper's own names."""

    TRANSCRIBE = "transcribe"  #: write down what is said
    TRANSLATE = "translate"  #: say it in English


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeOptions:
    """What an engine is asked for."""

    language: LanguageTag  #: the one that is spoken, whatever is written
    task: Task = Task.TRANSCRIBE
    prompt: str = ""  #: names and words to expect; empty for none


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedGroup:
    """What an engine heard in one group of sound."""

    words: tuple[Word, ...]  #: times from the start of the group; of a translation they are good
    #: enough to place sentences, not words
    avg_logprob: float | None = None  #: mean token log-probability
    no_speech_prob: float | None = None  #: 0-1
    compression_ratio: float | None = None  #: text bytes over zlib bytes; above 2.4 it loops


class Writer(Protocol):
    """An engine that writes down speech, its weights loaded on first use.

    It need not be able to tell languages apart: ``checking`` lends such an engine another's ears.
    """

    @property
    def name(self) -> str:
        """Engine and weights: ``faster-whisper/base``."""
        ...

    @property
    def parameters(self) -> Mapping[str, str]:
        """All that shapes the text: weights digest, precision, beam, version."""
        ...

    @property
    def trust(self) -> Trust:
        """The most its text may be trusted, before its own numbers are looked at."""
        ...

    def knows(self, language: LanguageTag) -> bool:
        """Whether it may write this language: trained on it, and meant for it."""
        ...

    def translates(self, language: LanguageTag) -> bool:
        """Whether it can say in English what is said in this other language."""
        ...

    def decode(self, groups: Sequence[Samples], options: DecodeOptions) -> list[DecodedGroup]:
        """Write down each group on its own, complete on return, in the order given.

        Raises:
            NoEngine: it cannot do this with this language.
            TranscriptionError: the engine failed; the message names it.
        """
        ...


class Transcriber(Writer, Protocol):
    """An engine that also hears which language is spoken.

    One thread may ask it what it hears while another has it decode.
    """

    def identify(self, groups: Sequence[Samples]) -> list[Mapping[LanguageTag, float]]:
        """Probability (0-1) of each language the engine knows, for each group.

        Raises:
            TranscriptionError: the engine failed; the message names it.
        """
        ...

    def identify_parts(
        self, groups: Sequence[Samples], parts: Sequence[Sequence[Span]]
    ) -> list[list[Mapping[LanguageTag, float]]]:
        """Like ``identify``, for parts of groups, each heard in the company of the others.

        Surer than ``identify`` for a short part, and nearly free: decoding the same array object
        afterwards uses the same work.

        Args:
            groups: what will be decoded.
            parts: for each group, its parts in milliseconds from the group's start.

        Raises:
            TranscriptionError: the engine failed; the message names it.
        """
        ...

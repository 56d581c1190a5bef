"""How well a transcript agrees with what people say was said."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from enum import StrEnum

from radio_archive.model.units import LanguageTag, Milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCounts:
    """Differences between a text and its reference, in words or in characters."""

    substitutions: int  #: another one stands in its place
    insertions: int  #: the text has it, the reference has not
    deletions: int  #: the reference has it, the text has not
    reference: int  #: how many the reference has

    def __add__(self, other: ErrorCounts) -> ErrorCounts:
        """The counts of two texts taken together."""
        return ErrorCounts(
            substitutions=self.substitutions + other.substitutions,
            insertions=self.insertions + other.insertions,
            deletions=self.deletions + other.deletions,
            reference=self.reference + other.reference,
        )

    @property
    def total(self) -> int:
        """All three kinds."""
        return self.substitutions + self.insertions + self.deletions

    @property
    def rate(self) -> float:
        """Errors per word or character of the reference; may exceed 1, or be infinite."""
        if not self.reference:
            return math.inf if self.total else 0.0
        return self.total / self.reference


class TimedBy(StrEnum):
    """What times are compared."""

    WORDS = "words"  #: starts of words
    SEGMENTS = "segments"  #: starts of the reference's segments: it has no times for words


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingError:
    """How far the times of right words are from the reference's."""

    timed_by: TimedBy
    errors_ms: tuple[int, ...]  #: start in the text less start in the reference; at least one

    @property
    def median_ms(self) -> int:
        """Half of the starts are nearer, whatever the direction."""
        return round(statistics.median(map(abs, self.errors_ms)))

    @property
    def p95_ms(self) -> int:
        """95 % of the starts are as near or nearer: the nearest rank, no value in between."""
        ranked = sorted(map(abs, self.errors_ms))
        return ranked[math.ceil(0.95 * len(ranked)) - 1]

    @property
    def shift_ms(self) -> int:
        """Median with its sign: negative when the text's times are early."""
        return round(statistics.median(self.errors_ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechCoverage:
    """Where the text stands, seen from where the reference says that somebody speaks."""

    speech_ms: Milliseconds  #: speech in the reference
    covered_ms: Milliseconds  #: of that, with text
    outside_words: int  #: words of the text where the reference has no speech

    @property
    def share(self) -> float:
        """Part of the speech that has text, 0 to 1; 1 when nobody speaks."""
        return self.covered_ms / self.speech_ms if self.speech_ms else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A transcript beside a reference."""

    language: LanguageTag
    rules: str  #: how both texts were made alike before they were compared, for people
    words: ErrorCounts
    characters: ErrorCounts  #: a space between two words counts as one
    timing: TimingError | None  #: None when nothing can be compared
    coverage: SpeechCoverage | None  #: None when the reference has no times
    engine: str = ""  #: of the transcript; empty for people
    notes: tuple[str, ...] = ()  #: what was mended or left out of the reference

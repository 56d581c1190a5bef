"""Voices told apart by machine: letters, never names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from radio_archive.model.transcripts import Segment, Transcript
from radio_archive.model.units import Milliseconds

VOICES = "voices"
"""The parameter of a transcript that holds its `VoiceFinding`."""


class VoiceFinding(StrEnum):
    """What came of telling voices apart in a recording. Only the first marks anything."""

    TOLD_APART = "told_apart"
    ONE_VOICE = "one_voice"  #: one voice was heard, or several that sound like one
    ALIKE = "alike"  #: several, too like each other to be believed
    TELEPHONE = "telephone"  #: most of it came through a telephone, which makes voices alike
    TOO_SHORT = "too_short"  #: too little is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One of the voices that a transcript's sentences were given."""

    letter: str  #: ``A`` spoke first
    name: str | None  #: as people say; None while nobody did
    sentences: int
    spoken_ms: Milliseconds  #: length of those sentences together
    first: Segment  #: the first of them


def find_finding(transcript: Transcript) -> VoiceFinding | None:
    """What came of telling voices apart; None where nobody asked for that."""
    told = transcript.parameters.get(VOICES)
    return VoiceFinding(told) if told in list(VoiceFinding) else None


def voices_of(transcript: Transcript) -> tuple[Voice, ...]:
    """The voices of a transcript, in order of their letters."""
    sentences: dict[str, list[Segment]] = {}
    for segment in transcript.segments:
        if segment.voice:
            sentences.setdefault(segment.voice, []).append(segment)
    return tuple(
        Voice(
            letter=letter,
            name=said[0].speaker,
            sentences=len(said),
            spoken_ms=Milliseconds(sum(each.end_ms - each.start_ms for each in said)),
            first=said[0],
        )
        for letter, said in sorted(sentences.items())
    )

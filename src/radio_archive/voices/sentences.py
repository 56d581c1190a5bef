"""The voices told apart, written beside the sentences of a transcript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from radio_archive.model import VOICES, Segment, Transcript
from radio_archive.voices.telling import Told, Turn

_SURE_SHARE = 0.6
"""Share of a sentence's speech that one voice must surely hold: chosen, more than a bare half."""


def with_voices(transcript: Transcript, told: Told) -> Transcript:
    """A transcript whose sentences know their voice, where that is sure, and what was found."""
    voices = _voices(transcript.segments, told.turns)
    return replace(
        transcript,
        segments=tuple(
            replace(segment, voice=voice)
            for segment, voice in zip(transcript.segments, voices, strict=True)
        ),
        parameters=MappingProxyType({**transcript.parameters, VOICES: told.finding.value}),
    )


def _voices(segments: Sequence[Segment], turns: Sequence[Turn]) -> list[str | None]:
    """For each sentence its voice; one pass over both, since neither goes back in time."""
    found: list[str | None] = []
    first = 0
    for segment in segments:
        while first < len(turns) and turns[first].end_ms <= segment.start_ms:
            first += 1
        found.append(_voice(segment, turns, first))
    return found


def _voice(segment: Segment, turns: Sequence[Turn], first: int) -> str | None:
    sure: Counter[str] = Counter()
    spoken = 0
    for turn in turns[first:]:
        if turn.start_ms >= segment.end_ms:
            break
        shared = min(turn.end_ms, segment.end_ms) - max(turn.start_ms, segment.start_ms)
        spoken += max(0, shared)
        sure[turn.voice] += max(0, shared) if turn.is_sure else 0
    if not spoken:
        return None
    voice, longest = sure.most_common(1)[0]
    return voice if longest >= _SURE_SHARE * spoken else None

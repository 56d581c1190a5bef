"""Sentences of a transcript: told apart by digest, found again, and put in place of one another."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from radio_archive.corrections.timing import retimed
from radio_archive.model import (
    Review,
    ReviewState,
    Segment,
    Sentence,
    SentenceVersion,
    Transcript,
    TranscriptKind,
    Trust,
)

TRUST_BEFORE = "trust_before"
"""Parameter of a corrected transcript: the trust of what it was before anybody corrected it."""

#: parameters that say how to take back a name of the glossary: that would take back corrections too
_GLOSSARY = ("glossary", "glossary_before")


def version_of(segment: Segment) -> SentenceVersion:
    """Digest of a sentence's times and text."""
    seen = f"{segment.start_ms}\0{segment.end_ms}\0{segment.text}"
    return SentenceVersion(hashlib.sha256(seen.encode("utf-8", "replace")).hexdigest()[:16])


def sentences_of(
    transcript: Transcript, drafts: Mapping[SentenceVersion, str] = MappingProxyType({})
) -> tuple[Sentence, ...]:
    """Every sentence, with what an editor wrote over it and did not save."""
    return tuple(
        Sentence(number=number, version=version, segment=segment, draft=drafts.get(version))
        for number, segment in enumerate(transcript.segments)
        for version in (version_of(segment),)
    )


def find_sentence(transcript: Transcript, number: int, version: str) -> int | None:
    """Where a sentence that somebody saw at a number stands now; None when it was changed."""
    segments = transcript.segments
    if 0 <= number < len(segments) and version_of(segments[number]) == version:
        return number
    places = (place for place, each in enumerate(segments) if version_of(each) == version)
    return next(places, None)


def find_nearest(transcript: Transcript, number: int, start_ms: int | None) -> int | None:
    """What stands now where somebody saw another sentence; None in an empty transcript."""
    if not transcript.segments:
        return None
    if start_ms is None:
        return min(max(0, number), len(transcript.segments) - 1)
    places = range(len(transcript.segments))
    return min(places, key=lambda place: abs(transcript.segments[place].start_ms - start_ms))


def text_of(segment: Segment, text: str | None) -> str:
    """What a person wants said in a sentence: as it stands where only form or spacing differ.

    A browser sends a machine's text back in another form.

    Args:
        segment: as it stands.
        text: fit to be kept; None: it is right as it stands.
    """
    as_sent = unicodedata.normalize("NFC", segment.text)
    return segment.text if text is None or text.split() == as_sent.split() else text


def reviewed(segment: Segment, text: str, by: str, at: datetime) -> Segment:
    """A sentence that a person stands for: as it is, or with another text.

    Args:
        segment: as it stands.
        text: what is said.
        by: the editor's name.
        at: when.
    """
    at = at.replace(microsecond=0)
    if text == segment.text:
        state = segment.review.state if segment.review else ReviewState.CHECKED
        return replace(segment, review=Review(state=state, by=by, at=at))
    return replace(
        segment,
        text=text,
        words=retimed(segment, text),
        band=None,
        avg_logprob=None,
        no_speech_prob=None,
        review=Review(state=ReviewState.CORRECTED, by=by, at=at),
    )


def revised(transcript: Transcript, segments: Sequence[Segment]) -> Transcript:
    """Another version of a transcript, of these segments, checked when all of them are."""
    before = transcript.parameters.get(TRUST_BEFORE, transcript.trust)
    parameters = {
        **{key: text for key, text in transcript.parameters.items() if key not in _GLOSSARY},
        TRUST_BEFORE: str(before),
    }
    is_checked = bool(segments) and all(segment.review for segment in segments)
    is_redacted = transcript.kind is TranscriptKind.REDACTED
    return replace(
        transcript,
        id=None,
        carried_from=None,
        segments=tuple(segments),
        kind=TranscriptKind.REDACTED if is_redacted else TranscriptKind.CORRECTED,
        parameters=MappingProxyType(parameters),
        trust=Trust.CHECKED if is_checked else Trust(before),
        created_at=datetime.now(UTC),
    )

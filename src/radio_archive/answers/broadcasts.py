"""Answers about one broadcast and its transcript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from radio_archive.answers.shared import (
    Answer,
    broadcast_head,
    moment_text,
    note_of,
)
from radio_archive.links import audio_url, broadcast_url, transcript_url
from radio_archive.model import (
    UNSURE,
    Broadcast,
    Chapter,
    Gap,
    Rendition,
    Repeat,
    Segment,
    SoundMap,
    Transcript,
    find_finding,
    voices_of,
)

#: formats a transcript is offered in, the one players like best first
_EXPORT_FORMATS = ("vtt", "srt", "txt", "json", "docx", "csv", "xlsx", "eaf", "textgrid")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFacts:
    """What is known of a broadcast's sound beside its text."""

    renditions: Sequence[Rendition] = ()  #: the forms it can be played in
    repeats: Sequence[Repeat] = ()  #: other broadcasts that hold some of the same sound
    chapters: Sequence[Chapter] = ()  #: its parts
    sound_map: SoundMap | None = None  #: what it sounds like; None while nobody has looked


NO_FACTS = SoundFacts()


def broadcast_answer(
    broadcast: Broadcast, *, transcript: Transcript | None = None, sound: SoundFacts = NO_FACTS
) -> Answer:
    """Answer of ``/api/v1/broadcasts/{id}``: what the archive knows of one broadcast.

    Args:
        broadcast: which one.
        transcript: its current transcript; None when it has none.
        sound: what is known of its sound.
    """
    recording = broadcast.recording
    return {
        **broadcast_head(broadcast),
        "trust": None if transcript is None else transcript.trust.value,
        "url": broadcast_url(broadcast.id),
        "guests": list(broadcast.guests),
        "summary": broadcast.summary,
        "source_url": broadcast.source_url,
        "state": broadcast.state.value,
        "state_reason": broadcast.state_reason,
        "is_synthetic": broadcast.is_synthetic,
        "duration_ms": None if recording is None else recording.duration_ms,
        "repeats": [_repeat(each) for each in sound.repeats],
        "chapters": [_chapter(broadcast, each) for each in sound.chapters],
        "audio": [_rendition(broadcast, rendition) for rendition in sound.renditions],
        "sound_map": None if sound.sound_map is None else _stretches(sound.sound_map),
        "transcript": None if transcript is None else _transcript_head(transcript),
        "exports": {}
        if transcript is None
        else {name: transcript_url(broadcast.id, name) for name in _EXPORT_FORMATS},
    }


def transcript_answer(broadcast: Broadcast, transcript: Transcript) -> Answer:
    """Answer of ``/api/v1/broadcasts/{id}/transcript``: every segment and word with its times."""
    return {
        "broadcast": {**broadcast_head(broadcast), "url": broadcast_url(broadcast.id)},
        "is_synthetic": broadcast.is_synthetic,
        **_transcript_head(transcript),
        "segments": [_segment(broadcast, transcript, each) for each in transcript.segments],
        "gaps": [gap_answer(gap) for gap in transcript.gaps],
    }


def gap_answer(gap: Gap) -> Answer:
    """A stretch where somebody seems to speak and nothing is written.

    ``language`` is a tag, or ``unsure``.
    """
    return {
        "start_ms": gap.start_ms,
        "end_ms": gap.end_ms,
        "reason": gap.reason.value,
        "language": gap.language or UNSURE,
    }


def _repeat(repeat: Repeat) -> Answer:
    """Another airing; ``offset_ms`` is added to a moment here to get it there."""
    other, longest = repeat.broadcast, repeat.longest
    return {
        "id": other.id,
        "title": other.title,
        "aired_at": moment_text(other.aired_at),
        "url": broadcast_url(other.id, longest.other_start_ms),
        "offset_ms": longest.offset_ms,
        "length_ms": repeat.length_ms,
    }


def _chapter(broadcast: Broadcast, chapter: Chapter) -> Answer:
    return {
        "start_ms": chapter.start_ms,
        "title": chapter.title,
        "url": broadcast_url(broadcast.id, chapter.start_ms),
    }


def voices_answer(transcript: Transcript) -> Answer:
    """Answer of ``voices --json``: the voices a machine told apart, with people's names.

    ``finding`` is null where nobody asked for it.
    """
    return {
        "finding": _finding(transcript),
        "voices": [
            {
                "voice": voice.letter,
                "name": voice.name,
                "sentences": voice.sentences,
                "spoken_ms": voice.spoken_ms,
                "first_ms": voice.first.start_ms,
                "first_text": voice.first.text,
            }
            for voice in voices_of(transcript)
        ],
    }


def _finding(transcript: Transcript) -> str | None:
    finding = find_finding(transcript)
    return None if finding is None else finding.value


def _rendition(broadcast: Broadcast, rendition: Rendition) -> Answer:
    return {
        "name": rendition.name,
        "url": audio_url(broadcast.id, rendition.name),
        "media_type": rendition.media_type,
        "size_bytes": rendition.size_bytes,
    }


def _stretches(sound_map: SoundMap) -> list[Answer]:
    return [
        {"start_ms": each.start_ms, "end_ms": each.end_ms, "kind": each.kind.value}
        for each in sound_map.stretches
    ]


def _transcript_head(transcript: Transcript) -> Answer:
    return {
        "kind": transcript.kind.value,
        "trust": transcript.trust.value,
        "engine": transcript.engine or None,
        "language": transcript.language,
        "created_at": moment_text(transcript.created_at),
        "note": note_of(transcript),
        "voices": _finding(transcript),
    }


def _segment(broadcast: Broadcast, transcript: Transcript, segment: Segment) -> Answer:
    return {
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "text": segment.text,
        "language": segment.language or transcript.language,
        "speaker": segment.speaker,
        "band": segment.band and segment.band.value,
        "voice": segment.voice,
        "url": broadcast_url(broadcast.id, segment.start_ms),
        "words": [
            {
                "start_ms": word.start_ms,
                "end_ms": word.end_ms,
                "text": word.text,
                "probability": word.probability,
            }
            for word in segment.words
        ],
    }

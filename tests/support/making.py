"""Factories with defaults: a test names only what it is about."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from radio_archive.catalogue import Catalogue
from radio_archive.model import (
    BroadcastId,
    LanguageTag,
    Mark,
    Milliseconds,
    NewBroadcast,
    Passage,
    Programme,
    ProgrammeId,
    Recording,
    RecordingKey,
    Segment,
    SoundKind,
    SoundMap,
    SoundStretch,
    Transcript,
    TranscriptKind,
    Trust,
    Word,
)

DEBATE = Programme(id=ProgrammeId("grand-dialogue"), title="Le Grand Dialogue")
AIRED = datetime(2014, 10, 16, 17, tzinfo=UTC)


def ms(value: int) -> Milliseconds:
    """Milliseconds, typed."""
    return Milliseconds(value)


def make_new_broadcast(guid: str = "one", **changes: object) -> NewBroadcast:
    """A broadcast as a source tells it."""
    values: dict[str, object] = {
        "source": "test",
        "guid": guid,
        "title": f"Débat {guid}",
        "programme": DEBATE,
        "language": LanguageTag("fr"),
        "aired_at": AIRED,
        **changes,
    }
    return NewBroadcast(**values)  # type: ignore[arg-type]


def make_recording(number: int = 1, duration_ms: int = 60_000) -> Recording:
    """A recording's facts; no file behind it."""
    return Recording(
        key=RecordingKey(f"{number:064x}"),
        extension=".mp3",
        media_type="audio/mpeg",
        size_bytes=1_000,
        duration_ms=ms(duration_ms),
        original_name=f"{number}.mp3",
    )


def put_broadcast(
    catalogue: Catalogue, guid: str = "one", *, language: str = "fr", duration_ms: int = 60_000
) -> BroadcastId:
    """Put a broadcast into the catalogue with a recording's facts and no file behind it."""
    new = make_new_broadcast(guid, language=LanguageTag(language))
    broadcast_id, _ = catalogue.broadcasts.put(new)
    recording = replace(
        make_recording(duration_ms=duration_ms),
        key=RecordingKey(hashlib.sha256(guid.encode()).hexdigest()),
    )
    catalogue.recordings.attach(broadcast_id, recording)
    return broadcast_id


def make_segment(text: str, start: int = 0, end: int | None = None) -> Segment:
    """A segment whose words share its time evenly."""
    spoken = text.split()
    stop = start + 400 * len(spoken) if end is None else end
    step = (stop - start) / max(1, len(spoken))
    words = tuple(
        Word(
            start_ms=ms(start + round(step * place)),
            end_ms=ms(start + round(step * (place + 1))),
            text=word,
            probability=0.9,
        )
        for place, word in enumerate(spoken)
    )
    return Segment(start_ms=ms(start), end_ms=ms(stop), text=text, words=words)


def make_transcript(
    *texts: str, kind: TranscriptKind = TranscriptKind.MACHINE, trust: Trust = Trust.MACHINE
) -> Transcript:
    """A French transcript, one segment per text, two seconds apart."""
    segments = []
    start = 0
    for text in texts or ("Le crime organisé menace le Mali.",):
        segment = make_segment(text, start)
        segments.append(segment)
        start = segment.end_ms + 2_000
    return Transcript(
        language=LanguageTag("fr"),
        segments=tuple(segments),
        kind=kind,
        trust=trust,
        engine="test/none",
    )


def make_sound_map(told: str, version: int = 1) -> SoundMap:
    """A map from words: kinds and their seconds, ``music 20 speech 60``."""
    words = told.split()
    stretches: list[SoundStretch] = []
    for kind, seconds in zip(words[::2], words[1::2], strict=True):
        start = stretches[-1].end_ms if stretches else ms(0)
        end = ms(start + int(seconds) * 1_000)
        stretches.append(SoundStretch(start_ms=start, end_ms=end, kind=SoundKind(kind)))
    return SoundMap(stretches=tuple(stretches), version=version)


def make_passage(
    broadcast_id: BroadcastId, number: int = 0, text: str = "Le crime organisé"
) -> Passage:
    """A passage with one mark at its start."""
    return Passage(
        broadcast_id=broadcast_id,
        number=number,
        language=LanguageTag("fr"),
        start_ms=ms(number * 30_000),
        end_ms=ms(number * 30_000 + 30_000),
        text=text,
        marks=(Mark(char_start=0, start_ms=ms(number * 30_000), end_ms=ms(number * 30_000 + 500)),),
        programme_id=DEBATE.id,
        aired_at=AIRED,
    )

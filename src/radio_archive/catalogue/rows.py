"""Rows of the database turned into records, and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, overload

from sqlalchemy import Row

from radio_archive.model import (
    Band,
    Broadcast,
    BroadcastId,
    BroadcastState,
    Gap,
    GapReason,
    LanguageTag,
    Mark,
    Milliseconds,
    Programme,
    ProgrammeId,
    Recording,
    RecordingKey,
    Rendition,
    Review,
    ReviewState,
    Segment,
    Transcript,
    TranscriptId,
    TranscriptKind,
    Trust,
    Word,
)
from radio_archive.model.bands import band_of

AnyRow = Row[*tuple[Any, ...]]
"""A row whose columns are read by name."""


def to_seconds(moment: datetime | None) -> int | None:
    """Seconds since 1970 UTC; None stays None."""
    return None if moment is None else int(moment.timestamp())


def to_datetime(seconds: int | None) -> datetime | None:
    """The aware datetime of ``seconds`` since 1970 UTC; None stays None."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def programme_from(row: AnyRow) -> Programme:
    """A row that carries the programme's columns under the prefix ``programme_``."""
    return Programme(
        id=ProgrammeId(row.programme_id),
        title=row.programme_title,
        language=None if row.programme_language is None else LanguageTag(row.programme_language),
        description=row.programme_description,
        homepage=row.programme_homepage,
    )


def recording_from(row: AnyRow) -> Recording:
    """A row that carries the recording's columns under the prefix ``recording_``."""
    return Recording(
        key=RecordingKey(row.recording_key),
        extension=row.recording_extension,
        media_type=row.recording_media_type,
        size_bytes=row.recording_size_bytes,
        duration_ms=Milliseconds(row.recording_duration_ms),
        original_name=row.recording_original_name,
    )


def rendition_from(row: AnyRow) -> Rendition:
    """A row of ``renditions``, or of ``muted_renditions``."""
    return Rendition(
        name=row.name,
        key=RecordingKey(row.key),
        extension=row.extension,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
    )


def broadcast_from(row: AnyRow) -> Broadcast:
    """A row of `broadcasts.SELECT_BROADCAST`, its state derived from what is known."""
    state, reason = _state(row)
    return Broadcast(
        id=BroadcastId(row.id),
        title=row.title,
        programme=None if row.programme_id is None else programme_from(row),
        language=LanguageTag(row.language),
        aired_at=to_datetime(row.aired_at),
        guests=tuple(json.loads(row.guests)),
        summary=row.summary,
        source_url=row.source_url,
        recording=None if row.recording_key is None else recording_from(row),
        state=state,
        state_reason=reason,
        is_synthetic=bool(row.is_synthetic),
    )


def _state(row: AnyRow) -> tuple[BroadcastState, str]:
    if row.has_transcript:
        return BroadcastState.TRANSCRIBED, ""
    if row.problem is not None:
        return BroadcastState(row.problem), row.problem_reason
    if row.recording_key is None:
        if row.audio_url is None:
            return BroadcastState.NO_RECORDING, "Its source has no sound for it."
        return BroadcastState.NO_RECORDING, "The sound has not been fetched yet."
    if row.language == "und":
        return BroadcastState.LANGUAGE_UNKNOWN, "Nobody has said which language is spoken."
    return BroadcastState.WAITING, ""


def pack_transcript(transcript: Transcript) -> bytes:
    """Segments and gaps as compressed JSON; the other fields have columns."""
    segments = [
        [
            segment.start_ms,
            segment.end_ms,
            segment.text,
            [[word.start_ms, word.end_ms, word.text, word.probability] for word in segment.words],
            segment.speaker,
            segment.avg_logprob,
            segment.no_speech_prob,
            segment.language,
            segment.band,
            segment.voice,
        ]
        for segment in transcript.segments
    ]
    gaps = [[gap.start_ms, gap.end_ms, gap.reason, gap.language] for gap in transcript.gaps]
    reviews = [
        [number, segment.review.state, segment.review.by, to_seconds(segment.review.at)]
        for number, segment in enumerate(transcript.segments)
        if segment.review is not None
    ]
    kept = {"segments": segments, "gaps": gaps, **({"reviews": reviews} if reviews else {})}
    document = json.dumps(kept, ensure_ascii=False)
    return zlib.compress(document.encode(), 6)


def transcript_from(row: AnyRow) -> Transcript:
    """A whole row of ``transcripts``."""
    document = json.loads(zlib.decompress(row.payload))
    created_at = to_datetime(row.created_at)
    assert created_at is not None  # noqa: S101 (the column is not null; mypy cannot know)
    return Transcript(
        id=TranscriptId(row.id),
        made_from=None if row.made_from is None else TranscriptId(row.made_from),
        carried_from=None if row.carried_from is None else TranscriptId(row.carried_from),
        language=LanguageTag(row.language),
        kind=TranscriptKind(row.kind),
        engine=row.engine,
        parameters=MappingProxyType(json.loads(row.parameters)),
        trust=Trust(row.trust),
        created_at=created_at,
        segments=tuple(
            _reviewed([_segment_from(row, fields) for fields in document["segments"]], document)
        ),
        gaps=tuple(_gap_from(fields) for fields in document["gaps"]),
    )


def _segment_from(row: AnyRow, fields: Sequence[Any]) -> Segment:
    # older rows end before the language, the band or the voice
    start, end, text, words, speaker, avg_logprob, no_speech_prob, *later = fields
    segment = Segment(
        start_ms=start,
        end_ms=end,
        text=text,
        words=tuple(
            Word(start_ms=word[0], end_ms=word[1], text=word[2], probability=word[3])
            for word in words
        ),
        speaker=speaker,
        avg_logprob=avg_logprob,
        no_speech_prob=no_speech_prob,
        language=later[0] if later else None,
        voice=later[2] if len(later) > 2 else None,
    )
    if len(later) < 2:  # written before there were bands
        is_by_machine = row.kind == TranscriptKind.MACHINE
        return replace(segment, band=band_of(segment.words, row.engine) if is_by_machine else None)
    return segment if later[1] is None else replace(segment, band=Band(later[1]))


def _reviewed(segments: list[Segment], document: dict[str, Any]) -> list[Segment]:
    for number, state, by, at in document.get("reviews", ()):
        review = Review(state=ReviewState(state), by=by, at=datetime.fromtimestamp(at, UTC))
        segments[number] = replace(segments[number], review=review)
    return segments


def _gap_from(fields: Sequence[Any]) -> Gap:
    start, end, reason, *language = fields
    return Gap(
        start_ms=start,
        end_ms=end,
        reason=GapReason(reason),
        language=language[0] if language else None,
    )


def pack_marks(marks: Sequence[Mark]) -> bytes:
    """Marks as compressed JSON."""
    fields = [[mark.char_start, mark.start_ms, mark.end_ms] for mark in marks]
    return zlib.compress(json.dumps(fields, separators=(",", ":")).encode(), 6)


class PackedMarks(Sequence[Mark]):
    """What `pack_marks` packed: unpacked when the first mark is asked for, and only those made.

    A page of results reads a hundred passages of seventy marks each, and asks each for one.
    """

    __slots__ = ("_numbers", "_packed")

    def __init__(self, packed: bytes) -> None:
        """Unpack nothing yet."""
        self._packed = packed
        self._numbers: list[int] | None = None

    def _unpacked(self) -> list[int]:
        """Three numbers a mark, one after the other: a list for each would cost five times this."""
        if self._numbers is None:
            inside = zlib.decompress(self._packed).translate(None, b"[]")
            self._numbers = json.loads(b"[%b]" % inside)
        return self._numbers

    def __len__(self) -> int:
        return len(self._unpacked()) // 3

    @overload
    def __getitem__(self, place: int) -> Mark: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Mark, ...]: ...

    def __getitem__(self, place: int | slice) -> Mark | tuple[Mark, ...]:
        if isinstance(place, slice):
            return tuple(map(self.__getitem__, range(len(self))[place]))
        # whoever looks for a moment asks half a dozen marks of each passage
        numbers = self._numbers or self._unpacked()
        first = 3 * place if place >= 0 else len(numbers) + 3 * place
        if not 0 <= first < len(numbers):
            raise IndexError(place)
        return Mark._make(numbers[first : first + 3])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self[:] == tuple(other)

    def __hash__(self) -> int:
        return hash(self[:])

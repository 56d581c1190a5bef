"""JSON with the keys of openai-whisper, which most transcript tools read, and ours beside them."""

from __future__ import annotations

import json
import math
from datetime import UTC

from radio_archive.exports.context import ExportContext
from radio_archive.exports.lines import one_line
from radio_archive.model import Broadcast, Segment, Transcript


def write(transcript: Transcript, context: ExportContext) -> str:
    """Write a transcript as JSON; times are seconds, as openai-whisper writes them."""
    answer = {
        "text": " ".join(one_line(segment.text) for segment in transcript.segments),
        "language": transcript.language,
        "segments": [
            _segment(number, segment) for number, segment in enumerate(transcript.segments)
        ],
        "kind": transcript.kind.value,
        "trust": transcript.trust.value,
        "engine": transcript.engine or None,
        "parameters": dict(transcript.parameters),
        "created_at": transcript.created_at.astimezone(UTC).isoformat(),
        "gaps": [
            {
                "start": gap.start_ms / 1000,
                "end": gap.end_ms / 1000,
                "reason": gap.reason.value,
                "language": gap.language,
            }
            for gap in transcript.gaps
        ],
        "broadcast": _broadcast(context.broadcast),
    }
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def _segment(number: int, segment: Segment) -> dict[str, object]:
    text = one_line(segment.text)
    spellings = _with_separators(text, [one_line(word.text) for word in segment.words])
    return {
        "id": number,
        "start": segment.start_ms / 1000,
        "end": segment.end_ms / 1000,
        "text": text,
        "language": segment.language,
        "speaker": segment.speaker and one_line(segment.speaker),
        "voice": segment.voice,
        "avg_logprob": _finite(segment.avg_logprob),
        "no_speech_prob": _finite(segment.no_speech_prob),
        "band": segment.band and segment.band.value,
        "words": [
            {
                "word": spelling,
                "start": word.start_ms / 1000,
                "end": word.end_ms / 1000,
                "probability": _finite(word.probability),
            }
            for spelling, word in zip(spellings, segment.words, strict=True)
        ],
    }


def _with_separators(text: str, words: list[str]) -> list[str]:
    """Give each word what stands before it, as openai-whisper does: joined, they are the text."""
    spellings: list[str] = []
    position = 0
    for word in words:
        found = text.find(word, position)
        if found < 0:
            spellings.append(f" {word}")
            continue
        spellings.append(("" if spellings else " ") + text[position:found] + word)
        position = found + len(word)
    return spellings


def _finite(number: float | None) -> float | None:
    """JSON has no NaN and no infinity."""
    return number if number is not None and math.isfinite(number) else None


def _broadcast(broadcast: Broadcast) -> dict[str, object]:
    programme = broadcast.programme
    return {
        "id": broadcast.id,
        "title": broadcast.title,
        "programme": None if programme is None else {"id": programme.id, "title": programme.title},
        "language": broadcast.language,
        "aired_at": None
        if broadcast.aired_at is None
        else broadcast.aired_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "source_url": broadcast.source_url,
        "is_synthetic": broadcast.is_synthetic,
    }

"""Plain text to read, print and quote from: what it is, how far to believe it, then the words."""

from __future__ import annotations

from datetime import UTC

from radio_archive.exports.context import (
    UNSURE_MARK,
    ExportContext,
    engine_label,
    explain_mark,
    is_unsure,
    language_label,
    warnings,
)
from radio_archive.exports.lines import one_line, short_clock
from radio_archive.model import GapReason, Segment, Transcript

#: what stands in the place of words that nobody wrote, in French
GAP_SENTENCES = {
    GapReason.OTHER_LANGUAGE: "(parole dans une autre langue, non transcrite)",
    GapReason.NO_WORDS: "(parole que la machine n'a pas comprise)",
    GapReason.NOT_BELIEVED: "(parole que la machine n'a pas su écrire)",
    GapReason.WITHDRAWN: "(passage retiré par la station)",
    GapReason.NOT_TRANSLATED: "(parole que la machine n'a pas traduite)",
}


def write(transcript: Transcript, context: ExportContext) -> str:
    """Write a transcript as text: a header, then one ``[hh:mm:ss]`` line per segment or gap."""
    lines = [(segment.start_ms, _spoken(segment)) for segment in transcript.segments]
    lines += [
        (gap.start_ms, f"{GAP_SENTENCES[gap.reason]} jusqu'à {short_clock(gap.end_ms)}")
        for gap in transcript.gaps
    ]
    lines.sort(key=lambda line: line[0])
    body = [f"[{short_clock(start_ms)}] {text}" for start_ms, text in lines]
    return "\n".join((*_header(transcript, context), "", *body)) + "\n"


def _spoken(segment: Segment) -> str:
    speaker, text = one_line(segment.speaker or ""), one_line(segment.text)
    said = f"{UNSURE_MARK} {text}" if is_unsure(segment) else text
    return f"{speaker} : {said}" if speaker else said


def _header(transcript: Transcript, context: ExportContext) -> list[str]:
    shown = [one_line(f"{label} : {value}") for label, value in facts_of(transcript, context)]
    advice = (*warnings(transcript, context), *explain_mark(transcript, UNSURE_MARK))
    return [one_line(context.broadcast.title), *shown, "", *advice]


def facts_of(transcript: Transcript, context: ExportContext) -> list[tuple[str, str]]:
    """What a reader must know of a transcript: labels in French with values that are known."""
    broadcast = context.broadcast
    aired_at = broadcast.aired_at
    facts = (
        ("Station", context.station),
        ("Émission", broadcast.programme.title if broadcast.programme else ""),
        ("Diffusion", aired_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if aired_at else ""),
        ("Invités", ", ".join(broadcast.guests)),
        ("Langue", language_label(transcript, context)),
        ("Source", broadcast.source_url or ""),
        ("Transcription", engine_label(transcript)),
    )
    return [(label, value) for label, value in facts if value]

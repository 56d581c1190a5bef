"""WebVTT, for players on web pages (W3C, https://www.w3.org/TR/webvtt1/)."""

from __future__ import annotations

import re

from radio_archive.exports.context import (
    ExportContext,
    engine_label,
    explain_mark,
    is_unsure,
    language_label,
    warnings,
)
from radio_archive.exports.lines import clock, one_line, wrap
from radio_archive.model import Segment, Transcript

#: characters on a line of a cue; what podcast players agreed on for captions
_LINE_WIDTH = 65

#: class of what is said in sentences the machine is not sure of; `imports.vtt` knows it
_UNSURE = "unsure"

#: with the bracket behind it, the name "--" would end in an arrow
_LAST_HYPHEN = re.compile("-$")


def write(transcript: Transcript, context: ExportContext) -> str:
    """Write a transcript as WebVTT: one cue per segment, its number as the cue's id.

    Cues stand in start order and end after they start; the note at the top says how far the text
    may be believed. Sentences that are unsure carry a class.
    """
    blocks = ["WEBVTT", _note(transcript, context)]
    for number, segment in enumerate(transcript.segments, start=1):
        lines = wrap(one_line(segment.text), _LINE_WIDTH)
        if lines:
            blocks.append(_cue(number, segment, lines))
    return "\n\n".join(blocks) + "\n"


def _cue(number: int, segment: Segment, lines: list[str]) -> str:
    end_ms = max(segment.end_ms, segment.start_ms + 1)
    speaker = one_line(segment.speaker or "")
    name = _LAST_HYPHEN.sub("&#45;", _escape(speaker))
    voice = f"<v {name}>" if speaker else ""
    tongue = f"<lang {segment.language}>" if segment.language else ""
    doubt, end = (f"<c.{_UNSURE}>", "</c>") if is_unsure(segment) else ("", "")
    return "\n".join(
        (
            str(number),
            f"{clock(segment.start_ms, '.')} --> {clock(end_ms, '.')}",
            voice + tongue + doubt + "\n".join(_escape(line) for line in lines) + end,
        )
    )


def _note(transcript: Transcript, context: ExportContext) -> str:
    facts = (
        *warnings(transcript, context),
        f"Titre : {context.broadcast.title}",
        f"Langue : {language_label(transcript, context)}",
        f"Fiabilité : {transcript.trust}",
        f"Transcription : {engine_label(transcript)}",
        *explain_mark(transcript, f"Classe {_UNSURE}"),
    )
    return "\n".join(("NOTE", *(_escape(one_line(fact)) for fact in facts)))


def _escape(text: str) -> str:
    """Make text safe inside a cue or a note; this also keeps ``-->`` out of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

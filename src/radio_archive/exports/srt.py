"""SubRip, for video editors and older players; a format without a standard and without escapes."""

from __future__ import annotations

from radio_archive.exports.context import UNSURE_MARK, ExportContext, is_unsure
from radio_archive.exports.lines import clock, one_line, wrap_in_two
from radio_archive.model import Transcript

#: characters on a line where the text allows it; what podcast players agreed on for SubRip
_LINE_WIDTH = 32


def write(transcript: Transcript, _context: ExportContext) -> str:
    """Write a transcript as SubRip: one numbered card per segment, at most two lines.

    A speaker stands before the words, ``Name: text``, and ``[?]`` where the machine is not sure.
    An arrow ``-->`` inside the text would end the card in many readers, so it is written ``→``.
    """
    cards: list[str] = []
    for segment in transcript.segments:
        speaker = one_line(segment.speaker or "")
        words = one_line(segment.text)
        if not words:
            continue
        said = f"{UNSURE_MARK} {words}" if is_unsure(segment) else words
        text = f"{speaker}: {said}" if speaker else said
        end_ms = max(segment.end_ms, segment.start_ms + 1)
        cards.append(
            "\n".join(
                (
                    str(len(cards) + 1),
                    f"{clock(segment.start_ms, ',')} --> {clock(end_ms, ',')}",
                    *wrap_in_two(text.replace("-->", "→"), _LINE_WIDTH),
                )
            )
        )
    return "\n\n".join(cards) + "\n" if cards else ""

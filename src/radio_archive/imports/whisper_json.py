"""JSON with the keys of openai-whisper, which other tools write too, and our own export's."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from radio_archive.errors import BadImport
from radio_archive.imports.cues import Cue, CueFile, clean, clean_lines, counted, to_ms
from radio_archive.imports.provenance import find_tag
from radio_archive.model import Band, Gap, GapReason, Milliseconds, Trust, Word


def read(text: str, name: str) -> CueFile:
    """Read ``segments`` with ``start``, ``end`` in seconds and ``text``, and their timed words.

    What Whisper wrote is a machine's text; our own export says how far it may be believed.

    Raises:
        BadImport: it is no JSON, has no segments, or one has no usable start or text.
    """
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise BadImport(
            f"{name} is not JSON that can be read{place}.",
            hint="Name the format it really has with --format.",
        ) from error
    rows = answer.get("segments") if isinstance(answer, dict) else answer
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or not rows:
        raise BadImport(
            f"{name} has no list of segments as Whisper writes it.",
            hint="Export it as Whisper JSON, SRT or VTT.",
        )
    facts: Mapping[str, Any] = answer if isinstance(answer, dict) else {}
    read_rows = [_cue(number, row, name) for number, row in enumerate(rows, start=1)]
    lost = sum(count for _, count in read_rows)
    language, engine = facts.get("language"), facts.get("engine")
    return CueFile(
        cues=tuple(cue for cue, _ in read_rows),
        language=language if isinstance(language, str) else None,
        trust=_trust(facts),
        engine=engine if isinstance(engine, str) else "",
        gaps=_gaps(facts.get("gaps")),
        notes=(f"{counted(lost, 'word', 'words')} had no times of their own.",) if lost else (),
    )


def _cue(number: int, row: Mapping[str, Any], name: str) -> tuple[Cue, int]:
    """One segment, and how many of its words have no times."""
    start, end = _number(row.get("start")), _number(row.get("end"))
    text, speaker = row.get("text"), row.get("speaker")
    if start is None or not isinstance(text, str):
        raise BadImport(
            f"Segment {number} of {name} has no start in seconds or no text.",
            hint="Whisper writes numbers and text there; write the file again.",
        )
    told = row.get("words")
    words = [_word(word) for word in told] if isinstance(told, list) else []
    timed = tuple(word for word in words if word is not None)
    cue = Cue(
        place=f"segment {number}",
        start_ms=max(0, to_ms(start)),
        end_ms=None if end is None else to_ms(end),
        lines=clean_lines([text]),
        speaker=clean(speaker) or None if isinstance(speaker, str) else None,
        words=timed,
        language=find_tag(row.get("language")),
        avg_logprob=_number(row.get("avg_logprob")),
        no_speech_prob=_number(row.get("no_speech_prob")),
        band=Band(row["band"]) if row.get("band") in list(Band) else None,
    )
    return cue, len(words) - len(timed)


def _word(row: object) -> Word | None:
    """One word, or None when it has no times or no letters."""
    if not isinstance(row, dict):
        return None
    start, end, text = _number(row.get("start")), _number(row.get("end")), row.get("word")
    if start is None or end is None or not isinstance(text, str) or not clean(text):
        return None
    start_ms = max(0, to_ms(start))
    return Word(
        start_ms=Milliseconds(start_ms),
        end_ms=Milliseconds(max(start_ms, to_ms(end))),
        text=clean(text),
        probability=_number(row.get("probability", row.get("score"))),
    )


#: that the station withdrew something is said by nobody but itself
_REASONS = tuple(each for each in GapReason if each is not GapReason.WITHDRAWN)


def _gaps(rows: object) -> tuple[Gap, ...]:
    found = []
    for row in rows if isinstance(rows, list) else []:
        start = _number(row.get("start")) if isinstance(row, dict) else None
        end = _number(row.get("end")) if isinstance(row, dict) else None
        if start is not None and end is not None and row.get("reason") in _REASONS:
            found.append(
                Gap(
                    start_ms=Milliseconds(to_ms(start)),
                    end_ms=Milliseconds(to_ms(end)),
                    reason=GapReason(row["reason"]),
                    language=find_tag(row.get("language")),
                )
            )
    return tuple(found)


def _trust(facts: Mapping[str, Any]) -> Trust | None:
    stated = facts.get("trust")
    if stated in list(Trust):
        return Trust(stated)
    segments = facts.get("segments")
    is_whisper = isinstance(segments, list) and any("avg_logprob" in row for row in segments)
    return Trust.MACHINE if is_whisper else None


def _number(value: object) -> float | None:
    """A finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None

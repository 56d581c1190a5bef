"""Plain text with a time at the beginning of lines: ``[00:12:34] words`` or ``12:34 words``.

Text without any time is refused. Times spread over it by the number of letters would be
invented, and a search would open the sound at the wrong place.
"""

from __future__ import annotations

import re

from radio_archive.errors import BadImport
from radio_archive.imports.cues import (
    Cue,
    CueFile,
    clean_lines,
    counted,
    split_lines,
    wrong_format,
)
from radio_archive.imports.provenance import find_engine, find_language, find_trust
from radio_archive.model import Band

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]?\d)(?:[.,](\d{1,3}))?"
_RANGE = rf"{_CLOCK}(?:\s*(?:-{{1,3}}>?|–|—|à|to)\s*{_CLOCK})?"
_BRACKETED = re.compile(rf"\s*[\[(]\s*{_RANGE}\s*[\])]\s*[:\-–]?\s*(.*)")
_BARE = re.compile(rf"\s*{_RANGE}(?=\s|$|[:\-–]\s)\s*[:\-–]?\s*(.*)")
#: how our own export says that somebody speaks and nothing is written
_GAP = re.compile(r"\(parole [^()]*\) jusqu'à \d+:\d\d:\d\d")
#: and where it puts the speaker
_SPEAKER = re.compile(r"(.{1,60}?) : (.*)")
#: and what it puts before words the machine is not sure of
_UNSURE = "[?] "


def read(text: str, name: str) -> CueFile:
    """Read text with times; a line without one goes on the line before it.

    Raises:
        BadImport: no line begins with a time.
    """
    lines = split_lines(text)
    mark = _BRACKETED if any(map(_BRACKETED.fullmatch, lines)) else _BARE
    header: list[str] = []
    found: list[tuple[int, re.Match[str], list[str]]] = []
    for number, line in enumerate(lines, start=1):
        match = mark.fullmatch(line)
        if match is not None:
            found.append((number, match, [match.group(9)]))
        elif found:
            found[-1][2].append(line)
        else:
            header.append(line)
    if not found:
        raise BadImport(
            f"{name} holds no times, so nobody could find the words in the sound.",
            hint="Begin lines with the time they are said at, like [00:12:34], "
            "or give a VTT, SRT or Whisper JSON file.",
        )
    is_ours = find_trust(header) is not None or find_language(header) is not None
    cues = [_cue(number, match, parts, is_ours) for number, match, parts in found]
    return CueFile(
        cues=tuple(cue for cue in cues if not _is_gap(cue)),
        language=find_language(header),
        trust=find_trust(header),
        engine=find_engine(header),
        notes=tuple(_notes(header, sum(map(_is_gap, cues)))),
    )


def has_times(text: str) -> bool:
    """Whether any line begins with a time."""
    return any(_BRACKETED.fullmatch(line) or _BARE.fullmatch(line) for line in split_lines(text))


def read_untimed(text: str, name: str) -> CueFile:
    """Read text without times, all of it as one cue; for comparing, never for searching.

    Raises:
        BadImport: there is none.
    """
    lines = clean_lines(split_lines(text))
    if not lines:
        raise wrong_format(name, "no text")
    return CueFile(cues=(Cue(place="line 1", start_ms=0, end_ms=None, lines=lines),))


def _cue(number: int, match: re.Match[str], parts: list[str], is_ours: bool) -> Cue:
    lines = clean_lines(parts)
    speaker = None
    named = _SPEAKER.fullmatch(lines[0]) if is_ours and lines else None
    if named is not None and not _GAP.fullmatch(lines[0]):
        speaker, lines = named.group(1), (named.group(2), *lines[1:])
    is_unsure = is_ours and bool(lines) and lines[0].startswith(_UNSURE)
    if is_unsure:
        lines = (lines[0].removeprefix(_UNSURE), *lines[1:])
    ends = match.groups()[4:8]
    return Cue(
        place=f"line {number}",
        start_ms=_clock(*match.groups()[:4]),
        end_ms=None if ends[1] is None else _clock(*ends),
        lines=lines,
        speaker=speaker,
        band=Band.UNSURE if is_unsure else None,
    )


def _clock(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int(((fraction or "0") + "00")[:3])


def _is_gap(cue: Cue) -> bool:
    return len(cue.lines) == 1 and _GAP.fullmatch(cue.lines[0]) is not None


def _notes(header: list[str], gaps: int) -> list[str]:
    above = len(clean_lines(header))
    notes = []
    if above:
        notes.append(f"{counted(above, 'line', 'lines')} before the first time left out.")
    if gaps:
        notes.append(f"{counted(gaps, 'stretch', 'stretches')} said to be untranscribed left out.")
    return notes

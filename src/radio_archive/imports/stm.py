"""NIST segment time marks (``.stm``), as speech data sets carry them.

One line per stretch: file, channel, speaker, start and end in seconds, an optional ``<label>``, the
words (NIST, SCTK documentation, ``stm`` format). The Kallaama data set marks French words by
``:fra`` behind them, hesitations by ``%`` and noises by square brackets; the marks are left out,
the words stay.
"""

from __future__ import annotations

import re

from radio_archive.errors import BadImport
from radio_archive.imports.cues import (
    Cue,
    CueFile,
    clean,
    clean_lines,
    counted,
    split_lines,
    to_ms,
    wrong_format,
)

_LINE = re.compile(
    r"\s*(\S+)\s+(\S+)\s+(\S+)\s+(\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)(?:\s+<[^>]*>)?(?:\s+(.*))?"
)
_NOT_SPEECH = {"inter_segment_gap", "excluded_region"}
_NOT_WORDS = "ignore_time_segment_in_scoring"
_LANGUAGE_MARK = re.compile(r"(?<!\S):[a-z]*(?!\S)|(?<=\S):[a-z]{2,5}(?!\S)")
_NOISE = re.compile(r"\[[^\[\]\s]*\]")
_HESITATION = re.compile(r"(?<!\S)%")
_ALTERNATIVES = re.compile(r"\{([^{}/]*)/[^{}]*\}")


def read(text: str, name: str) -> CueFile:
    """Read segment time marks; stretches that hold no transcription are counted and left out.

    Raises:
        BadImport: no line, or one of them, is a segment time mark.
    """
    cues: list[Cue] = []
    without_speech = 0
    for number, line in enumerate(split_lines(text), start=1):
        if not line.strip() or line.lstrip().startswith(";;"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise _bad_line(name, number, is_first=not cues and not without_speech)
        _, _, speaker, start, end, words = match.groups(default="")
        if speaker in _NOT_SPEECH or words.strip().lower() == _NOT_WORDS:
            without_speech += 1
            continue
        cues.append(
            Cue(
                place=f"line {number}",
                start_ms=to_ms(float(start)),
                end_ms=to_ms(float(end)),
                lines=clean_lines([_plain(words)]),
                speaker=clean(speaker) or None,
            )
        )
    if not cues:
        raise wrong_format(name, "no segment time mark with words")
    if not without_speech:
        return CueFile(cues=tuple(cues))
    said = counted(without_speech, "stretch", "stretches")
    return CueFile(cues=tuple(cues), notes=(f"{said} marked as not transcribed left out.",))


def _plain(words: str) -> str:
    chosen = _ALTERNATIVES.sub(r"\1", words)
    return _HESITATION.sub("", _NOISE.sub(" ", _LANGUAGE_MARK.sub("", chosen)))


def _bad_line(name: str, number: int, *, is_first: bool) -> BadImport:
    if is_first:
        return wrong_format(name, "no segment time marks")
    return BadImport(
        f"Line {number} of {name} is not a segment time mark.",
        hint="It needs file, channel, speaker, start and end in seconds, then the words.",
    )

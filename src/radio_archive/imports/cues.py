"""What every reader gives: cues as the file has them, before anything is mended."""

from __future__ import annotations

import re
from dataclasses import dataclass

from radio_archive.errors import BadImport
from radio_archive.model import Band, Gap, LanguageTag, Trust, Word
from radio_archive.model.text import readable

#: longest recording a time may lie in; more means another unit or another kind of file
LONGEST_MS = 24 * 3_600_000

# What some program takes for the end of a line, other control characters, and runs of spaces; the
# no-break spaces of French punctuation stay.
_BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One stretch of text with its times, as the file says them."""

    place: str  #: where it stands in the file, for messages: ``line 12``, ``segment 3``
    start_ms: int
    end_ms: int | None  #: None when the file does not say; may lie before the start
    lines: tuple[str, ...]  #: its lines, each clean and not empty
    speaker: str | None = None
    words: tuple[Word, ...] = ()
    language: LanguageTag | None = None  #: where the file says that it is not the rest's
    avg_logprob: float | None = None  #: mean token log-probability; None if unknown
    no_speech_prob: float | None = None  #: 0-1; None if unknown
    band: Band | None = None  #: as our own export says it


@dataclass(frozen=True, slots=True, kw_only=True)
class CueFile:
    """What a file holds, and what it says of itself."""

    cues: tuple[Cue, ...]  #: in the order of the file
    translation: tuple[Cue, ...] = ()  #: the same in another language, where the format can tell
    language: str | None = None  #: as the file says it
    trust: Trust | None = None  #: as the file says it; None when it says nothing
    engine: str = ""  #: what wrote it; empty when the file does not say
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()  #: one sentence each: what was left out, and how much


def clean(text: str) -> str:
    """Text on one line: control characters and runs of spaces become one space.

    Halves of characters become U+FFFD, so that UTF-8 can hold it. Letters stay as they are
    written, look-alikes included: the analyzers repair what is searched, never what is shown.
    """
    return readable(_BREAKS.sub(" ", text)).strip(" ")


def clean_lines(lines: list[str]) -> tuple[str, ...]:
    """The lines that hold something, each `clean`."""
    return tuple(line for line in map(clean, lines) if line.strip())


def split_lines(text: str) -> list[str]:
    """Lines as an editor counts them: ended by LF, CR LF or CR, and by nothing else."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def to_ms(seconds: float) -> int:
    """Seconds as whole milliseconds, rounded to the nearest."""
    return round(seconds * 1000)


def wrong_format(name: str, expected: str) -> BadImport:
    """The error for a file that holds nothing its format asks for."""
    return BadImport(
        f"{name} holds {expected}.",
        hint="Name the format it really has with --format.",
    )


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun: ``1 cue``, ``12 cues``."""
    return f"{count:,} {one if count == 1 else many}"

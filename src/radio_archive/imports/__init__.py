"""Transcripts that others wrote, read from the formats they come in: one module per format.

A new format is one module with a ``read`` function and one row in ``IMPORTS``. What a reader gives
is what the file says; `settling` makes segments of it that can be believed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType

from radio_archive.errors import BadImport, UnknownFormat
from radio_archive.imports import eaf, srt, stm, textgrid, txt, vtt, whisper_json
from radio_archive.imports.cues import Cue, CueFile
from radio_archive.imports.decoding import decode
from radio_archive.imports.settling import Settled, settle
from radio_archive.imports.two_languages import Apart, looks_bilingual, take_apart

__all__ = [
    "Apart",
    "Cue",
    "CueFile",
    "IMPORTS",
    "ImportFormat",
    "ReadFile",
    "Settled",
    "UNTIMED",
    "find_format",
    "looks_bilingual",
    "read_file",
    "settle",
    "take_apart",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFormat:
    """One way transcripts come in."""

    name: str  #: what the user calls it, and the end of file names: ``vtt``
    title: str  #: for people
    read: Callable[[str, str], CueFile]  #: text and file name to cues; pure


_FORMATS = (
    ImportFormat(name="vtt", title="WebVTT", read=vtt.read),
    ImportFormat(name="srt", title="SubRip", read=srt.read),
    ImportFormat(name="json", title="Whisper JSON", read=whisper_json.read),
    ImportFormat(name="stm", title="NIST segment time marks", read=stm.read),
    ImportFormat(name="eaf", title="ELAN", read=eaf.read),
    ImportFormat(name="textgrid", title="Praat TextGrid", read=textgrid.read),
    ImportFormat(name="txt", title="text with times", read=txt.read),
)

IMPORTS: Mapping[str, ImportFormat] = MappingProxyType({row.name: row for row in _FORMATS})
"""Every import format by its name."""

UNTIMED = ImportFormat(name="txt", title="text without times", read=txt.read_untimed)
"""Text to compare with; nothing that could be searched at a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file that was read."""

    format_name: str
    encoding: str  #: as Python names it
    content: CueFile
    notes: tuple[str, ...]  #: one sentence each: what was assumed and what was left out


def find_format(file_name: str, stated: str | None = None) -> ImportFormat:
    """The format somebody states, else the one the file's name ends in.

    Raises:
        UnknownFormat: we do not read it; the hint lists those we do.
    """
    ending = PurePath(file_name).suffix.removeprefix(".")
    name = (stated or ending).lower()
    if name not in IMPORTS:
        known = ", ".join(f"{row.name} ({row.title})" for row in _FORMATS)
        raise UnknownFormat(
            f"There is no import format {name[:40]!r}."
            if name
            else f"The name of {file_name} does not say its format.",
            hint=f"Choose one with --format: {known}.",
        )
    return IMPORTS[name]


def read_file(
    data: bytes,
    name: str,
    chosen: ImportFormat,
    *,
    encoding: str | None = None,
    windows: str = "cp1252",
) -> ReadFile:
    """Read a transcript.

    Args:
        data: the whole file.
        name: of the file, for messages.
        chosen: see `find_format`.
        encoding: as somebody says; None recognises it.
        windows: the encoding of lines that are not UTF-8, where none is stated.

    Raises:
        BadImport: it is empty, no text, or not of this format.
        BadInput: nobody knows the encoding.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise BadImport(f"{name} is empty.", hint="Give the file that holds the transcript.")
    decoded = decode(data, name, encoding, windows)
    content = chosen.read(decoded.text.removeprefix("\ufeff"), name)
    return ReadFile(
        format_name=chosen.name,
        encoding=decoded.encoding,
        content=content,
        notes=(*decoded.notes, *content.notes),
    )

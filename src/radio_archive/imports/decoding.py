"""Bytes of a transcript file turned into text, without a guess nobody is told of.

UTF-8 and UTF-16 can be recognised. What is neither is read line by line: a line that is UTF-8 as
that, any other in the Windows encoding of the language's script, because files mended by several
people hold both. Which lines those were is said. A statistical detector took French subtitles in
three encodings each for another one, so none is used.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from radio_archive.errors import BadImport, BadInput

#: what a file without a byte order mark may begin with; the longer marks first
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: control characters no text holds: all below the space but tab, line ends, form feed, Ctrl-Z, ESC
_BINARY = re.compile(b"[\x00-\x08\x0e-\x19\x1c-\x1f]")
#: share of zero bytes, at even or odd places, from which text is UTF-16 without a mark: the
#: digits, spaces and line ends of times alone are more
_UTF16_SHARE = 0.15
#: lines named in a note before it only counts
_NAMED_LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text of a file."""

    text: str
    encoding: str  #: as Python names it
    notes: tuple[str, ...] = ()  #: what was assumed, for people


def decode(data: bytes, name: str, encoding: str | None, windows: str = "cp1252") -> Decoded:
    """Turn a file's bytes into text.

    Args:
        data: the whole file.
        name: of the file, for messages.
        encoding: what somebody says it is; None recognises it.
        windows: the encoding of lines that are not UTF-8.

    Raises:
        BadImport: it is no text, or a byte has no meaning in the encoding.
        BadInput: nobody knows the encoding that was named.
    """
    if encoding is not None:
        known = _lookup(encoding)
        return Decoded(text=_strict(data, name, known), encoding=known)
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return Decoded(text=_strict(data, name, marked), encoding=marked)
    unmarked = _utf16_without_mark(data)
    if unmarked is not None:
        return Decoded(text=_strict(data, name, unmarked), encoding=unmarked)
    if _BINARY.search(data):
        raise _not_text(name)
    try:
        return Decoded(text=data.decode("utf-8"), encoding="utf-8")
    except UnicodeDecodeError:
        return _line_by_line(data, name, windows)


def _strict(data: bytes, name: str, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "ignore")
        raise _undecodable(name, before.count("\n") + 1, encoding) from error
    if "\x00" in text:
        raise _not_text(name)
    return text


def _line_by_line(data: bytes, name: str, windows: str) -> Decoded:
    lines = []
    others = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            try:
                lines.append(line.decode(windows))
            except UnicodeDecodeError as error:
                raise _undecodable(name, number, windows) from error
            others.append(number)
    named = ", ".join(map(str, others[:_NAMED_LINES]))
    more = len(others) - _NAMED_LINES
    where = f"Lines {named} and {more:,} more were" if more > 0 else f"Lines {named} were"
    note = (
        f"{where if len(others) > 1 else f'Line {named} was'} not UTF-8 and read as {windows}; "
        "if letters look wrong, name the encoding with --encoding."
    )
    return Decoded(text="\n".join(lines), encoding=windows, notes=(note,))


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:4096]
    half = len(sample) // 2
    if half < 2:
        return None
    odd, even = sample[1::2].count(0) / half, sample[0::2].count(0) / half
    if max(odd, even) < _UTF16_SHARE or min(odd, even) > _UTF16_SHARE / 3:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _lookup(encoding: str) -> str:
    try:
        # some codecs turn bytes into bytes; only those for text can decode to it
        "".encode(encoding)
        return codecs.lookup(encoding).name
    except (LookupError, UnicodeError, ValueError) as error:
        raise BadInput(
            f"There is no text encoding {encoding[:40]!r}.",
            hint="Examples: utf-8, utf-16, cp1252 (Windows), cp1256 (Windows, Arabic), mac_roman.",
        ) from error


def _not_text(name: str) -> BadImport:
    return BadImport(
        f"{name} is not a text file.",
        hint="Give a transcript: VTT, SRT, Whisper JSON, STM, EAF or text with times.",
    )


def _undecodable(name: str, line: int, encoding: str) -> BadImport:
    return BadImport(
        f"Line {line} of {name} holds bytes that mean nothing in {encoding}.",
        hint="Name the encoding with --encoding (cp1252, cp1256, mac_roman, utf-16 ...), "
        "or save the file as UTF-8.",
    )

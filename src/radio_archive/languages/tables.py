"""Tables of words that people edit: tab-separated, one thing a line, ``#`` before a remark.

Stations edit them with whatever they have, so a byte order mark, Windows line ends, UTF-16 as
spreadsheets save it, and Windows-1252 are read where they can only mean one thing. Whatever cannot
be read is refused with the file and the line, and nothing of the file is used.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from unicodedata import normalize

from radio_archive.errors import BadTable

#: a table of a station is some hundred lines; more than this is another file
MAX_BYTES = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table."""

    table: str  #: name of the file
    line: int  #: 1-based
    cells: tuple[str, ...]  #: one per column, without spaces around them, composed (NFC)

    def refuse(self, problem: str, *, hint: str = "") -> BadTable:
        """The error that says what is wrong with this line."""
        return BadTable(f"{self.table}, line {self.line}: {problem}", hint=hint)


def read_table(path: Traversable, columns: Sequence[str], *, label: str = "") -> tuple[Row, ...]:
    """The rows of a table.

    Args:
        path: the file.
        columns: what its first line must name.
        label: how messages call it; its file name by default.

    Raises:
        BadTable: unreadable, empty, other columns, or text in two encodings.
    """
    text = _decode(path)
    lines = [
        (number, line)
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.startswith("#")
    ]
    header = "  ".join(columns)
    if not lines:
        raise BadTable(
            f"{path.name} is empty.",
            hint=f"Delete it, or begin with a line that names the columns, with tabs: {header}",
        )
    rows = [_row(label or path.name, number, line) for number, line in lines]
    if tuple(cell.lower() for cell in rows[0].cells) != tuple(columns):
        raise rows[0].refuse(
            "the first line must name the columns.", hint=f"Write, with tabs: {header}"
        )
    for row in rows[1:]:
        if len(row.cells) != len(columns):
            counted = "1 column" if len(row.cells) == 1 else f"{len(row.cells)} columns"
            raise row.refuse(
                f"{counted}, and {len(columns)} are needed.",
                hint=f"Put tabs between: {header}; an empty column keeps its tab.",
            )
    return tuple(rows[1:])


def split_cell(cell: str) -> tuple[str, ...]:
    """The parts of a cell that are separated by ``|``; empty ones are passed over."""
    return tuple(part for part in (" ".join(part.split()) for part in cell.split("|")) if part)


def same_text(text: str) -> str:
    """What two spellings share that differ in case and spaces only."""
    return " ".join(normalize("NFC", text).casefold().split())


def _row(table: str, number: int, line: str) -> Row:
    cells = tuple(normalize("NFC", cell).strip() for cell in line.split("\t"))
    return Row(table=table, line=number, cells=cells)


def _decode(path: Traversable) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadTable(f"{path.name} cannot be read: {error.strerror or error}.") from error
    if len(content) > MAX_BYTES:
        raise BadTable(f"{path.name} has {len(content):,} bytes, at most {MAX_BYTES:,} are read.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", errors="replace")
    else:
        text = _decode_bytes(path.name, content.removeprefix(codecs.BOM_UTF8))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), start=1):
        if "\0" in line or "\ufffd" in line:
            raise BadTable(
                f"{path.name}, line {number}: bytes that are no text.",
                hint="Save the file as UTF-8 text.",
            )
    return text


def _decode_bytes(name: str, content: bytes) -> str:
    """UTF-8; Windows-1252 when no line at all is UTF-8 beyond plain ASCII."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    foreign = [number for number, line in enumerate(lines, start=1) if not _is_utf8(line)]
    has_utf8 = any(not line.isascii() and _is_utf8(line) for line in lines)
    if not has_utf8:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            pass
    raise BadTable(
        f"{name}, line {foreign[0]}: letters in another encoding than the rest of the file."
        if has_utf8
        else f"{name}, line {foreign[0]}: letters in an encoding we do not know.",
        hint="Save the file as UTF-8 text.",
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True

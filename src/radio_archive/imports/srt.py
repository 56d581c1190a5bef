"""SubRip (``.srt``): a format without a standard, read as players read it."""

from __future__ import annotations

import html
import re

from radio_archive.imports.cues import Cue, CueFile, clean_lines, split_lines, wrong_format
from radio_archive.imports.timed_lines import find_blocks

#: the tags players know, and the brace codes that subtitle editors leave behind
_TAGS = re.compile(r"</?(?:i|b|u|s|em|strong|font|span|p|c)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.I)
_BREAK = re.compile(r"<br\s*/?>|\\N", re.I)


def read(text: str, name: str) -> CueFile:
    """Read a SubRip file; tags are left out, ``&amp;`` and its like become letters.

    A name before the words (``Awa: …``) stays in the text: nothing tells it from other colons.

    Raises:
        BadImport: it holds no cue, or a line of times that cannot be read.
    """
    cues = tuple(
        Cue(
            place=f"line {block.line}",
            start_ms=block.start_ms,
            end_ms=block.end_ms,
            lines=clean_lines([part for line in block.lines for part in _plain(line)]),
        )
        for block in find_blocks(split_lines(text), name, any_name=False)
    )
    if not cues:
        raise wrong_format(name, "no SubRip cue, no line like 00:00:01,000 --> 00:00:02,500")
    return CueFile(cues=cues)


def _plain(line: str) -> list[str]:
    return [html.unescape(_TAGS.sub("", part)) for part in _BREAK.split(line)]

"""WebVTT (``.vtt``; W3C, https://www.w3.org/TR/webvtt1/)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from radio_archive.imports.cues import Cue, CueFile, clean, clean_lines, split_lines, wrong_format
from radio_archive.imports.provenance import find_engine, find_language, find_tag, find_trust
from radio_archive.imports.timed_lines import Block, find_blocks
from radio_archive.model import Band

_BESIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)*(?:\s+([^<>]*))?>")
_TONGUE = re.compile(r"<lang(?:\.[^\s<>]*)*\s+([^<>]*)>")
#: how our own export says that the machine is not sure
_UNSURE = re.compile(r"<c\.unsure>")
_TAG = re.compile(r"</?[^<>]*>")


def read(text: str, name: str) -> CueFile:
    """Read a WebVTT file: voices become speakers, and a cue's language is kept.

    Other tags, notes and styles are left out.

    A cue in which several voices speak becomes several, all with its times.

    Raises:
        BadImport: it holds no cue, or a line of times that cannot be read.
    """
    lines, beside = _take_out(split_lines(text))
    cues = tuple(cue for block in find_blocks(lines, name, any_name=True) for cue in _voices(block))
    if not cues:
        raise wrong_format(name, "no WebVTT cue, no line like 00:00:01.000 --> 00:00:02.500")
    return CueFile(
        cues=cues,
        language=find_language(beside),
        trust=find_trust(beside),
        engine=find_engine(beside),
    )


def _take_out(lines: list[str]) -> tuple[list[str], list[str]]:
    """Empty the lines that are no cues, so that line numbers stay; and those lines, to be read."""
    kept, beside = [], []
    is_beside = lines[0].lstrip("\ufeff").startswith("WEBVTT")
    was_empty = False
    for line in lines:
        if not line.strip():
            is_beside = False
        elif was_empty and _BESIDE.fullmatch(line) and "-->" not in line:
            is_beside = True
        was_empty = not line.strip()
        kept.append("" if is_beside else line)
        if is_beside:
            beside.append(html.unescape(line))
    return kept, beside


def _voices(block: Block) -> Iterator[Cue]:
    text = "\n".join(block.lines)
    marks = list(_VOICE.finditer(text))
    begins = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    names = [None, *(mark.group(1) for mark in marks)]
    spoken = [
        (
            _plain(text[begin:end]),
            clean(html.unescape(voice or "")) or None,
            _TONGUE.match(text[begin:end].strip()),
            Band.UNSURE if _UNSURE.search(text[begin:end]) else None,
        )
        for begin, end, voice in zip(begins, ends, names, strict=True)
    ]
    full = [each for each in spoken if each[0]]
    for lines, speaker, tongue, band in full or [((), None, None, None)]:
        yield Cue(
            place=f"line {block.line}",
            start_ms=block.start_ms,
            end_ms=block.end_ms,
            lines=lines,
            speaker=speaker,
            language=find_tag(tongue and tongue[1]),
            band=band,
        )


def _plain(text: str) -> tuple[str, ...]:
    return clean_lines([html.unescape(line) for line in _TAG.sub("", text).split("\n")])

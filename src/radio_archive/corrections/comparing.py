"""Where two texts of one recording say something else, by time."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from radio_archive.model import Milliseconds, Segment, Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A stretch in which two texts differ."""

    start_ms: Milliseconds
    text: str  #: of the one
    other: str  #: of the other; empty where it has nothing there


def differences(one: Transcript, other: Transcript) -> tuple[Difference, ...]:
    """The sentences of one text beside what another says meanwhile, where the words differ.

    Case and punctuation are no difference. What the other says between the sentences of the one
    belongs to the sentence before it.
    """
    starts = [segment.start_ms for segment in one.segments]
    said = _words(other)
    found = []
    for number, segment in enumerate(one.segments):
        begin = starts[number] if number else 0
        end = starts[number + 1] if number + 1 < len(starts) else None
        words = [text for moment, text in said if begin <= moment and (end is None or moment < end)]
        beside = " ".join(words)
        if _plain(segment.text) != _plain(beside):
            found.append(Difference(start_ms=segment.start_ms, text=segment.text, other=beside))
    if not one.segments and said:
        beside = " ".join(text for _, text in said)
        found.append(Difference(start_ms=Milliseconds(said[0][0]), text="", other=beside))
    return tuple(found)


def _words(transcript: Transcript) -> list[tuple[int, str]]:
    """Each word with the middle of its time; a sentence without times of words is one."""
    return [part for segment in transcript.segments for part in _words_of(segment)]


def _words_of(segment: Segment) -> list[tuple[int, str]]:
    if not segment.words:
        return [((segment.start_ms + segment.end_ms) // 2, segment.text)]
    return [((word.start_ms + word.end_ms) // 2, word.text) for word in segment.words]


def _plain(text: str) -> list[str]:
    kept = (each if each.isalnum() else " " for each in unicodedata.normalize("NFC", text))
    return "".join(kept).casefold().split()

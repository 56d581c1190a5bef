"""From timed words to sentences: what is shown on one line, linked to and searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from radio_archive.model import Milliseconds, Word

MAX_PAUSE_MS = 900
"""A longer pause ends a sentence. Of 6,000 pauses in five languages those that read or spoken
sentences hold are mostly 200 to 1,000 ms long (Campione and Véronis, "A large-scale multilingual
study of silent pause duration", 2002); a little less, because alignment makes words longer."""

MAX_SENTENCE_MS = 15_000
"""Longer ones are cut where the speaker waited longest: a line of text should take seconds."""

_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔")
_CLOSING = "»\"”’')] "
_COMMA_BONUS_MS = 400
"""A comma is as good a place to cut as so much more of a pause."""

_EDGE_TOLERANCE_MS = 100
"""Alignment places words on a grid of 20 ms and errs by a few steps."""


def snap_to_speech(
    words: Sequence[Word], stretches: Sequence[tuple[Milliseconds, Milliseconds]]
) -> list[Word]:
    """Move the edges of words out of the pauses between stretches of speech.

    Args:
        words: with times from the start of the group.
        stretches: where the voice detector heard speech, on the same clock.
    """
    pauses: list[tuple[int, int]] = [(end, start) for (_, end), (start, _) in pairwise(stretches)]
    if stretches:
        pauses = [(0, stretches[0][0]), *pauses]
    return [_snap(word, pauses) for word in words]


def _snap(word: Word, pauses: Sequence[tuple[int, int]]) -> Word:
    start, end = int(word.start_ms), int(word.end_ms)
    for pause_start, pause_end in pauses:
        begins_inside = pause_start - _EDGE_TOLERANCE_MS <= start < pause_end
        if begins_inside and end > pause_end + _EDGE_TOLERANCE_MS:
            start = pause_end
        elif start < pause_start - _EDGE_TOLERANCE_MS and pause_start < end <= pause_end:
            end = pause_start
    if (start, end) == (word.start_ms, word.end_ms):
        return word
    return replace(word, start_ms=Milliseconds(start), end_ms=Milliseconds(end))


def place(words: Sequence[Word], start_ms: int, end_ms: int) -> list[Word]:
    """Move words from the group's clock to the recording's, in order and inside the group."""
    placed: list[Word] = []
    latest = start_ms
    for word in words:
        start = min(max(latest, start_ms + word.start_ms), end_ms)
        end = min(max(start, start_ms + word.end_ms), end_ms)
        placed.append(replace(word, start_ms=Milliseconds(start), end_ms=Milliseconds(end)))
        latest = start
    return placed


def cut_sentences(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Cut after a full stop, at a pause, and where a sentence grows longer than 15 s."""
    sentence: list[Word] = []
    for word in words:
        if sentence and word.start_ms - sentence[-1].end_ms >= MAX_PAUSE_MS:
            yield from _cut_long(sentence)
            sentence = []
        sentence.append(word)
        if _ends_sentence(word.text):
            yield from _cut_long(sentence)
            sentence = []
    if sentence:
        yield from _cut_long(sentence)


def _ends_sentence(text: str) -> bool:
    bare = text.rstrip(_CLOSING)
    if not bare.endswith(_ENDS):
        return False
    # "M.", "J." and "3." do not end a sentence
    is_short = bare.endswith(".") and len(bare.rstrip(".")) == 1
    return not is_short


def _cut_long(words: list[Word]) -> Iterator[tuple[Word, ...]]:
    if len(words) < 2 or words[-1].end_ms - words[0].start_ms <= MAX_SENTENCE_MS:
        yield tuple(words)
        return
    edge = max(1, len(words) // 4)
    candidates = range(edge, max(edge + 1, len(words) - edge))
    cut = max(candidates, key=lambda i: _ease_of_cut(words[i - 1], words[i]))
    yield from _cut_long(words[:cut])
    yield from _cut_long(words[cut:])


def _ease_of_cut(before: Word, after: Word) -> int:
    bonus = _COMMA_BONUS_MS if before.text.rstrip(_CLOSING).endswith((",", ";", ":", "،")) else 0
    return after.start_ms - before.end_ms + bonus

"""From an engine's timed pieces of text to the words a reader sees.

Whisper's alignment cuts text at spaces and at every punctuation mark, and gives a pause to
whichever word stands beside it. Both engines hand over the same pieces, so the rules live here.
"""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from radio_archive.model import Milliseconds, Word

_SENTENCE_ENDS = ".!?…。！？؟۔"
_OPENING = "«“‘„\"'([{¿¡-–—"
_LONG_MS = 700
"""No ordinary word is expected to last longer (openai-whisper's ``timing.py`` caps it so too)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedPiece:
    """A token or a few, as the alignment places them."""

    text: str  #: with its leading space, if it has one
    start_s: float  #: seconds from the start of the group
    end_s: float
    probability: float


def words_of(
    pieces: Iterable[TimedPiece], length_ms: int, *, has_spaces: bool = True
) -> tuple[Word, ...]:
    """Join pieces into words with their punctuation, and keep their times honest.

    Args:
        pieces: in the order they are said.
        length_ms: length of the group; no word ends later.
        has_spaces: whether the language writes spaces between words. If not, each piece is a word.
    """
    joined = _join(list(pieces), has_spaces)
    return tuple(
        Word(
            start_ms=_clamp(piece.start_s, length_ms),
            end_ms=_clamp(piece.end_s, length_ms),
            text=piece.text.strip(),
            probability=round(piece.probability, 3),
        )
        for piece in _shorten(joined)
    )


def _clamp(seconds: float, length_ms: int) -> Milliseconds:
    return Milliseconds(min(max(0, round(seconds * 1000)), length_ms))


def _join(pieces: Sequence[TimedPiece], has_spaces: bool) -> list[TimedPiece]:
    words: list[TimedPiece] = []
    is_open = False  # the last word is an opening mark that waits for its word
    for piece in pieces:
        if not piece.text.strip():
            continue
        is_mark = _is_mark(piece.text)
        starts_word = piece.text[0].isspace() or (not has_spaces and not is_mark)
        opens = is_mark and starts_word and piece.text.strip()[0] in _OPENING
        belongs_to_last = is_open or not starts_word or (is_mark and not opens)
        if words and belongs_to_last:
            words[-1] = _together(words[-1], piece)
            is_open = is_open and is_mark
        else:
            words.append(piece)
            is_open = opens
    return words


def _is_mark(text: str) -> bool:
    return not any(unicodedata.category(letter)[0] in "LNM" for letter in text.strip())


def _together(first: TimedPiece, second: TimedPiece) -> TimedPiece:
    """One piece of two; a mark has no sound of its own, so it gives no time and no doubt."""
    text = first.text + second.text
    if _is_mark(second.text):
        return replace(first, text=text)
    start = second.start_s if _is_mark(first.text) else first.start_s
    probability = (
        second.probability if _is_mark(first.text) else min(first.probability, second.probability)
    )
    return replace(second, text=text, start_s=start, probability=probability)


def _shorten(words: list[TimedPiece]) -> list[TimedPiece]:
    """Take away the pause that alignment adds to a word at the edge of a sentence.

    As in openai-whisper: a word longer than twice the median, at most 1.4 s, is cut where the
    pause is: before the first word of a sentence, after its last.
    """
    lengths = [word.end_s - word.start_s for word in words if word.end_s > word.start_s]
    if not lengths:
        return words
    longest = 2 * min(_LONG_MS / 1000, statistics.median(lengths))
    shortened: list[TimedPiece] = []
    ended = True
    for index, word in enumerate(words):
        starts_sentence, ended = ended, word.text.rstrip("»\"”'’) ").endswith(tuple(_SENTENCE_ENDS))
        if word.end_s - word.start_s > longest:
            if starts_sentence:
                word = replace(word, start_s=word.end_s - longest)
            elif ended or index == len(words) - 1:
                word = replace(word, end_s=word.start_s + longest)
        shortened.append(word)
    return shortened

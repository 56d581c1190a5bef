"""The words of a rewritten sentence, timed by those that stayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from radio_archive.languages.wordings import key_of
from radio_archive.model import Milliseconds, Segment, Word


def retimed(segment: Segment, text: str) -> tuple[Word, ...]:
    """Times for the words of a new text of a segment.

    Words that stayed keep their time. What stands between two of them shares the time between them
    by its letters. What is new where no time is left begins where the word before it ends.

    Args:
        segment: as it was; without word times there are none afterwards.
        text: what is said in it.
    """
    old = [word for word in segment.words if word.text.strip()]
    if not old:
        return ()
    new = text.split()
    matcher = SequenceMatcher(
        None, [_key(word.text) for word in old], [_key(word) for word in new], autojunk=False
    )
    words: list[Word] = []
    for same, old_first, old_last, first, last in matcher.get_opcodes():
        if same == "equal":
            pairs = zip(old[old_first:old_last], new[first:last], strict=True)
            words += [_kept(word, written) for word, written in pairs]
        elif first < last:
            start, end = _room(segment, old, old_first, old_last)
            words += shared_out(new[first:last], start, end)
    return tuple(words)


def _key(word: str) -> str:
    return key_of(word) or word


def _kept(word: Word, written: str) -> Word:
    return word if word.text.strip() == written else replace(word, text=written, probability=None)


def _room(segment: Segment, old: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """The time that words from one number to another took, or that lies between their neighbours.

    Words that nobody wrote before stand where the machine passed over something.
    """
    if first < last:
        return old[first].start_ms, max(word.end_ms for word in old[first:last])
    start = old[first - 1].end_ms if first else min(segment.start_ms, old[0].start_ms)
    end = old[first].start_ms if first < len(old) else max(segment.end_ms, start)
    return start, max(start, end)


def shared_out(texts: Sequence[str], start: int, end: int) -> Iterator[Word]:
    """Texts one after another between two moments (ms), each as long as its letters."""
    letters, done = sum(map(len, texts)), 0
    for text in texts:
        begin, done = done, done + len(text)
        yield Word(
            start_ms=Milliseconds(start + (end - start) * begin // letters),
            end_ms=Milliseconds(start + (end - start) * done // letters),
            text=text,
        )

"""A transcript cut into passages: the documents of the index.

Single segments lose phrases that straddle two of them; whole broadcasts let words match that were
said half an hour apart. A passage of about half a minute does neither, and is what a listener
wants to hear around a hit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest
from operator import attrgetter

from radio_archive.model import (
    Band,
    Broadcast,
    LanguageTag,
    Mark,
    Milliseconds,
    Passage,
    Segment,
    Transcript,
    Trust,
)
from radio_archive.model.bands import band_of_all

#: length a passage is filled up to
TARGET_MS = 35_000
#: a segment up to this long stays whole; a longer one is cut between words, if they have times
LONGEST_MS = 40_000
#: a text up to this long stays whole where nothing tells when its words are said: eight minutes of
#: speech or so. PostgreSQL keeps 256 places of one word apart, and 16,383 of all of them
LONGEST_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A segment, or a part of one too long to stay whole."""

    start_ms: Milliseconds
    end_ms: Milliseconds  #: not after the next piece's start where ends are unreliable
    text: str
    language: LanguageTag
    band: Band | None
    marks: tuple[Mark, ...]  #: offsets in ``text``
    is_reviewed: bool  #: a person stands for it


def split_passages(transcript: Transcript, broadcast: Broadcast) -> tuple[Passage, ...]:
    """Cut a transcript into passages.

    Every segment is in exactly one passage, in order; a passage is in one language. Cuts are at the
    longest pause that leaves passages between half of and all of ``TARGET_MS``. Only a segment
    longer than ``LONGEST_MS`` is itself cut, between words; without word times it stays whole, up
    to ``LONGEST_CHARACTERS``: what is longer is cut there too, and its words are taken to be said
    at an even pace.

    Args:
        transcript: the version to be searched.
        broadcast: tells programme and date.

    Returns:
        Numbered from 0; empty for an empty transcript.
    """
    spoken = transcript.language
    parts = [each for part in transcript.segments for each in _pieces(part, spoken)]
    pieces = _settle([shorter for part in parts for shorter in _shorter(part)])
    runs = [list(run) for _, run in groupby(pieces, key=attrgetter("language"))]
    cuts = [
        part
        for run in runs
        for first, last in _cut([(piece.start_ms, piece.end_ms) for piece in run])
        for part in _lightened(run[first:last])
    ]
    return tuple(_join(inside, number, transcript, broadcast) for number, inside in enumerate(cuts))


def _lightened(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """The pieces of a passage, in parts where together their texts are too long."""
    part: list[_Piece] = []
    length = 0
    for piece in pieces:
        if part and length + len(piece.text) >= LONGEST_CHARACTERS:
            yield part
            part, length = [], 0
        part.append(piece)
        length += len(piece.text) + 1
    yield part


def _join(
    pieces: Sequence[_Piece], number: int, transcript: Transcript, broadcast: Broadcast
) -> Passage:
    marks: list[Mark] = []
    offset = 0
    for piece in pieces:
        marks += [mark._replace(char_start=mark.char_start + offset) for mark in piece.marks]
        offset += len(piece.text) + 1
    return Passage(
        broadcast_id=broadcast.id,
        number=number,
        language=pieces[0].language,
        start_ms=pieces[0].start_ms,
        end_ms=max(piece.end_ms for piece in pieces),
        text=" ".join(piece.text for piece in pieces),
        marks=tuple(marks),
        programme_id=broadcast.programme.id if broadcast.programme else None,
        aired_at=broadcast.aired_at,
        trust=Trust.CHECKED if all(each.is_reviewed for each in pieces) else transcript.trust,
        band=band_of_all((piece.band, piece.end_ms - piece.start_ms) for piece in pieces),
        kind=transcript.kind,
    )


def _settle(pieces: list[_Piece]) -> list[_Piece]:
    """End a piece where the next begins.

    In real subtitle files most cues claim to go on long after the next has begun, while their
    starts are right (measured on 26,326 cues).
    """
    starts = [following.start_ms for following in pieces[1:]]
    return [
        piece
        if start_ms is None or not piece.start_ms < start_ms < piece.end_ms
        else replace(piece, end_ms=start_ms)
        for piece, start_ms in zip_longest(pieces, starts)
    ]


def _pieces(segment: Segment, spoken: LanguageTag) -> Iterator[_Piece]:
    text, marks = segment.text.strip(), _marks(segment, segment.text.strip())
    whole = _Piece(
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
        text=text,
        language=segment.language or spoken,
        band=None if segment.review else segment.band,
        marks=marks,
        is_reviewed=segment.review is not None,
    )
    if segment.end_ms - segment.start_ms <= LONGEST_MS or len(marks) < 2:
        yield whole
        return
    for first, last in _cut([(mark.start_ms, mark.end_ms) for mark in marks]):
        begin = marks[first].char_start
        end = marks[last].char_start if last < len(marks) else len(text)
        inside = marks[first:last]
        yield replace(
            whole,
            start_ms=inside[0].start_ms,
            end_ms=Milliseconds(max(mark.end_ms for mark in inside)),
            text=text[begin:end].strip(),
            marks=tuple(mark._replace(char_start=mark.char_start - begin) for mark in inside),
        )


def _shorter(piece: _Piece) -> Iterator[_Piece]:
    """A piece, in parts where its text is too long."""
    while len(piece.text) > LONGEST_CHARACTERS:
        cut = piece.text.rfind(" ", 1, LONGEST_CHARACTERS + 1)
        cut = LONGEST_CHARACTERS if cut < 0 else cut
        inside = tuple(mark for mark in piece.marks if mark.char_start < cut)
        after = tuple(mark for mark in piece.marks if mark.char_start >= cut)
        share = (piece.end_ms - piece.start_ms) * cut // len(piece.text)
        moment = after[0].start_ms if after else Milliseconds(piece.start_ms + share)
        yield replace(piece, end_ms=moment, text=piece.text[:cut], marks=inside)
        rest = piece.text[cut:].lstrip()
        gone = len(piece.text) - len(rest)
        marks = [mark._replace(char_start=max(0, mark.char_start - gone)) for mark in after]
        if not marks or marks[0].char_start:
            end_ms = marks[0].start_ms if marks else piece.end_ms
            marks.insert(0, Mark(char_start=0, start_ms=moment, end_ms=end_ms))
        piece = replace(piece, start_ms=moment, text=rest, marks=tuple(marks))
    yield piece


def _marks(segment: Segment, text: str) -> tuple[Mark, ...]:
    """Where each word stands in the text; words the text does not hold are passed over."""
    marks = []
    offset = 0
    for word in segment.words:
        found = text.find(word.text.strip(), offset)
        if found >= 0 and word.text.strip():
            marks.append(Mark(char_start=found, start_ms=word.start_ms, end_ms=word.end_ms))
            offset = found + len(word.text.strip())
    # what stands before the first timed word is said from the segment's start
    if not marks or marks[0].char_start > 0:
        end_ms = marks[0].start_ms if marks else segment.end_ms
        start_ms = min(segment.start_ms, end_ms)
        marks.insert(0, Mark(char_start=0, start_ms=start_ms, end_ms=end_ms))
    return tuple(marks)


def _cut(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Group neighbouring spans (start, end in ms): index of the first, and past the last."""
    first = 0
    while first < len(spans):
        start = spans[first][0]
        fitting = first + 1
        while fitting < len(spans) and spans[fitting][1] - start <= TARGET_MS:
            fitting += 1
        if fitting < len(spans):
            fitting = _longest_pause(spans, first, fitting)
        yield first, fitting
        first = fitting


def _longest_pause(spans: Sequence[tuple[int, int]], first: int, fitting: int) -> int:
    """Where to cut: the longest pause in the second half of what fits, the last of equals."""
    start = spans[first][0]
    ends = [
        cut
        for cut in range(first + 1, fitting + 1)
        if cut == fitting or spans[cut - 1][1] - start >= TARGET_MS // 2
    ]
    return max(ends, key=lambda cut: (spans[cut][0] - spans[cut - 1][1], cut))

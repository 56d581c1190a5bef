"""Giving each sentence the voice that holds most of it."""

from __future__ import annotations

from dataclasses import replace

from radio_archive.model import VOICES, VoiceFinding, find_finding
from radio_archive.voices import Told, Turn, with_voices
from tests.support.making import make_segment, make_transcript, ms


def turn(start: int, end: int, voice: str, *, is_sure: bool = True) -> Turn:
    return Turn(start_ms=ms(start), end_ms=ms(end), voice=voice, is_sure=is_sure)


def voices(turns: list[Turn], *sentences: tuple[int, int]) -> list[str | None]:
    segments = tuple(make_segment("Bonsoir à tous.", *times) for times in sentences)
    transcript = replace(make_transcript(), segments=segments)
    told = Told(finding=VoiceFinding.TOLD_APART, turns=tuple(turns))
    return [segment.voice for segment in with_voices(transcript, told).segments]


def test_a_sentence_has_the_voice_that_holds_most_of_it() -> None:
    turns = [turn(0, 4_000, "A"), turn(4_000, 9_000, "B")]
    assert voices(turns, (0, 3_000), (3_500, 6_000), (6_000, 9_000)) == ["A", "B", "B"]


def test_a_sentence_two_voices_share_has_none() -> None:
    assert voices([turn(0, 2_000, "A"), turn(2_000, 4_000, "B")], (0, 4_000)) == [None]


def test_what_is_unsure_counts_against_a_voice() -> None:
    turns = [turn(0, 2_000, "A"), turn(2_000, 4_000, "A", is_sure=False)]
    assert voices(turns, (0, 4_000), (500, 3_000), (2_000, 4_000)) == [None, "A", None]


def test_a_sentence_where_nobody_was_heard_has_none() -> None:
    assert voices([turn(0, 2_000, "A")], (5_000, 6_000)) == [None]


def test_sentences_at_the_same_time_each_get_theirs() -> None:
    turns = [turn(0, 5_000, "A"), turn(5_000, 6_000, "B")]
    assert voices(turns, (0, 6_000), (100, 900), (5_000, 6_000)) == ["A", "A", "B"]


def test_the_transcript_remembers_what_came_of_it() -> None:
    marked = with_voices(make_transcript(), Told(finding=VoiceFinding.TELEPHONE))
    assert marked.parameters[VOICES] == "telephone"
    assert find_finding(marked) is VoiceFinding.TELEPHONE
    assert find_finding(make_transcript()) is None
    assert [segment.voice for segment in marked.segments] == [None]

"""Whisper's JSON, read back by pysubs2 and by the standard library."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pysubs2
from hypothesis import given
from tests.exports.making import (
    CONTEXT,
    make_doubtful,
    make_segment,
    make_transcript,
    make_word,
    transcripts,
)

from radio_archive.exports.lines import one_line
from radio_archive.exports.whisper_json import write
from radio_archive.model import Gap, GapReason, Milliseconds, Transcript


def written(transcript: Transcript) -> dict[str, Any]:
    answer = json.loads(write(transcript, CONTEXT))
    assert isinstance(answer, dict)
    return answer


def test_joined_words_give_the_text_as_openai_whisper_writes_it() -> None:
    segment = replace(
        make_segment("« L'école est ouverte.", 1000, 3000),
        words=(
            make_word("L'", 1000, 1100),
            make_word("école", 1100, 1500),
            make_word("est", 1500, 1700),
            make_word("ouverte.", 1700, 3000),
        ),
    )
    words = written(make_transcript(segment))["segments"][0]["words"]
    assert "".join(word["word"] for word in words) == " « L'école est ouverte."
    assert words[1] == {"word": "école", "start": 1.1, "end": 1.5, "probability": 0.75}


def test_a_word_the_text_does_not_hold_is_still_written() -> None:
    segment = replace(make_segment("Oui."), words=(make_word("Non.", 0, 500),))
    assert written(make_transcript(segment))["segments"][0]["words"][0]["word"] == " Non."


def test_our_own_fields_say_where_it_comes_from() -> None:
    transcript = replace(
        make_transcript(make_segment("Oui.")),
        gaps=(
            Gap(
                start_ms=Milliseconds(5000),
                end_ms=Milliseconds(6500),
                reason=GapReason.NO_WORDS,
            ),
        ),
        parameters={"weights": "abc"},
    )
    answer = written(transcript)
    assert answer["kind"] == "machine"
    assert answer["trust"] == "machine"
    assert answer["engine"] == "faster-whisper/base"
    assert answer["parameters"] == {"weights": "abc"}
    assert answer["gaps"] == [{"start": 5.0, "end": 6.5, "reason": "no_words", "language": None}]
    assert answer["broadcast"]["programme"]["title"] == "Les grands débats"
    assert answer["broadcast"]["aired_at"] == "2014-10-16T17:00:00Z"
    assert answer["broadcast"]["is_synthetic"] is True


def test_numbers_json_cannot_hold_become_null() -> None:
    segment = replace(make_segment("Oui."), avg_logprob=math.nan, no_speech_prob=math.inf)
    text = write(make_transcript(segment), CONTEXT)
    answer = json.loads(text, parse_constant=lambda name: pytest_fail(name))
    assert answer["segments"][0]["avg_logprob"] is None
    assert answer["segments"][0]["no_speech_prob"] is None


def pytest_fail(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


@given(transcripts())
def test_what_is_written_is_read_back(transcript: Transcript) -> None:
    answer = written(transcript)
    assert [
        (round(row["start"] * 1000), round(row["end"] * 1000), row["text"], row["speaker"])
        for row in answer["segments"]
    ] == [
        (
            segment.start_ms,
            segment.end_ms,
            one_line(segment.text),
            None if segment.speaker is None else one_line(segment.speaker),
        )
        for segment in transcript.segments
    ]
    subtitles = pysubs2.load_from_whisper(answer)
    assert [(event.start, event.end) for event in subtitles] == [
        (segment.start_ms, segment.end_ms) for segment in transcript.segments
    ]


def test_a_sentence_the_machine_was_not_sure_of_says_so() -> None:
    segments = json.loads(write(make_doubtful(), CONTEXT))["segments"]
    assert [segment["band"] for segment in segments] == ["good", "weak", "unsure"]

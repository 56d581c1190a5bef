"""SubRip, read back by pysubs2."""

from __future__ import annotations

import pysubs2
from hypothesis import given
from tests.exports.making import CONTEXT, make_doubtful, make_segment, make_transcript, transcripts

from radio_archive.exports.lines import one_line
from radio_archive.exports.srt import write
from radio_archive.model import Transcript


def test_cards_are_numbered_from_one_with_a_comma_before_the_milliseconds() -> None:
    text = write(
        make_transcript(
            make_segment("Bonjour.", 754_200, 756_000, "Awa Traoré"),
            make_segment("Merci.", 756_000, 757_000),
        ),
        CONTEXT,
    )
    assert text == (
        "1\n00:12:34,200 --> 00:12:36,000\nAwa Traoré: Bonjour.\n\n"
        "2\n00:12:36,000 --> 00:12:37,000\nMerci.\n"
    )


def test_a_long_sentence_takes_two_lines_of_about_the_same_length() -> None:
    sentence = "Le conseil des ministres s'est réuni mercredi à Koulouba sous la présidence"
    lines = write(make_transcript(make_segment(sentence)), CONTEXT).splitlines()[2:]
    assert len(lines) == 2
    assert " ".join(lines) == sentence
    assert max(map(len, lines)) <= 42


def test_an_arrow_in_the_text_cannot_start_another_card() -> None:
    text = write(make_transcript(make_segment("00:00:01,000 --> 00:00:02,000")), CONTEXT)
    assert text.count("-->") == 1
    assert "00:00:01,000 → 00:00:02,000" in text


def test_an_empty_transcript_is_an_empty_file() -> None:
    assert write(make_transcript(), CONTEXT) == ""


@given(transcripts())
def test_what_is_written_is_read_back(transcript: Transcript) -> None:
    subtitles = pysubs2.SSAFile.from_string(
        write(transcript, CONTEXT),
        format_="srt",
        keep_html_tags=True,
        keep_unknown_html_tags=True,
    )
    read_back = [
        (event.start, event.end, event.text.replace("\\N", " ")) for event in subtitles.events
    ]
    assert read_back == [
        (
            segment.start_ms,
            max(segment.end_ms, segment.start_ms + 1),
            card(one_line(segment.text), one_line(segment.speaker or "")),
        )
        for segment in transcript.segments
        if one_line(segment.text)
    ]


def card(text: str, speaker: str) -> str:
    written = f"{speaker}: {text}" if speaker else text
    return written.replace("-->", "→").replace("\\N", " ")


def test_a_sentence_the_machine_was_not_sure_of_says_so() -> None:
    text = write(make_doubtful(), CONTEXT)
    assert "\nAwa: [?] Un coeur d'onir.\n" in text
    assert text.count("[?]") == 1

"""WebVTT, read back by webvtt-py."""

from __future__ import annotations

import html
from dataclasses import replace

import webvtt
from hypothesis import given
from tests.exports.making import (
    BROADCAST,
    CONTEXT,
    make_doubtful,
    make_segment,
    make_transcript,
    transcripts,
)

from radio_archive.exports.lines import one_line
from radio_archive.exports.vtt import write
from radio_archive.imports import vtt as reader
from radio_archive.model import LanguageTag, Transcript, Trust


def readable(transcript: Transcript) -> list[tuple[int, int, str, str]]:
    """What a reader must get: times, text and speaker of each segment that has visible text."""
    return [
        (
            segment.start_ms,
            max(segment.end_ms, segment.start_ms + 1),
            one_line(segment.text),
            one_line(segment.speaker or ""),
        )
        for segment in transcript.segments
        if one_line(segment.text)
    ]


def test_a_cue_has_its_number_its_times_its_speaker_and_short_lines() -> None:
    transcript = make_transcript(
        make_segment("Bonjour à tous.", 754_200, 756_000, "Awa Traoré"),
        make_segment("mot " * 40, 3_756_000, 3_790_050),
    )
    blocks = write(transcript, CONTEXT).split("\n\n")
    assert blocks[0] == "WEBVTT"
    assert blocks[2] == "1\n00:12:34.200 --> 00:12:36.000\n<v Awa Traoré>Bonjour à tous."
    assert blocks[3].startswith("2\n01:02:36.000 --> 01:03:10.050\nmot mot")
    assert all(len(line) <= 65 for line in blocks[3].splitlines())


def test_the_note_says_engine_language_trust_and_that_voices_are_synthetic() -> None:
    transcript = make_transcript(make_segment("Bonjour."), trust=Trust.MACHINE_WEAK)
    note = write(transcript, CONTEXT).split("\n\n")[1]
    assert note.startswith("NOTE\n")
    assert "faster-whisper/base, 2026-11-23" in note
    assert "français (fr)" in note
    assert "machine-weak" in note
    assert "voix de synthèse" in note
    assert BROADCAST.title in note


def test_text_cannot_open_a_tag_or_end_a_cue() -> None:
    transcript = make_transcript(
        make_segment("<b>00:01 --> 00:02</b>\n\nNOTE & rien", speaker="A --> <B>")
    )
    cue = write(transcript, CONTEXT).split("\n\n")[2]
    assert cue.count("-->") == 1
    assert "<b>" not in cue
    assert "&lt;b&gt;00:01 --&gt; 00:02&lt;/b&gt; NOTE &amp; rien" in cue


def test_a_segment_of_no_length_still_lasts_a_millisecond() -> None:
    text = write(make_transcript(make_segment("Oui.", 1000, 1000)), CONTEXT)
    assert "00:00:01.000 --> 00:00:01.001" in text


@given(transcripts())
def test_what_is_written_is_read_back(transcript: Transcript) -> None:
    captions = webvtt.from_string(write(transcript, CONTEXT))
    read_back = [
        (
            milliseconds(caption.start),
            milliseconds(caption.end),
            html.unescape(caption.text.replace("\n", " ")),
            html.unescape(caption.voice or ""),
        )
        for caption in captions.captions
    ]
    assert read_back == readable(transcript)


def milliseconds(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)


def test_a_sentence_in_another_language_is_marked_as_such() -> None:
    said = replace(make_segment("Good morning."), speaker="Awa", language=LanguageTag("en"))
    text = write(make_transcript(said, make_segment("Merci.", 2_000, 3_000)), CONTEXT)
    assert "<v Awa><lang en>Good morning." in text
    assert text.count("<lang") == 1
    cues = reader.read(text, "a.vtt").cues
    assert [(cue.language, cue.lines) for cue in cues] == [
        ("en", ("Good morning.",)),
        (None, ("Merci.",)),
    ]


def test_a_speaker_of_hyphens_makes_no_arrow() -> None:
    said = replace(make_segment("Oui.", 0, 1_000), speaker="--")
    assert readable(make_transcript(said)) == [(0, 1_000, "Oui.", "--")]
    text = write(make_transcript(said), CONTEXT)
    assert text.count("-->") == 1
    assert reader.read(text, "a.vtt").cues[0].speaker == "--"
    assert [
        html.unescape(caption.voice or "") for caption in webvtt.from_string(text).captions
    ] == ["--"]


def test_a_sentence_the_machine_was_not_sure_of_says_so() -> None:
    text = write(make_doubtful(), CONTEXT)
    assert "<v Awa><c.unsure>Un coeur d'onir.</c>\n" in text
    assert text.count("<c.unsure>") == 1
    assert "\nClasse unsure : phrase dont la machine n'est pas sûre" in text.split("\n\n")[1]

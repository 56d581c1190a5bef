"""What we export comes back as it was: words, times, speakers where the format has them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exports.making import CONTEXT, MADE_AT, make_doubtful

from radio_archive.exports import EXPORTS
from radio_archive.imports import IMPORTS, read_file, settle
from radio_archive.model import (
    Band,
    LanguageTag,
    Milliseconds,
    Segment,
    Transcript,
    TranscriptKind,
    Trust,
    Word,
)

# words without line ends; SubRip has neither escapes nor speakers, so its words hold no markup
TOKEN = st.text(st.sampled_from("abcéɛɔŋɲߒ𞤀'’-,.!0129\xa0\u0301"), min_size=1, max_size=9)
WORDS = st.lists(TOKEN.map(str.strip).filter(bool), min_size=1, max_size=30).map(" ".join)
MARKED_WORDS = st.lists(
    st.text(st.sampled_from("abcɛߒ<>&;{}\\/:[]()%*#-→"), min_size=1, max_size=9),
    min_size=1,
    max_size=30,
).map(" ".join)
SPELLINGS = st.text(st.sampled_from("Awaɛ <>&."), max_size=12)
NAMES = st.none() | SPELLINGS.map(lambda name: " ".join(name.split())).filter(bool)


@st.composite
def transcripts(draw: st.DrawFn, words: st.SearchStrategy[str]) -> Transcript:
    """Segments that do not overlap, each at least a millisecond long."""
    moments = sorted(draw(st.sets(st.integers(0, 4 * 3_600_000), min_size=2, max_size=8)))
    segments = []
    for start, end in zip(moments[::2], moments[1::2], strict=False):
        text = draw(words)
        timed = (
            Word(
                start_ms=Milliseconds(start),
                end_ms=Milliseconds(end),
                text=text.split(" ")[0],
                probability=0.5,
            ),
        )
        segments.append(
            Segment(
                start_ms=Milliseconds(start),
                end_ms=Milliseconds(end),
                text=text,
                words=timed if draw(st.booleans()) else (),
                speaker=draw(NAMES),
                avg_logprob=draw(st.none() | st.just(-0.25)),
            )
        )
    return Transcript(
        language=LanguageTag("fr"),
        segments=tuple(segments),
        kind=TranscriptKind.CORRECTED,
        trust=draw(st.sampled_from(Trust)),
        created_at=MADE_AT,
    )


def there_and_back(transcript: Transcript, format_name: str) -> tuple[Segment, ...]:
    written = EXPORTS[format_name].encode(transcript, CONTEXT)
    found = read_file(written, f"a.{format_name}", IMPORTS[format_name])
    assert found.encoding == "utf-8"
    settled = settle(found.content.cues, "a", None)
    assert settled.notes == ()
    return settled.segments


def told(segments: tuple[Segment, ...]) -> list[tuple[int, int, str, str | None]]:
    return [
        (segment.start_ms, segment.end_ms, segment.text, segment.speaker) for segment in segments
    ]


@given(transcripts(WORDS | MARKED_WORDS))
def test_webvtt_keeps_text_times_and_speakers(transcript: Transcript) -> None:
    assert told(there_and_back(transcript, "vtt")) == told(transcript.segments)


@given(transcripts(WORDS))
def test_subrip_keeps_text_and_times(transcript: Transcript) -> None:
    plain = replace(
        transcript,
        segments=tuple(replace(segment, speaker=None) for segment in transcript.segments),
    )
    assert told(there_and_back(plain, "srt")) == told(plain.segments)


@given(transcripts(WORDS | MARKED_WORDS))
def test_json_keeps_everything(transcript: Transcript) -> None:
    segments = there_and_back(transcript, "json")
    assert told(segments) == told(transcript.segments)
    assert [segment.avg_logprob for segment in segments] == [
        segment.avg_logprob for segment in transcript.segments
    ]
    for ours, theirs in zip(segments, transcript.segments, strict=True):
        assert [word.start_ms for word in ours.words] == [word.start_ms for word in theirs.words]


@given(transcripts(st.just("bonsoir à tous")))
def test_text_keeps_words_and_whole_seconds(transcript: Transcript) -> None:
    written = EXPORTS["txt"].encode(transcript, CONTEXT)
    content = read_file(written, "a.txt", IMPORTS["txt"]).content
    assert [(cue.start_ms // 1000, *cue.lines) for cue in content.cues] == [
        (segment.start_ms // 1000, segment.text) for segment in transcript.segments
    ]


@pytest.mark.parametrize(
    ("format_name", "bands"),
    [
        ("json", [Band.GOOD, Band.WEAK, Band.UNSURE]),
        ("vtt", [None, None, Band.UNSURE]),
        ("txt", [None, None, Band.UNSURE]),
    ],
)
def test_a_sentence_does_not_become_surer_on_the_way(
    format_name: str, bands: list[Band | None]
) -> None:
    transcript = make_doubtful()
    segments = there_and_back(transcript, format_name)
    assert [segment.band for segment in segments] == bands
    assert [segment.text for segment in segments] == [each.text for each in transcript.segments]


@pytest.mark.parametrize("format_name", ["vtt", "json", "txt"])
@pytest.mark.parametrize(
    ("kind", "trust"),
    [
        (TranscriptKind.MACHINE, Trust.MACHINE),
        (TranscriptKind.MACHINE, Trust.MACHINE_WEAK),
        (TranscriptKind.TRANSLATION, Trust.MACHINE_WEAK),
    ],
)
def test_a_machine_s_text_does_not_gain_trust_on_the_way(
    format_name: str, kind: TranscriptKind, trust: Trust
) -> None:
    segment = Segment(start_ms=Milliseconds(0), end_ms=Milliseconds(900), text="Bonsoir.")
    transcript = Transcript(
        language=LanguageTag("fr"),
        segments=(segment,),
        kind=kind,
        engine="faster-whisper/base",
        trust=trust,
        created_at=MADE_AT,
    )
    written = EXPORTS[format_name].encode(transcript, CONTEXT)
    content = read_file(written, f"a.{format_name}", IMPORTS[format_name]).content
    assert (content.language, content.trust, content.engine) == (
        "fr",
        trust,
        "faster-whisper/base",
    )

"""Transcripts for the export tests, plain ones and hypothesis's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from radio_archive.exports import ExportContext
from radio_archive.model import (
    Band,
    Broadcast,
    BroadcastId,
    LanguageTag,
    Milliseconds,
    Programme,
    ProgrammeId,
    Segment,
    Transcript,
    Trust,
    Word,
)

BROADCAST = Broadcast(
    id=BroadcastId("0f3a9c1d2b4e5f60"),
    title="Le Grand Dialogue",
    programme=Programme(id=ProgrammeId("grand-dialogue"), title="Les grands débats"),
    language=LanguageTag("fr"),
    aired_at=datetime(2014, 10, 16, 17, 0, tzinfo=UTC),
    guests=("Awa Traoré", "Issa Keïta"),
    is_synthetic=True,
)
CONTEXT = ExportContext(broadcast=BROADCAST, station="Studio Tamani", language_name="français")

MADE_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def make_segment(
    text: str, start_ms: int = 0, end_ms: int = 2000, speaker: str | None = None
) -> Segment:
    """A segment without word times."""
    return Segment(
        start_ms=Milliseconds(start_ms), end_ms=Milliseconds(end_ms), text=text, speaker=speaker
    )


def make_doubtful() -> Transcript:
    """Three sentences: one the machine was sure of, one less so, one not at all."""
    return make_transcript(
        replace(make_segment("Bonjour à tous.", 0, 2_000), band=Band.GOOD),
        replace(make_segment("Le riz est cher.", 2_000, 4_000), band=Band.WEAK),
        replace(make_segment("Un coeur d'onir.", 4_000, 6_000, "Awa"), band=Band.UNSURE),
    )


def make_transcript(*segments: Segment, trust: Trust = Trust.MACHINE) -> Transcript:
    """A transcript by a machine, in French."""
    return Transcript(
        language=LanguageTag("fr"),
        segments=segments,
        engine="faster-whisper/base",
        trust=trust,
        created_at=MADE_AT,
    )


def make_word(text: str, start_ms: int, end_ms: int) -> Word:
    """A word the engine is fairly sure of."""
    return Word(
        start_ms=Milliseconds(start_ms), end_ms=Milliseconds(end_ms), text=text, probability=0.75
    )


# Any character at all, with those that could break a format drawn often.
TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("<>&-\n\r\t \u2028\x85\xa0\u202f,.:;«»'’0123ɛɔŋߒ𞤀{}\\/"),
    ),
    max_size=120,
)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Transcripts with hostile text, with and without speakers, some segments of no length."""
    starts = sorted(draw(st.lists(st.integers(0, 4 * 3600 * 1000), max_size=6)))
    segments = []
    for start in starts:
        text = draw(TEXT.filter(lambda text: bool(text.strip())))
        speaker = draw(st.none() | TEXT)
        end = start + draw(st.integers(0, 40_000))
        segments.append(make_segment(text, start, end, speaker))
    return make_transcript(*segments, trust=draw(st.sampled_from(Trust)))

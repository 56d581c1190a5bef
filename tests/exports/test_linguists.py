"""ELAN and Praat, read back by pympi, and by our own readers."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from pympi.Elan import Eaf
from pympi.Praat import TextGrid
from tests.exports.making import (
    CONTEXT,
    make_segment,
    make_transcript,
    make_word,
    transcripts,
)

from radio_archive.exports import eaf, textgrid
from radio_archive.exports.lines import one_line
from radio_archive.imports import eaf as eaf_reader
from radio_archive.imports import textgrid as textgrid_reader
from radio_archive.model import Milliseconds, Segment, Transcript
from radio_archive.model.text import printable

TALK = make_transcript(
    make_segment("Bonjour à tous.", 0, 2_000, "Awa Traoré"),
    make_segment('Il a dit "oui".', 1_500, 4_000, "Issa Keïta"),
    make_segment("Bien.", 5_000, 6_000, "Awa Traoré"),
    make_segment("Musique.", 7_000, 8_000),
)


def read_eaf(text: str) -> Eaf:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "talk.eaf"
        path.write_text(text, "utf-8")
        return Eaf(str(path))


def read_textgrid(text: str) -> TextGrid:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "talk.TextGrid"
        path.write_text(text, "utf-8")
        return TextGrid(str(path))


def test_elan_shows_a_tier_for_each_speaker() -> None:
    document = read_eaf(eaf.write(TALK, CONTEXT))
    assert set(document.get_tier_names()) == {"Awa Traoré", "Issa Keïta", "transcript"}
    assert sorted(document.get_annotation_data_for_tier("Awa Traoré"))[0][:3] == (
        0,
        2_000,
        "Bonjour à tous.",
    )
    assert document.get_parameters_for_tier("Issa Keïta")["PARTICIPANT"] == "Issa Keïta"


def test_sentences_of_one_elan_tier_never_overlap() -> None:
    two = make_transcript(make_segment("Un.", 0, 3_000), make_segment("Deux.", 1_000, 1_500))
    found = sorted(read_eaf(eaf.write(two, CONTEXT)).get_annotation_data_for_tier("transcript"))
    assert [each[:2] for each in found] == [(0, 3_000), (3_000, 3_001)]


@given(transcripts())
def test_what_is_written_for_elan_is_read_back(transcript: Transcript) -> None:
    text = eaf.write(transcript, CONTEXT)
    texts = sorted(printable(one_line(each.text)) for each in transcript.segments)
    document = read_eaf(text)
    found = [
        each[2]
        for tier in document.get_tier_names()
        for each in document.get_annotation_data_for_tier(tier)
    ]
    assert sorted(each or "" for each in found) == texts


def test_our_own_reader_takes_what_elan_would() -> None:
    cues = eaf_reader.read(eaf.write(TALK, CONTEXT), "talk.eaf").cues
    assert {(cue.start_ms, cue.end_ms, cue.speaker) for cue in cues} >= {
        (0, 2_000, "Awa Traoré"),
        (1_500, 4_000, "Issa Keïta"),
    }


def test_praat_shows_sentences_and_words() -> None:
    words = (make_word("Le", 1_000, 1_200), make_word("riz", 1_200, 1_900))
    sentence = Segment(
        start_ms=Milliseconds(1_000), end_ms=Milliseconds(2_000), text='Le "riz"', words=words
    )
    text = textgrid.write(make_transcript(sentence), CONTEXT)
    grid = read_textgrid(text)
    tiers = {tier.name: list(tier.get_intervals()) for tier in grid.get_tiers()}
    assert tiers["sentences"] == [(0.0, 1.0, ""), (1.0, 2.0, 'Le "riz"')]
    assert tiers["words"] == [(0.0, 1.0, ""), (1.0, 1.2, "Le"), (1.2, 1.9, "riz"), (1.9, 2.0, "")]
    [cue] = textgrid_reader.read(text, "talk.TextGrid").cues
    assert [word.text for word in cue.words] == ["Le", "riz"]


@given(transcripts())
def test_praat_tiers_have_neither_holes_nor_overlaps(transcript: Transcript) -> None:
    intervals = [(int(e.start_ms), int(e.end_ms), e.text) for e in transcript.segments]
    end = max([1, *(end for _, end, _ in intervals)])
    filled = textgrid.fill(intervals, end)
    assert filled[0][0] == 0
    assert filled[-1][1] == end
    assert all(one[1] == other[0] for one, other in pairwise(filled))
    assert all(start < finish for start, finish, _ in filled)
    assert textgrid.write(transcript, CONTEXT).count("intervals [") == len(filled)

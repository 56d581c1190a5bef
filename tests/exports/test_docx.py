"""The document, opened again by python-docx."""

from __future__ import annotations

import io
from dataclasses import replace

from docx import Document
from hypothesis import given, settings
from tests.exports.making import (
    CONTEXT,
    make_doubtful,
    make_segment,
    make_transcript,
    transcripts,
)

from radio_archive.exports import docx
from radio_archive.exports.lines import one_line
from radio_archive.model import Gap, GapReason, Milliseconds, Transcript, Trust
from radio_archive.model.text import printable


def paragraphs(transcript: Transcript) -> list[str]:
    document = Document(io.BytesIO(docx.write(transcript, CONTEXT)))
    return [each.text for each in document.paragraphs]


def test_a_document_begins_with_what_it_is_and_how_far_to_believe_it() -> None:
    transcript = make_transcript(make_segment("Bonjour."), trust=Trust.MACHINE_WEAK)
    document = Document(io.BytesIO(docx.write(transcript, CONTEXT)))
    facts = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert document.core_properties.title == "Le Grand Dialogue"
    assert facts["Diffusion"] == "2014-10-16 17:00 UTC"
    assert facts["Invités"] == "Awa Traoré, Issa Keïta"
    lines = [each.text for each in document.paragraphs]
    assert lines[0] == "Le Grand Dialogue"
    assert any("peu sûre" in line for line in lines)
    assert any("voix de synthèse" in line for line in lines)


def test_each_sentence_has_its_time_its_speaker_and_its_mark() -> None:
    gap = Gap(start_ms=Milliseconds(6_500), end_ms=Milliseconds(9_000), reason=GapReason.NO_WORDS)
    lines = paragraphs(replace(make_doubtful(), gaps=(gap,)))
    assert lines[-4:] == [
        "[00:00:00] Bonjour à tous.",
        "[00:00:02] Le riz est cher.",
        "[00:00:04] Awa : [?] Un coeur d'onir.",
        "[00:00:06] (parole que la machine n'a pas comprise) jusqu'à 00:00:09",
    ]


@settings(deadline=None, max_examples=40)
@given(transcripts())
def test_no_text_is_too_strange_for_a_document(transcript: Transcript) -> None:
    lines = paragraphs(transcript)
    texts = [printable(one_line(segment.text)) for segment in transcript.segments]
    said = lines[len(lines) - len(texts) :]
    assert all(line.endswith(text) for line, text in zip(said, texts, strict=True))

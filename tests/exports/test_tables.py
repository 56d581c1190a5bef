"""Transcripts as tables: CSV as scripts read it, XLSX as spreadsheets open it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook
from tests.exports.making import (
    CONTEXT,
    make_doubtful,
    make_segment,
    make_transcript,
    transcripts,
)

from radio_archive.exports import csv_table, xlsx
from radio_archive.exports.lines import one_line
from radio_archive.exports.rows import COLUMNS
from radio_archive.model import Gap, GapReason, Milliseconds, Transcript
from radio_archive.model.text import printable


def read_csv(transcript: Transcript) -> list[dict[str, str]]:
    text = csv_table.write(transcript, CONTEXT)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def read_xlsx(transcript: Transcript) -> list[dict[str, object]]:
    book = load_workbook(io.BytesIO(xlsx.write(transcript, CONTEXT)))
    head, *rows = book["Transcription"].iter_rows()
    assert [cell.value for cell in head] == list(COLUMNS)
    assert all(cell.data_type != "f" for row in rows for cell in row)
    return [dict(zip(COLUMNS, [cell.value for cell in row], strict=True)) for row in rows]


def test_a_row_tells_when_by_whom_and_from_which_broadcast() -> None:
    [row] = read_csv(make_transcript(make_segment("Bonjour.", 754_200, 756_000, "Awa Traoré")))
    assert row == {
        "Émission": "0f3a9c1d2b4e5f60",
        "Titre": "Le Grand Dialogue",
        "Diffusion (UTC)": "2014-10-16 17:00",
        "Début": "00:12:34.200",
        "Fin": "00:12:36.000",
        "Début (ms)": "754200",
        "Fin (ms)": "756000",
        "Locuteur": "Awa Traoré",
        "Texte": "Bonjour.",
        "Langue": "fr",
        "Remarque": "",
        "Fiabilité": row["Fiabilité"],
    }
    assert row["Fiabilité"].startswith("Transcription automatique, à vérifier")


def test_doubtful_sentences_and_what_is_not_written_are_remarked_upon() -> None:
    gap = Gap(
        start_ms=Milliseconds(2_500), end_ms=Milliseconds(3_000), reason=GapReason.OTHER_LANGUAGE
    )
    rows = read_csv(replace(make_doubtful(), gaps=(gap,)))
    assert [row["Remarque"] != "" for row in rows] == [False, False, True, True]
    assert rows[2]["Texte"] == ""
    assert "autre langue" in rows[2]["Remarque"]
    assert "n'est pas sûre" in rows[3]["Remarque"]


@pytest.mark.parametrize("text", ["=1+1", "+223 20 22", "-5 degrés", "@awa", '=HYPERLINK("x")'])
def test_no_text_becomes_a_formula(text: str) -> None:
    transcript = make_transcript(make_segment(text))
    assert read_csv(transcript)[0]["Texte"] == f"'{text}"
    assert read_xlsx(transcript)[0]["Texte"] == text


@settings(deadline=None, max_examples=40)
@given(transcripts())
def test_both_tables_hold_every_sentence(transcript: Transcript) -> None:
    texts = [one_line(segment.text) for segment in transcript.segments]
    times = [(int(each.start_ms), int(each.end_ms)) for each in transcript.segments]
    order = sorted(range(len(texts)), key=lambda place: times[place])
    written, opened = read_csv(transcript), read_xlsx(transcript)
    assert [int(row["Début (ms)"]) for row in written] == [times[place][0] for place in order]
    assert [row["Texte"].removeprefix("'") for row in written] == [
        texts[place].removeprefix("'") for place in order
    ]
    assert [row["Texte"] or "" for row in opened] == [printable(texts[place]) for place in order]


def test_text_longer_than_a_cell_is_cut_with_an_ellipsis() -> None:
    transcript = make_transcript(make_segment("a" * 40_000))
    cell = str(read_xlsx(transcript)[0]["Texte"])
    assert len(cell) == xlsx.LONGEST_CELL
    assert cell.endswith("…")

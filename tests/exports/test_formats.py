"""The list of export formats."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.exports.making import CONTEXT, TEXT, transcripts

from radio_archive.errors import UnknownFormat
from radio_archive.exports import EXPORTS, get_format
from radio_archive.exports.lines import one_line, wrap_in_two
from radio_archive.model import Transcript


def test_a_format_nobody_writes_is_refused_with_those_we_write() -> None:
    with pytest.raises(UnknownFormat) as caught:
        get_format("pdf")
    assert "vtt, srt, txt, json" in caught.value.hint


@pytest.mark.parametrize("name", list(EXPORTS))
def test_a_format_is_found_under_its_name(name: str) -> None:
    assert get_format(name).name == name
    assert get_format(name.upper()).name == name
    assert "/" in get_format(name).media_type


@settings(deadline=None, max_examples=40)
@given(transcripts())
def test_every_format_takes_any_text_and_what_is_no_archive_is_the_same_each_time(
    transcript: Transcript,
) -> None:
    for export_format in EXPORTS.values():
        written = export_format.write(transcript, CONTEXT)
        if isinstance(written, str):  # the others hold the moment they were written
            assert written.encode() == export_format.encode(transcript, CONTEXT)


@given(TEXT)
def test_one_line_is_one_line_and_wrapping_loses_nothing(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
    lines = wrap_in_two(line, 32)
    assert len(lines) <= 2
    assert " ".join(lines) == line


def test_french_no_break_spaces_survive() -> None:
    assert one_line("«\xa0Quoi\u202f?\xa0»\r\n") == "«\xa0Quoi\u202f?\xa0»"

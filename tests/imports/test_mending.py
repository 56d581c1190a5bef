"""Bytes into text, cues into segments, two languages out of one file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.effort import lines_run

from radio_archive.errors import BadImport, BadInput
from radio_archive.imports import Cue, looks_bilingual, settle, take_apart
from radio_archive.imports.decoding import decode

SENTENCE = "1\n00:00:01,000 --> 00:00:02,000\nL'été à Ségou, ça va ?\n"


def make_cue(
    start_ms: int,
    end_ms: int | None = None,
    *lines: str,
    speaker: str | None = None,
) -> Cue:
    shown = lines or ("un",)
    return Cue(place="line 7", start_ms=start_ms, end_ms=end_ms, lines=shown, speaker=speaker)


def spans(cues: list[Cue], duration_ms: int | None = None) -> list[tuple[int, int]]:
    settled = settle(cues, "a.srt", duration_ms)
    return [(segment.start_ms, segment.end_ms) for segment in settled.segments]


# encodings


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]
)
def test_unicode_is_recognised_with_and_without_a_mark(encoding: str) -> None:
    text = SENTENCE + "ɲɛɛ tɔ̀gɔ ߒߞߏ\n"
    found = decode(text.encode(encoding), "a.srt", None)
    assert found.text.removeprefix("\ufeff") == text
    assert found.notes == ()


def test_windows_text_is_read_and_said() -> None:
    found = decode(SENTENCE.encode("cp1252"), "a.srt", None)
    assert found.text == SENTENCE
    assert found.notes[0].startswith("Line 3 was not UTF-8 and read as cp1252")


def test_arabic_windows_text_is_read_by_its_own_page() -> None:
    text = "[00:01] السلام عليكم\n"
    assert decode(text.encode("cp1256"), "a.txt", None, "cp1256").text == text


def test_a_file_of_two_encodings_loses_no_letter_and_names_its_lines() -> None:
    lines = [f"ligne été {number}\n" for number in range(40)]
    data = b"".join(
        line.encode("cp1252" if number % 4 == 0 else "utf-8") for number, line in enumerate(lines)
    )
    found = decode(data, "a.txt", None)
    assert found.text == "".join(lines)
    assert found.notes[0].startswith("Lines 1, 5, 9, 13, 17 and 5 more were not UTF-8")


def test_a_byte_without_meaning_is_an_error_that_names_line_and_remedy() -> None:
    with pytest.raises(BadImport, match=r"Line 2 of a\.srt") as refusal:
        decode(b"un\ndeu\x81x\n", "a.srt", None)
    assert "--encoding" in refusal.value.hint


def test_what_somebody_says_of_the_encoding_is_believed() -> None:
    assert decode(SENTENCE.encode("mac_roman"), "a.srt", "mac_roman").text == SENTENCE
    with pytest.raises(BadImport, match=r"Line 3 of a\.srt .* utf-8"):
        decode(SENTENCE.encode("cp1252"), "a.srt", "UTF8")


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13", "", "\x00"])
def test_an_encoding_nobody_knows_is_refused_with_examples(encoding: str) -> None:
    with pytest.raises(BadInput, match="no text encoding") as refusal:
        decode(b"un", "a.srt", encoding)
    assert "cp1252" in refusal.value.hint


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data, "a.srt", None).text
    except BadImport:
        return
    assert "\x00" not in text


# times


def test_a_cue_ends_where_the_next_begins() -> None:
    assert spans([make_cue(0, 9_000), make_cue(2_000, 3_000)]) == [(0, 2_000), (2_000, 3_000)]


def test_two_people_may_speak_at_once() -> None:
    cues = [make_cue(0, 9_000, speaker="Awa"), make_cue(2_000, 3_000, speaker="Issa")]
    assert spans(cues) == [(0, 9_000), (2_000, 3_000)]


def test_cues_of_the_same_moment_end_with_the_next_moment() -> None:
    cues = [make_cue(0, 9_000), make_cue(0, 9_000), make_cue(2_000, 3_000)]
    assert spans(cues) == [(0, 2_000), (0, 2_000), (2_000, 3_000)]


@pytest.mark.parametrize("end_ms", [None, 400])
def test_without_a_usable_end_a_cue_ends_where_the_next_begins(end_ms: int | None) -> None:
    assert spans([make_cue(1_000, end_ms), make_cue(5_000, end_ms)]) == [
        (1_000, 5_000),
        (5_000, 5_000),
    ]


def test_everything_changed_or_left_out_is_counted_and_said() -> None:
    cues = [
        make_cue(4_000, 4_500),
        make_cue(1_000, 9_000),
        replace(make_cue(2_000, 3_000), lines=()),
        make_cue(6_000, 5_000),
        *(make_cue(start, start + 500) for start in range(7_000, 27_000, 1_000)),
        make_cue(31_000, 33_000),
    ]
    settled = settle(cues, "a.srt", 30_000)
    assert len(settled.segments) == len(cues) - 1
    assert settled.notes == (
        "1 cue without text left out.",
        "1 cue not in order of time put in order.",
        "1 cue without a usable end given the start of the next as end.",
        "1 cue claiming to go on after the next, or the recording, cut short.",
        "1 cue beginning after the end of the recording moved to its end.",
    )
    assert (settled.segments[-1].start_ms, settled.segments[-1].end_ms) == (30_000, 30_000)


def test_the_transcript_of_a_longer_recording_is_refused() -> None:
    with pytest.raises(BadImport, match="goes on until 0:01:39, the recording ends at 0:00:30"):
        settle([make_cue(start, start + 900) for start in range(0, 100_000, 1_000)], "a", 30_000)


def test_times_of_more_than_a_day_are_refused_with_their_line() -> None:
    with pytest.raises(BadImport, match="line 7 of a begins after more than 24 hours"):
        settle([make_cue(0, 1), make_cue(90_000_000, None)], "a", None)


def test_times_without_words_are_refused() -> None:
    with pytest.raises(BadImport, match="times and no words"):
        settle([replace(make_cue(0, 1), lines=())], "a", None)


def overlapping_cues(number: int) -> list[Cue]:
    return [make_cue(place * 300, place * 300 + 3_600_000) for place in range(number)][::-1]


def test_ten_times_as_many_overlapping_cues_are_ten_times_the_work() -> None:
    few, many = overlapping_cues(200), overlapping_cues(2_000)
    assert lines_run(lambda: settle(many, "a", None)) < 12 * lines_run(
        lambda: settle(few, "a", None)
    )
    settled = settle(overlapping_cues(10_000), "a", None)
    assert len(settled.segments) == 10_000
    assert all(segment.end_ms - segment.start_ms == 300 for segment in settled.segments[:-1])


def test_letters_lost_on_the_way_are_said() -> None:
    words = ["?oo", *["mee?en", "hettotoo?e"] * 3, "quoi?", "18?30"]
    settled = settle([make_cue(0, 1, " ".join(words))], "a", None)
    assert settled.notes[0].startswith("6 words have a question mark inside")
    assert settled.segments[0].text.split() == words


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**8),
            st.none() | st.integers(-(10**6), 10**9),
            st.sampled_from(["", "un", "deux"]),
            st.sampled_from([None, "Awa", "Issa"]),
        ),
        max_size=40,
    ),
    st.none() | st.integers(0, 10**8),
)
def test_whatever_times_a_file_has_segments_are_in_order_and_none_is_lost(
    rows: list[tuple[int, int | None, str, str | None]], duration_ms: int | None
) -> None:
    cues = [
        Cue(place="x", start_ms=start, end_ms=end, lines=(text,) if text else (), speaker=speaker)
        for start, end, text, speaker in rows
    ]
    try:
        segments = settle(cues, "a", duration_ms).segments
    except BadImport:
        return
    assert len(segments) == sum(bool(text) for _, _, text, _ in rows)
    starts = [segment.start_ms for segment in segments]
    assert starts == sorted(starts)
    assert all(segment.start_ms <= segment.end_ms for segment in segments)
    if duration_ms is not None:
        assert all(segment.end_ms <= duration_ms for segment in segments)


# two languages


def test_the_upper_half_is_the_first_language() -> None:
    apart = take_apart(
        [make_cue(0, 1, "An bɛ baro la.", "On cause."), make_cue(2, 3, "a", "b", "c", "d")]
    )
    assert [cue.lines for cue in apart.first] == [("An bɛ baro la.",), ("a", "b")]
    assert [cue.lines for cue in apart.second] == [("On cause.",), ("c", "d")]
    assert apart.notes == ()


def test_cues_that_cannot_be_halved_are_counted() -> None:
    apart = take_apart([make_cue(0, 1, "Unhun."), make_cue(2, 3, "a", "b", "c")])
    assert [cue.lines for cue in apart.first] == [("Unhun.",), ("a",)]
    assert [cue.lines for cue in apart.second] == [(), ("b", "c")]
    assert len(apart.notes) == 2


def test_two_lines_everywhere_are_noticed() -> None:
    cues = [make_cue(place, None, "a", "b") for place in range(10)]
    assert looks_bilingual(cues)
    assert not looks_bilingual([*cues, make_cue(99, None, "a")])
    assert not looks_bilingual(cues[:3])

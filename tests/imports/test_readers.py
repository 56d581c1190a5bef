"""Each format as it comes, well made and badly made."""

from __future__ import annotations

import json
from pathlib import Path

import pysubs2
import pytest
import webvtt

from radio_archive.errors import BadImport, UnknownFormat
from radio_archive.imports import IMPORTS, CueFile, find_format, read_file
from radio_archive.model import GapReason, Trust


def read(text: str, format_name: str) -> CueFile:
    return IMPORTS[format_name].read(text, f"file.{format_name}")


def told(found: CueFile) -> list[tuple[int, int | None, str, str | None]]:
    """Times, text and speaker of every cue."""
    return [(cue.start_ms, cue.end_ms, " ".join(cue.lines), cue.speaker) for cue in found.cues]


# SubRip


def test_tags_and_editors_codes_leave_no_trace_in_subrip() -> None:
    found = read(
        "1\n00:00:01,000 --> 00:00:02,500\n"
        '{\\an8}<font color="#fff">Bonsoir</font>,<br>à <i>tous</i> &amp; toutes\n',
        "srt",
    )
    assert told(found) == [(1_000, 2_500, "Bonsoir, à tous & toutes", None)]


def test_what_only_looks_like_a_tag_stays() -> None:
    found = read("1\n00:00:01,000 --> 00:00:02,000\nsi 3 < 4 et 5 > 4, <Mali>\n", "srt")
    assert told(found)[0][2] == "si 3 < 4 et 5 > 4, <Mali>"


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,000 --> 00:00:02,000\nun\n\n2\n00:00:03,000 --> 00:00:04,000\ndeux\n",
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nun\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000\r\ndeux",
        "1\r00:00:01,000 --> 00:00:02,000\run\r\r2\r00:00:03,000 --> 00:00:04,000\rdeux",
        "\n\n1\n00:00:01.000 --> 00:00:02.000\nun\n2\n00:00:03.000 --> 00:00:04.000\ndeux\n\n\n",
        "1\n\n0:0:1,0-->0:0:2,0\nun\n\n\n\n2\n\n0:00:03,000 --> 0:00:04,000 X1:40\ndeux",
        "00:01,000 --> 00:02,000\nun\n\n00:03,000 -> 00:04,000\ndeux",
    ],
    ids=["plain", "windows", "old mac", "dots, no gaps", "gaps everywhere", "no numbers, no hours"],
)
def test_subrip_is_read_however_it_is_laid_out(text: str) -> None:
    assert told(read(text, "srt")) == [(1_000, 2_000, "un", None), (3_000, 4_000, "deux", None)]


def test_a_number_that_is_said_stays_in_the_text() -> None:
    found = read(
        "1\n00:00:01,000 --> 00:00:02,000\nEn\n1960\n\n2\n00:00:03,000 --> 00:00:04,000\ndeux\n",
        "srt",
    )
    assert found.cues[0].lines == ("En", "1960")


def test_text_after_an_empty_line_belongs_to_its_cue() -> None:
    found = read(
        "1\n00:00:01,000 --> 00:00:02,000\n\nun\n\ndeux\n\n2\n00:00:03,000 --> 00:00:04,000\nx\n",
        "srt",
    )
    assert found.cues[0].lines == ("un", "deux")


def test_an_end_that_cannot_be_read_is_no_end() -> None:
    assert told(read("1\n00:00:01,000 --> ??\nun\n", "srt")) == [(1_000, None, "un", None)]


def test_a_start_that_cannot_be_read_is_an_error_that_names_the_line() -> None:
    with pytest.raises(BadImport, match=r"Line 5 of file\.srt .* '00:xx:03,000 -->"):
        read("1\n00:00:01,000 --> 00:00:02,000\nun\n\n00:xx:03,000 --> 00:00:04,000\ndeux\n", "srt")


def test_real_subtitles_are_read_as_pysubs2_reads_them(shared_data: Path) -> None:
    files = sorted((shared_data / "languages" / "bam_jeli_srt").glob("*.srt"))
    assert files
    for path in files:
        ours = told(read(path.read_text(encoding="utf-8"), "srt"))
        theirs = pysubs2.load(str(path), encoding="utf-8")
        assert [(start, end) for start, end, *_ in ours] == [
            (event.start, event.end) for event in theirs
        ]
        for (_, _, text, _), event in zip(ours, theirs, strict=True):
            # pysubs2 takes all between angle brackets for a tag, words included
            assert "<" in text or text.split() == event.plaintext.split()


# WebVTT


def test_voices_are_speakers_and_notes_styles_and_tags_are_left_out() -> None:
    found = read(
        "WEBVTT - titre\nKind: captions\nLanguage: fr\n\nNOTE\nune note\n\n"
        "STYLE\n::cue { color: red }"
        "\n\nREGION\nid:fred\n\nintroduction\n00:01.000 --> 00:02.000 align:start line:0%\n"
        "<v.loud Awa Diallo>Bonsoir <c.rouge>à</c> <00:01.500>tous &amp; "
        "<lang bm>i ni su</lang>\n\n"
        "00:00:03.000 --> 00:00:04.000\n- Rien\n",
        "vtt",
    )
    assert found.language == "fr"
    assert told(found) == [
        (1_000, 2_000, "Bonsoir à tous & i ni su", "Awa Diallo"),
        (3_000, 4_000, "- Rien", None),
    ]


def test_two_voices_in_one_cue_become_two_cues() -> None:
    found = read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Awa>Oui.</v>\n<v Issa>Non.\n", "vtt")
    assert told(found) == [(1_000, 2_000, "Oui.", "Awa"), (1_000, 2_000, "Non.", "Issa")]


def test_a_comparison_written_properly_survives() -> None:
    found = read("WEBVTT\n\n00:01.000 --> 00:02.000\n3 &lt; 4 &amp;amp; <b>5</b>\n", "vtt")
    assert told(found)[0][2] == "3 < 4 &amp; 5"


def test_webvtt_has_the_same_cues_as_for_webvtt_py(tmp_path: Path) -> None:
    text = "WEBVTT\n\nNOTE\nnote\n\n" + "\n\n".join(
        f"cue-{number}\n00:{number:02d}:01.250 --> 00:{number:02d}:02.000\n"
        f"<v Awa>Ligne {number}\nbis"
        for number in range(30)
    )
    path = tmp_path / "thirty.vtt"
    path.write_text(text, encoding="utf-8")
    theirs = [
        (caption.start_in_seconds, caption.voice, caption.text.split())
        for caption in webvtt.read(str(path)).captions
    ]
    ours = [
        (start // 1000, speaker, words.split())
        for start, _, words, speaker in told(read(text, "vtt"))
    ]
    assert ours == theirs


# Whisper JSON


def test_whisper_json_keeps_words_and_measures_and_is_a_machine_s() -> None:
    answer = {
        "text": " Bonsoir.",
        "language": "fr",
        "segments": [
            {
                "id": 0,
                "start": 0.5,
                "end": 1.25,
                "text": " Bonsoir.",
                "avg_logprob": -0.25,
                "no_speech_prob": 0.01,
                "words": [
                    {"word": " Bonsoir.", "start": 0.5, "end": 1.2, "probability": 0.9},
                    {"word": " 12", "score": 0.1},
                ],
            }
        ],
    }
    found = read(json.dumps(answer), "json")
    (cue,) = found.cues
    assert (found.language, found.trust) == ("fr", Trust.MACHINE)
    assert (cue.start_ms, cue.end_ms, cue.lines, cue.avg_logprob) == (
        500,
        1_250,
        ("Bonsoir.",),
        -0.25,
    )
    assert [(word.text, word.start_ms, word.probability) for word in cue.words] == [
        ("Bonsoir.", 500, 0.9)
    ]
    assert found.notes == ("1 word had no times of their own.",)


def test_gaps_of_our_own_export_come_back() -> None:
    gaps = [
        {"start": 3, "end": 9.5, "reason": "other_language", "language": "ar"},
        {"start": "x"},
        7,
    ]
    segments = [
        {"start": 0, "end": 1, "text": "un", "language": None},
        {"start": 1, "end": 2, "text": "one", "language": "eng"},
        {"start": 2, "end": 3, "text": "deux", "language": "no such language"},
    ]
    found = read(json.dumps({"segments": segments, "gaps": gaps, "trust": "checked"}), "json")
    assert [(gap.start_ms, gap.end_ms, gap.reason, gap.language) for gap in found.gaps] == [
        (3_000, 9_500, GapReason.OTHER_LANGUAGE, "ar")
    ]
    assert [cue.language for cue in found.cues] == [None, "en", None]
    assert found.trust is Trust.CHECKED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"not JSON that can be read \(line 1\)"),
        ("[" * 100_000, "not JSON"),
        ("{}", "no list of segments"),
        ('{"segments": []}', "no list of segments"),
        ('{"segments": ["un"]}', "no list of segments"),
        ('{"segments": [{"start": 0, "text": "un"}, {"start": "x", "text": "y"}]}', "Segment 2 of"),
        ('{"segments": [{"start": NaN, "text": "un"}]}', "Segment 1 of"),
        ('{"segments": [{"start": 1e999, "text": "un"}]}', "Segment 1 of"),
        ('{"segments": [{"start": true, "text": "un"}]}', "Segment 1 of"),
        ('{"segments": [{"start": 1}]}', "Segment 1 of"),
    ],
)
def test_json_without_segments_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadImport, match=message):
        read(text, "json")


def test_half_a_character_does_no_harm() -> None:
    found = read('{"segments": [{"start": 0, "end": 1, "text": "un \\ud83d"}]}', "json")
    assert told(found)[0][2] == "un \ufffd"


# STM


def test_stm_gives_speakers_and_leaves_its_marks_out() -> None:
    found = read(
        ";; a comment\n"
        "fuc 1 locuteur1 0.000 9.599 <o,f1,male> en premier :fra "
        "économique:fra [musique] %hum oo %\n"
        "fuc 1 excluded_region 9.599 12 <o,,unknown> ignore_time_segment_in_scoring\n"
        "fuc 1 inter_segment_gap 12 13 <o,f0,>\n"
        "fuc A Awa 13.5 14 {ina / ine} jogii to :fra: para*\n",
        "stm",
    )
    assert told(found) == [
        (0, 9_599, "en premier économique hum oo", "locuteur1"),
        (13_500, 14_000, "ina jogii to :fra: para*", "Awa"),
    ]
    assert found.notes == ("2 stretches marked as not transcribed left out.",)


def test_a_broken_line_of_stm_is_named() -> None:
    with pytest.raises(BadImport, match=r"Line 2 of file\.stm"):
        read("fuc 1 a 0 1 <o> un\nfuc 1 a start 2 <o> deux\n", "stm")


def test_real_stm_keeps_every_spoken_word(shared_data: Path) -> None:
    files = sorted((shared_data / "languages" / "ful_kallaama_fuc_stm").glob("*.stm"))
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        found = read(text, "stm")
        raw = [line.split(">", 1)[1] for line in text.splitlines() if not line.startswith(";;")]
        plain = {word for line in raw for word in line.split() if word.isalpha()}
        kept = {word for _, _, line, _ in told(found) for word in line.split()}
        assert plain - kept == set()
        assert not any(word.endswith(":fra") for word in kept)
        starts = [start for start, *_ in told(found)]
        assert starts
        assert max(starts) < 24 * 3_600_000


# text with times


@pytest.mark.parametrize(
    "text",
    [
        "[00:00:05] Bonsoir\nà tous\n[00:01:10] Merci",
        "Titre\n\n(00:05) Bonsoir à tous\n\n(01:10) Merci\n",
        "00:05 Bonsoir\nà tous\n1:10 Merci",
        "0:00:05.000 - Bonsoir à tous\r\n0:01:10,0: Merci",
    ],
)
def test_text_with_times_is_read_however_they_are_written(text: str) -> None:
    assert [(start, words) for start, _, words, _ in told(read(text, "txt"))] == [
        (5_000, "Bonsoir à tous"),
        (70_000, "Merci"),
    ]


def test_a_range_of_times_tells_the_end_too() -> None:
    found = read("[00:00:05 - 00:00:09] Bonsoir\n[00:01:10 --> 00:01:12.5] Merci", "txt")
    assert [(start, end) for start, end, *_ in told(found)] == [(5_000, 9_000), (70_000, 72_500)]


def test_times_that_are_said_stay_in_the_text_where_marks_have_brackets() -> None:
    found = read("[00:00:05] Il est\n10:30 à Bamako\n[00:01:10] Merci", "txt")
    assert [words for _, _, words, _ in told(found)] == ["Il est 10:30 à Bamako", "Merci"]


def test_text_without_times_is_refused_with_the_remedy() -> None:
    with pytest.raises(BadImport, match="no times") as refusal:
        read("Bonsoir à tous.\nMerci.\n", "txt")
    assert "[00:12:34]" in refusal.value.hint


# whole files


@pytest.mark.parametrize(
    ("name", "stated", "expected"),
    [
        ("a.VTT", None, "vtt"),
        ("a.b.srt", None, "srt"),
        ("debat", "eaf", "eaf"),
        ("a.txt", "SRT", "srt"),
    ],
)
def test_the_format_is_what_is_said_or_the_end_of_the_name(
    name: str, stated: str | None, expected: str
) -> None:
    assert find_format(name, stated).name == expected


@pytest.mark.parametrize(("name", "stated"), [("a.docx", None), ("a", None), ("a.srt", "pdf")])
def test_an_unknown_format_names_those_that_are_known(name: str, stated: str | None) -> None:
    with pytest.raises(UnknownFormat) as refusal:
        find_format(name, stated)
    assert "vtt (WebVTT), srt (SubRip)" in refusal.value.hint


@pytest.mark.parametrize("format_name", list(IMPORTS))
def test_an_empty_file_is_refused_in_every_format(format_name: str) -> None:
    for data in (b"", b" \r\n\n", b"\xef\xbb\xbf\n", b"\xff\xfe"):
        with pytest.raises(BadImport, match="is empty"):
            read_file(data, "a", IMPORTS[format_name])


@pytest.mark.parametrize("format_name", list(IMPORTS))
def test_what_is_of_another_format_is_refused_in_every_format(format_name: str) -> None:
    with pytest.raises(BadImport) as refusal:
        read_file(
            b"Once there was a text.\n\nIt said nothing of times.\n", "a", IMPORTS[format_name]
        )
    assert refusal.value.hint
    assert str(refusal.value).count("\n") == 0


@pytest.mark.parametrize("format_name", list(IMPORTS))
def test_sound_is_not_a_transcript_in_any_format(format_name: str) -> None:
    with pytest.raises(BadImport, match="not a text file"):
        read_file(b"ID3\x04\x00\x00\x00\xff\xfb\x90d" * 300, "a.mp3", IMPORTS[format_name])

"""How a transcript is laid out on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from radio_archive.model import Gap, GapReason, LanguageTag, Transcript
from radio_archive.web.transcript_view import GapLine, Line, transcript_lines
from tests.support.making import make_segment, make_transcript, ms


def nothing(text: str, language: LanguageTag) -> Iterable[tuple[int, int]]:
    return ()


def lay_out(transcript: Transcript, moment: int | None = None) -> list[Line]:
    lines = transcript_lines(transcript, None if moment is None else ms(moment), nothing)
    return [line for line in lines if isinstance(line, Line)]


def of(*segments: tuple[str, int, int]) -> Transcript:
    transcript = make_transcript()
    made = tuple(make_segment(text, start, end) for text, start, end in segments)
    return replace(transcript, segments=made)


TWO = of(("Bonsoir à tous.", 1_249, 2_000), ("Voici le journal.", 3_000, 5_000))


def test_the_sentence_begun_at_the_moment_is_the_current_one() -> None:
    assert [line.is_current for line in lay_out(TWO, 2_500)] == [True, False]
    assert [line.is_current for line in lay_out(TWO, 3_000)] == [False, True]
    assert [line.is_current for line in lay_out(TWO, 0)] == [False, False]
    assert [line.is_current for line in lay_out(TWO)] == [False, False]


def test_the_tenth_of_a_second_an_address_carries_still_finds_its_sentence() -> None:
    # the sentence starts at 1,249 ms, its address says 1.2
    assert lay_out(TWO)[0].seconds == "1.2"
    assert lay_out(TWO, 1_200)[0].is_current


def test_a_moment_inside_a_sentence_has_its_own_anchor() -> None:
    assert lay_out(TWO, 3_400)[1].anchor_here == "t=3.4"
    assert lay_out(TWO, 3_000)[1].anchor_here == ""


def test_two_sentences_of_the_same_tenth_share_one_anchor() -> None:
    lines = lay_out(of(("Oui.", 100, 120), ("Non.", 150, 400)))
    assert [line.has_anchor for line in lines] == [True, False]


def test_a_gap_stands_between_the_sentences_it_lies_between() -> None:
    gap = Gap(start_ms=ms(2_000), end_ms=ms(3_000), reason=GapReason.OTHER_LANGUAGE)
    lines = transcript_lines(replace(TWO, gaps=(gap,)), None, nothing)
    assert [type(line) for line in lines] == [Line, GapLine, Line]


def test_every_run_of_letters_has_the_time_of_its_word() -> None:
    line = lay_out(
        of(
            ("Voici le journal.", 3_000, 4_200),
        )
    )[0]
    assert line.word_times == "0 40 80"


def test_a_sign_standing_alone_takes_the_time_of_the_word_before() -> None:
    segment = make_segment("Bonsoir Mali", 0, 1_000)
    spaced = replace(segment, text="« Bonsoir » Mali !")
    line = lay_out(replace(TWO, segments=(spaced,)))[0]
    times = [int(time) for time in line.word_times.split()]
    assert len(times) == len(re.findall(r"\S+", spaced.text))
    assert times == [0, 0, 0, 50, 50]


def test_a_sentence_without_word_times_says_none() -> None:
    bare = replace(make_segment("Bonsoir."), words=())
    assert lay_out(replace(TWO, segments=(bare,)))[0].word_times == ""


def test_a_speaker_is_named_when_the_voice_changes() -> None:
    voices = [
        replace(make_segment("Oui.", start), speaker=name)
        for start, name in ((0, "Awa"), (1_000, "Awa"), (2_000, "Issa"), (3_000, None))
    ]
    lines = lay_out(replace(TWO, segments=tuple(voices)))
    assert [line.speaker for line in lines] == ["Awa", "", "Issa", ""]


def test_a_speaker_is_named_again_after_a_sentence_of_nobody() -> None:
    said = [
        replace(make_segment("Oui.", start), speaker=name)
        for start, name in ((0, "Awa"), (1_000, None), (2_000, "Awa"))
    ]
    lines = lay_out(replace(TWO, segments=tuple(said)))
    assert [line.speaker for line in lines] == ["Awa", "", "Awa"]


def test_a_voice_is_lettered_when_it_changes_and_said_to_be_unsure_where_it_is() -> None:
    said = [
        replace(make_segment("Oui.", start), voice=letter, speaker=name)
        for start, letter, name in (
            (0, "A", None),
            (1_000, "A", None),
            (2_000, None, None),
            (3_000, None, None),
            (4_000, "A", None),
            (5_000, "B", "Awa"),
            (6_000, "A", None),
        )
    ]
    lines = lay_out(replace(TWO, segments=tuple(said)))
    assert [line.voice for line in lines] == ["A", "", "", "", "A", "", "A"]
    assert [line.speaker for line in lines] == ["", "", "", "", "", "Awa", ""]
    assert [line.is_voice_unsure for line in lines] == [False, False, True, *[False] * 4]


def test_without_voices_nothing_is_unsure() -> None:
    assert not any(line.is_voice_unsure or line.voice for line in lay_out(TWO))


def test_a_sentence_in_another_language_says_so_when_the_language_changes() -> None:
    english = LanguageTag("en")
    said = [
        replace(make_segment("Oui.", start), language=tag)
        for start, tag in ((0, None), (1_000, english), (2_000, english), (3_000, None))
    ]
    marked_as: list[LanguageTag] = []

    def find(text: str, language: LanguageTag) -> Iterable[tuple[int, int]]:
        marked_as.append(language)
        return ()

    lines = transcript_lines(replace(TWO, segments=tuple(said)), None, find)
    sentences = [line for line in lines if isinstance(line, Line)]
    assert [line.language for line in sentences] == [None, "en", "en", None]
    assert [line.turns_to for line in sentences] == [None, "en", None, "fr"]
    assert marked_as == ["fr", "en", "en", "fr"]

"""What several broadcasts of a programme hold, and the chapters it begins."""

from __future__ import annotations

from radio_archive.jingles import chapters_of, find_jingles
from radio_archive.model import Jingle, SameSound
from tests.support.making import make_transcript, ms


def shared(start: int, end: int) -> SameSound:
    return SameSound(
        start_ms=ms(start), other_start_ms=ms(0), length_ms=ms(end - start), bit_error=0.1
    )


def jingle(start: int, end: int) -> Jingle:
    return Jingle(start_ms=ms(start), end_ms=ms(end))


def test_a_jingle_is_where_two_others_hold_the_same() -> None:
    one = [shared(0, 5_000), shared(60_000, 66_000)]
    two = [shared(60_500, 66_200)]
    three = [shared(200, 5_100), shared(90_000, 95_000)]
    assert find_jingles([one, two, three]) == (jingle(200, 5_000), jingle(60_500, 66_000))


def test_one_other_is_not_enough_however_often_it_holds_it() -> None:
    assert find_jingles([[shared(0, 5_000), shared(100, 5_000)], []]) == ()


def test_pieces_close_together_are_one_jingle_and_crumbs_are_none() -> None:
    pieces = [shared(10_000, 13_000), shared(13_500, 16_000), shared(40_000, 41_500)]
    assert find_jingles([pieces, pieces]) == (jingle(10_000, 16_000),)


def test_a_chapter_is_named_by_the_first_words_after_its_jingle() -> None:
    transcript = make_transcript(
        "Bonsoir à tous.", "Le prix du riz recule sur tous les grands marchés de Bamako."
    )
    second = transcript.segments[1]
    opening, later, last = (
        jingle(0, 400),
        jingle(second.start_ms - 1_500, second.start_ms + 300),
        jingle(second.end_ms + 1_000, second.end_ms + 6_000),
    )
    first, end = chapters_of([opening, later, last], transcript)
    assert first.start_ms == later.start_ms
    assert first.title == "Le prix du riz recule sur tous les grands …"
    assert end.title == ""


def test_a_chapter_in_which_nothing_is_said_takes_no_words_of_the_next() -> None:
    transcript = make_transcript("Bonsoir à tous.")
    chapters = chapters_of([jingle(2_000, 5_000), jingle(9_000, 12_000)], transcript)
    assert [chapter.title for chapter in chapters] == ["", ""]
    assert chapters_of([jingle(2_000, 5_000)], None)[0].title == ""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from radio_archive.model import (
    Band,
    Broadcast,
    BroadcastId,
    LanguageTag,
    Milliseconds,
    Passage,
    Programme,
    ProgrammeId,
    Segment,
    Transcript,
    Trust,
    Word,
)
from radio_archive.search.passages import LONGEST_CHARACTERS, LONGEST_MS, TARGET_MS, split_passages

BROADCAST = Broadcast(
    id=BroadcastId("00000000000000aa"),
    title="Débat",
    programme=Programme(id=ProgrammeId("debat"), title="Débat"),
    language=LanguageTag("fr"),
    aired_at=datetime(2014, 10, 16, 17, tzinfo=UTC),
)


def ms(value: float) -> Milliseconds:
    return Milliseconds(round(value))


def segment(start_s: float, end_s: float, text: str) -> Segment:
    """Words share the segment's time evenly."""
    spoken = text.split()
    step = (end_s - start_s) * 1000 / len(spoken)
    words = tuple(
        Word(
            start_ms=ms(start_s * 1000 + step * place),
            end_ms=ms(start_s * 1000 + step * (place + 1)),
            text=word,
        )
        for place, word in enumerate(spoken)
    )
    return Segment(start_ms=ms(start_s * 1000), end_ms=ms(end_s * 1000), text=text, words=words)


def split(*segments: Segment) -> tuple[Passage, ...]:
    transcript = Transcript(
        language=LanguageTag("fr"), segments=segments, trust=Trust.IMPORTED, engine="test"
    )
    return split_passages(transcript, BROADCAST)


def test_a_short_transcript_is_one_passage_that_knows_where_it_comes_from() -> None:
    (passage,) = split(segment(1, 3, "Bonjour à tous."), segment(4, 8, "Le crime organisé."))
    assert passage.text == "Bonjour à tous. Le crime organisé."
    assert (passage.start_ms, passage.end_ms, passage.number) == (1000, 8000, 0)
    assert passage.broadcast_id == BROADCAST.id
    assert passage.programme_id == "debat"
    assert passage.aired_at == BROADCAST.aired_at
    assert passage.trust is Trust.IMPORTED


def test_each_word_knows_when_it_is_said() -> None:
    (passage,) = split(segment(0, 2, "Bonjour à tous."), segment(10, 12, "Le crime."))
    times = {passage.text[mark.char_start :].split()[0]: mark.start_ms for mark in passage.marks}
    assert times == {"Bonjour": 0, "à": 667, "tous.": 1333, "Le": 10_000, "crime.": 11_000}


def test_a_segment_without_word_times_has_one_mark() -> None:
    (passage,) = split(
        Segment(start_ms=ms(0), end_ms=ms(2000), text="Bonjour à tous."),
        Segment(start_ms=ms(3000), end_ms=ms(5000), text="Le crime."),
    )
    assert [(mark.char_start, mark.start_ms) for mark in passage.marks] == [(0, 0), (16, 3000)]


def test_the_cut_is_at_the_longest_pause() -> None:
    first, second = split(
        segment(0, 10, "un"),
        segment(10.2, 20, "deux"),
        segment(23, 30, "trois"),
        segment(30.5, 40, "quatre"),
    )
    assert (first.text, second.text) == ("un deux", "trois quatre")
    assert (first.end_ms, second.start_ms) == (20_000, 23_000)


def test_a_long_pause_early_on_does_not_make_crumbs() -> None:
    first, _ = split(segment(0, 2, "un"), segment(9, 30, "deux"), segment(31, 60, "trois"))
    assert first.text == "un deux"


def test_a_segment_too_long_is_cut_between_its_words() -> None:
    text = " ".join(f"mot{place}" for place in range(60))
    passages = split(segment(0, 90, text))
    assert " ".join(passage.text for passage in passages) == text
    assert all(passage.end_ms - passage.start_ms <= LONGEST_MS for passage in passages)
    last = passages[-1]
    word = last.text.split()[0]
    assert last.start_ms == int(word[3:]) * 1500


def test_a_segment_too_long_without_word_times_stays_whole() -> None:
    (passage,) = split(Segment(start_ms=ms(0), end_ms=ms(90_000), text="un deux trois"))
    assert passage.text == "un deux trois"


def test_a_text_of_hours_in_one_cue_is_cut_at_an_even_pace() -> None:
    said = " ".join(f"mot{number}" for number in range(66_000))
    cue = Segment(start_ms=ms(10_000), end_ms=ms(7_210_000), text=said, words=())
    passages = split(cue, segment(7_210, 7_220, "la fin"))
    assert " ".join(each.text for each in passages) == f"{said} la fin"
    assert all(len(each.text) <= LONGEST_CHARACTERS for each in passages)
    assert passages[0].start_ms == 10_000
    for one, following in pairwise(passages):
        assert one.end_ms == following.start_ms == following.marks[0].start_ms
        assert one.start_ms < one.end_ms
    halfway = next(each for each in passages if "mot33000 " in each.text)
    assert halfway.start_ms <= 3_640_000
    assert halfway.end_ms >= 3_500_000


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    said = "x" * (2 * LONGEST_CHARACTERS + 5)
    passages = split(Segment(start_ms=ms(0), end_ms=ms(1_000), text=said, words=()))
    assert [len(each.text) for each in passages] == [LONGEST_CHARACTERS, LONGEST_CHARACTERS, 5]


def test_ends_that_overlap_the_next_cue_are_not_believed() -> None:
    cues = [
        Segment(start_ms=ms(4000 * n), end_ms=ms(4000 * n + 22_000), text=f"ligne {n}")
        for n in range(20)
    ]
    passages = split(*cues)
    assert [len(passage.text.split()) // 2 for passage in passages[:2]] == [8, 8]


def test_an_empty_transcript_has_no_passages() -> None:
    assert split() == ()


SEGMENTS = st.lists(
    st.tuples(
        st.integers(0, 6000),
        st.integers(0, 60_000),
        st.lists(st.sampled_from(["la", "paix", "à", "Gao,", "l'école"]), min_size=1, max_size=30),
        st.booleans(),
    ),
    max_size=25,
)


@given(SEGMENTS)
def test_every_word_is_in_exactly_one_passage(
    drawn: list[tuple[int, int, list[str], bool]],
) -> None:
    segments, clock = [], 0
    for gap, length, words, is_timed in drawn:
        clock += gap
        made = segment(clock / 1000, (clock + length) / 1000, " ".join(words))
        segments.append(
            made
            if is_timed
            else Segment(start_ms=made.start_ms, end_ms=made.end_ms, text=made.text)
        )
        clock += length
    passages = split(*segments)
    assert " ".join(passage.text for passage in passages) == " ".join(
        each.text for each in segments
    )
    assert [passage.number for passage in passages] == list(range(len(passages)))
    for passage in passages:
        starts = [mark.char_start for mark in passage.marks]
        assert starts == sorted(set(starts))
        assert starts[0] == 0
        assert passage.start_ms <= passage.end_ms
    whole = {each.text for each in segments if not each.words}
    long = [each for each in passages if each.end_ms - each.start_ms > LONGEST_MS]
    assert all(each.text in whole or len(each.text.split()) == 1 for each in long)
    assert TARGET_MS < LONGEST_MS


def test_a_passage_is_in_one_language() -> None:
    english = LanguageTag("en")
    passages = split(
        segment(1, 3, "Bonjour."),
        replace(segment(3, 6, "Good morning."), language=english),
        replace(segment(6, 9, "Welcome."), language=english),
        segment(9, 11, "Merci."),
    )
    assert [(each.language, each.text) for each in passages] == [
        ("fr", "Bonjour."),
        ("en", "Good morning. Welcome."),
        ("fr", "Merci."),
    ]
    assert [each.number for each in passages] == [0, 1, 2]


def test_a_passage_is_as_sure_as_its_sentences_are_by_their_length() -> None:
    sentences = (
        replace(segment(0, 12, "Le prix du riz"), band=Band.GOOD),
        replace(segment(12, 14, "à Gao"), band=Band.UNSURE),
        replace(segment(60, 66, "reste haut"), band=Band.WEAK),
        replace(segment(66, 90, "cette année"), band=Band.UNSURE),
    )
    transcript = Transcript(language=LanguageTag("fr"), segments=sentences)
    bands = [passage.band for passage in split_passages(transcript, BROADCAST)]
    assert bands == [Band.GOOD, Band.UNSURE]

"""What a machine writes anew is fitted in around people's sentences."""

from __future__ import annotations

from dataclasses import replace

from tests.support.making import AIRED, make_segment, make_transcript

from radio_archive.corrections import keep_reviewed, reviewed, revised
from radio_archive.model import Transcript, TranscriptKind, Trust


def corrected(number: int, text: str) -> Transcript:
    """Three sentences of two seconds, one of them put right by Awa."""
    heard = make_transcript("un deux", "trois quatre", "cinq six")
    segments = list(heard.segments)
    segments[number] = reviewed(segments[number], text, "Awa", AIRED)
    return revised(heard, segments)


def test_a_person_s_sentence_stays_and_the_others_are_new() -> None:
    new = make_transcript("UN DEUX", "TROIS QUATRE", "CINQ SIX")
    merged = keep_reviewed(corrected(1, "trois et quatre"), new)
    assert merged is not None
    assert merged.text == "UN DEUX\ntrois et quatre\nCINQ SIX"
    assert (merged.kind, merged.trust) == (TranscriptKind.CORRECTED, Trust.MACHINE)


def test_words_said_while_a_person_s_sentence_lasts_are_left_out() -> None:
    # one long sentence over all three, 400 ms a word
    new = replace(make_transcript(), segments=(make_segment("a b c d e f g h i j k l m n", 0),))
    merged = keep_reviewed(corrected(1, "trois quatre"), new)
    assert merged is not None
    before, kept, after = merged.segments
    assert (before.text, kept.text, after.text) == ("a b c d e f g", "trois quatre", "j k l m n")
    assert before.end_ms <= kept.start_ms
    assert after.start_ms >= kept.end_ms


def test_a_sentence_without_word_times_goes_where_most_of_it_is_a_person_s() -> None:
    inside = replace(make_segment("dedans", 2_900, 3_500), words=())
    outside = replace(make_segment("dehors", 3_500, 9_000), words=())
    new = replace(make_transcript(), segments=(inside, outside))
    merged = keep_reviewed(corrected(1, "trois quatre"), new)
    assert merged is not None
    assert merged.text == "trois quatre\ndehors"


def test_without_a_person_s_sentence_there_is_nothing_to_keep() -> None:
    assert keep_reviewed(make_transcript("un"), make_transcript("deux")) is None


def test_what_people_imported_is_not_a_machine_s_to_fill() -> None:
    imported = replace(corrected(1, "trois et quatre"), trust=Trust.IMPORTED)
    assert keep_reviewed(imported, make_transcript("UN", "DEUX")) is None

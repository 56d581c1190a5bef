"""Who is decoded in which language, and who is left out: on sound whose language is known."""

from __future__ import annotations

from typing import cast

import pytest

from radio_archive.model import Gap, LanguageTag
from radio_archive.speech import SpeechGroup
from radio_archive.transcribers import Transcriber
from radio_archive.transcription.gate import Heard
from radio_archive.transcription.judging import Judge, Judgement, Spoken
from radio_archive.transcription.windows import Window, pack_groups
from tests.transcription.making import ENGLISH, FRENCH, HAUSA, Listener, tongues

SPOKEN = Spoken(language=FRENCH, others=frozenset({ENGLISH}))
UNKNOWN = None  #: a language no engine knows

Written = tuple[LanguageTag | None, int, int]


class Judged:
    """What was decided about some groups."""

    def __init__(self, *groups: SpeechGroup) -> None:
        self.listener = Listener()
        judge = Judge(cast("Transcriber", self.listener), SPOKEN)
        first = judge.hear(list(pack_groups(groups)))
        last = judge.finish()
        self.windows: list[Window] = [*first.windows, *last.windows]
        self.gaps: list[Gap] = [*first.gaps, *last.gaps]

    @property
    def written(self) -> list[Written]:
        """Language asked for, start and end of every part."""
        parts = [
            (window.language, part.group.start_ms, part.group.end_ms)
            for window in self.windows
            for part in window.parts
        ]
        return sorted(parts, key=lambda part: part[1])

    @property
    def left_out(self) -> list[Written]:
        """Language told, start and end of every gap."""
        return [(gap.language, gap.start_ms, gap.end_ms) for gap in self.gaps]


def test_the_languages_of_a_broadcast_are_each_written_as_themselves() -> None:
    judged = Judged(tongues(0, (FRENCH, 8_000)), tongues(10_000, (ENGLISH, 8_000)))
    assert judged.written == [(None, 0, 8_000), (ENGLISH, 10_000, 18_000)]
    assert judged.left_out == []


def test_a_language_the_station_trusts_no_engine_with_is_named_and_not_written() -> None:
    judged = Judged(tongues(0, (FRENCH, 8_000)), tongues(10_000, (HAUSA, 8_000)))
    assert judged.written == [(None, 0, 8_000)]
    assert judged.left_out == [(HAUSA, 10_000, 18_000)]


def test_a_language_nobody_knows_stays_unsure() -> None:
    judged = Judged(tongues(0, (FRENCH, 8_000)), tongues(10_000, (UNKNOWN, 6_000)))
    assert judged.left_out == [(None, 10_000, 16_000)]


def test_a_few_words_are_never_taken_for_another_language() -> None:
    judged = Judged(tongues(0, (UNKNOWN, 8_000)), tongues(10_000, (ENGLISH, 2_000)))
    assert judged.written == []
    assert (None, 10_000, 12_000) in judged.left_out


@pytest.mark.parametrize("stranger", [UNKNOWN, HAUSA])
def test_what_runs_into_another_language_without_a_pause_keeps_its_own_part(
    stranger: LanguageTag | None,
) -> None:
    judged = Judged(tongues(0, (FRENCH, 6_000), (stranger, 8_000)))
    [(language, start, end)] = judged.written
    assert (language, start) == (None, 0)
    assert 5_600 <= end <= 6_000
    assert [gap[0] for gap in judged.left_out] == [stranger]
    assert judged.gaps[0].start_ms >= 5_800


def test_a_long_sentence_in_french_does_not_carry_an_english_one_with_it() -> None:
    judged = Judged(tongues(0, (FRENCH, 15_000), (ENGLISH, 8_000)))
    assert len(judged.listener.alone_ms) == 3  # the whole and both halves, each once
    assert [language for language, *_ in judged.written if language] == [ENGLISH]
    assert judged.left_out == []


def test_a_few_words_that_only_strangers_vouch_for_are_heard_alone() -> None:
    judged = Judged(tongues(0, (UNKNOWN, 9_000)), tongues(10_300, (FRENCH, 2_000)))
    assert 2_000 in judged.listener.alone_ms
    vouched = Judged(tongues(0, (FRENCH, 9_000)), tongues(10_300, (FRENCH, 2_000)))
    assert vouched.listener.alone_ms == []


def passed_over(*parts: SpeechGroup, language: LanguageTag | None = None) -> Judgement:
    """What is decided about sound that an engine passed over in a window it thought French."""
    judge = Judge(cast("Transcriber", Listener()), SPOKEN)
    sure = [Heard(group=part, probability=0.99) for part in parts]
    return judge.hear_again(Window.of(sure, language=language).again(sure))


def test_what_was_passed_over_is_tried_again_where_it_is_in_the_language_by_itself() -> None:
    judgement = passed_over(tongues(0, (FRENCH, 5_000)), tongues(6_000, (UNKNOWN, 5_000)))
    [window] = judgement.windows
    assert [part.group.start_ms for part in window.parts] == [0]
    assert window.is_second_try
    assert [(gap.start_ms, gap.end_ms, gap.language) for gap in judgement.gaps] == [
        (6_000, 11_000, None)
    ]


def test_nothing_is_tried_again_where_all_of_it_is_in_another_language() -> None:
    judgement = passed_over(tongues(0, (HAUSA, 5_000)))
    assert judgement.windows == []
    assert [gap.language for gap in judgement.gaps] == [HAUSA]


def test_a_guests_passage_is_asked_for_in_the_guests_language() -> None:
    assert passed_over(tongues(0, (ENGLISH, 5_000)), language=ENGLISH).windows
    assert not passed_over(tongues(0, (FRENCH, 5_000)), language=ENGLISH).windows

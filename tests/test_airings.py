"""What was aired twice is shown once in a page of results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive.airings import fold_repeats
from radio_archive.archive import Archive, SearchOptions
from radio_archive.model import (
    BroadcastHits,
    BroadcastId,
    Hit,
    LanguageTag,
    Match,
    Repeat,
    SameSound,
    TranscriptChoice,
    TranscriptKind,
    Trust,
)
from tests.support.making import make_segment, make_transcript, ms, put_broadcast
from tests.web.stocking import add_transcript, bare_archive, run_jobs

MORNING, EVENING = BroadcastId("morning"), BroadcastId("evening")

#: two minutes of the morning, aired again a minute later in the evening's broadcast
SHARED = SameSound(
    start_ms=ms(10_000), other_start_ms=ms(70_000), length_ms=ms(120_000), bit_error=0.05
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Two broadcasts with the same sentence in the same sound, the second with one of its own."""
    home: Path = tmp_path_factory.mktemp("airings")
    with bare_archive(home) as (archive, catalogue):
        texts = {
            "morning": [(30_000, "Le riz.")],
            "evening": [(90_500, "Le riz."), (240_000, "Encore du riz.")],
        }
        keys = []
        for guid, sentences in texts.items():
            found = put_broadcast(catalogue, guid, duration_ms=300_000)
            segments = tuple(make_segment(text, start) for start, text in sentences)
            add_transcript(catalogue, found, replace(make_transcript(), segments=segments))
            recording = catalogue.broadcasts.get(found).recording
            assert recording is not None
            keys.append(recording.key)
        catalogue.fingerprints.set_repeats(keys[0], {keys[1]: [SHARED]})
        run_jobs(archive)
        yield archive


def moments(archive: Archive, *, is_for_reading: bool) -> dict[str, list[int]]:
    page = archive.search("riz", SearchOptions(is_for_reading=is_for_reading))
    return {
        group.broadcast.title: sorted(hit.start_ms for hit in group.hits)
        for group in page.broadcasts
    }


def test_a_page_shows_a_repeated_hit_once_and_says_where_else(archive: Archive) -> None:
    page = archive.search("riz", SearchOptions(is_for_reading=True))
    hits = [hit for group in page.broadcasts for hit in group.hits]
    assert len(hits) == 2
    aired = [(each.broadcast.title, each.start_ms) for hit in hits for each in hit.also_aired]
    assert aired in ([("Débat evening", 90_400)], [("Débat morning", 30_900)])
    assert page.total == 3


def test_scripts_get_every_hit(archive: Archive) -> None:
    everything = moments(archive, is_for_reading=False)
    assert {title: len(found) for title, found in everything.items()} == {
        "Débat morning": 1,
        "Débat evening": 2,
    }


def hit_at(broadcast: BroadcastId, start: int, choice: TranscriptChoice | None = None) -> Hit:
    return Hit(
        broadcast_id=broadcast,
        language=LanguageTag("fr"),
        start_ms=ms(start),
        end_ms=ms(start + 1_000),
        text="riz",
        highlights=(),
        match=Match.EXACT,
        score=1.0,
        choice=choice or TranscriptChoice(),
    )


@pytest.fixture
def pair(archive: Archive) -> dict[BroadcastId, BroadcastHits]:
    """The two broadcasts, no hits yet."""
    page = archive.search("riz")
    named = {group.broadcast.title.split()[-1]: group for group in page.broadcasts}
    return {
        BroadcastId(name): replace(group, hits=(), trust=Trust.MACHINE)
        for name, group in named.items()
    }


def folded(pair: dict[BroadcastId, BroadcastHits], **hits: tuple[Hit, ...]) -> list[list[int]]:
    groups = [replace(pair[BroadcastId(name)], hits=found) for name, found in hits.items()]
    morning, evening = (pair[name].broadcast for name in (MORNING, EVENING))
    repeats = {
        morning.id: [Repeat(broadcast=evening, shared=(SHARED,))],
        evening.id: [Repeat(broadcast=morning, shared=(SHARED.reversed,))],
    }
    return [[hit.start_ms for hit in group.hits] for group in fold_repeats(groups, repeats)]


def test_what_comes_first_is_kept_and_an_empty_broadcast_goes(
    pair: dict[BroadcastId, BroadcastHits],
) -> None:
    morning, evening = hit_at(MORNING, 30_000), hit_at(EVENING, 90_500)
    assert folded(pair, morning=(morning,), evening=(evening,)) == [[30_000]]
    assert folded(pair, evening=(evening,), morning=(morning,)) == [[90_500]]


def test_other_words_in_the_same_sound_and_the_same_words_outside_it_stay(
    pair: dict[BroadcastId, BroadcastHits],
) -> None:
    morning = (hit_at(MORNING, 30_000), hit_at(MORNING, 200_000))
    evening = (hit_at(EVENING, 99_000), hit_at(EVENING, 260_000))
    assert folded(pair, morning=morning, evening=evening) == [[30_000, 200_000], [99_000, 260_000]]


def test_a_translation_is_no_repeat(pair: dict[BroadcastId, BroadcastHits]) -> None:
    choice = TranscriptChoice(kind=TranscriptKind.TRANSLATION, language=LanguageTag("en"))
    morning, evening = hit_at(MORNING, 30_000, choice), hit_at(EVENING, 90_000, choice)
    assert folded(pair, morning=(morning,), evening=(evening,)) == [[30_000], [90_000]]

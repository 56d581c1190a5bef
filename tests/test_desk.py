"""The editors' desk: versions, undoing, many at once, and what random hands cannot break."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from radio_archive.archive import Archive, SearchOptions, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.corrections import version_of
from radio_archive.db import Database
from radio_archive.errors import BadInput, Conflict, NotFound
from radio_archive.model import (
    BroadcastId,
    EditKind,
    ReviewState,
    Transcript,
    TranscriptKind,
    Trust,
    Wish,
)
from radio_archive.pipeline import renew
from radio_archive.search.passages import split_passages
from radio_archive.search.storage import writer_lock
from tests.corrections_machine import Corrections
from tests.support.archives import settings_for
from tests.support.making import make_transcript, put_broadcast

HEARD = ("La route de Nionau est coupée.", "Bonsoir à tous.", "Le riz coûte cher.")

#: random histories and steps of each; CORRECTION_STEPS=10000 makes as many steps in all
_STEPS = 25
_HISTORIES = int(os.environ.get("CORRECTION_STEPS", "300")) // _STEPS


class Room:
    """An archive over either database, with one broadcast."""

    def __init__(self, archive: Archive, catalogue: Catalogue) -> None:
        self.archive, self.catalogue = archive, catalogue
        self.identity = put_broadcast(catalogue)
        self.store(make_transcript(*HEARD))
        archive.reindex()

    def store(self, transcript: Transcript) -> None:
        cut = split_passages(transcript, self.catalogue.broadcasts.get(self.identity))
        self.catalogue.transcripts.add(self.identity, transcript, cut)

    @property
    def current(self) -> Transcript:
        return self.archive.get_transcript(self.identity)

    def wish(self, number: int, text: str | None) -> Wish:
        version = version_of(self.current.segments[number])
        return Wish(broadcast_id=self.identity, number=number, version=version, text=text)


@pytest.fixture
def room(tmp_path: Path, database: Database) -> Iterator[Room]:
    with open_archive(replace(settings_for(tmp_path), database_url=database.url)) as archive:
        yield Room(archive, Catalogue(database))


def test_a_correction_is_another_version_and_the_machine_s_stays(room: Room) -> None:
    before = room.current
    saved = room.archive.desk.save(room.wish(0, "La route de Niono est coupée."), "Awa")
    after = room.current
    assert (after.kind, after.trust, after.engine) == (
        TranscriptKind.CORRECTED,
        Trust.MACHINE,
        before.engine,
    )
    review = after.segments[0].review
    assert review is not None
    assert (review.state, review.by) == (ReviewState.CORRECTED, "Awa")
    assert after.segments[1:] == before.segments[1:]
    assert before.id is not None
    assert room.catalogue.transcripts.get(before.id) == before
    assert saved.is_searchable


def test_passages_carry_their_own_trust(room: Room) -> None:
    far = make_transcript(*(f"Phrase {number} du débat." for number in range(40)))
    room.store(far)
    cut = len(room.catalogue.transcripts.passages_of(room.identity)[0].text.split("Phrase")) - 1
    for number in range(cut):
        room.archive.desk.save(room.wish(number, None), "Awa")
    first, *others = room.catalogue.transcripts.passages_of(room.identity)
    assert first.trust is Trust.CHECKED
    assert {passage.trust for passage in others} == {Trust.MACHINE}
    assert room.current.trust is Trust.MACHINE
    page = room.archive.search("trust:good phrase", SearchOptions())
    assert [hit.trust for group in page.broadcasts for hit in group.hits] == [Trust.CHECKED]


def test_checking_what_is_checked_changes_nothing(room: Room) -> None:
    room.archive.desk.save(room.wish(0, None), "Awa")
    before = room.current
    again = room.archive.desk.save(room.wish(0, HEARD[0]), "Bakary")
    assert (again.edit, room.current) == (None, before)


def test_undoing_brings_back_the_sentence_and_not_its_neighbours(room: Room) -> None:
    desk = room.archive.desk
    machine = room.current.segments[0]
    first = desk.save(room.wish(0, "La route de Niono est coupée."), "Awa")
    desk.save(room.wish(1, "Bonsoir à toutes."), "Bakary")
    assert first.edit is not None
    desk.undo(room.identity, first.edit, "Bakary")
    assert room.current.segments[0] == machine
    assert room.current.segments[1].text == "Bonsoir à toutes."
    last, *_ = desk.history(room.identity)
    assert (last.kind, last.by, last.undoes) == (EditKind.UNDONE, "Bakary", first.edit)
    with pytest.raises(BadInput, match="taken back already"):
        desk.undo(room.identity, first.edit, "Awa")
    desk.undo(room.identity, last.id, "Awa")
    assert room.current.segments[0].text == "La route de Niono est coupée."


def test_what_was_changed_again_is_taken_back_from_the_end(room: Room) -> None:
    desk = room.archive.desk
    first = desk.save(room.wish(0, "Un."), "Awa")
    second = desk.save(room.wish(0, "Deux."), "Bakary")
    assert first.edit is not None
    assert second.edit is not None
    with pytest.raises(Conflict, match="changed after the correction"):
        desk.undo(room.identity, first.edit, "Awa")
    desk.undo(room.identity, second.edit, "Awa")
    desk.undo(room.identity, first.edit, "Awa")
    assert room.current.segments[0].text == HEARD[0]
    with pytest.raises(NotFound, match="history"):
        desk.undo(room.identity, 999, "Awa")


def test_a_busy_index_is_said_and_nothing_is_lost(room: Room) -> None:
    with writer_lock(room.archive.settings.index_dir, 1):
        saved = room.archive.desk.save(room.wish(0, "La route de Niono."), "Awa")
    assert not saved.is_searchable
    assert room.current.segments[0].text == "La route de Niono."


def test_a_corrected_sentence_is_found_as_soon_as_it_is_saved(room: Room) -> None:
    hour = make_transcript(*(f"Phrase {number} du débat de ce soir." for number in range(900)))
    room.store(hour)
    room.archive.desk.save(room.wish(450, "On y parle de Tessalit."), "Awa")
    assert room.archive.search("Tessalit", SearchOptions()).total == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_editors_on_one_sentence_at_once_lose_neither_text(room: Room, _round: int) -> None:
    wishes = {name: room.wish(0, f"Ce qu'écrit {name}.") for name in ("Awa", "Bakary")}
    results = save_at_once(room, wishes)
    assert sorted(results.values()) == ["conflict", "saved"]
    winner = next(name for name, result in results.items() if result == "saved")
    assert room.current.segments[0].text == f"Ce qu'écrit {winner}."
    assert len(room.archive.desk.history(room.identity)) == 1


def test_many_editors_on_different_sentences_at_once_are_all_saved(room: Room) -> None:
    room.store(make_transcript(*(f"Phrase {number}." for number in range(12))))
    wishes = {str(number): room.wish(number, f"Corrigée {number}.") for number in range(12)}
    assert set(save_at_once(room, wishes).values()) == {"saved"}
    assert [s.text for s in room.current.segments] == [f"Corrigée {n}." for n in range(12)]
    assert room.current.trust is Trust.CHECKED
    assert len(room.archive.desk.history(room.identity)) == 12


def save_at_once(room: Room, wishes: dict[str, Wish]) -> dict[str, str]:
    """Let every editor save in the same instant, and say what came of each."""
    results: dict[str, str] = {}
    line = threading.Barrier(len(wishes))

    def save(name: str) -> None:
        line.wait()
        try:
            room.archive.desk.save(wishes[name], name)
        except Conflict:
            results[name] = "conflict"
        else:
            results[name] = "saved"

    threads = [threading.Thread(target=save, args=(name,)) for name in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.timeout(3_600)
@pytest.mark.timeout(600 + 10 * _HISTORIES)
def test_random_hands_lose_no_version_and_no_person_s_words() -> None:
    run_state_machine_as_test(
        Corrections,
        settings=settings(
            max_examples=max(1, _HISTORIES),
            stateful_step_count=_STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_broadcast_without_text_cannot_be_corrected(room: Room) -> None:
    other = put_broadcast(room.catalogue, "two")
    wish = Wish(broadcast_id=other, number=0, version="x", text="Bonsoir.")
    with pytest.raises(NotFound, match="no transcript to correct"):
        room.archive.desk.save(wish, "Awa")
    with pytest.raises(NotFound):
        room.archive.desk.worksheet(BroadcastId("none"), "Awa")


def test_names_of_voices_stay_with_corrections_and_not_with_another_lettering(room: Room) -> None:
    lettered = make_transcript(*HEARD)
    segments = tuple(replace(segment, voice="A") for segment in lettered.segments)
    room.store(replace(lettered, segments=segments))
    room.archive.name_voices(room.identity, {"A": "Oumar Sissoko"})
    room.archive.desk.save(room.wish(0, "La route de Niono est coupée."), "Awa")
    assert {segment.speaker for segment in room.current.segments} == {"Oumar Sissoko"}
    room.archive.name_voices(room.identity, {"A": None})
    assert {segment.speaker for segment in room.current.segments} == {None}
    room.archive.name_voices(room.identity, {"A": "Oumar Sissoko"})
    anew = replace(lettered, segments=segments)
    room.store(anew)
    renew(room.archive._parts, room.catalogue.broadcasts.get(room.identity), anew)
    first, *others = room.current.segments
    assert (first.text, first.speaker, first.voice) == (
        "La route de Niono est coupée.",
        "Oumar Sissoko",
        None,
    )
    assert {(segment.speaker, segment.voice) for segment in others} == {(None, "A")}

"""Ten-second tasks: what is offered, who agrees with whom, and what an editor decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from radio_archive.archive import Archive, Person
from radio_archive.catalogue import Catalogue
from radio_archive.errors import BadInput, Conflict, UnknownLanguage
from radio_archive.model import Band, BroadcastId, ReviewState, Task, TranscriptKind, Wish
from tests.support.making import make_transcript, put_broadcast
from tests.web.stocking import add_transcript, bare_archive

ONE, TWO = Person(key="one", origin="here"), Person(key="two", origin="there")
BANDS = (Band.GOOD, Band.UNSURE, Band.WEAK)


class Room:
    """An archive with one broadcast of three sentences, the second unsure, the third weak."""

    def __init__(self, archive: Archive, catalogue: Catalogue) -> None:
        self.archive, self.catalogue, self.tasks = archive, catalogue, archive.tasks
        self.identity = put_broadcast(catalogue)
        heard = make_transcript("Bonsoir.", "La route de Nionau.", "Merci.")
        pairs = zip(heard.segments, BANDS, strict=True)
        segments = tuple(replace(segment, band=band) for segment, band in pairs)
        add_transcript(catalogue, self.identity, replace(heard, segments=segments))
        archive.reindex()

    def next(self, person: Person, language: str | None = None) -> Task:
        task = self.tasks.next(person, language)
        assert task is not None
        return task

    def answer(self, task: Task, text: str | None, person: Person) -> bool:
        return self.tasks.answer(wish_of(task, text), person)


def wish_of(task: Task, text: str | None) -> Wish:
    sentence = task.sentence
    return Wish(
        broadcast_id=task.broadcast_id,
        number=sentence.number,
        version=sentence.version,
        text=text,
    )


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with bare_archive(tmp_path) as (archive, catalogue):
        yield Room(archive, catalogue)


def test_the_least_sure_comes_first_and_nothing_twice(room: Room) -> None:
    offered = []
    while (task := room.tasks.next(ONE)) is not None:
        offered.append(task.sentence.segment.text)
        room.tasks.skip(wish_of(task, None), ONE)
    assert offered == ["La route de Nionau.", "Merci.", "Bonsoir."]
    assert room.next(TWO).sentence.segment.text == "La route de Nionau."


def test_only_the_language_asked_for_is_offered(room: Room) -> None:
    assert room.tasks.next(ONE, "bm") is None
    assert room.next(ONE, "français").language == "fr"
    with pytest.raises(UnknownLanguage):
        room.tasks.next(ONE, "klingon")


def test_two_who_agree_make_a_line_checked(room: Room) -> None:
    task = room.next(ONE)
    assert room.answer(task, None, ONE) is False
    again = room.next(TWO)
    assert again.sentence == task.sentence
    assert room.answer(again, None, TWO) is True
    segment = room.archive.get_transcript(room.identity).segments[1]
    assert segment.review is not None
    assert (segment.review.state, segment.review.by) == (ReviewState.CHECKED, "")


def test_two_who_write_the_same_correct_it(room: Room) -> None:
    task = room.next(ONE)
    room.answer(task, " La route  de Niono. ", ONE)
    assert room.answer(task, "La route de Niono.", replace(TWO, editor="Awa")) is True
    transcript = room.archive.get_transcript(room.identity)
    assert transcript.segments[1].text == "La route de Niono."
    assert transcript.segments[1].review is not None
    assert transcript.segments[1].review.by == "Awa"
    assert transcript.kind is TranscriptKind.CORRECTED


def test_one_person_agrees_with_nobody_else(room: Room) -> None:
    task = room.next(ONE)
    assert room.answer(task, None, ONE) is False
    assert room.answer(task, None, ONE) is False
    assert room.answer(task, None, Person(key="other browser", origin=ONE.origin)) is False
    assert room.archive.get_transcript(room.identity).kind is TranscriptKind.MACHINE


def test_editors_of_one_office_may_agree(room: Room) -> None:
    task = room.next(ONE)
    assert room.answer(task, None, replace(ONE, editor="Awa")) is False
    assert room.answer(task, None, replace(TWO, origin=ONE.origin, editor="Bakary")) is True


def test_different_answers_go_to_an_editor(room: Room) -> None:
    task = room.next(ONE)
    room.answer(task, None, ONE)
    room.answer(task, "La route de Niono.", TWO)
    third = Person(key="three", origin="elsewhere")
    assert room.next(third).sentence.segment.text == "Merci."
    (disputed,) = room.tasks.disputed()
    assert {each.text for each in disputed.opinions} == {
        "La route de Nionau.",
        "La route de Niono.",
    }
    room.archive.desk.save(wish_of(disputed, "La route de Niono."), "Awa")
    assert room.tasks.disputed() == ()


def test_what_cannot_be_taken_changes_nothing(room: Room) -> None:
    task = room.next(ONE)
    with pytest.raises(BadInput, match="empty"):
        room.answer(task, " \u200b ", ONE)
    room.archive.desk.save(wish_of(task, "Autre chose."), "Awa")
    with pytest.raises(Conflict):
        room.answer(task, None, ONE)
    assert room.archive.desk.history(BroadcastId(room.identity))[0].by == "Awa"


def test_what_two_agreed_on_and_an_editor_took_back_is_not_agreed_on_again(room: Room) -> None:
    task = room.next(ONE)
    room.answer(task, "La route de Niono.", ONE)
    room.answer(task, "La route de Niono.", TWO)
    (edit,) = room.archive.desk.history(room.identity)
    room.archive.desk.undo(room.identity, edit.id, "Awa")
    assert room.answer(task, "La route de Niono.", ONE) is False

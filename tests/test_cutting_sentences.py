"""At the editors' desk sentences get other times, are cut and joined, and all of it is undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from radio_archive.archive import SearchOptions
from radio_archive.corrections import version_of
from radio_archive.errors import BadSentence, Conflict, Withdrawn
from radio_archive.model import (
    EditKind,
    Excerpt,
    QuoteRequest,
    QuoteState,
    Segment,
    Transcript,
    Trust,
    Wish,
    digest_of,
)
from radio_archive.model.withdrawals import NewWithdrawal
from radio_archive.pipeline import renew
from tests.support.making import make_segment, make_transcript, ms
from tests.test_desk import HEARD, Room
from tests.test_desk import room as room


def row(room: Room) -> list[tuple[int, int, str]]:
    return [(each.start_ms, each.end_ms, each.text) for each in room.current.segments]


def timed(room: Room, number: int, start: int, end: int) -> Wish:
    times = Excerpt(start_ms=ms(start), end_ms=ms(end))
    return replace(room.wish(number, None), times=times)


def version(room: Room, number: int) -> str:
    return version_of(room.current.segments[number])


def test_times_are_corrected_and_found_at_once(room: Room) -> None:
    saved = room.archive.desk.save(timed(room, 1, 4_900, 6_300), "Awa")
    assert row(room)[1] == (4_900, 6_300, HEARD[1])
    edit, *_ = room.archive.desk.history(room.identity)
    assert (edit.kind, edit.by) == (EditKind.RETIMED, "Awa")
    assert (edit.start_ms, edit.end_ms) == (4_900, 6_300)
    assert (edit.was_start_ms, edit.was_end_ms) == (4_400, 5_600)
    assert saved.is_searchable
    found = room.archive.search("Bonsoir", SearchOptions()).broadcasts
    assert found[0].hits[0].start_ms == 4_900


def test_words_and_times_are_corrected_together(room: Room) -> None:
    wish = replace(timed(room, 1, 4_500, 5_600), text="Bonsoir à toutes.")
    room.archive.desk.save(wish, "Awa")
    assert row(room)[1] == (4_500, 5_600, "Bonsoir à toutes.")
    edit, *_ = room.archive.desk.history(room.identity)
    assert (edit.kind, edit.was_start_ms) == (EditKind.CORRECTED, 4_400)


def test_the_history_of_a_moment_tells_what_was_said_there_before(room: Room) -> None:
    room.archive.desk.save(timed(room, 1, 5_200, 7_000), "Awa")
    desk = room.archive.desk
    assert len(desk.history(room.identity, 4_500)) == len(desk.history(room.identity, 6_900)) == 1
    assert desk.history(room.identity, 1_000) == ()


@pytest.mark.parametrize(
    ("number", "start", "end", "says"),
    [
        (1, 5_000, 5_000, "ends after it begins"),
        (1, 5_000, 4_000, "ends after it begins"),
        (1, 7_700, 7_900, "between its neighbours"),
        (2, 4_000, 8_000, "between its neighbours"),
        (1, 4_400, 30_000, "between its neighbours"),
        (2, 7_600, 60_001, "sound ends"),
    ],
)
def test_times_at_which_nothing_can_be_said_are_refused(
    room: Room, number: int, start: int, end: int, says: str
) -> None:
    before = row(room)
    with pytest.raises(BadSentence, match=says):
        room.archive.desk.save(timed(room, number, start, end), "Awa")
    assert row(room) == before


def test_two_people_may_speak_at_once(room: Room) -> None:
    room.archive.desk.save(timed(room, 0, 0, 4_900), "Awa")
    assert row(room)[0] == (0, 4_900, HEARD[0])


def test_a_sentence_is_cut_where_its_text_has_line_ends(room: Room) -> None:
    saved = room.archive.desk.split(room.wish(0, "La route de Niono\r\nest coupée."), "Awa")
    assert row(room)[:3] == [
        (0, 1_600, "La route de Niono"),
        (1_600, 2_400, "est coupée."),
        (4_400, 5_600, HEARD[1]),
    ]
    assert saved.sentence.number == 0
    edit, *_ = room.archive.desk.history(room.identity)
    assert (edit.kind, edit.before) == (EditKind.SPLIT, HEARD[0])
    assert edit.after == "La route de Niono\nest coupée."
    assert room.archive.search("Niono", SearchOptions()).total == 1


def test_a_sentence_is_joined_with_the_next(room: Room) -> None:
    wish = room.wish(0, "La route de Niono est coupée.")
    room.archive.desk.join(wish, version(room, 1), "Awa")
    assert row(room) == [
        (0, 5_600, f"La route de Niono est coupée. {HEARD[1]}"),
        (7_600, 9_200, HEARD[2]),
    ]
    assert room.archive.search('"coupée bonsoir"', SearchOptions()).total == 1


def test_all_of_it_is_taken_back(room: Room) -> None:
    desk, machine = room.archive.desk, room.current.segments
    made = [
        desk.save(timed(room, 2, 7_700, 9_000), "Awa"),
        desk.split(room.wish(0, "La route\nde Niono\nest coupée."), "Bakary"),
        desk.join(room.wish(2, None), version(room, 3), "Awa"),
    ]
    assert [each.text for each in room.current.segments][2] == f"est coupée. {HEARD[1]}"
    edits = [each.edit for each in made]
    assert None not in edits
    with pytest.raises(Conflict, match="changed after"):
        desk.undo(room.identity, edits[1] or 0, "Awa")
    for edit in (edits[0], edits[2], edits[1]):
        desk.undo(room.identity, edit or 0, "Awa")
    assert room.current.segments == machine


def test_what_was_taken_back_is_brought_back(room: Room) -> None:
    desk = room.archive.desk
    made = desk.split(room.wish(0, "La route\nest coupée."), "Awa")
    after = room.current.segments
    desk.undo(room.identity, made.edit or 0, "Bakary")
    undone, *_ = desk.history(room.identity)
    desk.undo(room.identity, undone.id, "Awa")
    assert room.current.segments == after


def test_who_cuts_what_somebody_changed_overwrites_nothing(room: Room) -> None:
    seen = room.wish(0, "La route\nest coupée."), version(room, 1)
    room.archive.desk.save(room.wish(1, "Bonsoir à toutes."), "Bakary")
    with pytest.raises(Conflict, match="after this one"):
        room.archive.desk.join(replace(seen[0], text=None), seen[1], "Awa")
    room.archive.desk.save(room.wish(0, "La piste est coupée."), "Bakary")
    with pytest.raises(Conflict, match="nothing was overwritten"):
        room.archive.desk.split(seen[0], "Awa")
    assert [each.text for each in room.current.segments][:2] == [
        "La piste est coupée.",
        "Bonsoir à toutes.",
    ]
    with pytest.raises(Conflict, match="after this one"):
        room.archive.desk.join(room.wish(2, None), seen[1], "Awa")


def test_a_machine_leaves_cut_and_moved_sentences_as_they_are(room: Room) -> None:
    desk = room.archive.desk
    desk.split(room.wish(0, "La route de Niono\nest coupée."), "Awa")
    desk.save(timed(room, 3, 7_700, 9_000), "Awa")
    kept = [each for each in row(room) if each[2] != HEARD[1]]
    anew = make_transcript("La roue de Nio est coupée.", "Bonsoir tous.", "Le riz coûte.")
    room.store(anew)
    renew(room.archive._parts, room.catalogue.broadcasts.get(room.identity), anew)
    now = row(room)
    assert [each for each in now if each in kept] == kept
    assert now == sorted(now)


def test_a_text_is_checked_when_its_sentences_are_cut_and_joined_by_people(room: Room) -> None:
    desk = room.archive.desk
    desk.split(room.wish(0, "La route de Niono\nest coupée."), "Awa")
    before = room.current.trust
    desk.join(room.wish(2, None), version(room, 3), "Awa")
    assert (before, room.current.trust) == (Trust.MACHINE, Trust.CHECKED)


# beside what is hidden


def hide(room: Room, start: int, end: int) -> int:
    excerpt = Excerpt(start_ms=ms(start), end_ms=ms(end))
    wish = NewWithdrawal(excerpt=excerpt, reason="demandé", by="Awa")
    return room.archive.withdrawing.withdraw(room.identity, wish).withdrawal.id


def test_nothing_is_moved_or_joined_over_what_is_hidden(room: Room) -> None:
    whole = room.current
    withdrawal = hide(room, 4_300, 5_700)
    assert [each.text for each in room.current.segments] == [HEARD[0], HEARD[2]]
    with pytest.raises(BadSentence, match="withdrawn"):
        room.archive.desk.join(room.wish(0, None), version(room, 1), "Awa")
    with pytest.raises(BadSentence, match="withdrawn"):
        room.archive.desk.save(timed(room, 0, 0, 4_500), "Awa")
    room.archive.desk.split(room.wish(0, "La route\nest coupée."), "Awa")
    room.archive.desk.save(timed(room, 1, 800, 4_200), "Awa")
    room.archive.withdrawing.undo(room.identity, withdrawal, "Awa", "erreur")
    assert whole.segments[1] in room.current.segments


def test_what_is_hidden_in_a_pause_of_a_sentence_hides_nothing_else(room: Room) -> None:
    words = make_segment("Le riz coûte", 0).words
    late = replace(words[2], start_ms=ms(3_000), end_ms=ms(3_400))
    paused = Segment(
        start_ms=ms(0), end_ms=ms(3_400), text="Le riz coûte", words=(*words[:2], late)
    )
    said = Transcript(
        language=room.current.language,
        segments=(paused, make_segment("le nom", 1_500, 2_500), make_segment("cher", 5_000)),
    )
    room.store(said)
    withdrawal = hide(room, 1_500, 2_500)
    assert [each.text for each in room.current.segments] == ["Le riz coûte", "cher"]
    room.archive.desk.save(room.wish(1, "Cher."), "Awa")
    room.archive.withdrawing.undo(room.identity, withdrawal, "Awa", "erreur")
    assert [each.text for each in room.current.segments] == ["Le riz coûte", "le nom", "Cher."]


def test_what_is_hidden_where_it_is_said_now_is_hidden_where_it_was(room: Room) -> None:
    before = room.current
    quoted = Excerpt(start_ms=ms(4_400), end_ms=ms(4_800))
    request = QuoteRequest(excerpt=quoted, version=before.id, digest=digest_of("Bonsoir"))
    assert room.archive.quotes.get(room.identity, request).state is QuoteState.UNCHANGED
    saved = room.archive.desk.save(timed(room, 1, 6_000, 7_200), "Awa")
    assert room.archive.quotes.get(room.identity, request).state is QuoteState.CORRECTED
    hide(room, 5_900, 7_300)
    quote = room.archive.quotes.get(room.identity, request)
    assert (quote.state, quote.text) == (QuoteState.WITHDRAWN, "")
    (edit,) = room.archive.desk.history(room.identity)
    assert (edit.is_withdrawn, edit.before, edit.after) == (True, "", "")
    with pytest.raises(Withdrawn):
        room.archive.desk.undo(room.identity, saved.edit or 0, "Awa")

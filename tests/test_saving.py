"""Saved searches: what was found stays, and what became of it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from radio_archive.errors import BadQuery, NotFound
from radio_archive.model import Asked, Transcript, TranscriptKind, Trust
from tests.support.making import make_segment, make_transcript
from tests.support.newsroom import Newsroom, open_newsroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with open_newsroom(tmp_path) as room:
        yield room


def test_a_saved_search_keeps_what_it_found(room: Newsroom) -> None:
    saved = room.archive.searches.get(room.search.id)
    assert saved == room.search
    assert (saved.total, saved.count, saved.is_whole, saved.by) == (1, 1, True, "Awa")
    assert saved.fingerprint
    assert [row.language for row in saved.coverage] == ["fr"]
    (hit,) = room.archive.searches.hits(saved)
    assert (hit.broadcast_id, hit.text) == (room.old, "Le prix du riz monte à Gao.")
    assert hit.start_ms == 1_200  # "riz" is the fourth word, 400 ms each
    current = room.archive.get_transcript(room.old)
    assert hit.transcript_id == current.id


def test_the_digest_is_that_of_the_file(room: Newsroom) -> None:
    table = room.archive.searches.table(room.search)
    assert sha256(table).hexdigest() == room.search.digest
    room.say("new", "Le riz du Delta.")
    assert room.archive.searches.table(room.search) == table
    assert room.archive.searches.table_now(room.search) != table


def test_nothing_changed_while_the_words_stand(room: Newsroom) -> None:
    def said(end: str) -> Transcript:
        words = ("Le prix du riz monte à Gao.", 0), (end, 60_000)
        return replace(make_transcript(), segments=tuple(make_segment(*each) for each in words))

    room.say("old", transcript=said("Merci."))
    saved = room.archive.searches.save(Asked(text="riz"), "Awa")
    assert room.archive.searches.since(saved).is_unchanged
    # another sentence is corrected: a new version of the text, and the same hit
    room.say("old", transcript=said("Merci à tous."))
    since = room.archive.searches.since(saved)
    assert since.is_unchanged
    assert since.now[0].transcript_id != room.archive.searches.hits(saved)[0].transcript_id


def test_what_is_new_gone_and_changed_is_told_apart(room: Newsroom) -> None:
    other = room.say("other", "Le riz pousse à Ségou.", "Le riz pousse à Mopti.")
    saved = room.archive.searches.save(Asked(text="riz"), "Awa")
    third = room.say("third", "Du riz pour tous.")
    room.say("old", "Le prix du riz monte à Kayes.")
    room.say("other", "Le mil pousse à Ségou.")
    since = room.archive.searches.since(saved)
    assert not since.is_unchanged
    assert [hit.broadcast_id for hit in since.new] == [third]
    assert {hit.broadcast_id for hit in since.gone} == {other}
    ((then, now),) = since.changed
    assert (then.text, now.text) == ("Le prix du riz monte à Gao.", "Le prix du riz monte à Kayes.")


def test_filters_and_the_floor_of_trust_are_kept(room: Newsroom) -> None:
    checked = make_transcript("Le riz recule.", kind=TranscriptKind.CORRECTED, trust=Trust.CHECKED)
    sure = room.say("sure", transcript=checked)
    asked = Asked(text="riz", trust="good", language="français", without=("all",))
    saved = room.archive.searches.save(asked, "Awa")
    assert room.archive.searches.get(saved.id).asked == asked
    assert [hit.broadcast_id for hit in room.archive.searches.hits(saved)] == [sure]


def test_every_passage_of_a_broadcast_is_kept_not_the_five_that_are_shown(room: Newsroom) -> None:
    texts = [f"Voici le mil numéro {number} " + "et encore " * 40 for number in range(9)]
    room.say("long", *texts)
    saved = room.archive.searches.save(Asked(text="mil"), "Awa")
    assert saved.total > 5
    assert saved.is_whole
    starts = [hit.start_ms for hit in room.archive.searches.hits(saved)]
    assert starts == sorted(starts)


def test_words_that_were_taken_out_are_shown_no_more(room: Newsroom) -> None:
    redacted = make_transcript("Le prix du […]", kind=TranscriptKind.REDACTED, trust=Trust.CHECKED)
    room.say("old", transcript=redacted)
    (hit,) = room.archive.searches.hits(room.search)
    assert (hit.text, hit.title) == ("", "")
    assert b"riz" not in room.archive.searches.table(room.search)
    assert room.archive.searches.since(room.search).gone == (hit,)


@pytest.mark.parametrize("text", ["", "   ", "ab*", "x" * 300, 'name:"Personne de connu"'])
def test_a_search_that_makes_no_sense_is_not_saved(room: Newsroom, text: str) -> None:
    with pytest.raises(BadQuery):
        room.archive.searches.save(Asked(text=text), "Awa")
    assert len(room.archive.searches.recent()) == 1


def test_what_nobody_saved_is_not_there(room: Newsroom) -> None:
    with pytest.raises(NotFound):
        room.archive.searches.get("0" * 20)

"""What is hidden is given out by no method of the catalogue, on either database."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.support.making import AIRED, make_transcript, ms, put_broadcast

from radio_archive.catalogue import Catalogue
from radio_archive.errors import BadInput, NotFound, Withdrawn
from radio_archive.model import (
    BroadcastId,
    Excerpt,
    GapReason,
    JobKind,
    Passage,
    RecordingKey,
    Rendition,
    Transcript,
)
from radio_archive.model.withdrawals import NewWithdrawal, Withdrawal
from radio_archive.search.passages import split_passages

HEARD = ("Bonsoir à tous.", "Le témoin s'appelle Moussa.", "Merci d'avoir écouté.")


@pytest.fixture
def identity(catalogue: Catalogue) -> BroadcastId:
    identity = put_broadcast(catalogue)
    add(catalogue, identity, make_transcript(*HEARD))
    return identity


def cut_for(catalogue: Catalogue, identity: BroadcastId) -> Sequence[Passage]:
    transcript = catalogue.transcripts.find(identity)
    assert transcript is not None
    return split_passages(transcript, catalogue.broadcasts.get_even_withdrawn(identity))


def add(catalogue: Catalogue, identity: BroadcastId, transcript: Transcript) -> None:
    cut = split_passages(transcript, catalogue.broadcasts.get_even_withdrawn(identity))
    catalogue.transcripts.add(identity, transcript, cut)


def second_sentence() -> Excerpt:
    second = make_transcript(*HEARD).segments[1]
    return Excerpt(start_ms=second.start_ms, end_ms=second.end_ms)


def hide(catalogue: Catalogue, identity: BroadcastId, excerpt: Excerpt | None = None) -> Withdrawal:
    broadcast = catalogue.broadcasts.get_even_withdrawn(identity)
    new = NewWithdrawal(excerpt=excerpt, reason="danger", by="Awa")
    return catalogue.withdrawals.add(
        identity, new, lambda transcript: split_passages(transcript, broadcast)
    )


def show(catalogue: Catalogue, withdrawal: Withdrawal) -> Withdrawal:
    broadcast = catalogue.broadcasts.get_even_withdrawn(withdrawal.broadcast_id)
    return catalogue.withdrawals.undo(
        withdrawal, "Bakary", "fini", lambda transcript: split_passages(transcript, broadcast)
    )


def sound_of(digit: str) -> Rendition:
    return Rendition(
        name="mp3",
        key=RecordingKey(digit * 64),
        extension=".mp3",
        media_type="audio/mpeg",
        size_bytes=1,
    )


def searched(catalogue: Catalogue, identity: BroadcastId) -> str:
    return " ".join(each.text for each in catalogue.transcripts.passages_of(identity))


def test_a_hidden_broadcast_is_in_no_list_and_no_figure(
    catalogue: Catalogue, identity: BroadcastId
) -> None:
    withdrawal = hide(catalogue, identity)
    with pytest.raises(Withdrawn):
        catalogue.broadcasts.get(identity)
    assert catalogue.broadcasts.get_many([identity]) == {}
    assert catalogue.broadcasts.page() == ((), 0)
    assert [count for _, count in catalogue.broadcasts.programmes()] == [0]
    assert catalogue.reports.coverage() == ()
    assert catalogue.reports.totals().broadcasts == 0
    assert searched(catalogue, identity) == ""
    assert catalogue.broadcasts.count_all() == 1
    show(catalogue, withdrawal)
    assert catalogue.broadcasts.page()[1] == 1
    assert catalogue.reports.totals().broadcasts == 1
    assert searched(catalogue, identity) == " ".join(HEARD)


def test_only_the_index_is_asked_to_follow(catalogue: Catalogue, identity: BroadcastId) -> None:
    hide(catalogue, identity)
    assert catalogue.reports.without(JobKind.PREPARE, expected="mp3") == []
    assert catalogue.reports.without(JobKind.MAP, expected="1") == []
    assert [row[0] for row in catalogue.reports.without(JobKind.INDEX, expected="x")] == [identity]


def test_hidden_words_are_in_no_version_and_no_passage(
    catalogue: Catalogue, identity: BroadcastId
) -> None:
    withdrawal = hide(catalogue, identity, second_sentence())
    for _ in range(2):  # the text of then, and one that comes after
        found = catalogue.transcripts.find(identity)
        assert found is not None
        assert [each.text for each in found.segments] == [HEARD[0], HEARD[2]]
        assert [gap.reason for gap in found.gaps] == [GapReason.WITHDRAWN]
        assert "Moussa" not in searched(catalogue, identity)
        add(catalogue, identity, make_transcript(*HEARD))
    show(catalogue, withdrawal)
    found = catalogue.transcripts.find(identity)
    assert found is not None
    assert found.text == "\n".join(HEARD)
    assert found.gaps == ()
    assert searched(catalogue, identity) == " ".join(HEARD)


def test_another_wording_carries_what_is_hidden_along(
    catalogue: Catalogue, identity: BroadcastId
) -> None:
    withdrawal = hide(catalogue, identity, second_sentence())
    current = catalogue.transcripts.find(identity)
    assert current is not None
    assert current.id is not None
    catalogue.transcripts.revise(
        identity, current, cut_for(catalogue, identity), instead_of=current.id
    )
    assert "Moussa" not in searched(catalogue, identity)
    show(catalogue, withdrawal)
    assert searched(catalogue, identity) == " ".join(HEARD)


def test_sound_with_other_silence_is_not_heard(catalogue: Catalogue, identity: BroadcastId) -> None:
    recording = catalogue.broadcasts.get(identity).recording
    assert recording is not None
    whole, quiet = sound_of("a"), sound_of("b")
    heard = catalogue.withdrawals
    catalogue.recordings.add_rendition(recording.key, whole)
    assert heard.renditions(identity, recording.key) == (whole,)
    first = hide(catalogue, identity, second_sentence())
    assert heard.renditions(identity, recording.key) == ()
    assert [row[0] for row in catalogue.reports.without(JobKind.PREPARE, expected="mp3")] == [
        identity
    ]
    heard.add_muted(identity, recording, heard.hidden_in(identity), quiet)
    assert heard.renditions(identity, recording.key) == (quiet,)
    assert catalogue.reports.without(JobKind.PREPARE, expected="mp3") == []
    before = heard.hidden_in(identity)
    hide(catalogue, identity, Excerpt(start_ms=ms(50_000), end_ms=ms(51_000)))
    assert heard.renditions(identity, recording.key) == ()
    heard.add_muted(identity, recording, before, quiet)  # made while more was hidden: too late
    assert heard.renditions(identity, recording.key) == ()
    show(catalogue, first)
    assert heard.renditions(identity, recording.key) == ()


def test_several_broadcasts_are_heard_as_each_of_them(
    catalogue: Catalogue, identity: BroadcastId
) -> None:
    keys = {}
    for each in (identity, put_broadcast(catalogue, "other"), put_broadcast(catalogue, "third")):
        recording = catalogue.broadcasts.get(each).recording
        assert recording is not None
        catalogue.recordings.add_rendition(recording.key, sound_of("a"))
        keys[each] = recording.key
    heard = catalogue.withdrawals
    assert heard.renditions_of({}) == {}
    assert heard.renditions_of(keys) == dict.fromkeys(keys, (sound_of("a"),))
    silent, quiet, plain = keys
    for each in (silent, quiet):
        hide(catalogue, each, second_sentence())
    recording = catalogue.broadcasts.get(quiet).recording
    assert recording is not None
    heard.add_muted(quiet, recording, heard.hidden_in(quiet), sound_of("b"))
    assert heard.renditions_of(keys) == {quiet: (sound_of("b"),), plain: (sound_of("a"),)}
    for each, key in keys.items():
        assert heard.renditions(each, key) == heard.renditions_of(keys).get(each, ())


def test_a_hidden_broadcast_was_aired_at_no_moment(
    catalogue: Catalogue, identity: BroadcastId
) -> None:
    assert [each.id for each in catalogue.broadcasts.aired_at(AIRED)] == [identity]
    hide(catalogue, identity)
    assert catalogue.broadcasts.aired_at(AIRED) == ()


def test_what_was_undone_stays_in_the_history(catalogue: Catalogue, identity: BroadcastId) -> None:
    withdrawal = hide(catalogue, identity)
    undone = show(catalogue, withdrawal)
    assert not undone.holds
    with pytest.raises(BadInput):
        show(catalogue, withdrawal)
    again = hide(catalogue, identity)
    assert catalogue.withdrawals.of(identity) == (again, undone)
    assert catalogue.withdrawals.get(identity, undone.id) == undone
    with pytest.raises(NotFound):
        catalogue.withdrawals.get(identity, again.id + 1)

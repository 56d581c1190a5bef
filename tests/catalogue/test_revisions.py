"""Another wording of the current transcript, and the way back, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.making import make_transcript, put_broadcast

from radio_archive.catalogue import Catalogue
from radio_archive.errors import BadInput, NotFound
from radio_archive.model import (
    BroadcastId,
    JobKind,
    LanguageTag,
    Passage,
    Transcript,
    TranscriptId,
    TranscriptKind,
    Trust,
)
from radio_archive.search.passages import split_passages

ENGLISH = LanguageTag("en")


@pytest.fixture
def broadcast_id(catalogue: Catalogue) -> BroadcastId:
    return put_broadcast(catalogue)


def cut(catalogue: Catalogue, broadcast_id: BroadcastId, transcript: Transcript) -> list[Passage]:
    return list(split_passages(transcript, catalogue.broadcasts.get(broadcast_id)))


def add(catalogue: Catalogue, broadcast_id: BroadcastId, transcript: Transcript) -> TranscriptId:
    passages = cut(catalogue, broadcast_id, transcript)
    return catalogue.transcripts.add(broadcast_id, transcript, passages)


def revise(
    catalogue: Catalogue, broadcast_id: BroadcastId, text: str, instead_of: TranscriptId
) -> TranscriptId:
    made = make_transcript(text)
    passages = cut(catalogue, broadcast_id, made)
    return catalogue.transcripts.revise(broadcast_id, made, passages, instead_of=instead_of)


def translate(catalogue: Catalogue, broadcast_id: BroadcastId, source: TranscriptId) -> None:
    made = replace(
        make_transcript("Good evening.", kind=TranscriptKind.TRANSLATION, trust=Trust.MACHINE_WEAK),
        language=ENGLISH,
        made_from=source,
    )
    passages = cut(catalogue, broadcast_id, made)
    catalogue.transcripts.add_track(broadcast_id, made, passages)


def searched(catalogue: Catalogue, broadcast_id: BroadcastId) -> list[str]:
    return [each.text for each in catalogue.transcripts.passages_of(broadcast_id)]


def current_id(catalogue: Catalogue, broadcast_id: BroadcastId) -> TranscriptId | None:
    current = catalogue.transcripts.find(broadcast_id)
    assert current is not None
    return current.id


def needs_indexing(catalogue: Catalogue) -> bool:
    return bool(catalogue.reports.without(JobKind.INDEX, expected="print"))


def set_indexed(catalogue: Catalogue, broadcast_id: BroadcastId) -> None:
    version = catalogue.transcripts.version_of(broadcast_id)
    assert version is not None
    catalogue.transcripts.set_indexed({broadcast_id: version}, "print")


def test_another_wording_is_current_and_both_are_kept(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    first = add(catalogue, broadcast_id, make_transcript("À Seigneux."))
    second = revise(catalogue, broadcast_id, "À Ségou.", first)
    assert current_id(catalogue, broadcast_id) == second
    assert searched(catalogue, broadcast_id) == ["À Ségou."]
    assert catalogue.transcripts.get(first).text == "À Seigneux."


def test_the_way_back_leads_to_the_very_version(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    earlier = make_transcript("À Seigneux.")
    first = add(catalogue, broadcast_id, earlier)
    second = revise(catalogue, broadcast_id, "À Ségou.", first)
    passages = cut(catalogue, broadcast_id, earlier)
    catalogue.transcripts.bring_back(broadcast_id, first, passages, instead_of=second)
    assert current_id(catalogue, broadcast_id) == first
    assert searched(catalogue, broadcast_id) == ["À Seigneux."]
    assert catalogue.transcripts.get(second).text == "À Ségou."


def test_the_index_follows_both_ways(catalogue: Catalogue, broadcast_id: BroadcastId) -> None:
    earlier = make_transcript("À Seigneux.")
    first = add(catalogue, broadcast_id, earlier)
    translate(catalogue, broadcast_id, first)
    set_indexed(catalogue, broadcast_id)
    second = revise(catalogue, broadcast_id, "À Ségou.", first)
    assert needs_indexing(catalogue)
    translate(catalogue, broadcast_id, second)
    set_indexed(catalogue, broadcast_id)
    passages = cut(catalogue, broadcast_id, earlier)
    catalogue.transcripts.bring_back(broadcast_id, first, passages, instead_of=second)
    assert needs_indexing(catalogue)


def test_a_translation_stays_beside_every_wording(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    earlier = make_transcript("À Seigneux.")
    first = add(catalogue, broadcast_id, earlier)
    translate(catalogue, broadcast_id, first)
    second = revise(catalogue, broadcast_id, "À Ségou.", first)
    assert [each.made_from for each in catalogue.transcripts.tracks(broadcast_id)] == [second]
    assert searched(catalogue, broadcast_id) == ["À Ségou.", "Good evening."]
    assert catalogue.reports.without(JobKind.TRANSLATE, expected="fr") == []
    passages = cut(catalogue, broadcast_id, earlier)
    catalogue.transcripts.bring_back(broadcast_id, first, passages, instead_of=second)
    assert [each.made_from for each in catalogue.transcripts.tracks(broadcast_id)] == [first]
    assert searched(catalogue, broadcast_id) == ["À Seigneux.", "Good evening."]


def test_people_s_text_that_came_meanwhile_stays(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    first = add(catalogue, broadcast_id, make_transcript("À Seigneux."))
    people = make_transcript("À Ségou !", kind=TranscriptKind.IMPORTED, trust=Trust.IMPORTED)
    add(catalogue, broadcast_id, people)
    with pytest.raises(BadInput, match="another transcript now"):
        revise(catalogue, broadcast_id, "À Ségou.", first)
    with pytest.raises(BadInput, match="another transcript now"):
        catalogue.transcripts.bring_back(broadcast_id, first, [], instead_of=first)
    assert searched(catalogue, broadcast_id) == ["À Ségou !"]


def test_a_version_nobody_stored_is_not_found(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound):
        catalogue.transcripts.get(TranscriptId(7))

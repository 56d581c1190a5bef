"""What a machine translates beside a transcript: when it is missing, and when it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.making import make_transcript, put_broadcast

from radio_archive.catalogue import Catalogue
from radio_archive.model import (
    BroadcastId,
    JobKind,
    LanguageTag,
    Passage,
    Track,
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


def add(catalogue: Catalogue, broadcast_id: BroadcastId, transcript: Transcript) -> TranscriptId:
    passages = cut(catalogue, broadcast_id, transcript)
    return catalogue.transcripts.add(broadcast_id, transcript, passages)


def add_track(
    catalogue: Catalogue, broadcast_id: BroadcastId, transcript: Transcript
) -> TranscriptId:
    passages = cut(catalogue, broadcast_id, transcript)
    return catalogue.transcripts.add_track(broadcast_id, transcript, passages)


def cut(
    catalogue: Catalogue, broadcast_id: BroadcastId, transcript: Transcript
) -> tuple[Passage, ...]:
    return split_passages(transcript, catalogue.broadcasts.get(broadcast_id))


def by_machine(made_from: TranscriptId, text: str = "Organised crime.") -> Transcript:
    made = make_transcript(text, kind=TranscriptKind.TRANSLATION, trust=Trust.MACHINE_WEAK)
    return replace(made, language=ENGLISH, made_from=made_from)


def by_people(text: str = "Organised crime threatens Mali.") -> Transcript:
    made = make_transcript(text, kind=TranscriptKind.TRANSLATION, trust=Trust.IMPORTED)
    return replace(made, language=ENGLISH, engine="")


def is_missing(catalogue: Catalogue, broadcast_id: BroadcastId) -> bool:
    found = catalogue.reports.without(JobKind.TRANSLATE, expected="ar,fr")
    assert found in ([], [(broadcast_id, "fr")])
    return bool(found)


def english(catalogue: Catalogue, broadcast_id: BroadcastId) -> list[str]:
    return [
        passage.text
        for passage in catalogue.transcripts.passages_of(broadcast_id)
        if passage.language == ENGLISH
    ]


@pytest.mark.parametrize(
    "kind", [TranscriptKind.MACHINE, TranscriptKind.IMPORTED, TranscriptKind.CORRECTED]
)
def test_what_was_said_lacks_a_translation_until_one_was_made_from_it(
    catalogue: Catalogue, broadcast_id: BroadcastId, kind: TranscriptKind
) -> None:
    assert not is_missing(catalogue, broadcast_id)
    said = add(catalogue, broadcast_id, make_transcript(kind=kind))
    assert is_missing(catalogue, broadcast_id)
    stored = add_track(catalogue, broadcast_id, by_machine(said))
    assert not is_missing(catalogue, broadcast_id)
    assert english(catalogue, broadcast_id) == ["Organised crime."]
    found = catalogue.transcripts.find(broadcast_id, language=ENGLISH)
    assert found is not None
    assert (found.id, found.made_from) == (stored, said)


def test_only_the_languages_asked_for_are_missing(catalogue: Catalogue) -> None:
    for language in ("fr", "en", "bm"):
        broadcast_id = put_broadcast(catalogue, language, language=language)
        said = replace(make_transcript(), language=LanguageTag(language))
        add(catalogue, broadcast_id, said)
    found = catalogue.reports.without(JobKind.TRANSLATE, expected="ar,fr")
    assert [language for _, language in found] == ["fr"]


def test_a_text_that_passages_were_taken_out_of_is_not_translated(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    said = add(catalogue, broadcast_id, make_transcript())
    add_track(catalogue, broadcast_id, by_machine(said))
    add(catalogue, broadcast_id, make_transcript(kind=TranscriptKind.REDACTED))
    assert not is_missing(catalogue, broadcast_id)
    assert english(catalogue, broadcast_id) == []


def test_a_transcript_in_a_language_since_corrected_is_not_translated(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add(catalogue, broadcast_id, replace(make_transcript(), language=LanguageTag("bm")))
    assert not is_missing(catalogue, broadcast_id)


def test_a_new_transcript_takes_the_translation_of_the_old_one_away(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    first = add(catalogue, broadcast_id, make_transcript())
    add_track(catalogue, broadcast_id, by_machine(first))
    second = add(catalogue, broadcast_id, make_transcript("Le crime organisé recule."))
    assert english(catalogue, broadcast_id) == []
    assert is_missing(catalogue, broadcast_id)
    add_track(catalogue, broadcast_id, by_machine(second, "Crime declines."))
    assert english(catalogue, broadcast_id) == ["Crime declines."]
    assert not is_missing(catalogue, broadcast_id)


def test_a_translation_of_a_transcript_replaced_meanwhile_is_kept_and_not_shown(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    first = add(catalogue, broadcast_id, make_transcript())
    add(catalogue, broadcast_id, make_transcript(kind=TranscriptKind.CORRECTED))
    add_track(catalogue, broadcast_id, by_machine(first))
    assert english(catalogue, broadcast_id) == []
    assert is_missing(catalogue, broadcast_id)
    current = catalogue.transcripts.find(broadcast_id)
    assert current is not None
    assert current.kind is TranscriptKind.CORRECTED


def test_a_machine_never_takes_the_place_of_people_s_translation(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    said = add(catalogue, broadcast_id, make_transcript())
    add_track(catalogue, broadcast_id, by_people())
    assert not is_missing(catalogue, broadcast_id)
    add_track(catalogue, broadcast_id, by_machine(said))
    assert english(catalogue, broadcast_id) == ["Organised crime threatens Mali."]
    add(catalogue, broadcast_id, make_transcript("Le crime organisé recule."))
    assert english(catalogue, broadcast_id) == ["Organised crime threatens Mali."]
    assert not is_missing(catalogue, broadcast_id)


def test_people_s_translation_takes_the_place_of_a_machine_s(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    said = add(catalogue, broadcast_id, make_transcript())
    add_track(catalogue, broadcast_id, by_machine(said))
    add_track(catalogue, broadcast_id, by_people())
    assert english(catalogue, broadcast_id) == ["Organised crime threatens Mali."]


def test_a_machine_s_translation_is_never_what_was_said(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add(catalogue, broadcast_id, by_people())
    add_track(catalogue, broadcast_id, by_machine(TranscriptId(1)))
    assert english(catalogue, broadcast_id) == ["Organised crime threatens Mali."]


def test_where_nothing_could_be_translated_there_is_nothing_to_choose_and_nothing_missing(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    said = add(catalogue, broadcast_id, make_transcript())
    add_track(catalogue, broadcast_id, replace(by_machine(said), segments=()))
    assert not is_missing(catalogue, broadcast_id)
    [shown] = catalogue.reports.tracks(broadcast_id)
    assert shown.is_current


def test_a_track_tells_that_a_machine_translated_it(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    said = add(catalogue, broadcast_id, make_transcript())
    assert not rough(catalogue.reports.tracks(broadcast_id))
    add_track(catalogue, broadcast_id, by_machine(said))
    assert rough(catalogue.reports.tracks(broadcast_id)) == ["en"]
    add_track(catalogue, broadcast_id, by_people())
    assert not rough(catalogue.reports.tracks(broadcast_id))


def rough(tracks: tuple[Track, ...]) -> list[LanguageTag]:
    return [track.language for track in tracks if track.is_rough_translation]

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.support.making import make_transcript, put_broadcast

from radio_archive.catalogue import Catalogue
from radio_archive.catalogue.versions import Version
from radio_archive.model import (
    BroadcastId,
    BroadcastState,
    JobKind,
    LanguageTag,
    Passage,
    Transcript,
    TranscriptKind,
    Trust,
)
from radio_archive.search.passages import split_passages

BAMBARA, FRENCH, ENGLISH = LanguageTag("bm"), LanguageTag("fr"), LanguageTag("en")


@pytest.fixture
def broadcast_id(catalogue: Catalogue) -> BroadcastId:
    return put_broadcast(catalogue, "griots", language="bm")


def make_track(
    *texts: str,
    language: LanguageTag = FRENCH,
    kind: TranscriptKind = TranscriptKind.TRANSLATION,
) -> Transcript:
    made = make_transcript(*texts, kind=kind, trust=Trust.IMPORTED)
    return replace(made, language=language)


def spoken(*texts: str, kind: TranscriptKind = TranscriptKind.IMPORTED) -> Transcript:
    return make_track(*texts, language=BAMBARA, kind=kind)


def cut(catalogue: Catalogue, broadcast_id: BroadcastId, transcript: Transcript) -> list[Passage]:
    return list(split_passages(transcript, catalogue.broadcasts.get(broadcast_id)))


def add(catalogue: Catalogue, broadcast_id: BroadcastId, transcript: Transcript) -> None:
    passages = cut(catalogue, broadcast_id, transcript)
    catalogue.transcripts.add(broadcast_id, transcript, passages)


def add_track(catalogue: Catalogue, broadcast_id: BroadcastId, transcript: Transcript) -> None:
    passages = cut(catalogue, broadcast_id, transcript)
    catalogue.transcripts.add_track(broadcast_id, transcript, passages)


def searched(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> Sequence[tuple[int, str, str, str]]:
    return [
        (passage.number, passage.language, passage.kind, passage.text)
        for passage in catalogue.transcripts.passages_of(broadcast_id)
    ]


def test_a_track_stands_beside_the_current_transcript(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add(catalogue, broadcast_id, spoken("An bɛ baro de la."))
    add_track(catalogue, broadcast_id, make_track("On est en causerie."))
    current = catalogue.transcripts.find(broadcast_id)
    assert current is not None
    assert current.text == "An bɛ baro de la."
    assert [track.text for track in catalogue.transcripts.tracks(broadcast_id)] == [
        "On est en causerie."
    ]
    assert searched(catalogue, broadcast_id) == [
        (0, "bm", "imported", "An bɛ baro de la."),
        (1, "fr", "translation", "On est en causerie."),
    ]


def test_passages_are_numbered_one_after_another_the_current_transcript_s_first(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add_track(catalogue, broadcast_id, make_track("On est en causerie."))
    add(catalogue, broadcast_id, spoken("An bɛ baro de la.", kind=TranscriptKind.MACHINE))
    add_track(catalogue, broadcast_id, make_track("We are chatting.", language=ENGLISH))
    assert searched(catalogue, broadcast_id) == [
        (0, "bm", "machine", "An bɛ baro de la."),
        (1, "fr", "translation", "On est en causerie."),
        (2, "en", "translation", "We are chatting."),
    ]
    found = catalogue.transcripts.get_passages([(broadcast_id, 2)])
    assert found[broadcast_id, 2].kind is TranscriptKind.TRANSLATION
    assert [passage.number for passage in catalogue.transcripts.all_passages()] == [0, 1, 2]


def test_a_new_version_of_a_track_replaces_the_earlier_and_no_other(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add(catalogue, broadcast_id, spoken("An bɛ baro de la."))
    add_track(catalogue, broadcast_id, make_track("Causerie."))
    add_track(catalogue, broadcast_id, make_track("We are chatting.", language=ENGLISH))
    add_track(catalogue, broadcast_id, make_track("On est en causerie."))
    assert [text for *_, text in searched(catalogue, broadcast_id)] == [
        "An bɛ baro de la.",
        "We are chatting.",
        "On est en causerie.",
    ]


def test_a_translation_and_words_said_in_the_same_language_are_two_tracks(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add(catalogue, broadcast_id, spoken("An bɛ baro de la."))
    add_track(catalogue, broadcast_id, make_track("On est en causerie."))
    guest = make_track("Merci, bonsoir.", kind=TranscriptKind.IMPORTED)
    add_track(catalogue, broadcast_id, guest)
    assert [kind for _, _, kind, _ in searched(catalogue, broadcast_id)] == [
        "imported",
        "translation",
        "imported",
    ]


def test_tracks_stay_when_the_current_transcript_is_replaced(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add(catalogue, broadcast_id, spoken("baro", kind=TranscriptKind.MACHINE))
    add_track(catalogue, broadcast_id, make_track("On est en causerie."))
    add(catalogue, broadcast_id, spoken("An bɛ baro de la."))
    assert [text for *_, text in searched(catalogue, broadcast_id)] == [
        "An bɛ baro de la.",
        "On est en causerie.",
    ]


def test_what_becomes_current_takes_the_place_of_a_track_in_its_language(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add_track(catalogue, broadcast_id, spoken("baro"))
    add(catalogue, broadcast_id, spoken("An bɛ baro de la."))
    assert [text for *_, text in searched(catalogue, broadcast_id)] == ["An bɛ baro de la."]


def test_a_track_in_the_current_transcript_s_language_is_a_new_version_of_it(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add(catalogue, broadcast_id, spoken("baro"))
    add_track(catalogue, broadcast_id, spoken("An bɛ baro de la."))
    current = catalogue.transcripts.find(broadcast_id)
    assert current is not None
    assert current.text == "An bɛ baro de la."
    assert len(searched(catalogue, broadcast_id)) == 1


def test_a_machine_never_displaces_what_people_wrote(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add(catalogue, broadcast_id, spoken("An bɛ baro de la."))
    add(catalogue, broadcast_id, spoken("ambe barode la", kind=TranscriptKind.MACHINE))
    assert [text for *_, text in searched(catalogue, broadcast_id)] == ["An bɛ baro de la."]
    kept = catalogue.transcripts.find(broadcast_id, kind=TranscriptKind.MACHINE)
    assert kept is not None
    assert kept.text == "ambe barode la"


def test_several_versions_are_stored_together_or_not_at_all(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    good = spoken("An bɛ baro de la.")
    passages = cut(catalogue, broadcast_id, good)
    twice = Version(transcript=make_track("Causerie"), passages=[object()], is_track=True)  # type: ignore[list-item]
    with pytest.raises(AttributeError):
        catalogue.transcripts.add_together(
            broadcast_id,
            [Version(transcript=good, passages=passages), twice],
            language=FRENCH,
        )
    assert catalogue.transcripts.find(broadcast_id) is None
    assert searched(catalogue, broadcast_id) == []
    assert catalogue.broadcasts.get(broadcast_id).language == BAMBARA


def test_a_version_is_chosen_by_kind_and_language(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add(catalogue, broadcast_id, spoken("An bɛ baro de la."))
    add_track(catalogue, broadcast_id, make_track("Ancienne."))
    add_track(catalogue, broadcast_id, make_track("On est en causerie."))
    find = catalogue.transcripts.find
    by_language = find(broadcast_id, language=FRENCH)
    by_kind = find(broadcast_id, kind=TranscriptKind.TRANSLATION)
    assert by_language is not None
    assert by_kind is not None
    assert by_language.text == by_kind.text == "On est en causerie."
    assert find(broadcast_id, language=ENGLISH) is None


def test_a_track_alone_is_searched_and_the_broadcast_is_still_not_transcribed(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    catalogue.broadcasts.set_problem(broadcast_id, BroadcastState.NOT_TRANSCRIBED, "No engine.")
    add_track(catalogue, broadcast_id, make_track("On est en causerie."))
    assert catalogue.broadcasts.get(broadcast_id).state is BroadcastState.NOT_TRANSCRIBED
    assert catalogue.reports.without(JobKind.INDEX, expected="v1") == [(broadcast_id, "bm")]
    assert catalogue.reports.without(JobKind.TRANSCRIBE) == [(broadcast_id, "bm")]
    assert list(catalogue.transcripts.current_versions()) == [broadcast_id]


def test_a_new_track_must_be_indexed(catalogue: Catalogue, broadcast_id: BroadcastId) -> None:
    transcripts, missing = catalogue.transcripts, catalogue.reports.without
    add(catalogue, broadcast_id, spoken("An bɛ baro de la."))
    version = transcripts.version_of(broadcast_id)
    assert version is not None
    transcripts.set_indexed({broadcast_id: version}, "v1")
    assert missing(JobKind.INDEX, expected="v1") == []
    add_track(catalogue, broadcast_id, make_track("On est en causerie."))
    assert missing(JobKind.INDEX, expected="v1") == [(broadcast_id, "bm")]
    transcripts.set_indexed(transcripts.current_versions(), "v1")
    assert missing(JobKind.INDEX, expected="v1") == []


def test_a_broadcast_with_tracks_counts_once(
    catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    add(catalogue, broadcast_id, spoken("An bɛ baro de la."))
    add_track(catalogue, broadcast_id, make_track("On est en causerie."))
    add_track(catalogue, broadcast_id, make_track("We are chatting.", language=ENGLISH))
    (row,) = catalogue.reports.coverage()
    assert (row.language, row.broadcasts) == ("bm", 1)
    assert catalogue.reports.totals().states == {"transcribed": 1}

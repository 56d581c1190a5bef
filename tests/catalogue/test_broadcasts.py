from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.support.making import AIRED, make_new_broadcast, make_recording, make_transcript

from radio_archive.catalogue import Catalogue
from radio_archive.catalogue.broadcasts import broadcast_id_of
from radio_archive.errors import NotFound
from radio_archive.model import BroadcastState, LanguageTag, Outcome, Programme, ProgrammeId


def test_a_broadcast_comes_back_as_it_was_put(catalogue: Catalogue) -> None:
    new = make_new_broadcast(guests=("Awa Traoré", "Moussa Ag Issa"), summary="Résumé ɲɔgɔn")
    broadcast_id, outcome = catalogue.broadcasts.put(new)
    broadcast = catalogue.broadcasts.get(broadcast_id)
    assert outcome is Outcome.ADDED
    assert (broadcast.title, broadcast.guests, broadcast.summary) == (
        new.title,
        new.guests,
        new.summary,
    )
    assert broadcast.aired_at == AIRED
    assert broadcast.programme == new.programme


def test_putting_a_broadcast_twice_adds_nothing(catalogue: Catalogue) -> None:
    catalogue.broadcasts.put(make_new_broadcast())
    _, outcome = catalogue.broadcasts.put(make_new_broadcast())
    assert outcome is Outcome.UNCHANGED
    assert catalogue.broadcasts.page()[1] == 1


def test_what_a_source_no_longer_tells_is_not_forgotten(catalogue: Catalogue) -> None:
    broadcast_id, _ = catalogue.broadcasts.put(make_new_broadcast(summary="Trois axes"))
    _, outcome = catalogue.broadcasts.put(
        make_new_broadcast(summary="", aired_at=None, language=None)
    )
    broadcast = catalogue.broadcasts.get(broadcast_id)
    assert outcome is Outcome.UNCHANGED
    assert (broadcast.summary, broadcast.aired_at, broadcast.language) == (
        "Trois axes",
        AIRED,
        "fr",
    )


def test_a_guess_fills_gaps_and_overwrites_nothing(catalogue: Catalogue) -> None:
    guesses = frozenset({"title", "programme", "language", "aired_at"})
    broadcast_id, _ = catalogue.broadcasts.put(
        make_new_broadcast(aired_at=None, language=None, programme=None)
    )
    _, filled = catalogue.broadcasts.put(make_new_broadcast(title="Deviné", guessed=guesses))
    broadcast = catalogue.broadcasts.get(broadcast_id)
    assert filled is Outcome.UPDATED
    assert (broadcast.title, broadcast.aired_at, broadcast.language) == ("Débat one", AIRED, "fr")
    assert broadcast.programme is not None
    other = Programme(id=ProgrammeId("other"), title="Other")
    _, again = catalogue.broadcasts.put(
        make_new_broadcast(
            programme=other, language=LanguageTag("bm"), aired_at=datetime.now(UTC), guessed=guesses
        )
    )
    assert again is Outcome.UNCHANGED
    assert [programme.id for programme, _ in catalogue.broadcasts.programmes()] == [
        broadcast.programme.id
    ]


def test_an_id_depends_on_source_and_guid_alone() -> None:
    assert broadcast_id_of("feed", "a") == broadcast_id_of("feed", "a")
    assert broadcast_id_of("feed", "a") != broadcast_id_of("other", "a")


def test_the_language_comes_from_the_programme_when_nobody_else_says(
    catalogue: Catalogue,
) -> None:
    new = make_new_broadcast(language=None)
    assert new.programme is not None
    bambara = replace(new.programme, language=LanguageTag("bm"))
    broadcast_id, _ = catalogue.broadcasts.put(replace(new, programme=bambara))
    assert catalogue.broadcasts.get(broadcast_id).language == "bm"


def test_without_any_word_on_the_language_it_waits_for_a_person(catalogue: Catalogue) -> None:
    broadcast_id, _ = catalogue.broadcasts.put(make_new_broadcast(language=None))
    catalogue.recordings.attach(broadcast_id, make_recording())
    broadcast = catalogue.broadcasts.get(broadcast_id)
    assert broadcast.language == "und"
    assert broadcast.state is BroadcastState.LANGUAGE_UNKNOWN


def test_stating_the_language_reopens_what_was_given_up(catalogue: Catalogue) -> None:
    broadcast_id, _ = catalogue.broadcasts.put(make_new_broadcast(language=LanguageTag("bm")))
    catalogue.recordings.attach(broadcast_id, make_recording())
    catalogue.broadcasts.set_problem(broadcast_id, BroadcastState.NOT_TRANSCRIBED, "No engine.")
    assert catalogue.broadcasts.get(broadcast_id).state is BroadcastState.NOT_TRANSCRIBED
    _, outcome = catalogue.broadcasts.put(make_new_broadcast(language=LanguageTag("fr")))
    assert outcome is Outcome.UPDATED
    assert catalogue.broadcasts.get(broadcast_id).state is BroadcastState.WAITING


@pytest.mark.parametrize(
    ("address", "is_reopened"),
    [
        ("https://radio.example/a.mp3?token=2", False),
        ("https://radio.example/a.mp3", False),
        ("https://radio.example/b.mp3?token=1", True),
        ("https://other.example/a.mp3?token=1", True),
    ],
)
def test_sound_at_another_place_reopens_what_was_given_up_and_a_new_token_does_not(
    catalogue: Catalogue, address: str, is_reopened: bool
) -> None:
    known = make_new_broadcast(audio_url="https://radio.example/a.mp3?token=1")
    broadcast_id, _ = catalogue.broadcasts.put(known)
    catalogue.broadcasts.set_problem(broadcast_id, BroadcastState.NO_RECORDING, "It is gone.")
    _, outcome = catalogue.broadcasts.put(replace(known, audio_url=address))
    assert outcome is Outcome.UPDATED
    assert catalogue.broadcasts.audio_url(broadcast_id) == address
    reason = catalogue.broadcasts.get(broadcast_id).state_reason
    assert reason == ("The sound has not been fetched yet." if is_reopened else "It is gone.")


def test_another_address_of_the_sound_is_nothing_to_be_indexed(catalogue: Catalogue) -> None:
    known = make_new_broadcast(audio_url="https://radio.example/a.mp3?token=1")
    broadcast_id, _ = catalogue.broadcasts.put(known)
    catalogue.transcripts.add(broadcast_id, make_transcript(), [])
    before = catalogue.transcripts.version_of(broadcast_id)
    catalogue.broadcasts.put(replace(known, audio_url="https://radio.example/a.mp3?token=2"))
    assert catalogue.transcripts.version_of(broadcast_id) == before
    catalogue.broadcasts.put(replace(known, title="Autre titre"))
    assert catalogue.transcripts.version_of(broadcast_id) != before


def test_a_transcript_makes_a_broadcast_transcribed(catalogue: Catalogue) -> None:
    broadcast_id, _ = catalogue.broadcasts.put(make_new_broadcast())
    catalogue.recordings.attach(broadcast_id, make_recording())
    catalogue.transcripts.add(broadcast_id, make_transcript(), [])
    assert catalogue.broadcasts.get(broadcast_id).state is BroadcastState.TRANSCRIBED


def test_pages_are_newest_first_and_those_without_a_date_last(catalogue: Catalogue) -> None:
    for guid, aired_at in (
        ("undated", None),
        ("old", datetime(2013, 8, 19, tzinfo=UTC)),
        ("new", datetime(2026, 1, 2, tzinfo=UTC)),
    ):
        catalogue.broadcasts.put(make_new_broadcast(guid, aired_at=aired_at))
    page, total = catalogue.broadcasts.page(limit=2)
    rest, _ = catalogue.broadcasts.page(limit=2, offset=2)
    assert [broadcast.title for broadcast in page + rest] == [
        "Débat new",
        "Débat old",
        "Débat undated",
    ]
    assert total == 3


def test_an_unknown_id_is_not_found(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound, match="no broadcast"):
        catalogue.broadcasts.get("feedfacefeedface")
    with pytest.raises(NotFound, match="no programme"):
        catalogue.broadcasts.get_programme("nowhere")


def test_programmes_come_with_their_number_of_broadcasts(catalogue: Catalogue) -> None:
    catalogue.broadcasts.put(make_new_broadcast("one"))
    catalogue.broadcasts.put(make_new_broadcast("two"))
    [(programme, count)] = catalogue.broadcasts.programmes()
    assert (programme.title, count) == ("Le Grand Dialogue", 2)


def test_attaching_the_same_recording_again_says_so(catalogue: Catalogue) -> None:
    broadcast_id, _ = catalogue.broadcasts.put(make_new_broadcast())
    assert catalogue.recordings.attach(broadcast_id, make_recording()) is True
    assert catalogue.recordings.attach(broadcast_id, make_recording()) is False

"""Fingerprints, repeats and jingles in the catalogue."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from tests.support.making import (
    AIRED,
    make_new_broadcast,
    make_recording,
    make_transcript,
    ms,
    put_broadcast,
)

from radio_archive.catalogue import Catalogue
from radio_archive.model import (
    BroadcastId,
    Jingle,
    JobKind,
    LanguageTag,
    RecordingKey,
    SameSound,
    Transcript,
    TranscriptId,
    TranscriptKind,
    Trust,
)

SHARED = SameSound(start_ms=ms(0), other_start_ms=ms(7_300), length_ms=ms(45_000), bit_error=0.1)


def put(catalogue: Catalogue, guid: str, days: int | None = 0, **changes: object) -> RecordingKey:
    """A broadcast aired so many days after the first, with a fingerprint; its recording."""
    aired_at = None if days is None else AIRED + timedelta(days=days)
    new = make_new_broadcast(guid, aired_at=aired_at, **changes)
    broadcast_id, _ = catalogue.broadcasts.put(new)
    key = RecordingKey(hashlib.sha256(guid.encode()).hexdigest())
    catalogue.recordings.attach(broadcast_id, replace(make_recording(), key=key))
    catalogue.fingerprints.put(key, "v1", guid.encode())
    return key


def id_of(catalogue: Catalogue, guid: str) -> BroadcastId:
    return catalogue.broadcasts.put(make_new_broadcast(guid))[0]


def near(catalogue: Catalogue, guid: str, days: int = 30) -> set[bytes]:
    broadcast = catalogue.broadcasts.get(id_of(catalogue, guid))
    return {payload for _, payload in catalogue.fingerprints.near(broadcast, "v1", days)}


def add(
    catalogue: Catalogue, broadcast_id: BroadcastId, transcript: Transcript
) -> TranscriptId | None:
    catalogue.transcripts.add(broadcast_id, transcript, ())
    current = catalogue.transcripts.find(broadcast_id)
    assert current is not None
    return current.id


def test_a_fingerprint_is_missing_until_it_is_made_and_compared(catalogue: Catalogue) -> None:
    broadcast_id = put_broadcast(catalogue)
    recording = catalogue.broadcasts.get(broadcast_id).recording
    assert recording is not None

    def missing(version: str = "v1") -> bool:
        return bool(catalogue.reports.without(JobKind.FINGERPRINT, expected=version))

    assert missing()
    catalogue.fingerprints.put(recording.key, "v1", b"1234")
    assert missing()
    assert not catalogue.fingerprints.is_compared(recording.key, "v1")
    catalogue.fingerprints.set_repeats(recording.key, {})
    assert not missing()
    assert catalogue.fingerprints.is_compared(recording.key, "v1")
    assert missing("v2")
    assert catalogue.fingerprints.find(recording.key, "v1") == b"1234"
    assert catalogue.fingerprints.find(recording.key, "v2") is None


def test_only_what_was_aired_near_is_compared(catalogue: Catalogue) -> None:
    for guid, days in (("one", 0), ("before", -30), ("after", 30), ("late", 31)):
        put(catalogue, guid, days)
    put(catalogue, "undated", None)
    catalogue.fingerprints.put(put(catalogue, "other-version", 1), "v2", b"v2")
    assert near(catalogue, "one") == {b"before", b"after"}


def test_what_has_no_date_is_compared_with_its_like_in_its_programme(catalogue: Catalogue) -> None:
    put(catalogue, "dated")
    first = put(catalogue, "undated", None)
    put(catalogue, "undated-too", None)
    put(catalogue, "elsewhere", None, programme=None)
    broadcast_id = next(
        found
        for found, _ in catalogue.reports.without(JobKind.FINGERPRINT, expected="v1")
        if getattr(catalogue.broadcasts.get(found).recording, "key", None) == first
    )
    broadcast = catalogue.broadcasts.get(broadcast_id)
    found = catalogue.fingerprints.near(broadcast, "v1", 30)
    assert [payload for _, payload in found] == [b"undated-too"]


def test_the_closest_of_a_programme_come_first(catalogue: Catalogue) -> None:
    for guid, days in (("one", 0), ("far", 400), ("next", -1), ("week", 7)):
        put(catalogue, guid, days)
    put(catalogue, "elsewhere", 0, programme=None)
    broadcast = catalogue.broadcasts.get(id_of(catalogue, "one"))
    found = catalogue.fingerprints.of_programme(broadcast, "v1", 2)
    assert [payload for _, payload in found] == [b"next", b"week"]
    alone = catalogue.broadcasts.get(id_of(catalogue, "one"))
    assert catalogue.fingerprints.of_programme(replace(alone, programme=None), "v1", 2) == ()


def test_a_repeat_is_told_from_both_sides_and_found_twice_kept_once(catalogue: Catalogue) -> None:
    one, two = put(catalogue, "one"), put(catalogue, "two", 1)
    for _ in range(2):
        catalogue.fingerprints.set_repeats(one, {two: [SHARED]})
        catalogue.fingerprints.set_repeats(two, {one: [SHARED.reversed]})
    [there] = catalogue.fingerprints.repeats_of(catalogue.broadcasts.get(id_of(catalogue, "one")))
    [back] = catalogue.fingerprints.repeats_of(there.broadcast)
    assert there.shared == (SHARED,)
    assert back.shared == (SHARED.reversed,)
    assert back.broadcast.id == id_of(catalogue, "one")


def test_jingles_are_replaced_and_kept_in_order(catalogue: Catalogue) -> None:
    key = put(catalogue, "one")
    first, second = (Jingle(start_ms=ms(start), end_ms=ms(start + 5_000)) for start in (100, 9_000))
    catalogue.fingerprints.set_jingles(key, [second])
    catalogue.fingerprints.set_jingles(key, [second, first])
    assert catalogue.fingerprints.jingles(key) == (first, second)


def test_what_was_carried_over_is_wanted_anew_when_its_source_is_replaced(
    catalogue: Catalogue,
) -> None:
    morning, evening = put_broadcast(catalogue, "morning"), put_broadcast(catalogue, "evening")
    source = add(catalogue, morning, make_transcript("Bonjour."))
    add(catalogue, evening, replace(make_transcript("Bonjour."), carried_from=source))
    assert catalogue.reports.without(JobKind.TRANSCRIBE) == []
    add(catalogue, morning, make_transcript("Bonsoir."))
    assert catalogue.reports.without(JobKind.TRANSCRIBE) == [(evening, "fr")]


def test_people_s_text_carried_over_gives_way_to_a_machine_s_and_to_people_s(
    catalogue: Catalogue,
) -> None:
    morning, evening = put_broadcast(catalogue, "morning"), put_broadcast(catalogue, "evening")
    source = add(catalogue, morning, make_transcript("Bonjour.", kind=TranscriptKind.CORRECTED))
    carried = make_transcript("Bonjour.", kind=TranscriptKind.IMPORTED, trust=Trust.IMPORTED)
    kept = add(catalogue, evening, replace(carried, carried_from=source))
    written = add(catalogue, evening, make_transcript("Bonsoir."))
    assert written != kept
    own = add(catalogue, evening, make_transcript("Bonne nuit.", kind=TranscriptKind.CORRECTED))
    assert add(catalogue, evening, replace(carried, carried_from=source)) == own


def test_what_was_carried_over_is_wanted_anew_in_another_language(catalogue: Catalogue) -> None:
    evening = put_broadcast(catalogue, "evening")
    source = add(catalogue, put_broadcast(catalogue, "morning"), make_transcript("Bonjour."))
    carried = make_transcript("Bonjour.", kind=TranscriptKind.IMPORTED, trust=Trust.IMPORTED)
    add(catalogue, evening, replace(carried, carried_from=source))
    catalogue.broadcasts.put(make_new_broadcast("evening", language=LanguageTag("bm")))
    assert catalogue.reports.without(JobKind.TRANSCRIBE) == [(evening, "bm")]

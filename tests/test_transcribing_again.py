"""Transcribed again with the sound itself: people's text stays, and what differs can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.corrections.comparing import differences
from radio_archive.errors import BadInput, NotFound
from radio_archive.model import (
    BroadcastId,
    EditKind,
    JobKind,
    Transcript,
    TranscriptKind,
    Trust,
    Wish,
)
from radio_archive.search.passages import split_passages
from radio_archive.transcribing_again import TranscribingAgain
from radio_archive.web import create_app
from radio_archive.worker import run_worker
from tests.support.archives import SAMPLES, settings_for
from tests.support.making import make_segment, make_transcript
from tests.transcription.making import ScriptedEngine
from tests.web.stocking import make_tone, run_jobs


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive with an engine that writes the same whatever is said."""
    with open_archive(settings_for(tmp_path)) as archive:
        archive._parts = replace(archive._parts, transcriber=lambda _tag: ScriptedEngine())
        archive.transcribing_again = TranscribingAgain(archive._parts)
        yield archive


@pytest.fixture
def identity(archive: Archive) -> BroadcastId:
    """A broadcast that a machine wrote down."""
    [result] = archive.add([str(SAMPLES / "2016-11-02-journal.mp3")], AddOptions(language="fr"))
    assert result.broadcast_id is not None
    run_jobs(archive)
    return result.broadcast_id


def catalogue_of(archive: Archive) -> Catalogue:
    return archive._parts.catalogue


def versions(archive: Archive, identity: BroadcastId) -> list[EditKind]:
    return [each.kind for each in archive.desk.history(identity)]


def people_write(archive: Archive, identity: BroadcastId, text: str) -> None:
    written = make_transcript(text, kind=TranscriptKind.CORRECTED, trust=Trust.CHECKED)
    broadcast = archive.get_broadcast(identity)
    cut = split_passages(written, broadcast)
    catalogue_of(archive).transcripts.add(identity, written, cut)


def test_a_machine_s_text_is_replaced_by_a_new_one(archive: Archive, identity: BroadcastId) -> None:
    before = archive.get_transcript(identity)
    assert archive.plan() == 0
    assert archive.transcribing_again.ask([identity], "awa") == 1
    run_jobs(archive)
    after = archive.get_transcript(identity)
    assert after.id != before.id
    assert after.kind is TranscriptKind.MACHINE
    [edit] = archive.desk.history(identity)
    assert (edit.kind, edit.by) == (EditKind.TRANSCRIBED_AGAIN, "awa")
    assert (edit.before_id, edit.transcript_id) == (before.id, after.id)
    assert archive.plan() == 0


def test_people_s_text_stays_and_the_machine_s_is_kept_beside_it(
    archive: Archive, identity: BroadcastId
) -> None:
    people_write(archive, identity, "Ce que des personnes ont écrit.")
    archive.transcribing_again.ask([identity], "awa")
    run_jobs(archive)
    assert archive.get_transcript(identity).text == "Ce que des personnes ont écrit."
    [edit] = archive.desk.history(identity)
    assert edit.kind is EditKind.TRANSCRIBED_AGAIN
    assert edit.before_id is None
    machine = catalogue_of(archive).transcripts.get(edit.transcript_id)
    assert machine.kind is TranscriptKind.MACHINE
    _, found = archive.transcribing_again.compare(identity, edit.transcript_id)
    assert found[0].text == "Ce que des personnes ont écrit."
    assert found[0].other
    with TestClient(create_app(archive)) as client:
        french = {"accept-language": "fr"}
        history = client.get(f"/broadcasts/{identity}/history", headers=french).text
        assert "Le texte écrit par des personnes est resté." in history
        address = f"/broadcasts/{identity}/versions/{edit.transcript_id}"
        assert address in history
        assert "Ce que des personnes ont écrit." in client.get(address).text


@pytest.mark.parametrize("number", ["1", "99999999", "9999999999999999999999999"])
def test_a_version_that_nobody_wrote_is_not_found_however_large_its_number(
    archive: Archive, identity: BroadcastId, number: str
) -> None:
    with TestClient(create_app(archive)) as client:
        assert client.get(f"/broadcasts/{identity}/versions/{number}").status_code == 404


def test_a_sentence_that_somebody_corrected_is_fitted_in(
    archive: Archive, identity: BroadcastId
) -> None:
    sentence = archive.desk.worksheet(identity, "Awa").sentences[0]
    wish = Wish(broadcast_id=identity, number=0, version=sentence.version, text="Bonjour à toutes.")
    archive.desk.save(wish, "Awa")
    archive.transcribing_again.ask([identity], "awa")
    run_jobs(archive)
    assert archive.get_transcript(identity).segments[0].text == "Bonjour à toutes."
    assert EditKind.TRANSCRIBED_AGAIN in versions(archive, identity)


def test_the_wish_outlives_a_worker_that_dies(archive: Archive, identity: BroadcastId) -> None:
    archive.transcribing_again.ask([identity], "awa")
    job = archive.claim()
    assert job is not None
    assert job.kind is JobKind.TRANSCRIBE
    archive._parts.jobs.release(job)  # its worker stopped before it stored anything
    assert catalogue_of(archive).renewals.is_asked(identity)
    before = archive.get_transcript(identity).id
    run_worker(archive, until_idle=True, on_result=lambda _result: None)
    assert archive.get_transcript(identity).id != before
    assert not catalogue_of(archive).renewals.is_asked(identity)


def test_asking_twice_is_asking_once(archive: Archive, identity: BroadcastId) -> None:
    assert archive.transcribing_again.ask([identity, identity], "awa") == 1
    assert archive.transcribing_again.ask([identity], "awa") == 0


def test_what_was_written_otherwise_is_found(archive: Archive, identity: BroadcastId) -> None:
    again = archive.transcribing_again
    engine = archive.get_transcript(identity).engine
    assert again.outdated(engine=engine, older_recipe=False) == (identity,)
    assert again.outdated(engine="another/engine", older_recipe=False) == ()
    assert again.outdated(engine=None, older_recipe=True) == ()
    old = replace(make_transcript("Bonjour."), parameters={"recipe": "1"}, engine=engine)
    broadcast = archive.get_broadcast(identity)
    catalogue_of(archive).transcripts.add(identity, old, split_passages(old, broadcast))
    assert again.outdated(engine=None, older_recipe=True) == (identity,)
    people_write(archive, identity, "Tout relu.")
    assert again.outdated(engine=None, older_recipe=True) == ()


def test_what_cannot_be_transcribed_is_refused(
    archive: Archive, identity: BroadcastId, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        archive.transcribing_again.ask(["0" * 16], "awa")
    tone = make_tone(tmp_path / "tone.mp3", 440, seconds=5)
    [result] = archive.add([str(tone)], AddOptions())
    assert result.broadcast_id is not None
    with pytest.raises(BadInput, match="language"):
        archive.transcribing_again.ask([identity, result.broadcast_id], "awa")
    assert not catalogue_of(archive).renewals.is_asked(identity)
    with pytest.raises(NotFound):
        archive.transcribing_again.compare(identity, 1)


def test_only_words_are_differences() -> None:
    def said(*texts: str) -> Transcript:
        starts = range(0, 10_000 * len(texts), 10_000)
        segments = [make_segment(*each) for each in zip(texts, starts, strict=True)]
        return replace(make_transcript(), segments=tuple(segments))

    one = said("Bonjour, Mali !", "Le riz est cher.")
    assert differences(one, said("bonjour mali", "Le riz est cher")) == ()
    [found] = differences(one, said("Bonjour, Mali !", "Le mil est cher."))
    assert (found.start_ms, found.text, found.other) == (
        10_000,
        "Le riz est cher.",
        "Le mil est cher.",
    )

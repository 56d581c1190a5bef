"""What engines have said, kept until a text is stored."""

from __future__ import annotations

import pytest
from tests.support.making import make_new_broadcast

from radio_archive.catalogue import Catalogue
from radio_archive.errors import LostLease
from radio_archive.jobs import Jobs
from radio_archive.jobs.queue import every_need
from radio_archive.model import BroadcastId, JobKind, LanguageTag, Transcript


@pytest.fixture
def broadcast_id(catalogue: Catalogue) -> BroadcastId:
    return catalogue.broadcasts.put(make_new_broadcast())[0]


def test_answers_are_kept_and_found_again(catalogue: Catalogue, broadcast_id: BroadcastId) -> None:
    catalogue.answers.keep(broadcast_id, {"one": b"\x00\xff", "two": b"2"})
    catalogue.answers.keep(broadcast_id, {"two": b"another", "three": b"3"})
    assert catalogue.answers.of(broadcast_id) == {"one": b"\x00\xff", "two": b"2", "three": b"3"}


def test_nothing_to_keep_is_no_error(catalogue: Catalogue, broadcast_id: BroadcastId) -> None:
    catalogue.answers.keep(broadcast_id, {})
    assert catalogue.answers.of(broadcast_id) == {}


def test_they_go_when_the_text_is_stored(catalogue: Catalogue, broadcast_id: BroadcastId) -> None:
    catalogue.answers.keep(broadcast_id, {"one": b"1"})
    catalogue.transcripts.add(
        broadcast_id, Transcript(language=LanguageTag("fr"), segments=()), cut=()
    )
    assert catalogue.answers.of(broadcast_id) == {}


def test_a_worker_that_lost_its_lease_keeps_nothing(
    catalogue: Catalogue, jobs: Jobs, broadcast_id: BroadcastId
) -> None:
    jobs.put(JobKind.TRANSCRIBE, [broadcast_id])
    job = jobs.claim(every_need())
    assert job is not None
    jobs.done(job)
    with pytest.raises(LostLease):
        catalogue.answers.keep(broadcast_id, {"late": b"1"}, jobs.guard(job))
    assert catalogue.answers.of(broadcast_id) == {}

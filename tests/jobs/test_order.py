"""Which job comes first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from tests.support.clock import set_clock
from tests.support.making import AIRED, make_new_broadcast, make_recording, make_transcript, ms

from radio_archive.catalogue import Catalogue
from radio_archive.jobs import Jobs
from radio_archive.jobs.queue import every_need
from radio_archive.model import (
    BroadcastId,
    Excerpt,
    JobKind,
    LanguageTag,
    Need,
    Programme,
    ProgrammeId,
    TranscriptKind,
    Trust,
    need_of,
)
from radio_archive.model.withdrawals import NewWithdrawal

EVERYTHING = every_need()


@pytest.fixture
def broadcast_id(catalogue: Catalogue) -> BroadcastId:
    return catalogue.broadcasts.put(make_new_broadcast())[0]


def put_all(catalogue: Catalogue, programme: str, days: Iterable[int]) -> list[BroadcastId]:
    """Broadcasts of a programme, aired so many days before the others' date."""
    return [
        catalogue.broadcasts.put(
            make_new_broadcast(
                f"{programme}-{day}",
                programme=Programme(id=ProgrammeId(programme), title=programme),
                aired_at=AIRED - timedelta(days=day),
            )
        )[0]
        for day in days
    ]


def claim_all(jobs: Jobs, needs: Iterable[Need] = EVERYTHING) -> list[tuple[BroadcastId, JobKind]]:
    order = []
    while (job := jobs.claim(needs)) is not None:
        order.append((job.broadcast_id, job.kind))
        jobs.done(job)
    return order


def test_a_broadcast_goes_through_its_steps_before_the_next_begins(
    jobs: Jobs, catalogue: Catalogue
) -> None:
    ids = put_all(catalogue, "journal", range(3))
    steps = (JobKind.PREPARE, JobKind.MAP, JobKind.FINGERPRINT, JobKind.TRANSCRIBE)
    for kind in steps:
        jobs.put(kind, ids)
    assert claim_all(jobs) == [(each, kind) for each in ids for kind in steps]


def test_what_follows_a_job_takes_its_place(jobs: Jobs, catalogue: Catalogue) -> None:
    first, second = put_all(catalogue, "journal", range(2))
    jobs.put(JobKind.DOWNLOAD, [first, second])
    job = jobs.claim(EVERYTHING)
    assert job is not None
    jobs.done(job)
    jobs.put(JobKind.TRANSCRIBE, [first], after=job)
    assert claim_all(jobs) == [(first, JobKind.TRANSCRIBE), (second, JobKind.DOWNLOAD)]


def test_programmes_take_turns(jobs: Jobs, catalogue: Catalogue) -> None:
    many = put_all(catalogue, "journal", range(40))
    few = put_all(catalogue, "sante", range(2))
    jobs.put(JobKind.TRANSCRIBE, [*many, *few])
    places = [broadcast for broadcast, _ in claim_all(jobs)]
    assert max(places.index(each) for each in few) < 4


def test_a_programme_that_comes_later_joins_at_the_turn_that_is_being_done(
    jobs: Jobs, catalogue: Catalogue
) -> None:
    jobs.put(JobKind.TRANSCRIBE, put_all(catalogue, "journal", range(20)))
    for _ in range(10):
        job = jobs.claim(EVERYTHING)
        assert job is not None
        jobs.done(job)
    late = put_all(catalogue, "sante", range(10))
    jobs.put(JobKind.TRANSCRIBE, late)
    places = [broadcast for broadcast, _ in claim_all(jobs)]
    assert [places.index(each) // 2 for each in late] == list(range(10))


def test_changed_text_goes_first_then_the_last_days_then_the_rest_then_translations(
    jobs: Jobs, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, AIRED.timestamp() + 3_600)
    [old] = put_all(catalogue, "journal", [400])
    [new] = put_all(catalogue, "journal", [0])
    jobs.put(JobKind.TRANSLATE, [new])
    jobs.put(JobKind.TRANSCRIBE, [old, new])
    jobs.put(JobKind.INDEX, [old])
    assert claim_all(jobs) == [
        (old, JobKind.INDEX),
        (new, JobKind.TRANSCRIBE),
        (old, JobKind.TRANSCRIBE),
        (new, JobKind.TRANSLATE),
    ]


def test_the_fingerprint_of_what_people_wrote_goes_before_what_may_repeat_it(
    jobs: Jobs, catalogue: Catalogue
) -> None:
    newest, written = put_all(catalogue, "journal", range(2))
    text = make_transcript(kind=TranscriptKind.IMPORTED, trust=Trust.IMPORTED)
    catalogue.transcripts.add(written, text, ())
    for kind in (JobKind.PREPARE, JobKind.FINGERPRINT):
        jobs.put(kind, [newest, written])
    assert claim_all(jobs)[0] == (written, JobKind.FINGERPRINT)


def test_a_worker_claims_only_what_it_can_do(
    jobs: Jobs, catalogue: Catalogue, broadcast_id: BroadcastId
) -> None:
    other = catalogue.broadcasts.put(make_new_broadcast("two", language=LanguageTag("bm")))[0]
    jobs.put(JobKind.TRANSCRIBE, [broadcast_id, other])
    jobs.put(JobKind.PREPARE, [other])
    able = {need_of(JobKind.TRANSCRIBE, LanguageTag("bm"))}
    assert claim_all(jobs, able) == [(other, JobKind.TRANSCRIBE)]
    assert jobs.next_due_s(able) is None
    assert jobs.next_due_s({Need("prepare")}) == 0


def test_what_was_given_up_holds_up_nothing_of_its_programme(
    jobs: Jobs, catalogue: Catalogue
) -> None:
    jobs.put(JobKind.DOWNLOAD, put_all(catalogue, "journal", range(1, 41)))
    for left in range(39, -1, -1):
        job = jobs.claim(EVERYTHING)
        assert job is not None
        if left:
            jobs.done(job)
        else:
            jobs.fail(job, "Its sound is gone.")
    jobs.put(JobKind.DOWNLOAD, put_all(catalogue, "sante", range(30)))
    [new] = put_all(catalogue, "journal", [0])
    jobs.put(JobKind.DOWNLOAD, [new])
    assert [broadcast for broadcast, _ in claim_all(jobs)].index(new) < 2


def test_sound_to_be_muted_does_not_wait_where_its_renditions_stood(
    jobs: Jobs, catalogue: Catalogue
) -> None:
    ids = put_all(catalogue, "journal", range(20))
    catalogue.recordings.attach(ids[-1], make_recording())
    jobs.put(JobKind.PREPARE, ids)
    job = jobs.claim(EVERYTHING)
    assert job is not None
    jobs.done(job)
    excerpt = Excerpt(start_ms=ms(1_000), end_ms=ms(2_000))
    wish = NewWithdrawal(excerpt=excerpt, reason="named", by="Awa")
    catalogue.withdrawals.add(ids[-1], wish, lambda _transcript: ())
    assert jobs.put(JobKind.PREPARE, ids[1:]) == 1
    assert jobs.put(JobKind.PREPARE, ids[1:]) == 0  # it stands there already
    assert [broadcast for broadcast, _ in claim_all(jobs)] == [ids[-1], *ids[1:-1]]


def test_a_corrected_language_keeps_its_place_though_it_is_no_news_by_now(
    jobs: Jobs, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, AIRED.timestamp() + 3_600)
    today, other = put_all(catalogue, "journal", [0, 1])
    jobs.put(JobKind.TRANSCRIBE, [today, other])
    set_clock(monkeypatch, AIRED.timestamp() + 90 * 86_400)
    corrected = make_new_broadcast(
        "journal-0",
        programme=Programme(id=ProgrammeId("journal"), title="journal"),
        language=LanguageTag("bm"),
    )
    catalogue.broadcasts.put(corrected)
    assert jobs.put(JobKind.TRANSCRIBE, [today]) == 1
    assert [broadcast for broadcast, _ in claim_all(jobs)] == [today, other]

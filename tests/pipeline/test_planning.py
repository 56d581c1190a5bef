"""What is asked for, by whom, and what it leaves to others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.archives import settings_for
from tests.support.making import make_transcript, put_broadcast
from tests.transcription.making import ScriptedEngine

from radio_archive.archive import Archive, open_archive
from radio_archive.errors import BadSettings, NoEngine
from radio_archive.jobs import Jobs
from radio_archive.model import (
    Abilities,
    BroadcastState,
    Job,
    JobKind,
    LanguageTag,
    Need,
    need_of,
)
from radio_archive.pipeline import abilities_of, plan, plan_after
from radio_archive.pipeline.parts import Parts
from radio_archive.transcribers import Transcriber


def french_only(language: LanguageTag) -> Transcriber:
    """The engines of a machine that has weights for French alone."""
    if language != "fr":
        raise NoEngine(f"No weights for {language} are here.")
    return ScriptedEngine()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive whose station trusts an engine with French and Bambara."""
    with open_archive(settings_for(tmp_path)) as archive:
        archive._parts = replace(
            archive._parts,
            transcriber=french_only,
            transcribed_languages=frozenset({LanguageTag("fr"), LanguageTag("bm")}),
        )
        yield archive


@pytest.fixture
def parts(archive: Archive) -> Parts:
    return archive._parts


def kinds_of(parts: Parts, needs: frozenset[Need]) -> list[JobKind]:
    """The steps of all jobs, in order; they are taken out of the queue."""
    kinds = []
    while (job := parts.jobs.claim(needs)) is not None:
        kinds.append(job.kind)
        parts.jobs.done(job)
    return kinds


def test_a_worker_can_do_what_it_has_weights_for_and_says_why_not_the_rest(parts: Parts) -> None:
    able = abilities_of(parts)
    assert {"prepare", "index", "transcribe fr"} <= able.needs
    assert "transcribe bm" not in able.needs
    assert able.engines == ("scripted/none",)
    assert able.lacks == {"bm": "No weights for bm are here."}


def test_a_worker_can_do_only_the_steps_of_its_settings(parts: Parts) -> None:
    able = abilities_of(replace(parts, kinds=frozenset({JobKind.TRANSCRIBE})))
    assert able.needs == {"transcribe fr"}
    assert abilities_of(replace(parts, kinds=frozenset({JobKind.MAP}))) == Abilities(
        needs=frozenset({Need("map")})
    )


def test_a_step_that_is_none_is_refused(tmp_path: Path) -> None:
    settings = replace(settings_for(tmp_path), work_kinds=("transcibe",))
    with pytest.raises(BadSettings, match="transcibe"):
        open_archive(settings)


def test_after_a_job_only_its_broadcast_is_looked_at(parts: Parts) -> None:
    one, two = put_broadcast(parts.catalogue, "one"), put_broadcast(parts.catalogue, "two")
    job = Job(id=0, kind=JobKind.DOWNLOAD, broadcast_id=one, token="", attempts=1)
    assert plan_after(parts, job) == 4
    assert plan_after(parts, job) == 0
    assert plan(parts) == 4
    assert {two} == {
        job.broadcast_id
        for job in iter(lambda: parts.jobs.claim([Need("prepare")]), None)
        if job.broadcast_id != one
    }


def test_a_language_nobody_writes_is_marked_and_not_asked_for(parts: Parts) -> None:
    broadcast_id = put_broadcast(parts.catalogue, language="bm")
    plan(parts)
    broadcast = parts.catalogue.broadcasts.get(broadcast_id)
    assert broadcast.state is BroadcastState.NOT_TRANSCRIBED
    assert broadcast.state_reason == "No weights for bm are here."
    assert "transcribe bm" not in parts.jobs.counts()[0]


def test_a_language_another_worker_writes_is_left_to_it(archive: Archive, parts: Parts) -> None:
    broadcast_id = put_broadcast(parts.catalogue, language="bm")
    bambara = need_of(JobKind.TRANSCRIBE, LanguageTag("bm"))
    other = Jobs(archive._database, host="studio-2")
    other.workers.enlist(Abilities(needs=frozenset({bambara})))
    archive.plan()
    assert parts.catalogue.broadcasts.get(broadcast_id).state is BroadcastState.WAITING
    assert JobKind.TRANSCRIBE not in kinds_of(parts, abilities_of(parts).needs)
    assert other.claim([bambara]) is not None


def test_who_keeps_no_index_asks_those_who_do(parts: Parts) -> None:
    broadcast_id = put_broadcast(parts.catalogue)
    parts.catalogue.transcripts.add(broadcast_id, make_transcript(), ())
    here = replace(parts, kinds=frozenset({JobKind.TRANSCRIBE}))
    job = Job(id=0, kind=JobKind.TRANSCRIBE, broadcast_id=broadcast_id, token="", attempts=1)
    plan_after(here, job)
    assert kinds_of(parts, frozenset({Need("index")})) == [JobKind.INDEX]

"""The step that maps a recording: for every language, once, and never in the way of anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.stocking import bare_archive, make_tone

from radio_archive.archive import AddOptions, Archive
from radio_archive.catalogue import Catalogue
from radio_archive.model import BroadcastId, BroadcastState, Job, JobKind, Progress

Opened = tuple[Archive, Catalogue, BroadcastId]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A recording in a language no engine knows, its rendition made."""
    with bare_archive(tmp_path) as (archive, catalogue):
        tone = make_tone(tmp_path / "kibaruw.mp3", 440, seconds=20)
        [result] = archive.add([str(tone)], AddOptions(language="bm"))
        assert result.broadcast_id is not None, result.error
        archive.plan()
        yield archive, catalogue, result.broadcast_id


def run_until(archive: Archive, kind: JobKind) -> Job:
    """Do what comes before a step, and claim that."""
    while (job := archive.claim()) is not None and job.kind is not kind:
        archive.run(job, ignore, lambda: False)
    assert job is not None
    return job


def ignore(_job: Job, _progress: Progress) -> None:
    pass


def test_a_recording_nobody_can_transcribe_is_mapped_once(opened: Opened) -> None:
    archive, catalogue, broadcast_id = opened
    result = archive.run(run_until(archive, JobKind.MAP), ignore, lambda: False)
    assert result is not None
    assert result.is_done, result.error
    found = archive.find_sound_map(broadcast_id)
    assert found is not None
    assert [(each.start_ms, each.end_ms, each.kind) for each in found.stretches] == [
        (0, 20_000, "noise")
    ]
    assert archive.plan() == 0
    state = catalogue.broadcasts.get(broadcast_id).state
    assert state is BroadcastState.NOT_TRANSCRIBED


def test_a_worker_that_is_told_to_stop_gives_the_job_back(opened: Opened) -> None:
    archive, _, broadcast_id = opened
    job = run_until(archive, JobKind.MAP)
    assert archive.run(job, ignore, lambda: True) is None
    assert archive.find_sound_map(broadcast_id) is None
    again = archive.claim()
    assert again is not None
    assert (again.id, again.attempts) == (job.id, 1)


def test_a_map_that_cannot_be_made_says_nothing_about_the_broadcast(
    opened: Opened, tmp_path: Path
) -> None:
    archive, catalogue, broadcast_id = opened
    job = run_until(archive, JobKind.MAP)
    before = catalogue.broadcasts.get(broadcast_id).state
    for stored in (tmp_path / "media" / "recordings").rglob("*.mp3"):
        stored.write_bytes(b"not sound any more")
    result = archive.run(job, ignore, lambda: False)
    assert result is not None
    assert not result.is_done
    assert catalogue.broadcasts.get(broadcast_id).state is before

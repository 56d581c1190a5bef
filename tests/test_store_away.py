"""The store of the recordings goes away while people listen and a worker works."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import radio_archive
from radio_archive.archive import AddOptions, Archive, open_archive
from radio_archive.errors import StoreRefuses
from radio_archive.jobs import queue
from radio_archive.media.disk import blocks_of
from radio_archive.model import BroadcastState, Outcome, WorkResult
from radio_archive.settings import Settings
from radio_archive.web import create_app
from radio_archive.worker import run_worker
from tests.support.object_store import BUCKET, Line, ObjectServer
from tests.web.stocking import bare_archive, make_tone, run_jobs


@pytest.fixture
def archive(line: Line, home: Path) -> Iterator[Archive]:
    """An archive that keeps nothing of the store's on this machine."""
    with bare_archive(
        home,
        media_url=f"s3://{BUCKET}/{secrets.token_hex(8)}",
        media_endpoint=line.endpoint,
        media_cache_bytes=0,
        min_free_bytes=0,
    ) as (archive, _):
        yield archive


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again without the minutes in between."""
    monkeypatch.setattr(queue, "BACK_OFF_S", (0, 0))
    monkeypatch.setattr(queue, "OUTAGE_S", 0)


def add(archive: Archive, path: Path) -> str:
    (result,) = archive.add([str(path)], AddOptions(language="bm", title="Kibaruw"))
    assert result.broadcast_id is not None, result.error
    return result.broadcast_id


def work_once(archive: Archive) -> WorkResult:
    archive.plan()
    job = archive.claim()
    assert job is not None
    result = archive.run(job, lambda job, progress: None, lambda: False)
    assert result is not None
    return result


SPEECH = Path(radio_archive.__file__).parent / "data" / "speed.opus"


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_a_broadcast_is_transcribed_from_the_store(object_server: ObjectServer, home: Path) -> None:
    settings = Settings(
        home=home,
        media_url=f"s3://{BUCKET}/{secrets.token_hex(8)}",
        media_endpoint=object_server.endpoint,
        min_free_bytes=0,
    )
    with open_archive(settings) as archive:
        (result,) = archive.add([str(SPEECH)], AddOptions(language="fr", title="Journal"))
        assert result.broadcast_id is not None, result.error
        run_worker(archive, until_idle=True)
        broadcast = archive.get_broadcast(result.broadcast_id)
        assert broadcast.state is BroadcastState.TRANSCRIBED
        words = archive.get_transcript(broadcast.id).segments[0].text.split()
        assert archive.search(max(words, key=len).strip(".,")).total > 0
        assert all(each.is_fine for each in archive.verify_media())
    assert not (home / "media" / "recordings").exists()


def test_sound_is_unavailable_for_now_and_the_pages_go_on(
    archive: Archive, line: Line, tmp_path: Path
) -> None:
    broadcast_id = add(archive, make_tone(tmp_path / "tone.mp3", 440, 5))
    run_jobs(archive)
    url = f"/media/{broadcast_id}.mp3"
    with TestClient(create_app(archive)) as client:
        content = client.get(url).content
        line.cut()
        for headers in ({}, {"range": "bytes=100-199"}):
            answer = client.get(url, headers={"accept": "application/json", **headers})
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert answer.json()["error"]["code"] == "store_away"
        page = client.get(url, headers={"accept": "text/html"})
        assert page.status_code == 503
        assert "Réessayez dans un instant" in page.text
        for path in ("/", f"/broadcasts/{broadcast_id}", "/search?q=kibaruw", "/readyz"):
            assert client.get(path).status_code == 200
        assert client.head(url).headers["content-length"] == str(len(content))
        line.mend()
        answer = client.get(url, headers={"range": "bytes=100-199"})
        assert (answer.status_code, answer.content) == (206, content[100:200])


def test_a_job_is_tried_again_and_succeeds_when_the_store_is_back(
    archive: Archive, line: Line, tmp_path: Path, at_once: None
) -> None:
    broadcast_id = add(archive, make_tone(tmp_path / "tone.mp3", 440, 5))
    line.cut()
    failed = work_once(archive)
    assert (failed.is_done, failed.will_retry) == (False, True)
    assert "does not answer" in failed.error
    assert archive.get_broadcast(broadcast_id).state is not BroadcastState.FAILED
    line.mend()
    run_jobs(archive)
    names = {rendition.name for rendition in archive.renditions(broadcast_id)}
    assert names == {"mp3", "opus", "low"}
    assert archive.status().jobs_failed == 0


def test_a_line_that_drops_in_the_middle_of_a_step_costs_nothing_but_time(
    archive: Archive,
    line: Line,
    tmp_path: Path,
    at_once: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broadcast_id = add(archive, make_tone(tmp_path / "tone.mp3", 440, 5))
    read = 0

    def dropping(path: Path) -> Iterator[bytes]:
        nonlocal read
        read += 1  # each rendition twice: to be taken in, and to be sent
        if read == 4:
            line.cut()
        yield from blocks_of(path)

    monkeypatch.setattr("radio_archive.media.object_store.blocks_of", dropping)
    assert work_once(archive).will_retry
    assert len(archive.renditions(broadcast_id)) == 1
    line.mend()
    run_jobs(archive)
    assert len(archive.renditions(broadcast_id)) == 3
    assert read == 4 + 4, "what was there already was not made again"


def test_adding_says_that_the_store_is_away_and_takes_nothing_in(
    archive: Archive, line: Line, tmp_path: Path
) -> None:
    tone = make_tone(tmp_path / "tone.mp3", 440, 5)
    line.cut()
    (result,) = archive.add([str(tone)], AddOptions(language="bm", title="Kibaruw"))
    assert result.outcome is Outcome.FAILED
    assert "does not answer" in result.error
    assert archive.broadcasts()[1] == 0
    line.mend()
    add(archive, tone)


def test_doctor_names_the_store_and_does_not_call_recordings_lost_while_it_is_away(
    archive: Archive, line: Line, tmp_path: Path
) -> None:
    add(archive, make_tone(tmp_path / "tone.mp3", 440, 5))
    checks = {check.name: check for check in archive.doctor()}
    assert checks["store"].is_ok
    assert "keeps no versions" in checks["store"].finding
    assert checks["media"].finding == "1 recordings in place."
    line.cut()
    checks = {check.name: check for check in archive.doctor()}
    assert not checks["store"].is_ok
    assert line.endpoint in checks["store"].remedy
    assert "media" not in checks


def test_a_worker_does_not_begin_where_the_store_refuses(
    object_server: ObjectServer, tmp_path: Path
) -> None:
    tone = make_tone(tmp_path / "tone.mp3", 440, 5)
    with bare_archive(
        tmp_path / "home",
        media_url=f"s3://{BUCKET}/{secrets.token_hex(8)}",
        media_endpoint=object_server.endpoint,
    ) as (archive, _):
        add(archive, tone)
    with (
        bare_archive(
            tmp_path / "home",
            media_url="s3://misspelt",
            media_endpoint=object_server.endpoint,
        ) as (archive, _),
    ):
        with pytest.raises(StoreRefuses, match="NoSuchBucket"):
            run_worker(archive, until_idle=True)
        assert archive.status().jobs_failed == 0

"""What was made of recordings is noticed when it is lost or damaged, and made again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from radio_archive.archive import Archive
from radio_archive.catalogue.made_sound import MadeSound, MadeSounds
from radio_archive.media import Area, LocalMediaStore, StoredFile
from radio_archive.model import BroadcastId, BroadcastState, Check, Excerpt, JobKind, Kept, Need
from radio_archive.model.withdrawals import NewWithdrawal
from radio_archive.web import create_app
from tests.support.making import ms
from tests.support.sounds import levels
from tests.web.stocking import Stock, run_jobs, stock_archive

HIDDEN = Excerpt(start_ms=ms(20_000), end_ms=ms(40_000))


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    with stock_archive(tmp_path) as stock:
        yield stock


@pytest.fixture
def store(tmp_path: Path) -> LocalMediaStore:
    return LocalMediaStore(tmp_path / "media")


@pytest.fixture
def client(stock: Stock) -> Iterator[TestClient]:
    with TestClient(create_app(stock.archive)) as client:
        yield client


def verify(archive: Archive) -> dict[Kept, list[str]]:
    """The files of which there is something to say, by what became of them."""
    found: dict[Kept, list[str]] = {}
    for each in archive.verify_media():
        if each.outcome is not Kept.HELD:
            found.setdefault(each.outcome, []).append(each.name)
    return found


def media_check(archive: Archive) -> Check:
    return next(each for each in archive.doctor() if each.name == "media")


def names_of(files: list[StoredFile]) -> set[str]:
    return {f"{each.area}/{each.key}{each.extension}" for each in files}


def damage(store: LocalMediaStore, stored: StoredFile) -> None:
    path = store.path_of(stored.area, stored.key, stored.extension)
    path.write_bytes(path.read_bytes()[:1_000])


def sound_of(client: TestClient, broadcast_id: BroadcastId) -> int:
    return client.get(f"/media/{broadcast_id}.mp3").status_code


def test_lost_renditions_are_named_and_made_again(
    stock: Stock, store: LocalMediaStore, client: TestClient, tmp_path: Path
) -> None:
    before = names_of(list(store.keys(Area.RENDITIONS)))
    assert media_check(stock.archive).is_ok
    shutil.rmtree(tmp_path / "media" / "renditions")
    check = media_check(stock.archive)
    assert not check.is_ok
    assert "renditions" in check.finding
    assert "radio-archive verify" in check.remedy
    found = verify(stock.archive)
    assert set(found[Kept.MISSING]) == set(found[Kept.AGAIN]) == before
    assert stock.archive.status().jobs_waiting[JobKind.PREPARE] == 3
    run_jobs(stock.archive)
    assert names_of(list(store.keys(Area.RENDITIONS))) == before
    assert verify(stock.archive) == {}
    assert media_check(stock.archive).is_ok
    assert sound_of(client, stock.debate) == 200


def test_renditions_whose_disk_is_away_are_heard_when_it_is_back(
    stock: Stock, client: TestClient, tmp_path: Path
) -> None:
    folder, elsewhere = tmp_path / "media" / "renditions", tmp_path / "elsewhere"
    folder.rename(elsewhere)
    found = verify(stock.archive)
    assert found[Kept.MISSING] == found[Kept.AGAIN]
    elsewhere.rename(folder)
    assert sound_of(client, stock.debate) == 200
    made = {each: each.stat().st_mtime_ns for each in folder.rglob("*.mp3")}
    run_jobs(stock.archive)
    assert {each: each.stat().st_mtime_ns for each in folder.rglob("*.mp3")} == made
    assert verify(stock.archive) == {}


@pytest.mark.parametrize("problem", [BroadcastState.FAILED, BroadcastState.BAD_RECORDING])
def test_lost_sound_is_made_again_whatever_became_of_the_rest(
    stock: Stock, store: LocalMediaStore, client: TestClient, problem: BroadcastState
) -> None:
    [heard] = [each for each in stock.archive.renditions(stock.debate) if each.name == "mp3"]
    broadcasts, jobs = stock.catalogue.broadcasts, stock.archive._parts.jobs
    broadcasts.set_problem(stock.debate, problem, "The step stopped.")
    jobs.put(JobKind.PREPARE, [stock.debate])
    prepare = jobs.claim([Need("prepare")])
    assert prepare is not None
    jobs.fail(prepare, "ffmpeg failed.")
    damage(store, _file_of(store, heard.key))
    assert verify(stock.archive)[Kept.AGAIN] == [f"renditions/{heard.key}.mp3"]
    assert sound_of(client, stock.debate) == 404, "no outage: it is being made"
    run_jobs(stock.archive)
    assert sound_of(client, stock.debate) == 200
    assert verify(stock.archive) == {}


def test_a_damaged_rendition_is_made_again_and_no_other(
    stock: Stock, store: LocalMediaStore
) -> None:
    first, *others = store.keys(Area.RENDITIONS)
    damage(store, first)
    [name] = names_of([first])
    assert verify(stock.archive) == {Kept.DAMAGED: [name], Kept.AGAIN: [name]}
    assert names_of(list(store.keys(Area.RENDITIONS))) == names_of(others)
    assert stock.archive.status().jobs_waiting[JobKind.PREPARE] == 1
    run_jobs(stock.archive)
    assert store.verify(Area.RENDITIONS, first.key, first.extension)
    assert verify(stock.archive) == {}


def test_what_the_store_lost_is_made_again_though_the_catalogue_knows_it(
    stock: Stock, store: LocalMediaStore, tmp_path: Path
) -> None:
    before = {each.name for each in stock.archive.renditions(stock.debate)}
    shutil.rmtree(tmp_path / "media" / "renditions")
    stock.archive.withdrawing.mute(stock.debate)
    for each in stock.archive.renditions(stock.debate):
        assert store.verify(Area.RENDITIONS, each.key, each.extension)
    assert {each.name for each in stock.archive.renditions(stock.debate)} == before


def test_nothing_that_is_left_of_a_lost_recording_is_removed(
    stock: Stock, store: LocalMediaStore, client: TestClient
) -> None:
    recording = stock.archive.get_broadcast(stock.debate).recording
    assert recording is not None
    [heard] = [each for each in stock.archive.renditions(stock.debate) if each.name == "mp3"]
    store.delete(Area.RECORDINGS, recording.key, recording.extension)
    path = store.path_of(Area.RENDITIONS, heard.key, heard.extension)
    path.write_bytes(path.read_bytes()[:-1_000])
    found = verify(stock.archive)
    assert found == {
        Kept.DAMAGED: [f"renditions/{heard.key}.mp3"],
        Kept.MISSING: [f"recordings/{recording.key}{recording.extension}"],
    }
    assert path.exists()
    assert heard in stock.archive.renditions(stock.debate)


def test_a_damaged_recording_is_never_removed(stock: Stock, store: LocalMediaStore) -> None:
    first, *_ = store.keys(Area.RECORDINGS)
    damage(store, first)
    [name] = names_of([first])
    assert verify(stock.archive) == {Kept.DAMAGED: [name]}
    assert store.exists(Area.RECORDINGS, first.key, first.extension)


def test_a_damaged_rendition_that_somebody_mends_meanwhile_stays(
    stock: Stock, store: LocalMediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = store.keys(Area.RENDITIONS)
    path = store.path_of(first.area, first.key, first.extension)
    whole = path.read_bytes()
    damage(store, first)
    forget = MadeSounds.forget

    def mend(sounds: MadeSounds, lost: list[MadeSound]) -> None:
        forget(sounds, lost)
        path.write_bytes(whole)

    monkeypatch.setattr(MadeSounds, "forget", mend)
    verify(stock.archive)
    assert path.read_bytes() == whole


def test_a_damaged_rendition_that_nobody_plays_is_removed(
    stock: Stock, store: LocalMediaStore
) -> None:
    stored = store.save(Area.RENDITIONS, [b"x" * 2_000], ".mp3")
    damage(store, stored)
    [name] = names_of([stored])
    assert verify(stock.archive) == {Kept.DAMAGED: [name], Kept.DELETED: [name]}
    assert verify(stock.archive) == {}


def test_lost_sound_with_a_hidden_stretch_is_never_heard_whole(
    stock: Stock, store: LocalMediaStore, client: TestClient, tmp_path: Path
) -> None:
    wish = NewWithdrawal(excerpt=HIDDEN, reason="demandé par l'invité", by="Awa")
    stock.archive.withdrawing.withdraw(stock.debate, wish)
    run_jobs(stock.archive)
    muted = stock.archive.renditions(stock.debate)
    for each in muted:
        damage(store, _file_of(store, each.key))
    found = verify(stock.archive)
    expected = {f"renditions/{each.key}{each.extension}" for each in muted}
    assert set(found[Kept.AGAIN]) == expected
    for name in ("mp3", "opus", "webm"):
        assert client.get(f"/media/{stock.debate}.{name}").status_code == 404
    assert client.get(f"/clips/{stock.debate}?start=25&end=30").status_code == 404
    run_jobs(stock.archive)
    assert verify(stock.archive) == {}
    heard = levels(client.get(f"/media/{stock.debate}.mp3").content, tmp_path)
    assert max(heard[21:39]) < 0.001 < 0.05 < min(*heard[1:19], *heard[41:58])


def _file_of(store: LocalMediaStore, key: str) -> StoredFile:
    return next(each for each in store.keys(Area.RENDITIONS) if each.key == key)

"""Recordings move from the folder to a store, and nothing is lost on the way."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from radio_archive.media import Area, LocalMediaStore, MediaStore
from tests.cli.running import Run
from tests.support.object_store import BUCKET, ObjectServer, object_store


@pytest.fixture
def url(object_server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new place in the store, whose endpoint the environment names."""
    monkeypatch.setenv("RADIO_ARCHIVE_MEDIA_ENDPOINT", object_server.endpoint)
    return f"s3://{BUCKET}/{secrets.token_hex(8)}"


@pytest.fixture
def folder(tmp_path: Path) -> LocalMediaStore:
    """The folder of the archive, with a few files; the catalogue does not matter here."""
    store = LocalMediaStore(tmp_path / "media")
    for number in range(12):
        area = Area.RECORDINGS if number % 2 else Area.RENDITIONS
        store.save(area, [bytes([number]) * 300_000], ".mp3")
    return store


def held(store: MediaStore) -> set[tuple[str, str]]:
    return {(area, each.key) for area in Area for each in store.keys(area)}


def there(server: ObjectServer, url: str, tmp_path: Path) -> MediaStore:
    prefix = url.rpartition("/")[2]
    return object_store(server.endpoint, prefix, tmp_path / "other-cache", cache_bytes=0)


def test_all_of_it_is_copied_once_and_nothing_is_deleted(
    run: Run, url: str, folder: LocalMediaStore, object_server: ObjectServer, tmp_path: Path
) -> None:
    before = held(folder)
    status, out, _ = run("move-media", "--to", url)
    assert status == 0
    assert len(out.splitlines()) == 12
    assert all(line.startswith("copied") for line in out.splitlines())
    store = there(object_server, url, tmp_path)
    assert held(store) == held(folder) == before
    status, out, err = run("move-media", "--to", url)
    assert (status, out) == (0, "")
    assert "12 held" in err


def test_a_copy_that_was_killed_goes_on_where_it_was(
    start: Callable[..., subprocess.Popen[str]],
    run: Run,
    url: str,
    folder: LocalMediaStore,
    object_server: ObjectServer,
    tmp_path: Path,
) -> None:
    process = start("move-media", "--to", url)
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    process.kill()
    process.communicate()
    store = there(object_server, url, tmp_path)
    copied = len(held(store))
    assert 3 <= copied < 12
    status, out, _ = run("move-media", "--to", url)
    assert status == 0
    assert len(out.splitlines()) == 12 - copied
    assert held(store) == held(folder)


def test_a_damaged_file_is_named_and_not_copied(
    run: Run, url: str, folder: LocalMediaStore, object_server: ObjectServer, tmp_path: Path
) -> None:
    stored = next(folder.keys(Area.RECORDINGS))
    folder.path_of(stored.area, stored.key, stored.extension).write_bytes(b"x" * 300_000)
    status, out, _ = run("move-media", "--to", url)
    assert status == 1
    assert f"damaged   recordings/{stored.key}.mp3" in out
    assert held(there(object_server, url, tmp_path)) == held(folder) - {("recordings", stored.key)}


def test_files_are_deleted_only_when_the_archive_reads_from_the_store(
    run: Run,
    url: str,
    folder: LocalMediaStore,
    object_server: ObjectServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = held(folder)
    status, _, err = run("move-media", "--to", url, "--delete")
    assert status == 1
    assert "media_url" in err
    assert held(folder) == before
    monkeypatch.setenv("RADIO_ARCHIVE_MEDIA_URL", url)
    status, out, _ = run("move-media", "--to", url, "--delete")
    assert status == 0
    assert out.count("deleted") == 12
    assert held(folder) == set()
    assert held(there(object_server, url, tmp_path)) == before
    status, _, _ = run("move-media", "--to", "folder")
    assert status == 0
    assert held(folder) == before


def test_a_file_damaged_in_the_store_is_not_deleted_here(
    run: Run,
    url: str,
    folder: LocalMediaStore,
    object_server: ObjectServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run("move-media", "--to", url)
    prefix = url.rpartition("/")[2]
    stored = next(folder.keys(Area.RECORDINGS))
    name = f"{prefix}/recordings/{stored.key[:2]}/{stored.key[2:4]}/{stored.key}.mp3"
    object_server.client().put_object(Bucket=BUCKET, Key=name, Body=b"x" * 300_000)
    monkeypatch.setenv("RADIO_ARCHIVE_MEDIA_URL", url)
    status, _, err = run("move-media", "--to", url, "--delete")
    assert status == 1
    assert "came back changed" in err
    assert folder.verify(stored.area, stored.key, stored.extension)
    status, out, _ = run("verify")
    assert status == 1
    assert f"damaged   recordings/{stored.key}.mp3" in out


def test_verify_names_what_is_missing(run: Run, clips: list[Path], tmp_path: Path) -> None:
    assert run("add", str(clips[0]), "--language", "bm")[0] == 0
    status, out, err = run("verify")
    assert (status, out) == (0, "")
    assert "1 held" in err
    store = LocalMediaStore(tmp_path / "media")
    (stored,) = store.keys(Area.RECORDINGS)
    store.delete(stored.area, stored.key, stored.extension)
    status, out, _ = run("verify")
    assert status == 1
    assert out.startswith(f"missing   recordings/{stored.key}")


def test_verify_says_what_is_made_again_and_what_has_to_be_added(
    run: Run, clips: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_ARCHIVE_WORK_KINDS", "prepare")
    for clip in clips[:2]:
        assert run("add", str(clip), "--language", "bm")[0] == 0
    assert run("work", "--until-idle")[0] == 0
    store = LocalMediaStore(tmp_path / "media")
    made = next(store.keys(Area.RENDITIONS))
    path = store.path_of(made.area, made.key, made.extension)
    path.write_bytes(path.read_bytes()[:100])
    status, out, err = run("verify")
    assert status == 1
    assert f"damaged   renditions/{made.key}" in out
    assert f"again     renditions/{made.key}" in out
    assert "`radio-archive work`" in err
    assert "adding its file again" not in err
    assert run("work", "--until-idle")[0] == 0
    assert run("verify")[:2] == (0, "")
    recording = next(store.keys(Area.RECORDINGS))
    store.delete(recording.area, recording.key, recording.extension)
    status, out, err = run("verify")
    assert status == 1
    assert out.startswith(f"missing   recordings/{recording.key}")
    assert "adding its file again" in err


def test_a_wrong_place_is_refused(run: Run) -> None:
    status, _, err = run("move-media", "--to", "/srv/elsewhere")
    assert status == 1
    assert "names no bucket" in err
    status, _, err = run("move-media", "--to", "folder")
    assert status == 1
    assert "no store to copy from" in err
